import HootWire
import Testing

@testable import MCP

@Suite struct JobCallTests {
  @Test("[R08] a job that ends in time answers as it does when it is asked for later: byte for byte")
  func inTime() async {
    let talk = Talk(.working(polls: 2), scale: 1)
    let now = await talk.call("phrase_generate")?["result"]
    let later = await talk.call("task_status", ["task_id": .string(ScriptedDesk.id)])?["result"]
    #expect(now?["structuredContent"]?["status"] == "complete")
    #expect(now?["structuredContent"]?.text == later?["structuredContent"]?["result"]?.text)
    #expect(now?["content"]?.array?.first?["text"]?.string == now?["structuredContent"]?.text)
  }

  @Test("[R01] within its budget a call answers with the value, beyond it with the job that works on")
  func budget() async {
    let inTime = await Talk(.working(polls: 2), scale: 1).call("phrase_generate", ["async_timeout": 45])
    #expect(inTime?["result"]?["structuredContent"]?["status"] == "complete")
    let desk = ScriptedDesk.working(polls: .max)
    let beyond = await Talk(desk).call("phrase_generate", ["async_timeout": 1])?["result"]?[
      "structuredContent"]
    #expect(beyond?["status"] == "processing" && beyond?["job_id"] == .string(ScriptedDesk.id))
    #expect(desk.requests("job_cancel").isEmpty)
  }

  @Test("[R09] long work is answered with its job at once")
  func long() async {
    let desk = ScriptedDesk.working(polls: 1, tool: "musicgen_generate")
    let answer = await Talk(desk).call("musicgen_generate", ["prompt": "rain"])?["result"]?[
      "structuredContent"]
    #expect(answer?["status"] == "processing" && desk.requests("job_poll").isEmpty)
    #expect(answer?["expected_schema"]?["type"] == "object")
  }

  @Test(
    "[R05] a job that works is told of in three levels of detail",
    arguments: [
      ("minimal", ["status", "job_id"]),
      (
        "standard",
        [
          "status", "job_id", "tool", "region_id", "progress", "message", "submitted", "started",
          "eta_seconds", "next",
        ]
      ),
      (
        "full",
        [
          "status", "job_id", "tool", "region_id", "progress", "message", "submitted", "started",
          "eta_seconds", "next",
          "position", "host", "retry", "expected_schema",
        ]
      ),
    ])
  func detail(_ level: String, _ fields: [String]) async {
    let talk = Talk(.working(polls: .max))
    let answer = await talk.call(
      "phrase_generate", ["async_timeout": 0, "_async_response_format": .string(level)])?["result"]
    #expect(answer?["structuredContent"]?.object?.members.map(\.key) == fields)
  }

  @Test("[R06] what a call says of its detail stands before what its tool has, and is not handed on")
  func override() async {
    let desk = ScriptedDesk.working(polls: 1, tool: "musicgen_generate")
    let talk = Talk(desk)
    let brief = await talk.call("musicgen_generate", ["_async_response_format": "minimal"])?["result"]
    #expect(brief?["structuredContent"]?.object?.members.count == 2)
    #expect(desk.requests.first == ["type": "musicgen_generate"])
    let wrong = await talk.call("musicgen_generate", ["_async_response_format": "loud"])?["result"]
    #expect(wrong?["isError"] == true && wrong?["structuredContent"]?["code"] == "bad_arguments")
    #expect(await talk.call("phrase_generate", ["async_timeout": 46])?["result"]?["isError"] == true)
  }

  @Test("[R07] the schema that a job's handle carries holds for its final result")
  func expected() async {
    let talk = Talk(.working(polls: 2))
    let handle = await talk.call(
      "phrase_generate", ["async_timeout": 0, "_async_response_format": "full"])?["result"]?[
        "structuredContent"]
    let final = await talk.call("phrase_generate")?["result"]?["structuredContent"]
    guard let schema = handle?["expected_schema"], let final else {
      Issue.record("no schema, or no result")
      return
    }
    #expect(SchemaCheck.problem(final, schema) == nil)
    #expect(schema == AgentTool.named("phrase_generate")?.output)
  }

  @Test("progress rises, goes to the token that was given, and comes before the answer")
  func progress() async {
    let talk = Talk(.working(polls: 6), scale: 1)
    _ = await talk.call("phrase_generate", meta: ["progressToken": "p"])
    let told = talk.messages.filter { $0["method"] == "notifications/progress" }
    let values = told.compactMap { $0["params"]?["progress"]?.double }
    #expect(
      values.count > 2 && values == values.sorted() && Set(values).count == values.count && values.last == 100
    )
    #expect(told.allSatisfy { $0["params"]?["progressToken"] == "p" })
    #expect(talk.messages.last?["result"] != nil)
  }

  @Test("[R17] who gives up a call gets no answer to it, and the job goes on")
  func givenUp() async {
    let desk = ScriptedDesk.working(polls: .max)
    let talk = Talk(desk, scale: 1)
    await talk.send([
      "jsonrpc": "2.0", "id": "x", "method": "tools/call",
      "params": ["name": "phrase_generate", "arguments": [:]],
    ])
    while desk.requests("job_poll").isEmpty { await Task.yield() }
    await talk.send(["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": "x"]])
    #expect(await talk.ask("ping")?["result"] == [:])
    let asked = desk.requests("job_poll").count
    #expect(await talk.ask("ping")?["result"] == [:])
    #expect(desk.requests("job_poll").count <= asked + 1)
    #expect(!talk.messages.contains { $0["id"] == "x" } && desk.requests("job_cancel").isEmpty)
  }

  @Test("at the end of the input what waits for jobs is answered with them")
  func end() async {
    let desk = ScriptedDesk.working(polls: .max)
    let talk = Talk(desk, scale: 1)
    await talk.send([
      "jsonrpc": "2.0", "id": "x", "method": "tools/call",
      "params": ["name": "phrase_generate", "arguments": [:]],
    ])
    await talk.end()
    #expect(talk.messages.first?["result"]?["structuredContent"]?["status"] == "processing")
  }

  @Test("a job that failed is an error with its lines")
  func failed() async {
    let result = await Talk(.working(polls: 1, then: "dead")).call("phrase_generate")?["result"]
    #expect(result?["isError"] == true && result?["structuredContent"]?["status"] == "failed")
  }
}
