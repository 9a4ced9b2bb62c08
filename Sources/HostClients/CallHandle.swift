import Jobs
import Threading

/// One call as its caller holds it: by what number its worker knows it, and that it ends once. Any thread.
package final class CallHandle: HostCallHandle {
  private let cancelOrder: @Sendable (UInt64) -> Void
  private let report: @Sendable (HostReport) -> Void
  private let state = Locked(State())

  private struct State {
    var order: UInt64?
    var isCancelled = false
    /// The worker's part of it is to end, whoever wants that.
    var isOver = false
    var isFinished = false
  }

  package init<Order>(_ desk: CallDesk<Order>, report: @escaping @Sendable (HostReport) -> Void) {
    cancelOrder = { desk.cancel($0) }
    self.report = report
  }

  package func cancel() { end { $0.isCancelled = true } }

  /// Ends the worker's part, because the outcome is known.
  package func release() { end { _ in } }

  package var isCancelled: Bool { state.withLock { $0.isCancelled } }

  private func end(_ mark: (inout sending State) -> Void) {
    let order = state.withLock { state -> UInt64? in
      mark(&state)
      state.isOver = true
      return state.order
    }
    if let order { cancelOrder(order) }
  }

  /// Gives the worker its order, unless the call was cancelled by then.
  ///
  /// - Parameters:
  ///   - failure: what failed where the worker takes no more.
  ///   - start: the order's number; nil where it was not taken.
  package func begin(orElse failure: String, _ start: () -> UInt64?) {
    if isCancelled { return finish(.cancelled) }
    guard let order = start() else {
      return finish(
        .failed(
          HostFailure(.retryable, failure, why: "Too many calls wait.", next: HostFailure.triedAgain)))
    }
    // It may have been ended before its number was known here.
    let isOver = state.withLock { state in
      state.order = order
      return state.isOver
    }
    if isOver { cancelOrder(order) }
  }

  package func tell(_ news: HostReport) { if !state.withLock({ $0.isFinished }) { report(news) } }

  /// Once; what comes later changes nothing.
  package func finish(_ outcome: HostOutcome) {
    let isFirst = state.withLock { state in
      defer { state.isFinished = true }
      return !state.isFinished
    }
    if isFirst { report(.finished(outcome)) }
  }
}

extension CallHandle {
  /// One call of a child.
  func begin(
    _ wish: ChildWish, by worker: ChildWorker, talk: @escaping @Sendable (String) -> Void,
    line: (@Sendable ([UInt8]) -> Void)? = nil,
    outcome: @escaping @Sendable (ChildEnd) -> HostOutcome
  ) {
    begin(orElse: "A child was not started") {
      worker.desk.start(
        ChildWorker.Order(
          wish: wish, began: { [self] in tell(.accepted(remote: nil)) }, talk: talk,
          line: line, end: { [self] in finish(outcome($0)) }))
    }
  }
}
