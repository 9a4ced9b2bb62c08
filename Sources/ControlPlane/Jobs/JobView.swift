import HootWire
import Jobs
import Tools

/// How much of a job is told.
enum JobDetail: String {
  case minimal, standard, full
}

/// A job as it is shown: what it is, and where it stands in the queue.
struct JobView: Sendable {
  var record: JobRecord
  var outlook: JobOutlook?

  func json(at now: JobTime, _ detail: JobDetail = .standard) -> JSONValue {
    switch detail {
    case .minimal: JSONValue(brief)
    case .standard: JSONValue(fields(at: now))
    case .full: JSONValue(fields(at: now) + [("expected", expected)])
    }
  }

  /// What a program needs that only wants to know whether it is done.
  private var brief: [(String, JSONValue)] {
    [
      ("id", .string(record.id.text)), ("state", .string(record.state.name)),
      ("status", .string(record.state.nameOfFive)), ("is_final", .bool(record.state.isFinal)),
      ("revision", JSONValue(record.revision)),
    ]
  }

  /// What the result of its tool is; null of a tool that only a host knows.
  private var expected: JSONValue {
    guard let job = Catalogue.jobTool(record.spec.tool)?.job else { return nil }
    return job.product == .value
      ? ["value": ["type": "object"], "artifacts": ["type": "array", "maxItems": 0]]
      : [
        "artifacts": [
          "type": "array", "minItems": 1, "items": ["type": "string", "pattern": "^[0-9a-f]+$"],
          "contentMediaType": .string(job.product == .midi ? "audio/midi" : "audio/wav"),
        ]
      ]
  }

  private func fields(at now: JobTime) -> [(String, JSONValue)] {
    let record = record
    func seconds(_ milliseconds: Int64?) -> JSONValue {
      milliseconds.map { .number((Double($0) / 1_000).hundredths) } ?? nil
    }
    func time(_ time: JobTime?) -> JSONValue { time.map { .string(Self.text($0)) } ?? nil }
    let isWaiting = !record.state.isOut && !record.state.isFinal
    let error: JSONValue = record.error.isEmpty ? nil : .array(record.error.map { .string($0) })
    let ends = record.finishedAt
    let from = record.startedAt ?? record.leasedAt
    // In parts: one list of this length takes the compiler minutes.
    var fields: [(String, JSONValue)] = [
      ("id", .string(record.id.text)), ("tool", .string(record.spec.tool)),
      ("state", .string(record.state.name)), ("status", .string(record.state.nameOfFive)),
      ("is_final", .bool(record.state.isFinal)), ("host", JSONValue(record.host)),
      ("priority", .integer(Int64(record.spec.priority))), ("attempt", .integer(Int64(record.attempt))),
      ("failures", .integer(Int64(record.failures))),
      ("busy_answers", .integer(Int64(record.busyAnswers))),
    ]
    let position: JSONValue = isWaiting ? outlook?.ahead.map { .integer(Int64($0 + 1)) } ?? nil : nil
    let hosts: JSONValue = outlook.map { .integer(Int64($0.hosts)) } ?? nil
    fields += [
      ("progress", .number(record.progress.percent.hundredths)),
      ("message", .string(record.progress.message)), ("chunks", .integer(Int64(record.progress.chunks))),
      ("position", position), ("hosts", hosts),
      ("next_in", isWaiting ? seconds(record.nextAt.map { max(0, $0 - now) }) : nil),
      ("starts_in", isWaiting ? seconds(outlook?.startsIn) : nil), ("ends_in", seconds(outlook?.endsIn)),
      ("needed_in", seconds(record.state.isFinal ? nil : record.spec.deadline.map { $0 - now })),
    ]
    let lasted: JSONValue = from.map { seconds((ends ?? now) - $0) } ?? nil
    fields += [
      ("submitted", time(record.createdAt)), ("started", time(record.startedAt)),
      ("finished", time(record.finishedAt)), ("seconds", lasted),
      ("region_id", JSONValue(record.spec.region)),
      ("client", .string(record.spec.client)), ("retry_of", JSONValue(record.spec.retryOf?.text)),
      ("resent", .bool(record.isResent)), ("error", error),
    ]
    // A ledger holds what was checked when it came.
    let value: JSONValue = record.value.flatMap { try? JSONValue.parse($0) } ?? nil
    let parameters: JSONValue = (try? JSONValue.parse(record.spec.parameters)) ?? nil
    fields += [
      ("artifacts", .array(record.artifacts.map { .string($0) })), ("value", value),
      ("parameters", parameters), ("sequence", JSONValue(record.sequence)),
      ("revision", JSONValue(record.revision)), ("traceparent", .string(record.spec.trace(.job).text)),
      ("trace_id", .string(record.spec.trace(.job).traceText)),
    ]
    return fields + [("progress_info", progress), ("retry", retry)]
  }

  private var progress: JSONValue {
    let percent = record.progress.percent.hundredths
    return [
      "current": .number(percent), "total": 100, "message": .string(record.progress.message),
      "percentage": .number(percent),
    ]
  }

  private var retry: JSONValue {
    [
      "attempt": .integer(Int64(record.attempt)),
      "max_attempts": .integer(Int64(record.spec.limits.attempts)),
      "next_at": record.nextAt.map { .string(Self.text($0)) } ?? nil,
      "last_error": JSONValue(record.error.first),
    ]
  }

  /// RFC 3339, to the millisecond, in UTC.
  static func text(_ time: JobTime) -> String {
    let whole = time >= 0 ? time / 1_000 : (time - 999) / 1_000
    return Timestamp(seconds: whole, nanoseconds: Int32((time - whole * 1_000) * 1_000_000)).text
  }
}

extension HostView {
  func json(at now: JobTime) -> JSONValue {
    func seconds(_ milliseconds: Int64?) -> JSONValue {
      milliseconds.map { .number((Double($0) / 1_000).hundredths) } ?? nil
    }
    let services = spec.services.map { service -> JSONValue in
      [
        "url": .string(service.address), "tools": .array(service.tools.sorted().map { .string($0) }),
      ]
    }
    let facts = spec.facts.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
    let rate: JSONValue = spec.startsPerMinute.map { .integer(Int64($0)) } ?? nil
    let isUp: JSONValue = health.map { .bool($0.isUp) } ?? nil
    var fields: [(String, JSONValue)] = [
      ("name", .string(spec.name)), ("kind", .string(spec.kind.rawValue)),
      ("slots", .integer(Int64(spec.slots))), ("slots_now", .integer(Int64(slots))),
      ("used", .integer(Int64(used))), ("unsure", .integer(Int64(unsure))),
      ("draining", .bool(isDraining)), ("up", isUp), ("breaker", .string(breaker.word)),
      ("busy_for", seconds(busyUntil.map { max(0, $0 - now) })),
      ("busy_answers", .integer(Int64(busyAnswers))), ("busy_seconds", seconds(busyTime)),
    ]
    let free: JSONValue = health?.freeSlots.map { .integer(Int64($0)) } ?? nil
    fields += [
      ("gpu_load", JSONValue(health?.gpuLoad)), ("gpu_memory", JSONValue(health?.gpuMemory)),
      ("free_slots", free), ("note", JSONValue(health?.note)),
      ("labels", .array(spec.labels.sorted().map { .string($0) })), ("per_minute", rate),
      ("follows_load", .bool(spec.followsLoad)), ("slots_max", .integer(Int64(spec.slotsAtMost))),
      ("facts", .object(JSONObject(facts))), ("services", .array(services)),
    ]
    return JSONValue(fields)
  }
}

extension Breaker.State {
  fileprivate var word: String {
    switch self {
    case .closed: "closed"
    case .open: "open"
    case .halfOpen: "half-open"
    }
  }
}
