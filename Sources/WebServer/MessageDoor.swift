import HootWire

/// Another protocol at one path of this server's: a message comes by POST, and the answer is one message, or events of
/// which the last one is the answer.
///
/// What comes here has passed the gate, and its body the limits.
package protocol MessageDoor: Sendable {
  /// On the web thread, which it gives back while it waits. Who asked may have gone meanwhile: that ends nothing.
  ///
  /// - Parameter tell: says something before the answer, which makes events of the reply. What is told while a client
  ///   takes nothing is left out.
  /// - Returns: with a message as its body.
  func answer(
    _ head: RequestHead, _ body: [UInt8], tell: @escaping @Sendable (JSONValue) -> Void
  ) async -> HTTPReply
}

extension RequestHead {
  /// Where `MessageDoor` stands.
  var isMessage: Bool { path == ["mcp"] }
}

extension WebFloor {
  func ask(_ door: any MessageDoor, _ head: RequestHead, _ body: [UInt8], _ id: UInt64) {
    guests[id]?.visit.expectTelling(at: now)
    let mailbox = executor.mailbox
    Task(executorPreference: executor) {
      let reply = await door.answer(head, body) { message in
        _ = mailbox.push(.tell(visit: id, message.encode()))
      }
      _ = mailbox.push(.reply(visit: id, reply))
    }
  }

  /// An event of one request's answer.
  func tell(_ message: [UInt8], of id: UInt64) {
    guard let visit = guests[id]?.visit, visit.pending.count < WebLimits.streamBytes else { return }
    beginTelling(id)
    tell(WebFloor.event(message), to: id)
  }

  /// Its answer will come as an event.
  func beginTelling(_ id: UInt64) {
    guard guests[id]?.visit.isWorking == true else { return }
    guests[id]?.visit.beginTelling(HTTPReply(200, type: "text/event-stream"), date: date, at: now)
  }

  /// The answer itself, where events came before it; false where it is a reply like any other.
  func endTelling(with reply: HTTPReply, _ id: UInt64) -> Bool {
    guard guests[id]?.visit.isTelling == true else { return false }
    var message = reply.body
    if message.last == UInt8(ascii: "\n") { message.removeLast() }
    guests[id]?.visit.end(with: WebFloor.event(message), at: now)
    send(to: id)
    return true
  }

  /// - Parameter message: without a line break.
  private static func event(_ message: [UInt8]) -> [UInt8] {
    Array("event: message\ndata: ".utf8) + message + Array("\n\n".utf8)
  }
}
