import CCurl
import Glibc
import Threading

/// The one thread on which all calls to all HTTP hosts run, side by side, in curl's multi interface. A call that is
/// ended closes its connection.
///
/// Talks to `HTTPHostClient`: orders in by mailbox, ends out by the order's own closure. Waits for the network and for
/// nothing else.
package final class HTTPWorker: Sendable {
  struct Order: Sendable {
    var request: HTTPRequest
    var ends: Ends
  }

  /// Where a transfer's news goes; on the worker's thread.
  struct Ends: Sendable {
    var events: @Sendable ([EventStream.Event]) -> Void
    var remark: @Sendable () -> Void
    /// The request is there, and no answer has come at once.
    var taken: @Sendable () -> Void = {}
    var end: @Sendable (End) -> Void
  }

  /// How a transfer ended.
  struct End: Sendable {
    enum Cause: Sendable {
      case replied
      case refused(String)
      /// A limit passed; the sentence names it with its value.
      case limit(String, isTime: Bool)
      case cancelled
    }

    var cause: Cause
    var reply: HTTPReply
    /// The request had left, so the host may know of it.
    var wasSent: Bool
    var isStream: Bool
  }

  let desk: CallDesk<Order>
  private let thread: OwnedThread

  package init() throws(ThreadingError) {
    let desk = try CallDesk<Order>()
    self.desk = desk
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    thread = try OwnedThread(name: "garden-hosts") {
      var loop = HTTPLoop(desk: desk)
      loop.run()
    }
  }

  /// Ends every call and the thread.
  package func stop() {
    desk.stop()
    thread.join()
  }
}

/// What the worker's thread owns.
private struct HTTPLoop {
  let desk: CallDesk<HTTPWorker.Order>
  private let multi = curl_multi_init()
  private var transfers: [UInt64: (transfer: HTTPTransfer, ends: HTTPWorker.Ends)] = [:]
  private var isStopping = false

  init(desk: CallDesk<HTTPWorker.Order>) { self.desk = desk }

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  mutating func run() {
    ignoreBrokenPipes()
    while !isStopping {
      take(desk.take())
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      finishDone()
      endOverdue()
      tellTaken()
      guard !isStopping else { break }
      wait()
    }
    for id in Array(transfers.keys) { end(id, .cancelled) }
    curl_multi_cleanup(multi)
  }

  private func wait() {
    let now = Self.now()
    var next = transfers.values.map { $0.transfer.deadline(now: now).at }.min() ?? now + 60
    for entry in transfers.values where !entry.transfer.isTakenOn {
      next = min(next, entry.transfer.began + HostClientLimits.takenSeconds)
    }
    var extra = curl_waitfd(fd: desk.descriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
    curl_multi_poll(multi, &extra, 1, Int32(max(0, min(60_000, (next - now) * 1000 + 1))), nil)
  }

  private mutating func take(_ orders: CallDesk<HTTPWorker.Order>.Orders) {
    isStopping = orders.isStopping
    for (id, order) in orders.calls {
      if isStopping || orders.cancelled.contains(id) {
        order.ends.end(
          HTTPWorker.End(cause: .cancelled, reply: HTTPReply(), wasSent: false, isStream: false))
      } else {
        start(id, order.request, order.ends)
      }
    }
    for id in orders.cancelled { end(id, .cancelled) }
  }

  private mutating func start(_ id: UInt64, _ request: HTTPRequest, _ ends: HTTPWorker.Ends) {
    func refuse(_ why: String) {
      ends.end(HTTPWorker.End(cause: .refused(why), reply: HTTPReply(), wasSent: false, isStream: false))
    }
    guard transfers.count < HostClientLimits.calls else {
      return refuse("\(HostClientLimits.calls) calls run already.")
    }
    let made = HTTPTransfer(request, clock: Self.now, onEvents: ends.events, onRemark: ends.remark)
    guard let transfer = made else { return refuse("No memory is left for it.") }
    let code = curl_multi_add_handle(multi, transfer.easy)
    guard code == CURLM_OK else { return refuse(String(cString: curl_multi_strerror(code)) + ".") }
    transfers[id] = (transfer, ends)
  }

  private mutating func finishDone() {
    var result = CURLE_OK
    while let easy = ccurl_next_done(multi, &result) {
      guard let id = transfers.first(where: { $0.value.transfer.easy == easy })?.key else { continue }
      finish(id, result)
    }
  }

  private mutating func endOverdue() {
    let now = Self.now()
    for (id, entry) in transfers {
      let deadline = entry.transfer.deadline(now: now)
      if deadline.at <= now { end(id, deadline.stop) }
    }
  }

  private func tellTaken() {
    let now = Self.now()
    for entry in transfers.values where !entry.transfer.isTakenOn {
      guard now - entry.transfer.began >= HostClientLimits.takenSeconds else { continue }
      entry.transfer.isTakenOn = true
      if entry.transfer.wasSent, !entry.transfer.hasHead { entry.ends.taken() }
    }
  }

  private mutating func end(_ id: UInt64, _ stop: HTTPTransfer.Stop) {
    guard let entry = transfers[id] else { return }
    entry.transfer.end(stop)
    finish(id, CURLE_ABORTED_BY_CALLBACK)
  }

  private mutating func finish(_ id: UInt64, _ result: CURLcode) {
    guard let (transfer, ends) = transfers.removeValue(forKey: id) else { return }
    let wasSent = transfer.wasSent
    transfer.close()
    // Taking a running one out closes its connection.
    curl_multi_remove_handle(multi, transfer.easy)
    ends.end(
      HTTPWorker.End(
        cause: Self.cause(transfer, result), reply: transfer.reply, wasSent: wasSent,
        isStream: transfer.isStream))
  }

  private static func cause(_ transfer: HTTPTransfer, _ result: CURLcode) -> HTTPWorker.End.Cause {
    switch transfer.stop {
    case .cancelled?: return .cancelled
    case .total?:
      return .limit("It has not ended after \(transfer.request.total) s, the limit.", isTime: true)
    case .silence?:
      return .limit("Nothing came for \(transfer.request.silence ?? 0) s, the limit.", isTime: true)
    case .connect?:
      return .limit("No connection within \(transfer.request.connect) s, the limit.", isTime: true)
    case .tooLarge(let limit)?:
      // The beginning of an error says what is wrong.
      if !(200...299).contains(transfer.reply.status), !transfer.reply.body.isEmpty { return .replied }
      return .limit("It sends more than \(limit) bytes, the limit.", isTime: false)
    case .headersTooLarge?:
      return .limit(
        "Its headers have more than \(HostClientLimits.headerBytes) bytes, the limit.", isTime: false)
    case .badLength(let text)?:
      return .limit("It says that its length is \(Plain.shown(text)), which is none.", isTime: false)
    case .badEvent?:
      return .limit("An event has more than \(HostClientLimits.eventBytes) bytes, the limit.", isTime: false)
    case .forbidden(let why)?: return .refused("Its address is not allowed: \(why).")
    case nil:
      guard result == CURLE_OK else { return .refused(String(cString: curl_easy_strerror(result)) + ".") }
      // For curl a reply may end in the middle of its headers.
      return transfer.hasHead ? .replied : .refused("The reply ended within its headers.")
    }
  }
}
