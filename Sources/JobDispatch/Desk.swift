import Jobs
import Ledger

/// The dispatcher without its thread: takes what comes and a time, has the scheduler decide, and does what it says
/// with the ledger, the shelf and the hosts' clients. It waits for nothing.
///
/// One thread uses it. `post` brings what others answer back to that thread.
final class Desk {
  var scheduler: Scheduler
  let ledger: any LedgerDoor
  let shelf: any ArtifactShelf
  let makeClient: @Sendable (HostSpec) -> (any HostClient)?
  let news: @Sendable (JobNews) -> Void
  let post: @Sendable (DispatchMessage) -> Void

  var clients: [String: any HostClient] = [:]
  var handles: [CallKey: any HostCallHandle] = [:]
  /// Calls that have not ended, also those that nobody wants any more.
  var open: [CallKey: OpenCall] = [:]
  /// What the ledger last had of a live job: only what differs from it is written.
  private var kept: [JobID: Mark] = [:]
  private var cancelAnswers: [JobID: [@Sendable (JobRefusal?) -> Void]] = [:]
  var nextPrune: JobTime = 0
  var retention = LedgerLimits.retention

  struct CallKey: Hashable {
    let job: JobID
    let epoch: UInt64
  }

  struct OpenCall {
    let spec: JobSpec
    let attempt: Int
    let host: String
    let kind: HostKind
    let began: JobTime
  }

  private struct Mark: Equatable {
    let state: JobState
    let epoch: UInt64
    let failures: Int
    let sharers: Int
    let priority: Int
    let region: String?

    init(_ record: JobRecord) {
      (state, epoch, failures) = (record.state, record.epoch, record.failures)
      (sharers, priority, region) = (record.sharers.count, record.spec.priority, record.spec.region)
    }
  }

  init(
    scheduler: Scheduler, ledger: any LedgerDoor, shelf: any ArtifactShelf,
    makeClient: @escaping @Sendable (HostSpec) -> (any HostClient)?,
    news: @escaping @Sendable (JobNews) -> Void, post: @escaping @Sendable (DispatchMessage) -> Void
  ) {
    self.scheduler = scheduler
    self.ledger = ledger
    self.shelf = shelf
    self.makeClient = makeClient
    self.news = news
    self.post = post
  }

  /// When `turn` must be called though nothing comes.
  var nextTime: JobTime { min(scheduler.nextTime ?? .max, nextPrune) }

  /// Takes over what an earlier daemon left: hosts first.
  func restore(hosts: [HostSpec], jobs: [JobRecord], debts: [Debt], at now: JobTime) {
    for host in hosts {
      guard let client = makeClient(host) else { continue }
      // One that was taken on before is within the limits now, unless they shrank: then it waits to be set anew.
      do { try scheduler.set(host: host, at: now) } catch { continue }
      clients[host.name] = client
    }
    for job in jobs { kept[job.id] = Mark(job) }
    scheduler.restore(jobs, at: now)
    for debt in debts {
      scheduler.owe(
        debt.job, epoch: debt.epoch, remote: debt.remote, host: debt.host, startToFinish: debt.startToFinish,
        at: now)
    }
    nextPrune = now
    turn(at: now)
  }

  /// Has the scheduler decide what is due, and does it.
  func turn(at now: JobTime) {
    scheduler.decide(at: now)
    while true {
      let actions = scheduler.takeActions()
      guard !actions.isEmpty else { break }
      for action in actions { perform(action, at: now) }
      scheduler.decide(at: now)
    }
    guard nextPrune <= now else { return }
    nextPrune = now.later(600_000)
    let cutoff = now.later(-retention)
    _ = ledger.read { store in
      // What is not forgotten now is forgotten ten minutes later.
      _ = try? store.prune(before: cutoff)
    }
  }

  private func perform(_ action: SchedulerAction, at now: JobTime) {
    switch action {
    case .changed(let record):
      keep(record)
      news(.changed(record))
    case .finished(let record): finish(record)
    case .lease(let record, let opening):
      kept[record.id] = Mark(record)
      write(.update(record)) { [post] in post(.leased(record, opening, $0)) }
    case .cancel(let job, let epoch, _): handles[CallKey(job: job, epoch: epoch)]?.cancel()
    case .release(let job, let remote, let host):
      clients[host]?.release(job, remote: remote) { [post] in post(.released(job, host: host, $0)) }
    case .freed(let job, let host): write(.paid(job, host: host)) { _ in }
    case .probe(let host): probe(host)
    case .late(let job, let by): news(.late(job, by: by))
    }
  }

  func probe(_ host: String) {
    clients[host]?.probe { [post] in post(.health(host: host, $0)) }
  }

  /// Writes what differs from what is kept.
  private func keep(_ record: JobRecord) {
    let mark = Mark(record)
    guard let before = kept[record.id], before != mark else { return }
    kept[record.id] = mark
    let id = record.id
    write(.update(record)) { [post] in post(.updated(id, $0)) }
  }

  /// A job that succeeded is durable before the scheduler hears of it; every other end is written here.
  private func finish(_ record: JobRecord) {
    kept[record.id] = nil
    guard record.state != .succeeded else { return }
    if let host = record.host, scheduler.isHeld(record.id, epoch: record.epoch) {
      write(
        .owe(
          Debt(
            job: record.id, epoch: record.epoch, host: host, remote: record.remote,
            startToFinish: record.spec.limits.startToFinish))
      ) { _ in }
    }
    write(.update(record)) { [post] in post(.ended(record, $0)) }
  }

  /// A full mailbox is answered as a failure that names it.
  func write(_ write: LedgerWrite, _ answer: @escaping Ledger.Answer) {
    guard !ledger.write(write, answer) else { return }
    answer(
      .failure(
        LedgerError(
          .busy, "Nothing was kept.", why: "\(LedgerLimits.waiting) writes wait for the ledger already.",
          next: "Try again.")))
  }

  func expectCancel(of job: JobID, _ answer: @escaping @Sendable (JobRefusal?) -> Void) {
    cancelAnswers[job, default: []].append(answer)
  }

  func ended(_ record: JobRecord, _ result: Result<LedgerAnswer, LedgerError>) {
    var refusal: JobRefusal?
    if case .failure(let error) = result {
      refusal = error.refusal("The end of the job \(record.id) was not kept.")
      news(.unkept(record.id, error))
    }
    for answer in cancelAnswers.removeValue(forKey: record.id) ?? [] { answer(refusal) }
    news(.finished(record, []))
  }

  func mark(_ record: JobRecord) { kept[record.id] = Mark(record) }
}

extension LedgerError {
  func refusal(_ what: String) -> JobRefusal {
    JobRefusal(
      kind == .busy ? .busy : .storage, what, why: lines.count > 1 ? lines[1] : description,
      next: lines.last ?? "")
  }
}
