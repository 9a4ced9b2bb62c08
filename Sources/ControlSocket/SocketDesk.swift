import HootWire
import Threading
import Tools

/// The desk at which doors ask: a client of the control sockets like any other, with a thread of its own.
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
    thread = try OwnedThread(name: "\(name)-desk", stackBytes: 1 << 20) {
      DeskFloor(
        orders: orders, lanes: DeskLanes(directory: directory, name: name),
        ears: DeskEars(directory: directory)
      ).run()
    }
  }

  package func ask(_ content: JSONValue, timeout: Duration) async -> JSONValue {
    await ask(content, timeout: timeout, landing: nil)
  }

  func ask(_ content: JSONValue, timeout: Duration, landing: DeskLanding?) async -> JSONValue {
    let deadline = ContinuousClock.now + timeout
    return await withCheckedContinuation { continuation in
      let question = DeskQuestion(
        content: content, timeout: timeout, deadline: deadline, landing: landing, continuation: continuation)
      if !orders.push(.ask(question)) { question.answer(DeskRefusal.busy) }
    }
  }

  /// Hands over every event from now on, in order, on the desk's thread, which must not be kept. Called once.
  ///
  /// Before it is called the daemon does no work for it.
  package func listen(_ take: @escaping @Sendable (_ topic: String, _ content: JSONValue) -> Void) {
    _ = orders.push(.listen(take))
  }

  /// Returns after so long, or at the desk's end. A wait of the language's own would start threads for it.
  package func nap(_ duration: Duration) async {
    let end = ContinuousClock.now + duration
    await withCheckedContinuation { continuation in
      let nap = DeskNap(end: end, continuation: continuation)
      if !orders.push(.nap(nap)) { continuation.resume() }
    }
  }

  /// Every request in flight is answered that the daemon ends; returns when the thread has ended.
  package func stop() {
    _ = orders.push(.stop)
    thread.join()
  }
}
