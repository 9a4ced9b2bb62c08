import ControlSocket
import HootWire

/// The clients' requests: each client's are worked on one after the other, in the order they came, because
/// its older kinds pair replies by order alone. Clients do not wait for each other.
struct PeerQueues {
  struct Waiting {
    var incoming: Incoming
    /// When it must have been answered.
    var deadline: ContinuousClock.Instant
  }

  private var queues: [Peer: [Waiting]] = [:]
  /// When requests came that were answered as late and go on.
  private var late: Set<ContinuousClock.Instant> = []
  /// Clients whose first request is with the loader.
  private var busy: Set<Peer> = []
  /// Of those, clients whose first request waits for room.
  private var postponed: Set<Peer> = []

  /// False when the client has too many waiting.
  ///
  /// - Parameter held: its replies that have not left yet.
  mutating func append(_ incoming: Incoming, deadline: ContinuousClock.Instant, held: Int) -> Bool {
    guard queues[incoming.peer, default: []].count + held < ControlLimits.requestsPerPeer else {
      return false
    }
    queues[incoming.peer, default: []].append(Waiting(incoming: incoming, deadline: deadline))
    return true
  }

  /// The next request that can be worked on; it stays the first of its queue until `finish`.
  mutating func next(where mayBe: (Incoming) -> Bool) -> Incoming? {
    for (peer, queue) in queues where !busy.contains(peer) {
      guard let first = queue.first, mayBe(first.incoming) else { continue }
      busy.insert(peer)
      return first.incoming
    }
    return nil
  }

  /// It is not the next again before `resume`.
  mutating func postpone(_ incoming: Incoming) { postponed.insert(incoming.peer) }

  /// What was postponed can be worked on again.
  mutating func resume() {
    guard !postponed.isEmpty else { return }
    busy.subtract(postponed)
    postponed = []
  }

  /// Whether this is still the request its client waits for.
  func isCurrent(_ incoming: Incoming) -> Bool {
    guard busy.contains(incoming.peer), let first = queues[incoming.peer]?.first else { return false }
    return first.incoming.frame.requestID == incoming.frame.requestID
      && first.incoming.arrival == incoming.arrival
  }

  /// Whether somebody still wants to know what comes of a request.
  func isWanted(_ incoming: Incoming) -> Bool { isCurrent(incoming) || late.contains(incoming.arrival) }

  /// The request was answered as late and is worked on still.
  mutating func goOn(_ incoming: Incoming) {
    if late.count < ControlLimits.lateRequests { late.insert(incoming.arrival) }
  }

  /// Whether it was a late one; it is none any more.
  mutating func settleLate(_ incoming: Incoming) -> Bool { late.remove(incoming.arrival) != nil }

  mutating func finish(_ incoming: Incoming) {
    busy.remove(incoming.peer)
    queues[incoming.peer]?.removeFirst()
    if queues[incoming.peer]?.isEmpty == true { queues[incoming.peer] = nil }
  }

  /// Takes out requests that nobody works on and that have waited for too long.
  mutating func waitingOverdue(at now: ContinuousClock.Instant) -> [Incoming] {
    var overdue: [Incoming] = []
    for (peer, queue) in queues where !busy.contains(peer) {
      guard let first = queue.first, first.deadline <= now else { continue }
      overdue.append(first.incoming)
      queues[peer] = queue.count > 1 ? Array(queue.dropFirst()) : nil
    }
    return overdue
  }

  /// Requests that are with the loader for too long.
  func overdue(at now: ContinuousClock.Instant) -> [Incoming] {
    queues.compactMap { peer, queue in
      guard busy.contains(peer), let first = queue.first, first.deadline <= now else { return nil }
      return first.incoming
    }
  }
}
