import ControlSocket
import FoundationEssentials
import JobDispatch
import Jobs
import Ledger
import Settings
import Threading
import Tools

/// What the Conductor knows of jobs: those that live, as the dispatcher has told, and what is asked of it and the ledger.
struct JobSide {
  /// What comes from other threads.
  enum Inbox: Sendable {
    case news(JobNews)
    case answer(UInt64, any Sendable)
  }

  /// Somebody waits for what a host says of itself.
  struct Probe {
    var host: String
    var until: ContinuousClock.Instant
    var incoming: Incoming
  }

  let dispatcher: Dispatcher
  let inbox: Mailbox<Inbox>
  let clock: Dispatcher.Clock
  /// Jobs that are not final.
  var live: [JobID: JobRecord] = [:]
  /// What waits for the dispatcher or the ledger, by token.
  var continuations: [UInt64: (any Sendable) -> Void] = [:]
  var nextToken: UInt64 = 1
  var polls: [JobPoll] = []
  var naps: [Nap] = []
  var meter = JobMeter()
  var probes: [Probe] = []
  /// What was last told of when each job's content is needed.
  var deadlines: [JobID: JobTime] = [:]
  var deadlineState: DeadlineState?
  var deadlinesLooked = ContinuousClock.now
  var random = SystemRandomNumberGenerator()
  /// What is read from the ledger for regions at the start.
  var isReconciled = false

  mutating func mintID() -> JobID { JobID.mint(milliseconds: clock(), using: &random) }
}

extension Conductor {
  /// Gives the daemon its dispatcher: before `start`, on the control thread.
  ///
  /// - Parameters:
  ///   - makeClient: speaks to a host; called on the dispatcher's thread, waits for nothing.
  ///   - hosts: those that are there when the ledger knows none.
  ///   - ended: a job has ended and that is durable; called on the dispatcher's thread, waits for nothing.
  package func openJobs(
    hosts: [HostSpec], ended: @escaping @Sendable () -> Void = {},
    makeClient: @escaping @Sendable (HostSpec) -> (any HostClient)?, clock: @escaping Dispatcher.Clock
  ) throws(Refusal) {
    do {
      let inbox = try Mailbox<JobSide.Inbox>(capacity: ControlLimits.jobNews)
      let gate = growth.gate
      var parts = Dispatcher.Parts(
        ledger: ledger,
        shelf: ArtifactKeeper(
          store: store, storekeeper: storekeeper, limit: Int64(settings.artifactMegabytes) << 20),
        makeClient: makeClient,
        news: { news in
          if case .finished = news { ended() }
          _ = inbox.push(.news(gate.passed(news)))
        })
      parts.seed = UInt64.random(in: 1...UInt64.max)
      parts.policy.preempts = settings.preempts
      parts.policy.mostCalls = settings.workers
      jobs = JobSide(
        dispatcher: try Dispatcher(parts, hosts: hosts, clock: clock), inbox: inbox,
        clock: clock)
    } catch {
      throw Refusal("jobs", .configuration, "the dispatcher was not started", "\(error)", "garden doctor")
    }
    _ = jobs?.dispatcher.order(
      .look { [inbox = jobs?.inbox] scheduler, _ in
        for record in scheduler.records { _ = inbox?.push(.news(.changed(record))) }
      })
  }

  /// Says in the log which hosts there are and how much waits for them; from the dispatcher's thread, as soon as it has
  /// them.
  package func announceHosts() {
    let most = settings.workers
    _ = jobs?.dispatcher.order(
      .look { scheduler, _ in
        for host in scheduler.allHosts.sorted(by: { $0.spec.name < $1.spec.name }) {
          let tools = Set(host.spec.services.flatMap(\.tools))
          let what = tools.contains("*") ? "all tools" : tools.sorted().joined(separator: " ")
          Log.info("host \(host.spec.name): \(host.spec.kind.rawValue), slots: \(host.spec.slots), \(what)")
        }
        let cap = most.map { ", \($0) at once" } ?? ""
        Log.info("\(scheduler.allHosts.count) hosts, \(scheduler.liveJobs) jobs to do\(cap)")
      })
  }

  var jobDescriptors: [Int32] { jobs.map { [$0.inbox.descriptor] } ?? [] }

  func takeJobs() {
    guard let inbox = jobs?.inbox else { return }
    if jobs?.isReconciled == false {
      jobs?.isReconciled = true
      reconcileJobs()
    }
    let messages = inbox.drain()
    // What was edited before is not the machine's.
    if !messages.isEmpty { noteEdits("midi", by: "midi") }
    var hasNews = false
    for message in messages {
      switch message {
      case .news(let news):
        take(news)
        hasNews = true
      case .answer(let token, let value):
        // What a client does next is its own, and not what came before it.
        if hasNews { noteEdits("job", by: UndoHistory.machine) }
        hasNews = false
        jobs?.continuations.removeValue(forKey: token)?(value)
      }
    }
    tendJobs()
    noteEdits("job", by: UndoHistory.machine)
  }

  /// Asks another thread; `then` runs on this one with what it answers.
  func ask<Value: Sendable>(
    _ type: Value.Type = Value.self, _ start: (JobSide, @escaping @Sendable (Value) -> Void) -> Bool,
    then: @escaping (Value) -> Void
  ) throws(Refusal) {
    guard var side = jobs else { throw Self.noJobs }
    let token = side.nextToken
    side.nextToken += 1
    let inbox = side.inbox
    guard start(side, { _ = inbox.push(.answer(token, $0)) }) else {
      throw Refusal(
        "busy", .tryLater, "too much is asked at once", "the dispatcher has as many orders as it takes",
        "try again in a moment")
    }
    side.continuations[token] = { value in if let value = value as? Value { then(value) } }
    jobs = side
  }

  static let noJobs = Refusal(
    "no_jobs", .configuration, "this daemon has no jobs", "it was started without a dispatcher", "garden up")

  /// Gives an order that is answered with a refusal or none.
  func order(
    _ make: (@escaping @Sendable (JobRefusal?) -> Void) -> DispatchOrder, then: @escaping (Refusal?) -> Void
  ) throws(Refusal) {
    try ask(
      JobRefusal?.self, { side, answer in side.dispatcher.order(make(answer)) },
      then: { then($0.map(Refusal.init)) })
  }

  /// Reads from the ledger, behind all that was written before.
  func readLedger<Value: Sendable>(
    _ body: @escaping @Sendable (any JobLedger) throws(LedgerError) -> Value,
    then: @escaping (Result<Value, Refusal>) -> Void
  ) throws(Refusal) {
    let ledger = ledger
    try ask(
      Result<Value, LedgerError>.self,
      { _, answer in
        ledger.read { store in
          do throws(LedgerError) { answer(.success(try body(store))) } catch { answer(.failure(error)) }
        }
      },
      then: { then($0.mapError(Refusal.init)) })
  }
}

extension Refusal {
  init(_ error: JobRefusal) {
    let exit: ExitCode =
      switch error.kind {
      case .badJob, .badHost: .usage
      case .busy: .tryLater
      case .storage: .cannotWrite
      case .unknownJob, .unknownHost, .finished, .notFinished, .conflict, .cycle, .full: .refused
      }
    self.init(error.kind.rawValue, exit, error.lines[0], error.lines[1], error.lines[2])
  }
}
