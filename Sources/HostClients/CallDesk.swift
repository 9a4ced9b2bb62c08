import Threading

/// Where a worker's thread takes its orders: new calls, of which only so many wait, and words about calls that were taken,
/// which are never refused, since what they end would otherwise go on for ever.
///
/// Any ordinary thread gives orders; one thread takes them, all at once and in this order: calls, then cancels.
package final class CallDesk<Call: Sendable>: Sendable {
  /// All that was ordered since the last look.
  package struct Orders: Sendable {
    package fileprivate(set) var calls: [(id: UInt64, call: Call)] = []
    /// Calls to be ended; also ones that have ended by themselves.
    package fileprivate(set) var cancelled: Set<UInt64> = []
    /// Everything is to be ended, and the thread with it.
    package fileprivate(set) var isStopping = false
  }

  private struct State {
    var orders = Orders()
    var lastID: UInt64 = 0
    var isClosed = false
  }

  private let capacity: Int
  private let state = Locked(State())
  /// Rung when there is something to take; it holds nothing itself.
  private let bell: Mailbox<Void>

  /// - Parameter capacity: calls that may wait.
  package init(capacity: Int = HostClientLimits.orders) throws(ThreadingError) {
    self.capacity = capacity
    bell = try Mailbox<Void>(capacity: 1)
  }

  /// Readable while there is something to take. To be polled, never read.
  package var descriptor: Int32 { bell.descriptor }

  /// The call's number; nil, and the call is not taken, when too many wait or the worker stops.
  package func start(_ call: Call) -> UInt64? {
    let id = state.withLock { state -> UInt64? in
      guard !state.isClosed, state.orders.calls.count < capacity else { return nil }
      state.lastID += 1
      state.orders.calls.append((state.lastID, call))
      return state.lastID
    }
    if id != nil { ring() }
    return id
  }

  package func cancel(_ id: UInt64) {
    state.withLock { _ = $0.orders.cancelled.insert(id) }
    ring()
  }

  /// From now on no call is taken, and the worker's thread ends.
  package func stop() {
    state.withLock { state in
      state.isClosed = true
      state.orders.isStopping = true
    }
    ring()
  }

  /// Waits for nothing.
  package func take() -> Orders {
    // Before the orders: what comes after this rings again.
    _ = bell.drain()
    return state.withLock { state in
      defer { state.orders = Orders() }
      return state.orders
    }
  }

  // Refused only when it has been rung already.
  private func ring() { _ = bell.push(()) }
}
