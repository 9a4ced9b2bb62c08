import HootWire
import Synchronization
import Testing

@testable import WebServer

/// What is spoken at `/mcp`, whatever that is.
@Suite struct MessageDoorTests {
  /// Answers with what it was sent; says `before` first, and waits until a test lets it go where it is to wait.
  final class EchoDoor: MessageDoor {
    let desk = ScriptedDesk()
    let finished = Atomic(0)
    let isHeld = Atomic(false)

    func answer(
      _ head: RequestHead, _ body: [UInt8], tell: @escaping @Sendable (JSONValue) -> Void
    ) async -> HTTPReply {
      let message = (try? JSONValue.parse(body)) ?? nil  // What is none is nothing.
      for word in message["before"]?.array ?? [] { tell(["said": word]) }
      while isHeld.load(ordering: .relaxed) { await Task.yield() }
      finished.add(1, ordering: .relaxed)
      return HTTPReply(200, json: ["echo": message])
    }
  }

  @Test func anAnswerIsOneMessageOrEventsOfWhichTheLastIsIt() throws {
    let bench = try WebBench(door: EchoDoor())
    let one = try bench.ask("POST /mcp", body: #"{"a":1}"#)
    #expect(one.header("content-type") == "application/json" && one.json == ["echo": ["a": 1]])
    let events = try bench.ask("POST /mcp", body: #"{"before":["x","y"]}"#)
    #expect(events.header("content-type") == "text/event-stream" && events.header("content-length") == nil)
    #expect(
      events.body == """
        event: message
        data: {"said":"x"}

        event: message
        data: {"said":"y"}

        event: message
        data: {"echo":{"before":["x","y"]}}


        """)
  }

  @Test func whoeverGoesEndsNothing() throws {
    let door = EchoDoor()
    let bench = try WebBench(door: door)
    door.isHeld.store(true, ordering: .relaxed)
    let body = #"{"before":["x"]}"#
    do {
      let socket = try bench.socket()
      socket.send(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(WebBench.token)\r\n"
          + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
      #expect(socket.read().hasPrefix("HTTP/1.1 200"))
    }
    door.isHeld.store(false, ordering: .relaxed)
    // The server goes on with others, and the work comes to its end.
    #expect(try bench.ask("POST /mcp", body: "{}").status == 200)
    while door.finished.load(ordering: .relaxed) < 2 { _ = try bench.ask("GET /health", token: nil) }
  }

  @Test("[O06] agents pass the same gate as all others")
  func theGateIsTheSame() throws {
    let bench = try WebBench(door: EchoDoor())
    let stranger = try bench.ask("POST /mcp", body: "{}", token: nil)
    #expect(stranger.status == 401 && stranger.header("www-authenticate")?.hasPrefix("Bearer") == true)
    #expect(try bench.ask("POST /mcp", body: "{}", token: "wrong").status == 401)
    #expect(try bench.ask("POST /mcp", ["Origin: http://elsewhere.example"], body: "{}").status == 403)
    #expect(try bench.ask("POST /mcp", ["Host: elsewhere.example"], body: "{}").status == 403)
    let long = "Content-Length: \(WebLimits.bodyBytes + 1)"
    #expect(try bench.ask("POST /mcp", [long]).status == 413)
    #expect(try WebBench().ask("POST /mcp", body: "{}").code == "no_agents")
  }

  @Test("a signs-of-life deadline makes events of an answer that is long in coming")
  func aLongWaitBeginsTheEvents() throws {
    var now = ContinuousClock.now
    var visit = Visit(at: now)
    let bytes = Array("POST /mcp HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n".utf8)
    guard case .examine(let head) = visit.take(bytes, at: now) else { throw HeadError.noLength }
    _ = visit.admit(head, bodyLength: 0, at: now)
    #expect(!visit.isTimed)
    visit.expectTelling(at: now)
    now += .seconds(WebLimits.pulseSeconds)
    #expect(visit.isTimed && visit.deadline <= now && visit.expire() == .pulse)
    visit.beginTelling(HTTPReply(200, type: "text/event-stream"), date: "", at: now)
    visit.hasSent(visit.pending.count, at: now)
    #expect(visit.isTelling && visit.expire() == .pulse && visit.take([0x20], at: now) == .nothing)
    visit.end(with: Array("event: message\ndata: {}\n\n".utf8), at: now)
    visit.hasSent(visit.pending.count, at: now)
    #expect(visit.isOver)
  }
}
