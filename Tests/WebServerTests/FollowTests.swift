import HootWire
import Synchronization
import Testing

@testable import WebServer

/// A task's history as it grows, and what can be edited only as it was seen.
@Suite struct FollowTests {
  @Test("[O41] a task's history is told to its end, and goes on from an entry")
  func aTasksHistoryIsToldToItsEnd() throws {
    let events = EventTests.EventBench()
    let written = Mutex(1)
    let desk = ScriptedDesk { content in
      let count = written.withLock { $0 }
      let after = content["after"]?.int ?? 0
      return switch content["type"]?.string {
      case "job_status":
        ["type": "ok", "result": ["job": ["id": "j1", "is_final": .bool(count == 3)]]]
      case "job_logs":
        [
          "type": "ok",
          "result": [
            "events": .array((1...3).filter { $0 > after && $0 <= count }.map { ["n": .integer(Int64($0))] })
          ],
        ]
      default: ["type": "ok", "result": [:]]
      }
    }
    let bench = try WebBench(desk, events: { events.listen($0) })
    func open(_ more: String = "") throws -> PlainSocket {
      let socket = try bench.socket()
      socket.send(
        "GET /api/tasks/j1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(WebBench.token)\r\n\(more)\r\n"
      )
      return socket
    }
    let socket = try open()
    #expect(socket.read(until: "data: {\"n\":1}\n\n").contains("id: 1\nevent: log\n"))
    written.withLock { $0 = 2 }
    events.tell("job", ["job": ["id": "j1"]])
    #expect(!socket.read(until: "data: {\"n\":2}\n\n").contains("\"n\":1}"))
    written.withLock { $0 = 3 }
    events.tell("job", ["job": ["id": "j1"]])
    let rest = socket.readToEnd()
    #expect(rest.contains("data: {\"n\":3}\n\n") && rest.hasSuffix("event: end\ndata: {}\n\n"))
    let later = try open("Last-Event-ID: 2\r\n").readToEnd()
    #expect(later.contains("\"n\":3}") && !later.contains("\"n\":2}") && later.contains("event: end"))
  }

  @Test func theTagOfWhatWasSeenGoesAlongWithAnEdit() throws {
    let region: JSONValue = ["id": "r1", "gain_db": 0]
    let desk = ScriptedDesk { content in
      content["type"] == "region_show"
        ? ["type": "ok", "result": ["region": region]] : ["type": "ok", "result": ["done": true]]
    }
    let bench = try WebBench(desk)
    let shown = try bench.ask("GET /api/regions/r1")
    let tag = try #require(shown.header("etag"))
    #expect(try bench.ask("GET /api/regions/r1", ["If-None-Match: \(tag)"]).status == 304)
    let edit = try bench.ask("PATCH /api/regions/r1", ["If-Match: \(tag)"], body: #"{"gain":-3}"#)
    #expect(edit.status == 200 && desk.questions.last?["if_match"]?.string == tag)
    _ = try bench.ask("PATCH /api/regions/r1", ["If-Match: *"], body: #"{"gain":-3}"#)
    #expect(desk.questions.last?["if_match"] == nil)
  }

  @Test func oneOfAListIsShownWithATagThatMeasuredLevelsDoNotChange() throws {
    let level = Mutex(-3.0)
    let desk = ScriptedDesk { _ in
      let peak = level.withLock { value in
        value -= 1
        return value
      }
      return [
        "type": "ok",
        "result": ["tracks": [["id": "t1", "name": "lead", "gain_db": 0, "peak_db": .number(peak)]]],
      ]
    }
    let bench = try WebBench(desk)
    let shown = try bench.ask("GET /api/tracks/lead")
    #expect(shown.json["track"]?["id"] == "t1")
    #expect(try bench.ask("GET /api/tracks/t1").header("etag") == shown.header("etag"))
    let none = try bench.ask("GET /api/tracks/bass")
    #expect(none.status == 404 && none.code == "unknown_tracks")
  }
}
