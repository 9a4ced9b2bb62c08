import Foundation
import HootWire
import Testing
import Tools

@testable import garden

@Suite struct BeadsTests {
  private static func list(_ lines: String...) -> BeadsList {
    BeadsList(Array(lines.joined(separator: "\n").utf8))
  }

  private static func text(_ list: BeadsList) -> String { String(decoding: list.bytes, as: UTF8.self) }

  @Test func `[A11] What is set is changed and every other byte stays`() {
    let odd =
      #"{ "id" : "bd-1","x":[1.10,12345678901234567890123,"é\u00e9,}"], "status": "open" , "y":{"status":"open"} }"#
    var list = Self.list("", odd, "# no task", #"{"id":"bd-2","status":"open"}"# + "\r", "")
    let isSet = [
      list.set([("status", "in_progress"), ("garden_job", "j")], of: "bd-1"),
      list.set([("status", "closed")], of: "bd-2"), list.set([("status", "closed")], of: "bd-3"),
    ]
    #expect(isSet == [true, true, false])
    #expect(
      Self.text(list)
        == [
          "",
          #"{ "id" : "bd-1","x":[1.10,12345678901234567890123,"é\u00e9,}"], "status": "in_progress" , "y":{"status":"open"}, "garden_job": "j" }"#,
          "# no task", #"{"id":"bd-2","status":"closed"}"# + "\r", "",
        ].joined(separator: "\n"))
  }

  @Test(arguments: [
    (#"{}"#, #"{"a":1}"#), (#"{"a":"\"}{,"}"#, #"{"a":1}"#), (#"{"b":{"a":[2]}}"#, #"{"b":{"a":[2]},"a":1}"#),
    (#"{"\u0061" : null}"#, #"{"\u0061" : 1}"#), (#"{"b":[], "a":[{},"]"]}"#, #"{"b":[], "a":1}"#),
  ])
  func `A member is set where it stands, else behind the others`(line: String, wanted: String) {
    #expect(String(decoding: JSONSplice.setting("a", to: 1, in: Array(line.utf8)), as: UTF8.self) == wanted)
  }

  @Test func `[A10] Ready is what is open, has its dependencies closed and its time passed`() {
    let list = Self.list(
      #"{"id":"a","status":"open","priority":2,"created_at":"2026-01-02T00:00:00Z"}"#,
      #"{"id":"b","status":"open","priority":2,"created_at":"2026-01-01T00:00:00+00:00"}"#,
      #"{"id":"c","status":"open","priority":0,"dependencies":[{"depends_on_id":"done","type":"blocks"}]}"#,
      #"{"id":"d","status":"open","dependencies":[{"depends_on_id":"a","type":"blocks"}]}"#,
      #"{"id":"e","status":"open","priority":4,"dependencies":[{"depends_on_id":"a","type":"related"}]}"#,
      #"{"id":"f","status":"open","run_at":"2026-01-01T00:00:10Z"}"#,
      #"{"id":"g","status":"open","priority":1,"run_at":1767225604}"#,
      #"{"id":"h","status":"open","run_at":"soon"}"#, #"{"id":"i","status":"in_progress"}"#,
      #"{"id":"j","status":"open","deps":["gone"]}"#, #"{"id":"done","status":"closed"}"#, "not json")
    let now = Timestamp(seconds: 1_767_225_605, nanoseconds: 0)
    #expect(list.ready(at: now).map(\.id) == ["c", "g", "b", "a", "e"])
    #expect(list.nextTime(after: now) == Timestamp(seconds: 1_767_225_610, nanoseconds: 0))
    #expect(list.ready(at: Timestamp(seconds: 1_767_225_610, nanoseconds: 0)).map(\.id).contains("f"))
  }

  @Test(arguments: [
    (#"{"kind":"reasoning","title":"Fix the code"}"#, "reasoning"), (#"{"kind":"text-processing"}"#, "text"),
    (#"{"task_type":"code-generation"}"#, "code"), (#"{"kind":"my_tool"}"#, "my_tool"),
    (#"{"labels":["ui","kind:summarize"],"title":"Fix it"}"#, "summarize"),
    (#"{"title":"Fix the parser's crash"}"#, "code"), (#"{"title":"Summarize the meeting"}"#, "summarize"),
    (#"{"title":"Write a letter"}"#, "text"), (#"{"title":"Why does it rain? Explain"}"#, "reasoning"),
    (#"{"title":"Sing","description":"translate the song"}"#, "text"), (#"{"title":"Sing"}"#, "general"),
  ])
  func `[A12] A kind is taken as it is named, else told from the words`(object: String, kind: String) throws {
    var value = try JSONValue.parse(Array(object.utf8)).object ?? JSONObject()
    value["id"] = "bd-1"
    #expect(BeadsIssue(.object(value))?.kind == kind)
  }

  @Test(
    arguments: zip(
      BeadsIssue.kinds, [ToolName.codeTask, .textTask, .reasoningTask, .summarizeTask, .generalTask]))
  func `[A40] Each of the five kinds is a request of its own`(kind: String, tool: ToolName) throws {
    let issue = try #require(BeadsIssue(["id": "bd-1", "title": "12", "kind": .string(kind), "priority": 9]))
    let request = try issue.request(list: "/a")
    #expect(request.tool.name == tool)
    #expect(request.arguments.text(.prompt) == "12" && request.arguments.integer(.priority) == 3)
  }

  @Test func `A kind that only a host knows is asked for by its name, with the prompt as text`() throws {
    let issue = try #require(BeadsIssue(["id": "bd-1", "title": "12", "kind": "my_tool"]))
    let request = try issue.request(list: "/a")
    #expect(request.tool.name == .generate && request.arguments.text(.tool) == "my_tool")
    #expect(request.arguments.texts(.param) == [#"prompt="12""#])
  }

  @Test func `A job's id follows from the list, the task and how often it was tried, and from nothing else`()
    throws
  {
    func id(_ object: JSONValue, _ path: String = "/a") throws -> String {
      try #require(BeadsIssue(object)).jobID(list: path)
    }
    let first = try id(["id": "bd-1", "title": "x"])
    #expect(try id(["id": "bd-1", "title": "y", "status": "in_progress"]) == first)
    let others = [
      try id(["id": "bd-2"]), try id(["id": "bd-1"], "/b"), try id(["id": "bd-1", "garden_attempts": 1]),
    ]
    #expect(Set(others + [first]).count == 4)
    #expect(first.count == 36 && Array(first)[14] == "8")
  }

  @Test(arguments: [
    ("queued", "pending", String?.none), ("leased", "processing", nil),
    ("running", "processing", "in_progress"),
    ("waiting_to_retry", "pending", nil), ("succeeded", "complete", "closed"),
    ("failed", "failed", "blocked"),
    ("dead", "failed", "blocked"), ("timed_out", "failed", "blocked"),
    ("cancelled", "cancelled", "cancelled"),
  ])
  func `[A51] A cancelled job's task is cancelled, a failed one's blocked`(
    state: String, status: String, wanted: String?
  ) {
    #expect(BeadsDesk.status(["state": .string(state), "status": .string(status)]) == wanted)
  }

  // MARK: The file

  private static func inFolder(_ body: (_ path: String) throws -> Void) throws {
    let folder = "/tmp/garden-beads-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // What cannot be removed from /tmp is the test machine's affair.
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder + "/issues.jsonl")
  }

  @Test func `[A41] A thousand tasks go through every state and lose nothing`() throws {
    try Self.inFolder { path in
      let lines = (0..<1000).map { number in
        #"{"id": "bd-\#(number)", "status": "open", "n": 1.50, "unknown": {"a": [\#(number), null, "\u00fc"]}}"#
          + (number % 97 == 0 ? "\n" : "")
      }
      let before = lines.joined(separator: "\n") + "\n"
      try before.write(toFile: path, atomically: false, encoding: .utf8)
      let file = try BeadsFile(path)
      for status in ["in_progress", "closed"] {
        let written = try file.rewrite { list in
          for issue in list.issues { _ = list.set([("status", .string(status))], of: issue.id) }
          return true
        }
        #expect(written?.issues.count { $0.status == status } == 1000)
      }
      let after = try String(contentsOfFile: path, encoding: .utf8)
      #expect(after == before.replacing(#""status": "open""#, with: #""status": "closed""#))
      #expect(try file.readIfChanged() == nil)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: (path as NSString).deletingLastPathComponent)
          .count == 1)
    }
  }

  @Test func `What another writes in between is merged, not overwritten`() throws {
    try Self.inFolder { path in
      try #"{"id":"a","status":"open"}"#.write(toFile: path, atomically: false, encoding: .utf8)
      let file = try BeadsFile(path)
      var turns = 0
      _ = try file.rewrite { list in
        turns += 1
        if turns == 1 {
          // Another program, after this one has read.
          let other =
            #"{"id":"a","status":"open","note":"new"}"# + "\n" + #"{"id":"b","status":"open"}"# + "\n"
          // A failure shows in what is expected below.
          try? other.write(toFile: path, atomically: true, encoding: .utf8)
        }
        return list.set([("status", "closed")], of: "a")
      }
      #expect(turns == 2)
      #expect(
        try String(contentsOfFile: path, encoding: .utf8)
          == #"{"id":"a","status":"closed","note":"new"}"# + "\n" + #"{"id":"b","status":"open"}"# + "\n")
    }
  }

  @Test func `A list that somebody is in the middle of writing is left alone`() throws {
    try Self.inFolder { path in
      let half = #"{"id":"a","status":"open"}"# + "\n" + #"{"id":"b","sta"#
      try half.write(toFile: path, atomically: false, encoding: .utf8)
      let file = try BeadsFile(path)
      let written = try file.rewrite { list in list.set([("status", "closed")], of: "a") }
      #expect(written == nil)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == half)
    }
  }

  @Test func `Two do not follow one list, and a list that is not there is refused`() throws {
    try Self.inFolder { path in
      #expect(throws: ToolError.self) { try BeadsFile(path) }
      try "".write(toFile: path, atomically: false, encoding: .utf8)
      let first = try BeadsFile(path)
      #expect(throws: ToolError.self) { try BeadsFile(path) }
      #expect(first.wake != nil)
    }
  }
}
