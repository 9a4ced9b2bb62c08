import JobDispatch
import Jobs
import Telemetry
import Testing

@testable import ControlPlane

/// What is counted of jobs, from what the dispatcher tells.
@Suite struct JobMeterTests {
  private var meter = JobMeter()
  private var live: [JobID: JobRecord] = [:]

  private static func record(_ number: UInt64, at time: JobTime = 1_000, tool: String = "make") -> JobRecord {
    JobRecord(
      spec: JobSpec(id: JobID(high: 1, low: number), tool: tool), sequence: number, at: time)
  }

  private mutating func tell(_ record: JobRecord, isNew: Bool = false) {
    let before = live.updateValue(record, forKey: record.id)
    if record.state.isFinal { live[record.id] = nil }
    meter.take(record, before: before, isNew: isNew)
  }

  private mutating func value(_ name: MetricName, at now: JobTime = 0) -> [String: Measured.Value] {
    let metric = meter.measured(live, at: now).first { $0.metric.name == name }
    return Dictionary(
      uniqueKeysWithValues: (metric?.samples ?? []).map { ($0.labels.joined(separator: " "), $0.value) })
  }

  @Test
  mutating func `[A53] A job's wait, service and attempts are measured, and the queue's length and age`()
    throws
  {
    var first = Self.record(1)
    tell(first, isNew: true)
    tell(Self.record(2, at: 3_000), isNew: true)
    #expect(meter.waiting == 2 && value(.queueAge, at: 6_000)[""] == .number(5))
    first.apply(.leased(host: "h"), at: 2_000)
    first.apply(.started(remote: nil), at: 2_500)
    tell(first)
    #expect(meter.waiting == 1 && value(.queueAge, at: 6_000)[""] == .number(3))
    #expect(value(.jobs) == ["running": .number(1), "queued": .number(1)])
    meter.look(at: 7_000)
    #expect(meter.history == [JobMeter.Look(at: 7_000, waiting: 1, out: 1)])
    first.apply(.succeeded(artifacts: [], value: nil), at: 9_500)
    tell(first)
    guard case .histogram(let wait)? = value(.jobWait)[""],
      case .histogram(let service)? = value(.jobService)["make"],
      case .histogram(let attempts)? = value(.jobAttempts)[""]
    else { throw Missing() }
    #expect(wait.count == 1 && wait.sum == 1.5 && service.count == 1 && service.sum == 7)
    #expect(attempts.count == 1 && attempts.sum == 1)
    #expect(
      value(.jobsSubmitted) == ["make": .number(2)] && value(.jobsFinished) == ["succeeded": .number(1)])
    #expect(value(.jobs) == ["queued": .number(1)])
  }

  @Test mutating func `[B36] Busy answers and calls are counted by host, and labels have a limit`() {
    func call(_ host: String, _ kind: HostKind, _ outcome: CallNote.Outcome) -> CallNote {
      CallNote(
        Self.record(1).spec, epoch: 1, attempt: 1, host: host, kind: kind, began: 0, ended: 500,
        outcome: outcome)
    }
    for _ in 0..<3 { meter.take(call("gpu", .http, .busy(retryAfter: 30))) }
    meter.take(call("gpu", .http, .succeeded))
    meter.take(call("hoot", .hoot01, .busy(retryAfter: nil)))
    #expect(value(.busy) == ["gpu": .number(3)])
    #expect(
      value(.calls) == ["gpu busy": .number(3), "gpu succeeded": .number(1), "hoot busy": .number(1)])
    for number in 0..<1_000 { meter.take(call("host \(number)", .command, .succeeded)) }
    #expect(value(.callTime).count == TelemetryLimits.labels + 1)
    #expect(value(.calls)["other succeeded"] == .number(Double(1_000 - TelemetryLimits.labels + 2)))
  }

  @Test
  mutating func `Jobs that an earlier daemon left are counted once, in their order, and leave no trace`() {
    for number in [5, 3, 4] as [UInt64] { tell(Self.record(number, at: JobTime(number) * 1_000)) }
    #expect(value(.queueAge, at: 10_000)[""] == .number(7) && value(.jobsSubmitted).isEmpty)
    for number in 10..<5_000 as Range<UInt64> {
      var record = Self.record(number)
      tell(record, isNew: true)
      record.apply(.cancelled, at: 2_000)
      tell(record)
    }
    #expect(meter.waiting == 3 && value(.queueAge, at: 10_000)[""] == .number(7))
    #expect(value(.jobsFinished) == ["cancelled": .number(4_990)])
  }

  private struct Missing: Error {}
}
