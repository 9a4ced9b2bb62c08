import Jobs

/// A scheduler, hosts by script and a clock that stands until it is turned. Time is in milliseconds.
final class VirtualHouse {
  /// What a host does with a call.
  enum Step {
    case say(HostReport, after: Int64)
    case end(HostOutcome, after: Int64)
    case hang
  }

  var scheduler: Scheduler
  var now: JobTime = 1_000_000
  /// For each call: what the host does.
  var script: (String, JobRecord) -> [Step] = { _, record in [.end(done, after: Int64(record.spec.size))] }
  /// How the host ends a call that was cancelled; nil: it does not.
  var cancelTakes: Int64? = 5
  var health: (String) -> HostHealth? = { _ in HostHealth(isUp: true) }
  var release: HostRelease = .unsupported

  var calls: [(at: JobTime, job: JobID, host: String, epoch: UInt64, opening: HostCall.Opening)] = []
  var finished: [JobID: JobRecord] = [:]
  var finishOrder: [JobID] = []
  var late: [JobID] = []
  var cancelled: [JobID] = []
  var released: [JobID] = []
  var changes: [JobRecord] = []
  var peak = 0
  private var running: [String: Int] = [:]
  private var events: [(time: JobTime, order: Int, work: () -> Void)] = []
  private var count = 0

  static let done = HostOutcome.succeeded(HostResult(value: Array("{}".utf8)))

  init(_ hosts: [HostSpec] = [], policy: Scheduler.Policy = .init(), seed: UInt64 = 1) {
    scheduler = Scheduler(policy: policy, seed: seed)
    for host in hosts { set(host) }
  }

  func set(_ host: HostSpec) {
    do { try scheduler.set(host: host, at: now) } catch { preconditionFailure("\(error)") }
    act()
  }

  static func host(
    _ name: String, slots: Int = 1, kind: HostKind = .builtin, tools: Set<String> = ["*"],
    labels: Set<String> = []
  ) -> HostSpec {
    HostSpec(
      name: name, kind: kind, slots: slots, labels: labels, services: [.init(address: "", tools: tools)])
  }

  private var minted: UInt64 = 0

  func spec(_ tool: String = "make", _ change: (inout JobSpec) -> Void = { _ in }) -> JobSpec {
    minted += 1
    var spec = JobSpec(id: JobID(high: 7, low: minted), tool: tool)
    spec.isFresh = true
    spec.size = 1_000
    change(&spec)
    return spec
  }

  @discardableResult
  func submit(_ tool: String = "make", _ change: (inout JobSpec) -> Void = { _ in }) -> JobID {
    let spec = spec(tool, change)
    do {
      _ = try scheduler.submit([spec], at: now) { finished[$0]?.state }
    } catch {
      preconditionFailure("\(error)")
    }
    act()
    return spec.id
  }

  func after(_ milliseconds: Int64, _ work: @escaping () -> Void) {
    count += 1
    events.append((now + milliseconds, count, work))
  }

  /// Has the scheduler decide, and does what it says.
  func act() {
    scheduler.decide(at: now)
    for action in scheduler.takeActions() {
      switch action {
      case .changed(let record): changes.append(record)
      case .finished(let record):
        precondition(finished[record.id] == nil, "finished twice")
        finished[record.id] = record
        finishOrder.append(record.id)
      case .lease(let record, let opening): call(record, opening)
      case .cancel(let job, let epoch, _):
        cancelled.append(job)
        if let cancelTakes { after(cancelTakes) { self.report(.finished(.cancelled), job, epoch) } }
      case .release(let job, _, let host):
        released.append(job)
        after(1) { self.scheduler.take(self.release, of: job, host: host, at: self.now) }
      case .freed: break
      case .probe(let host):
        after(1) { [self] in if let health = health(host) { scheduler.take(health, of: host, at: now) } }
      case .late(let job, _): late.append(job)
      }
    }
  }

  private func call(_ record: JobRecord, _ opening: HostCall.Opening) {
    let host = record.host ?? ""
    calls.append((now, record.id, host, record.epoch, opening))
    running[host, default: 0] += 1
    peak = max(peak, running.values.reduce(0, +))
    for step in script(host, record) {
      switch step {
      case .say(let report, let delay): after(delay) { self.report(report, record.id, record.epoch) }
      case .end(let outcome, let delay):
        after(delay) {
          self.running[host, default: 1] -= 1
          self.report(.finished(outcome), record.id, record.epoch)
        }
      case .hang: break
      }
    }
  }

  func report(_ report: HostReport, _ job: JobID, _ epoch: UInt64) {
    let wasOfUse = scheduler.report(report, of: job, epoch: epoch, at: now)
    if wasOfUse, case .finished(.succeeded(let result)) = report {
      scheduler.settle(job, epoch: epoch, artifacts: [], value: result.value, at: now)
    }
  }

  /// Turns the clock until nothing is left to happen, or to a time.
  func run(until end: JobTime = .max, most: Int = 200_000) {
    act()
    for _ in 0..<most {
      let next = events.min { ($0.time, $0.order) < ($1.time, $1.order) }
      guard let time = [next?.time, scheduler.nextTime].compactMap({ $0 }).min(), time <= end else { break }
      now = max(now, time)
      if let next, next.time <= time {
        events.removeAll { $0.order == next.order }
        next.work()
      }
      act()
    }
    if end != .max { now = end }
  }

  func state(_ job: JobID) -> JobState? { finished[job]?.state ?? scheduler.record(job)?.state }

  func starts(of job: JobID) -> [JobTime] { calls.filter { $0.job == job }.map(\.at) }
}
