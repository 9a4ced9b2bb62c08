import Jobs
import Ledger
import Threading

@testable import JobDispatch

/// A desk, a ledger in memory, hosts by script and a clock that stands until it is turned: all on one thread.
final class DeskBench {
  var now: JobTime = 1_000_000
  let ledger: Door
  let host: ScriptedHost
  let shelf = Shelf()
  let inbox = Locked([DispatchMessage]())
  let told = Locked([JobNews]())
  private(set) var desk: Desk!
  private var minted: UInt64 = 0

  init(
    _ hosts: [HostSpec] = [DeskBench.host()], ledger: Door = Door(), scripted: ScriptedHost = ScriptedHost(),
    policy: Scheduler.Policy = .init(), at start: JobTime = 1_000_000
  ) throws {
    now = start
    self.ledger = ledger
    host = scripted
    let (inbox, told) = (inbox, told)
    desk = Desk(
      scheduler: Scheduler(policy: policy, seed: 1, sequence: try ledger.store.lastSequence()),
      ledger: ledger,
      shelf: shelf, makeClient: { [host] spec in spec.labels.contains("nobody") ? nil : host.client(spec) },
      news: { news in told.withLock { $0.append(news) } },
      post: { message in inbox.withLock { $0.append(message) } })
    desk.restore(
      hosts: hosts, jobs: try ledger.store.liveJobs(), debts: try ledger.store.debts(), at: now)
    settle()
  }

  static func host(_ name: String = "h", slots: Int = 1, kind: HostKind = .http) -> HostSpec {
    HostSpec(name: name, kind: kind, slots: slots, services: [.init(address: "", tools: ["*"])])
  }

  func spec(_ change: (inout JobSpec) -> Void = { _ in }) -> JobSpec {
    minted += 1
    var spec = JobSpec(
      id: JobID(high: 3, low: minted), tool: "make", parameters: Array("{\"n\":\(minted)}".utf8))
    change(&spec)
    return spec
  }

  @discardableResult
  func submit(_ specs: [JobSpec], key: String? = nil) -> Result<[SubmitAnswer], JobRefusal>? {
    let result = Locked<Result<[SubmitAnswer], JobRefusal>?>(nil)
    order(.submit(specs, key: key, answer: { answer in result.withLock { $0 = answer } }))
    return result.withLock { $0 }
  }

  func order(_ order: DispatchOrder) {
    desk.take(.order(order), at: now)
    settle()
  }

  func refusal(_ order: (@escaping @Sendable (JobRefusal?) -> Void) -> DispatchOrder) -> JobRefusal? {
    let result = Locked<JobRefusal?>(nil)
    self.order(order { refusal in result.withLock { $0 = refusal } })
    return result.withLock { $0 }
  }

  /// Takes what was posted until nothing is.
  func settle() {
    while true {
      let messages = inbox.withLock { inbox in
        defer { inbox = [] }
        return inbox
      }
      guard !messages.isEmpty else { return }
      for message in messages { desk.take(message, at: now) }
    }
  }

  /// Turns the clock, stopping wherever something is due.
  func pass(_ milliseconds: Int64) {
    let end = now + milliseconds
    while let next = desk.scheduler.nextTime, next <= end {
      now = max(now, next)
      desk.turn(at: now)
      settle()
    }
    now = end
    desk.turn(at: now)
    settle()
  }

  func say(_ report: HostReport, of job: JobID, epoch: UInt64 = 1) {
    host.say(report, of: job, epoch: epoch)
    settle()
  }

  func state(_ job: JobID) throws -> JobState? { try ledger.store.job(job)?.state }

  var finished: [JobID] {
    told.withLock { $0 }.compactMap { news in
      if case .finished(let record, _) = news { return record.id }
      return nil
    }
  }

  var attached: [AttachmentRow] {
    told.withLock { $0 }.flatMap { news -> [AttachmentRow] in
      if case .finished(_, let attachments) = news { return attachments }
      if case .attached(let attachment) = news { return [attachment] }
      return []
    }
  }
}

/// A ledger in memory that answers at once, or not before it is let.
///
/// Unchecked: one test uses it, on one thread.
final class Door: LedgerDoor, @unchecked Sendable {
  let store: any JobLedger
  var isHeld = false
  /// Writes that are done at all; what comes after them is lost, as by a kill.
  var mostWrites: Int?
  private(set) var writes = 0
  private var waiting: [() -> Void] = []
  var now: JobTime = 1_000_000

  init(_ store: any JobLedger = MemoryLedger()) { self.store = store }

  func write(_ write: LedgerWrite, _ answer: @escaping Ledger.Answer) -> Bool {
    writes += 1
    if let mostWrites, writes > mostWrites { return true }
    later { [store, now] in
      do throws(LedgerError) { answer(.success(try store.apply([write], at: now)[0])) } catch {
        answer(.failure(error))
      }
    }
    return true
  }

  func read(_ body: @escaping @Sendable (any JobLedger) -> Void) -> Bool {
    later { [store] in body(store) }
    return true
  }

  private func later(_ work: @escaping () -> Void) {
    if isHeld { waiting.append(work) } else { work() }
  }

  func release() {
    isHeld = false
    let work = waiting
    waiting = []
    for work in work { work() }
  }
}

/// A host that says what a test has it say.
///
/// Unchecked: one test uses it, on one thread.
final class ScriptedHost: @unchecked Sendable {
  private(set) var calls: [HostCall] = []
  private(set) var cancelled: [JobID] = []
  private(set) var released: [JobID] = []
  private var reports: [String: @Sendable (HostReport) -> Void] = [:]
  var answer: HostRelease = .released
  /// What it does with each call by itself.
  var script: (HostCall) -> [HostReport] = { _ in [] }
  var endsOnCancel = true

  func client(_ spec: HostSpec) -> any HostClient { Client(kind: spec.kind, host: self) }

  func say(_ report: HostReport, of job: JobID, epoch: UInt64) { reports["\(job) \(epoch)"]?(report) }

  private struct Client: HostClient {
    let kind: HostKind
    let host: ScriptedHost

    func start(_ call: HostCall, report: @escaping @Sendable (HostReport) -> Void) -> any HostCallHandle {
      host.calls.append(call)
      host.reports["\(call.job) \(call.epoch)"] = report
      for say in host.script(call) { report(say) }
      return Handle(call: call, host: host)
    }

    func probe(_ answer: @escaping @Sendable (HostHealth) -> Void) { answer(HostHealth(isUp: true)) }

    func release(_ job: JobID, remote: String?, _ answer: @escaping @Sendable (HostRelease) -> Void) {
      host.released.append(job)
      answer(host.answer)
    }
  }

  private struct Handle: HostCallHandle {
    let call: HostCall
    let host: ScriptedHost

    func cancel() {
      host.cancelled.append(call.job)
      if host.endsOnCancel { host.say(.finished(.cancelled), of: call.job, epoch: call.epoch) }
    }
  }
}

/// A store that keeps nothing, and names what it is given by its size.
///
/// Unchecked: one test uses it, on one thread.
final class Shelf: ArtifactShelf, @unchecked Sendable {
  var failure: HostFailure?
  var isHeld = false
  private var waiting: [() -> Void] = []
  private(set) var stored = 0

  func store(
    _ artifacts: [HostArtifact], of job: JobRecord,
    _ answer: @escaping @Sendable (Result<[ArtifactRow], HostFailure>) -> Void
  ) {
    stored += 1
    let work = { [failure] in
      if let failure { return answer(.failure(failure)) }
      answer(
        .success(
          artifacts.map { artifact in
            guard case .bytes(let bytes) = artifact.content else { preconditionFailure("only bytes here") }
            return ArtifactRow(
              hash: "hash\(bytes.count)", type: artifact.type, bytes: Int64(bytes.count),
              label: artifact.label,
              job: job.id, at: 0)
          }))
    }
    if isHeld { waiting.append(work) } else { work() }
  }

  func release() {
    isHeld = false
    for work in waiting { work() }
    waiting = []
  }
}

extension HostReport {
  static func made(_ bytes: Int = 4) -> HostReport {
    .finished(
      .succeeded(
        HostResult(artifacts: [HostArtifact(.bytes([UInt8](repeating: 1, count: bytes)), type: "audio/midi")])
      ))
  }
}
