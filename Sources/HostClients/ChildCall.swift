import Jobs
import Threading

/// One call of a child, from the reading of its inputs to its end.
final class ChildCall: HostCallHandle {
  private let worker: ChildWorker
  private let report: @Sendable (HostReport) -> Void
  private let state = Locked(State())

  private struct State {
    var order: UInt64?
    var isCancelled = false
    var isFinished = false
  }

  init(worker: ChildWorker, report: @escaping @Sendable (HostReport) -> Void) {
    self.worker = worker
    self.report = report
  }

  func cancel() {
    let order = state.withLock { state -> UInt64? in
      state.isCancelled = true
      return state.order
    }
    if let order { worker.desk.cancel(order) }
  }

  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  func begin(
    _ wish: ChildWish, talk: @escaping @Sendable (String) -> Void,
    line: (@Sendable ([UInt8]) -> Void)? = nil,
    outcome: @escaping @Sendable (ChildEnd) -> HostOutcome
  ) {
    if isCancelled { return finish(.cancelled) }
    let order = worker.desk.start(
      ChildWorker.Order(wish: wish, talk: talk, line: line, end: { [self] in finish(outcome($0)) }))
    guard let order else {
      return finish(
        .failed(
          HostFailure(
            .retryable, "A child was not started", why: "Too many calls wait.", next: "it is tried again")))
    }
    let isCancelled = state.withLock { state in
      state.order = order
      return state.isCancelled
    }
    if isCancelled { worker.desk.cancel(order) }
  }

  func tell(_ news: HostReport) { if !state.withLock({ $0.isFinished }) { report(news) } }

  /// Once; what comes later changes nothing.
  func finish(_ outcome: HostOutcome) {
    let isFirst = state.withLock { state in
      defer { state.isFinished = true }
      return !state.isFinished
    }
    if isFirst { report(.finished(outcome)) }
  }
}
