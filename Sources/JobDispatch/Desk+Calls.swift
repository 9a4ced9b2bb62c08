import Jobs
import Ledger

extension Desk {
  func take(_ message: DispatchMessage, at now: JobTime) {
    switch message {
    case .order(let order): take(order, at: now)
    case .known(let request, let known): submit(request, known, at: now)
    case .unknown(let request, let error): request.answer(.failure(error.refusal("No job was taken on.")))
    case .submitted(let request, let answers, let result): submitted(request, answers, result, at: now)
    case .leased(let record, let opening, let result): leased(record, opening, result, at: now)
    case .report(let job, let epoch, let report): take(report, of: job, epoch: epoch, at: now)
    case .shelved(let record, let value, let result): shelved(record, value: value, result, at: now)
    case .completed(let record, let attachments, let result): completed(record, attachments, result, at: now)
    case .ended(let record, let result): ended(record, result)
    case .updated(let job, let result):
      if case .failure(let error) = result { news(.unkept(job, error)) }
    case .health(let host, let health):
      scheduler.take(health, of: host, at: now)
      if let view = scheduler.host(host) { news(.host(view)) }
    case .released(let job, let host, let answer): scheduler.take(answer, of: job, host: host, at: now)
    case .attached(let attachment, let result):
      if case .success(.done) = result { news(.attached(attachment)) }
      if case .failure(let error) = result { news(.unkept(attachment.job, error)) }
    case .stop: break
    }
    turn(at: now)
  }

  /// The lease is durable: now the host may hear of it.
  private func leased(
    _ record: JobRecord, _ opening: HostCall.Opening, _ result: Result<LedgerAnswer, LedgerError>,
    at now: JobTime
  ) {
    let key = CallKey(job: record.id, epoch: record.epoch)
    let current = scheduler.record(record.id)
    guard case .success(.done) = result, let host = record.host, let client = clients[host],
      current?.epoch == record.epoch,
      current?.state == .leased
    else {
      var outcome = HostOutcome.cancelled
      if case .failure(let error) = result, current?.epoch == record.epoch {
        outcome = .failed(
          HostFailure(
            .retryable, "The job \(record.id) was not sent to \(record.host ?? "its host").",
            why: error.lines.count > 1 ? error.lines[1] : error.description, next: error.lines.last ?? ""))
      }
      scheduler.report(.finished(outcome), of: record.id, epoch: record.epoch, at: now)
      return
    }
    let (job, epoch) = (record.id, record.epoch)
    open[key] = OpenCall(
      spec: record.spec, attempt: record.attempt, host: host, kind: client.kind, began: now)
    handles[key] = client.start(call(record, opening)) { [post] in post(.report(job, epoch: epoch, $0)) }
  }

  private func call(_ record: JobRecord, _ opening: HostCall.Opening) -> HostCall {
    let spec = record.spec
    return HostCall(
      job: spec.id, epoch: record.epoch, attempt: record.attempt, tool: spec.tool, opening: opening,
      parameters: spec.parameters, inputs: spec.inputs,
      limits: .init(
        total: Double(spec.limits.startToFinish) / 1_000,
        silence: spec.limits.silence.map { Double($0) / 1_000 }),
      traceparent: spec.trace(.call(epoch: record.epoch)).text)
  }

  private func take(_ report: HostReport, of job: JobID, epoch: UInt64, at now: JobTime) {
    if case .finished(let outcome) = report { ended(CallKey(job: job, epoch: epoch), outcome, at: now) }
    var heard = report
    // What is not used of a stream is no step forward.
    if case .chunk(let chunk) = report, chunk.fault != nil { heard = .heartbeat }
    guard scheduler.report(heard, of: job, epoch: epoch, at: now) else {
      if case .chunk(var chunk) = report {
        chunk.fault = chunk.fault ?? "its call is over"
        chunk.bytes = []
        news(.chunk(job, epoch: epoch, chunk))
      }
      return discard(report)
    }
    switch report {
    case .chunk(let chunk): news(.chunk(job, epoch: epoch, chunk))
    case .finished(.succeeded(let result)):
      guard let record = scheduler.record(job) else { return }
      if let failure = refusal(of: result, from: record) {
        discard(report)
        return scheduler.spoil(job, epoch: epoch, failure, at: now)
      }
      guard !result.artifacts.isEmpty else {
        return shelved(record, value: result.value, .success([]), at: now)
      }
      shelf.store(result.artifacts, of: record) { [post] in post(.shelved(record, value: result.value, $0)) }
    default: break
    }
  }

  private func ended(_ key: CallKey, _ outcome: HostOutcome, at now: JobTime) {
    handles[key] = nil
    guard let call = open.removeValue(forKey: key) else { return }
    news(
      .called(
        CallNote(
          call.spec, epoch: key.epoch, attempt: call.attempt, host: call.host, kind: call.kind,
          began: call.began,
          ended: now, outcome: CallNote.Outcome(outcome))))
  }

  /// Why a result is not taken; nil when it is.
  private func refusal(of result: HostResult, from record: JobRecord) -> HostFailure? {
    let value = result.value ?? []
    let why: String
    if result.artifacts.count > JobsLimits.artifacts {
      why = "It has \(result.artifacts.count) artifacts; \(JobsLimits.artifacts) are allowed."
    } else if value.count > JobsLimits.valueBytes {
      why = "Its value has \(value.count) bytes; \(JobsLimits.valueBytes) are allowed."
    } else if String(validating: value, as: UTF8.self) == nil {
      why = "Its value is not UTF-8."
    } else {
      return nil
    }
    return HostFailure(
      .permanent, "What \(record.host ?? "the host") made for the job \(record.id) was not taken.", why: why,
      next: "See what it answers: garden job logs \(record.id)")
  }

  /// What nobody waits for any more is not kept: a temporary file would stay for ever.
  private func discard(_ report: HostReport) {
    guard case .finished(.succeeded(let result)) = report else { return }
    for artifact in result.artifacts {
      if case .file(let path) = artifact.content { TemporaryFile.remove(path) }
    }
  }

  /// The artifacts are stored and synced: now one transaction has the job complete, its lease gone, its regions served.
  private func shelved(
    _ record: JobRecord, value: [UInt8]?, _ result: Result<[ArtifactRow], HostFailure>, at now: JobTime
  ) {
    guard var current = scheduler.record(record.id), current.epoch == record.epoch else { return }
    switch result {
    case .failure(let failure): scheduler.spoil(record.id, epoch: record.epoch, failure, at: now)
    case .success(let rows):
      let rows = rows.map { row in
        var row = row
        (row.job, row.at) = (record.id, now)
        return row
      }
      current.apply(.succeeded(artifacts: rows.map(\.hash), value: value), at: now)
      let regions = (current.spec.region.map { [$0] } ?? []) + current.sharers
      let attachments = rows.first.map { first in
        regions.enumerated().map { slot, region in
          AttachmentRow(job: record.id, slot: slot, region: region, artifact: first.hash, at: now)
        }
      }
      let complete = current
      write(.complete(complete, artifacts: rows, attachments: attachments ?? [])) { [post] in
        post(.completed(complete, attachments ?? [], $0))
      }
    }
  }

  private func completed(
    _ record: JobRecord, _ attachments: [AttachmentRow], _ result: Result<LedgerAnswer, LedgerError>,
    at now: JobTime
  ) {
    switch result {
    case .success(.done):
      // Who came to share it while it was being written is served now.
      let late = (scheduler.record(record.id)?.sharers ?? []).dropFirst(record.sharers.count)
      scheduler.settle(
        record.id, epoch: record.epoch, artifacts: record.artifacts, value: record.value, at: now)
      news(.finished(record, attachments))
      guard let artifact = record.artifacts.first else { return }
      for region in late {
        let attachment = AttachmentRow(job: record.id, slot: -1, region: region, artifact: artifact, at: now)
        write(.attach(record.id, region: region, artifact: artifact)) { [post] in
          post(.attached(attachment, $0))
        }
      }
    case .success: break
    case .failure(let error):
      scheduler.spoil(
        record.id, epoch: record.epoch,
        HostFailure(
          .permanent, "The result of the job \(record.id) was not kept.",
          why: error.lines.count > 1 ? error.lines[1] : error.description, next: error.lines.last ?? ""),
        at: now)
    }
  }
}
