import Jobs

/// What is sent to a collector, and when: a value without clock and socket. One request is out at a time.
struct OTLPDesk: Sendable {
  /// What is to be done.
  enum Action: Sendable, Equatable {
    case post(TelemetryRecord.Signal, [TelemetryRecord])
    /// Said once, until the collector is there again.
    case say(isThere: Bool, String)
  }

  struct Counts: Sendable, Equatable {
    var sent: [TelemetryRecord.Signal: UInt64] = [:]
    var dropped: [TelemetryRecord.Signal: UInt64] = [:]
  }

  private(set) var counts = Counts()
  private var waiting: [TelemetryRecord.Signal: [TelemetryRecord]] = [:]
  /// When the first of those that wait came.
  private var since: JobTime?
  private var out: (signal: TelemetryRecord.Signal, records: [TelemetryRecord])?
  private var failures = 0
  private var notBefore: JobTime = .min
  private var isEnding = false
  private var saidGone = false

  var isIdle: Bool { out == nil && held == 0 }
  /// Whether the last request failed.
  var isFailing: Bool { failures > 0 }

  private var held: Int { waiting.values.reduce(0) { $0 + $1.count } }

  /// When `next` must be asked though nothing happens; nil: not at all.
  var nextTime: JobTime? {
    guard out == nil, let since else { return nil }
    return max(notBefore, isFull ? since : since.later(TelemetryLimits.gatherMilliseconds))
  }

  private var isFull: Bool { isEnding || held >= TelemetryLimits.batch }

  mutating func take(_ record: TelemetryRecord, at now: JobTime) {
    // An older look at the metrics has nothing that the newer one lacks.
    if record.signal == .metrics { waiting[.metrics] = nil }
    guard held + (out?.records.count ?? 0) < TelemetryLimits.waiting else { return drop(record.signal, 1) }
    waiting[record.signal, default: []].append(record)
    since = since ?? now
  }

  mutating func drop(_ signal: TelemetryRecord.Signal, _ count: UInt64) {
    counts.dropped[signal, default: 0] += count
  }

  mutating func end() { isEnding = true }

  mutating func next(at now: JobTime) -> Action? {
    guard let time = nextTime, time <= now else { return nil }
    guard let signal = TelemetryRecord.Signal.allCases.first(where: { waiting[$0]?.isEmpty == false }),
      let records = waiting[signal]
    else { return nil }
    let batch = Array(records.prefix(TelemetryLimits.batch))
    waiting[signal] = Array(records.dropFirst(batch.count))
    out = (signal, batch)
    return .post(signal, batch)
  }

  mutating func posted(_ result: Posted, at now: JobTime) -> Action? {
    guard let (signal, records) = out else { return nil }
    out = nil
    switch result {
    case .taken:
      counts.sent[signal, default: 0] += UInt64(records.count)
      failures = 0
    case .refused(let why):
      drop(signal, UInt64(records.count))
      defer { sinceNow(now) }
      return say(false, why)
    case .failed(let why):
      let limits = TelemetryLimits.retryMilliseconds
      notBefore = now.later(min(limits.upperBound, limits.lowerBound << Int64(min(failures, 6))))
      failures += 1
      if signal != .metrics || waiting[.metrics]?.isEmpty ?? true {
        waiting[signal] = records + (waiting[signal] ?? [])
      }
      sinceNow(now)
      return say(false, why)
    }
    sinceNow(now)
    return say(true, "")
  }

  private mutating func sinceNow(_ now: JobTime) { since = held == 0 ? nil : since ?? now }

  private mutating func say(_ isThere: Bool, _ why: String) -> Action? {
    guard saidGone == isThere else { return nil }
    saidGone = !isThere
    return .say(isThere: isThere, why)
  }
}
