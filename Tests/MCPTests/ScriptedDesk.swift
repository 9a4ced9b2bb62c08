import HootWire
import Synchronization

/// A daemon that answers as it is told, and remembers what it was asked.
final class ScriptedDesk: RequestDesk {
  private let asked = Mutex<[JSONValue]>([])
  private let answer: @Sendable (JSONValue, Int) -> JSONValue

  /// - Parameter answer: of a request, and how many of its type came before.
  init(_ answer: @escaping @Sendable (JSONValue, Int) -> JSONValue) { self.answer = answer }

  var requests: [JSONValue] { asked.withLock { $0 } }

  func requests(_ type: String) -> [JSONValue] { requests.filter { $0["type"]?.string == type } }

  func ask(_ content: JSONValue, timeout: Duration) async -> JSONValue {
    let before = asked.withLock { asked in
      let before = asked.filter { $0["type"] == content["type"] }.count
      asked.append(content)
      return before
    }
    // What waits for a job takes its time, a little of it.
    if content["type"] == "job_poll" { try? await Task.sleep(for: .milliseconds(2)) }
    return answer(content, before)
  }

  static let id = "01980000-0000-7000-8000-000000000001"

  /// A job as the daemon shows it.
  static func job(_ state: String, tool: String = "phrase_generate", progress: Double = 0) -> JSONValue {
    let status = [
      "running": "processing", "succeeded": "complete", "cancelled": "cancelled", "queued": "pending",
    ]
    let isFinal = !["running", "queued"].contains(state)
    return [
      "id": .string(id), "tool": .string(tool), "state": .string(state),
      "status": .string(status[state] ?? "failed"),
      "is_final": .bool(isFinal), "progress": .number(progress), "message": "", "revision": 1,
      "submitted": "2026-01-01T00:00:00.000Z", "started": nil, "finished": nil, "ends_in": 8.0, "attempt": 1,
      "failures": 0, "next_in": nil, "position": 1, "host": "here", "seconds": 0.5, "region_id": nil,
      "artifacts": [], "value": state == "succeeded" ? ["words": "done"] : nil, "error": [],
      "parameters": [:],
    ]
  }

  static func ok(_ result: JSONValue) -> JSONValue { ["type": "ok", "result": result] }

  /// A daemon whose job runs until it has been polled so often.
  static func working(polls: Int, tool: String = "phrase_generate", then state: String = "succeeded")
    -> ScriptedDesk
  {
    ScriptedDesk { request, before in
      switch request["type"]?.string {
      case "job_poll":
        let isDone = before + 1 >= polls
        return ok([
          "jobs": [job(isDone ? state : "running", tool: tool, progress: Double(min(before * 10, 90)))],
          "done": .bool(isDone),
        ])
      case "job_status": return ok(["job": job(state, tool: tool), "attempts": []])
      case "job_list": return ok(["jobs": [job(state, tool: tool)], "total": 1, "next": 7])
      case "job_logs":
        return ok(["events": [["n": 1, "at": "2026-01-01T00:00:00.000Z", "state": "queued", "note": ""]]])
      case "job_cancel": return ok(["cancelled": 1])
      default:
        return ok(["job_id": .string(id), "region_id": nil, "job": job("running", tool: tool), "done": false])
      }
    }
  }
}
