import JobDispatch
import Jobs
import Telemetry

extension JobRecord {
  /// What every record of a job says: what it is found again by, where it is, and for how long a busy host is left alone.
  var telemetryFields: [Attribute] {
    var wait = 0.0
    if state == .parked(.hostBusy), let nextAt { wait = Double(max(0, nextAt - updatedAt)) / 1_000 }
    return [
      Attribute("job.id", id.text), Attribute("client_job_id", id.text), Attribute("tool", spec.tool),
      Attribute("host", host ?? "-"), Attribute("retry_after_s", wait.hundredths),
    ]
  }

  /// From the request until it was durable.
  func submitSpan(durable now: JobTime) -> Span {
    Span(
      "submit \(spec.tool)", .server, at: spec.trace(.submit), within: spec.parent(of: .submit),
      began: createdAt, ended: now,
      attributes: [
        Attribute("job.id", id.text), Attribute("client_job_id", id.text), Attribute("tool", spec.tool),
        Attribute("client", spec.client),
      ])
  }

  /// From its submission to its end.
  var jobSpan: Span {
    Span(
      "job \(spec.tool)", .inside, at: spec.trace(.job), within: spec.parent(of: .job), began: createdAt,
      ended: finishedAt ?? updatedAt,
      attributes: telemetryFields + [
        Attribute("state", state.name), Attribute("failures", failures),
        Attribute("busy_answers", busyAnswers),
        Attribute("region", spec.region ?? ""),
      ], failure: state == .succeeded ? nil : error.first ?? "The job was \(state.name).")
  }
}

extension CallNote {
  var span: Span {
    var fields = [
      Attribute("job.id", spec.id.text), Attribute("client_job_id", spec.id.text),
      Attribute("tool", spec.tool),
      Attribute("host", host), Attribute("attempt", attempt), Attribute("epoch", Int(clamping: epoch)),
      Attribute("outcome", outcome.word),
    ]
    var failure: String?
    switch outcome {
    case .succeeded, .cancelled: break
    case .busy(let seconds): if let seconds { fields.append(Attribute("retry_after_s", seconds)) }
    case .failed(let why):
      failure = why.lines.prefix(2).joined(separator: ": ")
      if let status = why.status { fields.append(Attribute("http.response.status_code", status)) }
    }
    return Span(
      "call \(spec.tool)", .client, at: spec.trace(.call(epoch: epoch)),
      within: spec.parent(of: .call(epoch: epoch)), began: began, ended: ended, attributes: fields,
      failure: failure)
  }
}
