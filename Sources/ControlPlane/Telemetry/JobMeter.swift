import JobDispatch
import Jobs
import Telemetry

/// What is counted of jobs, from what the dispatcher tells. A value of the control thread; times are parameters.
struct JobMeter: Sendable {
  /// How many jobs stood where, at a time.
  struct Look: Sendable, Equatable {
    let at: JobTime
    let waiting: Int
    let out: Int
  }

  /// Jobs that have not ended, by state.
  private(set) var states: [JobState: Int] = [:]
  /// The newest last, `TelemetryLimits.history` at most.
  private(set) var history: [Look] = []
  private var submitted: [String: Double] = [:]
  private var finished: [String: Double] = [:]
  private var services: [String: Histogram] = [:]
  private var callTimes: [String: Histogram] = [:]
  private var calls: [String: [String: Double]] = [:]
  private var busy: [String: Double] = [:]
  private var waits = Histogram.seconds
  private var attempts = Histogram.attempts
  private var attachTimes = Histogram.seconds
  private var attachFailures = 0.0
  /// For whoever asks or has waited.
  var looks = 0.0
  /// Live jobs that a host has run.
  private var started: Set<JobID> = []
  /// Live jobs, the oldest first where they are in order; ended ones are taken out now and then.
  private var order: [(sequence: UInt64, id: JobID)] = []
  private var isOrdered = true

  var waiting: Int { states.reduce(0) { $1.key.isOut ? $0 : $0 + $1.value } }

  // MARK: What happens

  /// - Parameter before: as the job was last told of; nil the first time.
  mutating func take(_ record: JobRecord, before: JobRecord?, isNew: Bool = false) {
    if isNew { Self.add(1, to: &submitted, record.spec.tool) }
    if before == nil, !record.state.isFinal {
      isOrdered = isOrdered && (order.last?.sequence ?? 0) < record.sequence
      order.append((record.sequence, record.id))
    }
    if let before {
      let left = (states[before.state] ?? 1) - 1
      states[before.state] = left > 0 ? left : nil
    }
    guard !record.state.isFinal else { return end(record) }
    states[record.state, default: 0] += 1
    if record.state == .running { start(record, at: record.startedAt) }
  }

  private mutating func start(_ record: JobRecord, at time: JobTime?) {
    guard let time, started.insert(record.id).inserted else { return }
    waits.take(Self.seconds(from: record.createdAt, to: time))
  }

  private mutating func end(_ record: JobRecord) {
    let began = record.startedAt ?? record.leasedAt
    start(record, at: began)
    started.remove(record.id)
    Self.add(1, to: &finished, record.state.name)
    attempts.take(Double(record.failures + (record.state == .succeeded ? 1 : 0)))
    guard record.state == .succeeded, let began, let ended = record.finishedAt else { return }
    let tool = Self.label(record.spec.tool, in: services)
    services[tool, default: .seconds].take(Self.seconds(from: began, to: ended))
  }

  mutating func take(_ call: CallNote) {
    let host = Self.label(call.host, in: calls)
    calls[host, default: [:]][call.outcome.word, default: 0] += 1
    callTimes[host, default: .seconds].take(Self.seconds(from: call.began, to: call.ended))
    if case .busy = call.outcome, call.kind == .http { busy[host, default: 0] += 1 }
  }

  /// - Parameter seconds: from the result's arrival; nil when its region could not take it.
  mutating func attached(within seconds: Double?) {
    if let seconds { attachTimes.take(seconds) } else { attachFailures += 1 }
  }

  mutating func look(at now: JobTime) {
    let out = states.reduce(0) { $1.key.isOut ? $0 + $1.value : $0 }
    history.append(Look(at: now, waiting: waiting, out: out))
    if history.count > TelemetryLimits.history { history.removeFirst() }
  }

  // MARK: What was counted

  /// When the job that waits longest was submitted.
  mutating func oldestWaiting(_ live: [JobID: JobRecord]) -> JobTime? {
    if order.count > 2 * live.count + 1_024 { order.removeAll { live[$0.id] == nil } }
    if !isOrdered {
      order.sort { $0.sequence < $1.sequence }
      isOrdered = true
    }
    for (_, id) in order {
      if let record = live[id], !record.state.isOut { return record.createdAt }
    }
    return nil
  }

  mutating func measured(_ live: [JobID: JobRecord], at now: JobTime) -> [Measured] {
    var byState: [String: Double] = [:]
    for (state, count) in states { byState[state.name] = Double(count) }
    var outcomes = Measured(.calls)
    for (host, counts) in calls.sorted(by: { $0.key < $1.key }) {
      for (word, count) in counts.sorted(by: { $0.key < $1.key }) {
        outcomes.add([host, word], .number(count))
      }
    }
    return [
      Measured(.jobs, by: byState), Measured(.queueLength, Double(waiting)),
      Measured(.queueAge, oldestWaiting(live).map { Self.seconds(from: $0, to: now) } ?? 0),
      Measured(.jobsSubmitted, by: submitted), Measured(.jobsFinished, by: finished),
      Measured(.jobWait, waits), Measured(.jobService, by: services), Measured(.jobAttempts, attempts),
      Measured(.jobLooks, looks), outcomes, Measured(.callTime, by: callTimes), Measured(.busy, by: busy),
      Measured(.attachments, Double(attachTimes.count)), Measured(.attachFailures, attachFailures),
      Measured(.attachTime, attachTimes),
    ]
  }

  private static func seconds(from start: JobTime, to end: JobTime) -> Double {
    Double(max(0, end.subtractingReportingOverflow(start).partialValue)) / 1_000
  }

  private static func label<Value>(_ label: String, in values: [String: Value]) -> String {
    values[label] != nil || values.count < TelemetryLimits.labels ? label : "other"
  }

  private static func add(_ value: Double, to values: inout [String: Double], _ label: String) {
    values[Self.label(label, in: values), default: 0] += value
  }
}
