import HootWire
import Threading
import Tools

/// The desk at which doors in this process ask: a client of the control sockets like any other, with a thread of its
/// own.
///
/// A client's replies come in the order of its requests, so one that waits would keep those behind it; therefore each
/// request in flight has a connection of its own, and connections are used again.
package final class SocketDesk: RequestDesk {
  private let orders: Mailbox<DeskOrder>
  private let thread: OwnedThread

  /// Nobody need listen there yet.
  ///
  /// - Parameter name: what the daemon calls this client, up to 40 printable ASCII characters.
  package init(directory path: String, name: String) throws {
    let directory = try SocketDirectory(path: path)
    let orders = try Mailbox<DeskOrder>(capacity: SocketLimits.deskWaiting * 2)
    self.orders = orders
    thread = try OwnedThread(name: "web-desk", stackBytes: 1 << 20) {
      DeskFloor(orders: orders, lanes: DeskLanes(directory: directory, name: name)).run()
    }
  }

  package func ask(_ content: JSONValue, timeout: Duration) async -> JSONValue {
    let deadline = ContinuousClock.now + timeout
    return await withCheckedContinuation { continuation in
      let order = DeskOrder.ask(
        DeskQuestion(content: content, timeout: timeout, deadline: deadline, continuation: continuation))
      if !orders.push(order) { continuation.resume(returning: DeskRefusal.busy) }
    }
  }

  /// Hands over every event from now on, in order, on the desk's thread, which must not be kept. Called once.
  ///
  /// Before it is called the daemon does no work for it.
  package func listen(_ take: @escaping @Sendable (_ topic: String, _ content: JSONValue) -> Void) {
    _ = orders.push(.listen(take))
  }

  /// Every request in flight is answered that the daemon ends; returns when the thread has ended.
  package func stop() {
    _ = orders.push(.stop)
    thread.join()
  }
}

enum DeskOrder: Sendable {
  case ask(DeskQuestion)
  case listen(@Sendable (String, JSONValue) -> Void)
  case stop
}

struct DeskQuestion: Sendable {
  let content: JSONValue
  let timeout: Duration
  let deadline: ContinuousClock.Instant
  let continuation: CheckedContinuation<JSONValue, Never>
}

/// What the desk itself says no with: as the daemon would.
enum DeskRefusal {
  static let busy = refusal(
    .tryLater, "the daemon does not take requests", "\(SocketLimits.deskWaiting) of them wait already",
    "try again in a moment")
  static let stopping = refusal(.tryLater, "the daemon ends", "it was asked to", "garden up")

  static func late(_ timeout: Duration) -> JSONValue {
    refusal(
      .timedOut, "the daemon does not answer", "no reply within \(timeout.wholeMilliseconds) ms",
      "garden doctor")
  }

  static func failed(_ error: SocketError) -> JSONValue {
    refusal(.unreachable, error.lines[0], error.lines[1], error.lines[2])
  }

  static func tooLarge(_ bytes: Int) -> JSONValue {
    refusal(
      .usage, "the request is too large", "\(bytes) bytes; at most \(HootLimits.bodyBytes) are taken",
      "split the request")
  }

  private static func refusal(_ exit: ExitCode, _ what: String, _ why: String, _ next: String) -> JSONValue {
    [
      "type": "error", "error": .string(what), "traceback": nil,
      "detail": [
        "code": .string(exit.word), "lines": [.string(what), .string(why), .string(next)],
        "exit": .integer(Int64(exit.rawValue)),
      ],
    ]
  }
}
