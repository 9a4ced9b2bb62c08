import Glibc
import Jobs
import Ledger
import Threading

/// Leases jobs to hosts and brings what they make home: the desk on a thread of its own.
///
/// Any ordinary thread gives orders; what is told comes on the dispatcher's. To wire it in: open a `Ledger`; give a
/// shelf that stores by hash on a worker of the content store; give a `makeClient` that knows the kinds of host; push
/// `news` into the Conductor's mailbox; at start replay the ledger's attachments into the timeline (each is unique by
/// job and slot, so doing it twice changes nothing), and close the dispatcher before the ledger.
package final class Dispatcher: Sendable {
  /// Now in milliseconds since 1970, from a clock that does not jump.
  package typealias Clock = @Sendable () -> JobTime

  private let messages: Mailbox<DispatchMessage>
  private let thread: OwnedThread
  private let isClosed = Locked(false)

  /// What is lent to it.
  package struct Parts: Sendable {
    package var ledger: Ledger
    package var shelf: any ArtifactShelf
    /// Nil for a host that there is no client for. Called on the dispatcher's thread; waits for nothing.
    package var makeClient: @Sendable (HostSpec) -> (any HostClient)?
    /// On the dispatcher's thread; waits for nothing.
    package var news: @Sendable (JobNews) -> Void
    package var policy = Scheduler.Policy()
    package var seed: UInt64 = 1
    /// Milliseconds that finished jobs are kept.
    package var retention = LedgerLimits.retention

    package init(
      ledger: Ledger, shelf: any ArtifactShelf,
      makeClient: @escaping @Sendable (HostSpec) -> (any HostClient)?,
      news: @escaping @Sendable (JobNews) -> Void
    ) {
      self.ledger = ledger
      self.shelf = shelf
      self.makeClient = makeClient
      self.news = news
    }
  }

  /// Takes over the ledger's working set, and begins. Waits for that, so it is for a program that starts.
  ///
  /// - Parameter hosts: those that are there when the ledger knows none, and what is built in.
  package init(_ parts: Parts, hosts: [HostSpec] = [], clock: @escaping Clock) throws {
    let messages = try Mailbox<DispatchMessage>(capacity: DispatchLimits.messages)
    self.messages = messages
    let left = try parts.ledger.ask { store throws(LedgerError) in
      Left(
        hosts: try store.hosts(), jobs: try store.liveJobs(), debts: try store.debts(),
        sequence: try store.lastSequence())
    }
    thread = try OwnedThread(name: "dispatch") {
      let desk = Desk(
        scheduler: Scheduler(policy: parts.policy, seed: parts.seed, sequence: left.sequence),
        ledger: parts.ledger,
        shelf: parts.shelf, makeClient: parts.makeClient, news: parts.news,
        post: { Self.post($0, to: messages) })
      desk.retention = parts.retention
      desk.restore(
        hosts: Self.hosts(left.hosts, with: hosts), jobs: left.jobs, debts: left.debts, at: clock())
      Self.serve(desk, messages, clock)
    }
  }

  /// Those that are kept, with what is built in: somebody who has added a host has not taken that away.
  static func hosts(_ kept: [HostSpec], with own: [HostSpec]) -> [HostSpec] {
    guard !kept.isEmpty else { return own }
    let names = Set(kept.map(\.name))
    let lacking = own.filter { $0.kind == .builtin && !names.contains($0.name) }
    return kept.contains { $0.kind == .builtin } ? kept : kept + lacking
  }

  private struct Left: Sendable {
    var hosts: [HostSpec]
    var jobs: [JobRecord]
    var debts: [Debt]
    var sequence: UInt64
  }

  /// False, and no answer comes, when too much waits already. Any thread; waits for nothing.
  package func order(_ order: DispatchOrder) -> Bool { messages.push(.order(order)) }

  /// Ends the thread. What hosts have stays theirs: the next daemon adopts it. Idempotent; from any other thread.
  package func close() {
    let isFirst = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return !isClosed
    }
    if isFirst { Self.post(.stop, to: messages) }
    thread.join()
  }

  private static func serve(_ desk: Desk, _ messages: Mailbox<DispatchMessage>, _ clock: Clock) {
    while true {
      let wait = desk.nextTime.later(-clock())
      for message in messages.wait(milliseconds: Int32(clamping: max(0, min(wait, 60_000)))) {
        if case .stop = message { return messages.close() }
        desk.take(message, at: clock())
      }
      if desk.nextTime <= clock() { desk.turn(at: clock()) }
    }
  }

  /// What may be lost when the mailbox is full is lost; what may not waits on the sender's thread.
  private static func post(_ message: DispatchMessage, to messages: Mailbox<DispatchMessage>) {
    if messages.push(message) { return }
    switch message {
    case .report(_, _, .progress), .report(_, _, .heartbeat), .health, .order: return
    default: break
    }
    for _ in 0..<DispatchLimits.pushes {
      // Nobody takes it any more: the next daemon asks the host.
      if messages.isClosed { return }
      usleep(10_000)
      if messages.push(message) { return }
    }
  }
}

/// Every limit of this target, named once.
package enum DispatchLimits {
  /// Orders, reports and answers that wait for the dispatcher; further orders are refused.
  package static let messages = 262_144
  /// Times that a report which may not be lost is tried again, 10 ms apart.
  package static let pushes = 500
}
