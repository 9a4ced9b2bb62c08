import Foundation
import HootWire
import Testing

@testable import WebServer

/// What a hostile or broken client may do, and what it gets.
@Suite struct ServerLimitTests {
  @Test func aHeadThatIsTooLargeIsRefused() throws {
    let bench = try WebBench()
    let long = try bench.ask("GET /api/status", ["X: \(String(repeating: "x", count: WebLimits.headBytes))"])
    #expect(long.status == 431 && long.header("connection") == "close")
    let many = try bench.ask("GET /api/status", (0...WebLimits.headers).map { "X-\($0): 1" })
    #expect(many.status == 431)
    #expect(try bench.ask("GET /\(String(repeating: "a", count: WebLimits.targetBytes))").status == 414)
    // A head that never ends is refused before it is whole.
    let socket = try bench.socket()
    socket.send("GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: WebLimits.headBytes))
    #expect(PlainReply(socket.readToEnd())?.status == 431)
  }

  @Test func aBodyThatIsTooLargeIsRefusedUnread() throws {
    let bench = try WebBench()
    let socket = try bench.socket()
    socket.send(
      "POST /api/tools/play HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(WebBench.token)\r\n"
        + "Content-Length: \(WebLimits.bodyBytes + 1)\r\n\r\n")
    let reply = try #require(PlainReply(socket.readToEnd()))
    #expect(reply.status == 413 && reply.code == "body_too_large")
  }

  @Test func aStrangersBodyIsNotRead() throws {
    let bench = try WebBench()
    let socket = try bench.socket()
    socket.send("POST /api/tools/play HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n")
    #expect(PlainReply(socket.readToEnd())?.status == 401)
  }

  @Test func whatTwoReadersMightReadDifferentlyIsRefused() throws {
    let bench = try WebBench()
    let start =
      "POST /api/tools/play HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(WebBench.token)\r\n"
    let heads = [
      start + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n", start + "Content-Length: +2\r\n\r\n",
      start + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", start + "Content-Length : 2\r\n\r\n",
      start + " folded: 1\r\n\r\n", start + "X: a\nY: b\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n",
      "GET http://localhost/ HTTP/1.1\r\n\r\n", "rubbish\r\n\r\n", start + "X: a\u{0}b\r\n\r\n",
      start + "Content-Length: 99999999999999999999\r\n\r\n",
    ]
    for head in heads {
      let socket = try bench.socket()
      socket.send(head)
      #expect(PlainReply(socket.readToEnd())?.status == 400, "\(head)")
    }
    for (head, status) in [
      (start + "Transfer-Encoding: chunked\r\n\r\n", 411), ("GET / HTTP/3.0\r\n\r\n", 505),
    ] {
      let socket = try bench.socket()
      socket.send(head)
      #expect(PlainReply(socket.readToEnd())?.status == status, "\(head)")
    }
    #expect(bench.desk.questions.isEmpty)
  }

  @Test func aPathThatStepsUpIsRefusedHoweverItIsWritten() throws {
    let bench = try WebBench()
    for path in [
      "/api/artifacts/..", "/api/artifacts/%2e%2e", "/api/artifacts/..%2f..%2fetc%2fpasswd", "/../etc/passwd",
      "/api/artifacts/%2fetc%2fpasswd", "/api//status", "/api/artifacts/a%00b", "/api/artifacts/%ff",
      "/api/%zz",
    ] {
      #expect(try bench.ask("GET \(path)").status == 400, "\(path)")
    }
    #expect(bench.desk.questions.isEmpty)
  }

  @Test func requestsBehindEachOtherAreAnsweredInTurnOnOneConnection() throws {
    let bench = try WebBench()
    let socket = try bench.socket()
    let head = "Host: localhost\r\nAuthorization: Bearer \(WebBench.token)\r\n"
    socket.send(
      "POST /api/transport/seek HTTP/1.1\r\n\(head)Content-Type: application/json\r\nContent-Length: 16\r\n\r\n"
        + "{\"position\":\"2\"}HEAD /health HTTP/1.1\r\n\(head)\r\nGET /nothing HTTP/1.1\r\n\(head)Connection: close\r\n\r\n"
    )
    let text = socket.readToEnd()
    let statuses = text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.prefix(3) }
    #expect(statuses == ["200", "200", "404"], "\(text)")
    #expect(bench.desk.questions == [["type": "seek", "position": "2"]])
  }

  /// The machine itself, whose time is a parameter.
  @Test func anEmptyLineBeforeARequestMayComeInHalves() throws {
    let bench = try WebBench()
    let socket = try bench.socket()
    for piece in ["\r", "\n\r\n\r", "\nGET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"]
    {
      socket.send(piece)
      usleep(30_000)
    }
    #expect(PlainReply(socket.readToEnd())?.status == 200)
  }

  @Test func aHeadOrBodyThatTakesTooLongIsGivenUp() throws {
    let start = ContinuousClock.now
    var visit = Visit(at: start)
    #expect(visit.take(Array("GET / HT".utf8), at: start + .seconds(3)) == .nothing)
    // What drips on does not prolong it.
    #expect(visit.take(Array("TP/1.1\r\n".utf8), at: start + .seconds(7)) == .nothing)
    #expect(visit.deadline == start + .seconds(3 + WebLimits.headSeconds))
    guard case .refuse(let problem) = visit.expire() else { throw HeadError.noLength }
    #expect(problem.status == 408)
    guard case .examine(let head) = visit.take(Array("\r\n".utf8), at: start + .seconds(7)) else {
      throw HeadError.noLength
    }
    #expect(visit.admit(head, bodyLength: 10, at: start + .seconds(8)) == .nothing)
    #expect(visit.take([1, 2, 3], at: start + .seconds(20)) == .nothing)
    #expect(visit.deadline == start + .seconds(8 + WebLimits.bodySeconds))
    #expect(visit.bodyBytes == 10)
    let idle = Visit(at: start)
    #expect(idle.expire() == .close && idle.deadline == start + .seconds(WebLimits.idleSeconds))
  }

  @Test func moreConnectionsThanAllowedAreToldSo() throws {
    let bench = try WebBench()
    var sockets: [PlainSocket] = []
    for _ in 0..<WebLimits.connections { sockets.append(try bench.socket()) }
    let last = try bench.socket()
    #expect(PlainReply(last.readToEnd())?.status == 503)
    // The others are served still, and a place that is left is free.
    sockets[0].send("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    #expect(PlainReply(sockets[0].readToEnd())?.status == 200)
    #expect(try bench.ask("GET /health").status == 200)
  }

  @Test func stoppingGivesWhatIsInWorkAReplyAndTakesTheSocketAway() throws {
    let desk = ScriptedDesk()
    let bench = try WebBench(desk)
    let idle = try bench.socket()
    idle.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    #expect(idle.read().hasPrefix("HTTP/1.1 200"))
    bench.server.stop()
    #expect(idle.readToEnd().isEmpty)
    #expect(throws: (any Error).self) { try bench.socket() }
  }
}
