import ControlSocket
import FoundationEssentials
import HootWire
import JobDispatch
import Jobs
import Ledger
import Telemetry
import Tools

// What is measured, and what is told of it. All of it on the control thread, from what that counts anyway.
extension Conductor {
  /// A result on its way into a region.
  struct Attaching {
    let spec: JobSpec?
    let attachment: AttachmentRow
    let began: JobTime
  }

  /// What happened to a job, in the log and for the collector.
  func note(_ record: JobRecord, _ what: String) {
    Log.job(record, what)
    guard let telemetry, what != "progress" else { return }
    var fields = record.telemetryFields
    if let why = record.error.first { fields.append(Attribute("error", why)) }
    telemetry.take(
      .log(
        LogLine(
          record.isTrouble ? .warning : .info, "job \(record.state.name)", at: record.updatedAt,
          attributes: fields,
          place: record.spec.trace(.job))))
    if what == "submitted" { telemetry.take(.span(record.submitSpan(durable: jobs?.clock() ?? 0))) }
    if record.state.isFinal { telemetry.take(.span(record.jobSpan)) }
  }

  func note(_ call: CallNote) {
    jobs?.meter.take(call)
    telemetry?.take(.span(call.span))
  }

  func beginAttach(_ attachment: AttachmentRow, of spec: JobSpec?) -> Attaching {
    Attaching(spec: spec, attachment: attachment, began: jobs?.clock() ?? 0)
  }

  /// - Parameter problem: why its region could not take it.
  func endAttach(_ attaching: Attaching, _ problem: String?) {
    let now = jobs?.clock() ?? 0
    jobs?.meter.attached(within: problem == nil ? Double(max(0, now - attaching.began)) / 1_000 : nil)
    let row = attaching.attachment
    let slot = JobSpec.Span.attach(slot: row.slot)
    let spec = attaching.spec ?? JobSpec(id: row.job, tool: "")
    let fields = [
      Attribute("job.id", row.job.text), Attribute("client_job_id", row.job.text),
      Attribute("region", row.region),
      Attribute("artifact", row.artifact),
    ]
    Log.record(problem == nil ? .info : .warning, "job attached", fields, spec.trace(slot), problem)
    guard let telemetry else { return }
    telemetry.take(
      .log(
        LogLine(
          problem == nil ? .info : .warning, "job attached", at: now, attributes: fields,
          place: spec.trace(slot))))
    telemetry.take(
      .span(
        Span(
          "attach", .inside, at: spec.trace(slot), within: spec.parent(of: slot), began: attaching.began,
          ended: now, attributes: fields, failure: problem)))
  }

  /// Looks at everything now and then: for the collector, and for what was.
  func tendTelemetry() {
    let now = ContinuousClock.now
    guard now - measuredLast >= .milliseconds(TelemetryLimits.metricsMilliseconds), jobs != nil else {
      return
    }
    measuredLast = now
    let time = jobs?.clock() ?? 0
    jobs?.meter.look(at: time)
    guard telemetry != nil else { return }
    // A dispatcher with no room for a question is asked the next time.
    do {
      try measure { [self] metrics in telemetry?.take(.metrics(metrics, at: time)) }
    } catch { return }
  }

  // MARK: Asked for

  func metrics(_ incoming: Incoming) throws(Refusal) -> Answer {
    guard jobs != nil else { return .reply(.ok(metricsJSON(deviceMetrics()))) }
    try measure { [self] metrics in
      guard peers.isWanted(incoming) else { return }
      finish(incoming, .ok(metricsJSON(metrics)))
    }
    return .later
  }

  private func metricsJSON(_ metrics: [Measured]) -> JSONValue {
    let order = Dictionary(
      uniqueKeysWithValues: Metric.all.enumerated().map { ($1.name, $0) })
    let sorted = metrics.sorted { (order[$0.metric.name] ?? 0) < (order[$1.metric.name] ?? 0) }
    let history = (jobs?.meter.history ?? []).map { look -> JSONValue in
      [
        "at": .string(JobView.text(look.at)), "queue_length": .integer(Int64(look.waiting)),
        "out": .integer(Int64(look.out)),
      ]
    }
    return [
      "metrics": .array(sorted.map(\.json)), "history": .array(history),
      "prometheus": .string(PrometheusText.text(sorted)),
      "prometheus_type": .string(PrometheusText.contentType),
    ]
  }

  /// Everything, with what the dispatcher has counted.
  private func measure(then: @escaping ([Measured]) -> Void) throws(Refusal) {
    struct Seen: Sendable {
      let counts: Scheduler.Counts
      let hosts: [HostView]
    }
    try ask(
      Seen.self,
      { side, answer in
        side.dispatcher.order(
          .look { scheduler, _ in answer(Seen(counts: scheduler.counts, hosts: scheduler.allHosts)) })
      },
      then: { [self] seen in
        guard let live = jobs?.live, let now = jobs?.clock(),
          let own = jobs?.meter.measured(live, at: now)
        else { return }
        then(own + Self.measured(seen.counts) + Self.measured(seen.hosts) + deviceMetrics())
      })
  }

  private static func measured(_ counts: Scheduler.Counts) -> [Measured] {
    [
      Measured(.jobsShared, Double(counts.shared)), Measured(.jobsLate, Double(counts.late)),
      Measured(.jobsResent, Double(counts.resent)), Measured(.jobsPreempted, Double(counts.preempted)),
      Measured(.retries, Double(counts.retries)), Measured(.staleReports, Double(counts.stale)),
    ]
  }

  private static func measured(_ hosts: [HostView]) -> [Measured] {
    func by(_ value: (HostView) -> Double) -> [String: Double] {
      Dictionary(hosts.map { ($0.spec.name, value($0)) }, uniquingKeysWith: { first, _ in first })
    }
    return [
      Measured(.hostBusy, by: by { Double($0.busyTime) / 1_000 }),
      Measured(.hostSlots, by: by { Double($0.slots) }), Measured(.hostUsed, by: by { Double($0.used) }),
    ]
  }

  private func deviceMetrics() -> [Measured] {
    let status = keeper?.status()
    let report = engine.report.read()
    let told = telemetry?.counts
    return [
      Measured(.xruns, Double(status?.xruns ?? 0)), Measured(.lateBlocks, Double(status?.lateBlocks ?? 0)),
      Measured(.callbacks, Double(status?.callbacks ?? 0)),
      Measured(.lostFrames, Double(status?.lostFrames ?? 0)),
      Measured(.load, status?.load ?? 0), Measured(.worstLoad, status?.worst ?? 0),
      Measured(.voices, Double(report.voices)), Measured(.commands, Double(landing.accepted)),
      Measured(.edits, Double(journal.serial)), Measured(.editsWaiting, Double(journal.waiting)),
      Measured(.uptime, (ContinuousClock.now - started).inSeconds),
      Measured(.telemetrySent, by: told?.sent ?? [:]),
      Measured(.telemetryDropped, by: told?.dropped ?? [:]),
    ]
  }
}

extension JobRecord {
  /// What a person should look at.
  var isTrouble: Bool { state == .parked(.hostBusy) || state.nameOfFive == "failed" }
}
