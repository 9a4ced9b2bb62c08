import HostClients
import Jobs
import Threading

/// One call, from the lending of its inputs to its end.
final class HootCall: HostCallHandle {
  private let worker: HootWorker
  private let report: @Sendable (HostReport) -> Void
  private let state = Locked(State())

  private struct State {
    var order: UInt64?
    var isCancelled = false
    var isFinished = false
  }

  init(worker: HootWorker, report: @escaping @Sendable (HostReport) -> Void) {
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

  func begin(_ order: HootWorker.Order) {
    if state.withLock({ $0.isCancelled }) { return finish(.cancelled) }
    guard let id = worker.desk.start(order) else {
      return finish(
        .failed(
          HostFailure(
            .retryable, "\(order.host) was not asked for \(order.call.tool)", why: "Too many calls wait.",
            next: "it is tried again")))
    }
    let isCancelled = state.withLock { state in
      state.order = id
      return state.isCancelled
    }
    if isCancelled { worker.desk.cancel(id) }
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
