import Glibc
import Jobs
import Threading

/// One call, from the reading of its inputs to its end.
final class HTTPCall: HostCallHandle {
  private let call: HostCall
  private let host: String
  private let worker: HTTPWorker
  private let handle: CallHandle
  private let state = Locked(State())

  private struct State {
    var stream = CallStream()
  }

  init(
    _ call: HostCall, host: String, worker: HTTPWorker, report: @escaping @Sendable (HostReport) -> Void
  ) {
    self.call = call
    self.host = host
    self.worker = worker
    handle = CallHandle(worker.desk, report: report)
  }

  func cancel() { handle.cancel() }

  func begin(_ request: HTTPRequest) {
    let ends = HTTPWorker.Ends(
      events: { [self] in take($0) }, remark: { [self] in handle.tell(.heartbeat) },
      taken: { [self] in handle.tell(.accepted(remote: nil)) }, end: { [self] in take($0) })
    handle.begin(orElse: "\(host) was not asked for \(call.tool)") {
      worker.desk.start(HTTPWorker.Order(request: request, ends: ends))
    }
  }

  func finish(_ outcome: HostOutcome) { handle.finish(outcome) }

  private func take(_ events: [EventStream.Event]) {
    for event in events {
      let (report, isOver) = state.withLock { state in
        let report = state.stream.take(event, call, host)
        return (report, state.stream.outcome != nil)
      }
      if let report { handle.tell(report) }
      // The host may keep the connection open behind the last event.
      if isOver { handle.release() }
    }
  }

  private func take(_ end: HTTPWorker.End) {
    if let outcome = state.withLock({ $0.stream.outcome }) { return finish(outcome) }
    switch end.cause {
    case .replied where end.isStream:
      finish(
        .failed(failure("The stream ended before its result.", cause: .transport, end, mayStillRun: false)))
    case .replied: finish(end.reply.outcome(of: call, host: host, now: Double(time(nil))))
    case .cancelled:
      guard end.wasSent else { return finish(.cancelled) }
      finish(
        .failed(
          HostFailure(
            .transport, "\(call.tool) was cancelled while \(host) worked on it",
            why: "The connection is closed; a service of this kind cannot be told to stop.",
            next: "garden host probe \(host)", mayStillRun: true)))
    case .limit(let why, let isTime):
      let cause: HostFailure.Class = isTime ? .transport : .permanent
      finish(.failed(failure(why, cause: cause, end, mayStillRun: isTime && end.wasSent)))
    case .refused(let why):
      // Without a status nobody knows whether the host has begun.
      finish(.failed(failure(why, cause: .transport, end, mayStillRun: end.wasSent && end.reply.status == 0)))
    }
  }

  private func failure(
    _ why: String, cause: HostFailure.Class, _ end: HTTPWorker.End, mayStillRun: Bool
  ) -> HostFailure {
    HostFailure(
      cause,
      end.wasSent
        ? "\(host) gave no whole reply to \(call.tool)" : "\(host) was not reached for \(call.tool)",
      why: why, next: "garden host probe \(host)", status: end.reply.status > 0 ? end.reply.status : nil,
      mayStillRun: mayStillRun)
  }
}
