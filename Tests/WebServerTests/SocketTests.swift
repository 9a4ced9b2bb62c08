import HootWire
import Synchronization
import Testing

@testable import WebServer

/// Events by a WebSocket.
@Suite struct SocketTests {
  private func masked(_ kind: UInt8, _ payload: [UInt8], isLast: Bool = true) -> [UInt8] {
    let mask: [UInt8] = [1, 2, 3, 4]
    return [(isLast ? 0x80 : 0) | kind, 0x80 | UInt8(payload.count)] + mask
      + payload.enumerated().map { $1 ^ mask[$0 % 4] }
  }

  @Test func theDigestIsTheStandards() {
    func hex(_ text: String) -> String {
      SHA1.digest(Array(text.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
    #expect(hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
    #expect(hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    #expect(hex(String(repeating: "a", count: 119)) == "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56")
  }

  @Test func messagesInPiecesArePutTogetherAroundAPing() throws {
    var frames = SocketFrames()
    for byte in masked(1, [0x61], isLast: false) + masked(9, [7]) + masked(0, [0x62]) {
      frames.append([byte])
    }
    #expect(try frames.next() == SocketFrame(.ping, [7]))
    #expect(try frames.next() == SocketFrame(.text, [0x61, 0x62]))
    #expect(try frames.next() == nil)
  }

  @Test func whatBreaksTheProtocolEndsIt() {
    let long = masked(9, [UInt8](repeating: 0, count: 120))
    let table: [([UInt8], UInt16)] = [
      ([0x81, 0x01, 0x61], 1002),  // not masked
      ([0xC1, 0x80, 0, 0, 0, 0], 1002),  // a reserved bit
      ([0x83, 0x80, 0, 0, 0, 0], 1002),  // no such kind
      (masked(0, [1]), 1002),  // goes on with nothing
      (masked(1, [1], isLast: false) + masked(1, [1]), 1002),
      (masked(9, [1], isLast: false), 1002),
      ([0x89, 0xFE, 0, 126, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 126), 1002),
      ([0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], 1009),
    ]
    for (bytes, code) in table {
      var frames = SocketFrames(bytes)
      #expect(throws: SocketViolation(code: code)) { while try frames.next() != nil {} }
    }
    var good = SocketFrames(long)
    #expect(throws: Never.self) { try good.next() }
  }

  @Test("[D68] a WebSocket tells the same events, from where its client stopped")
  func aSocketTellsEvents() throws {
    let events = EventTests.EventBench()
    let bench = try WebBench(ScriptedDesk(), events: { events.listen($0) })
    func open(_ query: String, _ more: [UInt8] = []) throws -> PlainSocket {
      let socket = try bench.socket()
      socket.send(
        "GET /api/events\(query) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(WebBench.token)\r\n"
          + "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
      socket.send(bytes: more)
      return socket
    }
    let socket = try open("", masked(9, Array("hi".utf8)))
    var text = socket.read(until: "hi")
    // The example of RFC 6455, 1.3.
    #expect(text.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
    #expect(text.contains("\"event\":\"start\""))
    events.tell("job", ["type": "job", "n": 1])
    text = socket.read(until: "\"n\":1}}")
    let start = try #require(text.range(of: "\"id\":\""))
    let cursor = text[start.upperBound...].prefix { $0 != "\"" }
    socket.send(bytes: masked(1, Array(#"{"topics":["latent"]}"#.utf8)) + masked(9, Array("so".utf8)))
    _ = socket.read(until: "so")
    events.tell("job", ["type": "job", "n": 2])
    events.tell("latent", ["type": "latent", "n": 3])
    text = socket.read(until: "\"n\":3}}")
    #expect(!text.contains("\"n\":2"))
    socket.send(bytes: masked(8, [3, 0xE8]))
    #expect(socket.readToEnd().unicodeScalars.count == 4)
    let again = try open("?cursor=\(cursor)")
    text = again.read(until: "\"n\":3}}")
    #expect(text.contains("\"n\":2") && !text.contains("\"n\":1}"))
  }

  @Test func aHandshakeThatIsNoneIsRefused() throws {
    let bench = try WebBench()
    let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    let up = ["Upgrade: websocket", "Connection: Upgrade"]
    let old = try bench.ask("GET /api/events", up + [key, "Sec-WebSocket-Version: 8"])
    #expect(old.status == 426 && old.header("sec-websocket-version") == "13")
    #expect(try bench.ask("GET /api/events", up + ["Sec-WebSocket-Version: 13"]).status == 400)
    #expect(
      try bench.ask("GET /api/events", up + ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: aGk="]).status
        == 400)
    #expect(try bench.ask("GET /api/events", ["Upgrade: h2c", key]).status == 400)
    #expect(
      try bench.ask(
        "GET /api/events", up + [key, "Sec-WebSocket-Version: 13", "Origin: http://elsewhere.example"]
      ).status == 403)
  }
}
