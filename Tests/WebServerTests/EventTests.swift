import HootWire
import Synchronization
import Testing

@testable import WebServer

/// Events as they are told over HTTP.
@Suite struct EventTests {
  /// The bench's desk of events, that a test speaks through.
  final class EventBench: Sendable {
    private let taker = Mutex<(@Sendable (String, JSONValue) -> Void)?>(nil)

    func listen(_ take: @escaping @Sendable (_ topic: String, _ content: JSONValue) -> Void) {
      taker.withLock { $0 = take }
    }

    var isHeard: Bool { taker.withLock { $0 != nil } }

    func tell(_ topic: String, _ content: JSONValue) { taker.withLock { $0 }?(topic, content) }
  }

  private func stream(_ bench: WebBench, _ query: String = "", last: String? = nil) throws -> PlainSocket {
    let socket = try bench.socket()
    let cursor = last.map { "Last-Event-ID: \($0)\r\n" } ?? ""
    socket.send(
      "GET /api/events\(query) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(WebBench.token)\r\n\(cursor)\r\n"
    )
    return socket
  }

  private func read(_ socket: PlainSocket, until wanted: String) -> String { socket.read(until: wanted) }

  private func cursor(in text: String) -> String? {
    text.components(separatedBy: "\n").last { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
  }

  private func numbers(in text: String) -> [Int] {
    let start = "data: {\"type\":\"landed\",\"n\":"
    return text.components(separatedBy: "\n").compactMap { line in
      line.hasPrefix(start) ? Int(line.dropFirst(start.count).dropLast()) : nil
    }
  }

  @Test("[D68] twenty reconnects lose nothing and tell nothing twice")
  func twentyReconnectsLoseNothing() throws {
    let events = EventBench()
    let bench = try WebBench(ScriptedDesk(), events: { events.listen($0) })
    var socket = try stream(bench)
    var text = read(socket, until: "event: start\ndata: {}\n\n")
    #expect(text.contains("Content-Type: text/event-stream") && events.isHeard)
    var last = try #require(cursor(in: text))
    var heard: [Int] = []
    for round in 0..<20 {
      // One while the stream is there, one while nobody is.
      events.tell("command", ["type": "landed", "n": .integer(Int64(2 * round))])
      text = read(socket, until: "\"n\":\(2 * round)}\n\n")
      heard += numbers(in: text)
      last = cursor(in: text) ?? last
      socket = try PlainSocket(port: bench.port)
      events.tell("command", ["type": "landed", "n": .integer(Int64(2 * round + 1))])
      socket = try stream(bench, last: last)
      text = read(socket, until: "\"n\":\(2 * round + 1)}\n\n")
      #expect(!text.contains("event: gap"))
      heard += numbers(in: text)
      last = cursor(in: text) ?? last
    }
    #expect(heard == Array(0..<40))
  }

  @Test func levelsAndPositionsAreToldToWhoIsThereAndNeverAgain() throws {
    let events = EventBench()
    let bench = try WebBench(ScriptedDesk(), events: { events.listen($0) })
    let socket = try stream(bench, "?topics=meter,transport")
    let last = try #require(cursor(in: read(socket, until: "event: start\ndata: {}\n\n")))
    events.tell("meter", ["type": "meters"])
    events.tell("transport", ["type": "position"])
    events.tell("job", ["type": "job"])
    events.tell("transport", ["type": "stopped"])
    let text = read(socket, until: "stopped")
    #expect(text.contains("position") && text.contains("meters") && !text.contains("job"))
    let again = read(try stream(bench, "?topics=meter,transport", last: last), until: "stopped")
    #expect(!again.contains("position") && !again.contains("meters"))
  }

  @Test func aCursorOfAnotherDaemonIsAGapThatIsTold() throws {
    let events = EventBench()
    let bench = try WebBench(ScriptedDesk(), events: { events.listen($0) })
    for cursor in ["0000aaaa-7", "nonsense", "-", "x-99999999999999999999999"] {
      #expect(read(try stream(bench, last: cursor), until: "start").contains("event: gap"), "\(cursor)")
    }
    #expect(try bench.ask("GET /api/events?colour=red").status == 400)
    #expect(try bench.ask("GET /api/events", token: nil).status == 401)
  }

  @Test func theHistoryIsBoundedAndSaysWhatItForgot() {
    var history = EventHistory(run: "run")
    for number in 0..<(WebLimits.events + 10) { _ = history.add("job", ["n": .integer(Int64(number))]) }
    #expect(history.last == UInt64(WebLimits.events + 10) && history.oldest == 11)
    #expect(!history.reaches(back: 9) && history.reaches(back: 10))
    #expect(history.event(after: 9) == nil && history.event(after: 10)?.number == 11)
    #expect(history.event(after: history.last) == nil)
    #expect(history.number(of: "run-10") == 10 && history.number(of: "run-99999999") == nil)
  }

  @Test func aClientThatTakesNothingIsDroppedWithAReasonAndHoldsNobodyUp() throws {
    let events = EventBench()
    let bench = try WebBench(ScriptedDesk(), events: { events.listen($0) })
    let slow = try stream(bench)
    let quick = try stream(bench)
    _ = read(slow, until: "start")
    _ = read(quick, until: "start")
    // More than the sockets' buffers and the history hold together.
    let filler = JSONValue.string(String(repeating: "x", count: 16_000))
    for lot in 1...48 {
      for number in 0..<20 {
        events.tell("job", ["n": .integer(Int64(lot * 20 + number)), "filler": filler])
      }
      #expect(read(quick, until: "\"n\":\(lot * 20 + 19),").contains("\"n\":\(lot * 20 + 19),"))
    }
    #expect(slow.readToEnd().contains("event: dropped\ndata: {\"reason\":\"too slow\""))
  }

  @Test(
    "what the web thread had no room for is told as a gap, to whatever topics, and nothing else is missing")
  func aLossIsTold() throws {
    let events = EventBench()
    let bench = try WebBench(ScriptedDesk(), events: { events.listen($0) }, messages: 16)
    let socket = try stream(bench, "?topics=command")
    _ = read(socket, until: "event: start\ndata: {}\n\n")
    let total = 3_000
    for number in 0..<total { events.tell("command", ["type": "landed", "n": .integer(Int64(number))]) }
    var heard: [Int] = []
    var missing = 0
    var rest = ""
    while heard.count + missing < total {
      let more = socket.read()
      if more.isEmpty { break }
      rest += more
      guard let end = rest.range(of: "\n", options: .backwards) else { continue }
      let lines = String(rest[..<end.upperBound])
      rest = String(rest[end.upperBound...])
      heard += numbers(in: lines)
      for line in lines.components(separatedBy: "\n") where line.hasPrefix("data: {\"missing\":") {
        missing += Int(line.dropFirst(17).dropLast()) ?? 0
      }
    }
    #expect(missing > 0 && heard.count + missing == total)
    #expect(heard == heard.sorted())
  }
}
