import HootWire
import Testing

@testable import MCP

@Suite struct TaskTests {
  private let id = JSONValue.string(ScriptedDesk.id)

  @Test("the newer dialect gives a task only to who declares the extension, and its result with the task")
  func stateless() async {
    let talk = Talk(.working(polls: 1, tool: "musicgen_generate"))
    let handle = await talk.call("musicgen_generate", meta: Talk.withTasks)?["result"]
    #expect(handle?["resultType"] == "task" && handle?["taskId"] == id && handle?["status"] == "working")
    #expect(handle?["ttlMs"]?.int == MCPLimits.taskMilliseconds && handle?["pollIntervalMs"]?.int == 2_000)
    #expect(
      await talk.call("musicgen_generate", meta: Talk.stateless)?["result"]?["resultType"] == "complete")
    let got = await talk.ask("tasks/get", ["taskId": id], meta: Talk.withTasks)?["result"]
    #expect(got?["status"] == "completed" && got?["resultType"] == "complete")
    #expect(got?["result"]?["structuredContent"]?["status"] == "complete")
    let without = await talk.ask("tasks/get", ["taskId": id], meta: Talk.stateless)?["error"]
    #expect(without?["code"] == -32021)
    #expect(without?["data"]?["requiredCapabilities"]?["extensions"]?["io.modelcontextprotocol/tasks"] == [:])
    for method in ["tasks/result", "tasks/list", "initialize", "ping"] {
      #expect(await talk.ask(method, ["taskId": id], meta: Talk.withTasks)?["error"]?["code"] == -32601)
    }
    #expect(
      await talk.ask("tasks/update", ["taskId": id], meta: Talk.withTasks)?["result"] == [
        "resultType": "complete"
      ])
    #expect(
      await talk.ask("tasks/get", ["taskId": "other"], meta: Talk.withTasks)?["error"]?["code"] == -32602)
  }

  @Test("a job that failed is a completed task in the newer dialect, and a failed one in the older")
  func failed() async {
    let talk = Talk(.working(polls: 1, then: "failed"))
    let newer = await talk.ask("tasks/get", ["taskId": id], meta: Talk.withTasks)?["result"]
    #expect(newer?["status"] == "completed" && newer?["result"]?["isError"] == true)
    #expect(await talk.ask("tasks/get", ["taskId": id])?["result"]?["status"] == "failed")
  }

  @Test("the older dialect makes a task where it is asked to, lists it, and waits for its result")
  func handshake() async {
    let talk = Talk(.working(polls: 3))
    let made = await talk.ask(
      "tools/call", ["name": "phrase_generate", "arguments": [:], "task": ["ttl": 60_000]])?["result"]?[
        "task"]
    #expect(made?["taskId"] == id && made?["ttl"]?.int == MCPLimits.taskMilliseconds)
    let listed = await talk.ask("tasks/list")?["result"]
    #expect(listed?["tasks"]?.array?.first?["taskId"] == id && listed?["nextCursor"] == "7")
    let result = await talk.ask("tasks/result", ["taskId": id])?["result"]
    #expect(result?["structuredContent"]?["status"] == "complete")
    #expect(result?["_meta"]?["io.modelcontextprotocol/related-task"]?["taskId"] == id)
    let refused = await talk.ask("tools/call", ["name": "play", "arguments": [:], "task": [:]])?["error"]
    #expect(refused?["code"] == -32601)
    #expect(await talk.ask("tasks/cancel", ["taskId": id])?["error"]?["code"] == -32602)
  }

  @Test("[O20] task_async gives work to the agent named, and its id at once")
  func create() async {
    let desk = ScriptedDesk.working(polls: .max, tool: "code")
    let made = await Talk(desk).call(
      "task_async",
      [
        "name": "tests", "agent_name": "code_task", "agent_instructions": "write tests", "priority": "high",
        "timeout_seconds": 3600, "task_id": id,
      ])?["result"]?["structuredContent"]
    #expect(made?["job_id"] == id && made?["status"] == "processing")
    #expect(
      desk.requests.first == [
        "type": "code_task", "prompt": "write tests", "priority": 1, "time_limit": 3600, "job_id": id,
        "idempotency_key": id,
      ])
    #expect(desk.requests("job_poll").isEmpty)
  }

  @Test(
    "[O21] a task's name has 1 to 200 characters",
    arguments: [(0, true), (1, false), (200, false), (201, true)])
  func name(_ count: Int, _ isRefused: Bool) async {
    let desk = ScriptedDesk.working(polls: 1)
    let name = String(repeating: "n", count: count)
    let result = await Talk(desk).call("task_async", ["name": .string(name), "agent_name": "text_task"])?[
      "result"]
    #expect(result?["isError"] == .bool(isRefused) && desk.requests.isEmpty == isRefused)
  }

  @Test("[O22] an agent that nobody knows is refused, with the nearest that is known")
  func agent() async {
    let desk = ScriptedDesk.working(polls: 1)
    let result = await Talk(desk).call("task_async", ["name": "a", "agent_name": "code_tsk"])?["result"]
    #expect(result?["isError"] == true && desk.requests.isEmpty)
    #expect(result?["content"]?.array?.first?["text"]?.string?.contains("code_task") == true)
  }

  @Test("[O23] instructions are words for who takes words, and parameters for who takes those")
  func instructions() async {
    let desk = ScriptedDesk.working(polls: 1)
    let talk = Talk(desk)
    _ = await talk.call(
      "task_async",
      [
        "name": "riff", "agent_name": "phrase_generate",
        "agent_instructions": "{\"bars\": 2, \"type\": \"stop\"}",
      ])
    #expect(desk.requests.first == ["type": "phrase_generate", "bars": 2, "name": "riff"])
    let refused = await talk.call(
      "task_async", ["name": "riff", "agent_name": "phrase_generate", "agent_instructions": "a riff"])?[
        "result"]
    #expect(refused?["isError"] == true)
  }

  @Test(
    "[O24] priorities are words: critical is 0, high 1, normal 2, low 3",
    arguments: [("critical", 0), ("high", 1), ("normal", 2), ("low", 3), ("urgent", nil)]
      as [(String, Int64?)])
  func priority(_ word: String, _ number: Int64?) async {
    let desk = ScriptedDesk.working(polls: 1)
    _ = await Talk(desk).call(
      "task_async", ["name": "a", "agent_name": "text_task", "priority": .string(word)])
    #expect(desk.requests.first?["priority"]?.int == number)
    #expect(desk.requests.isEmpty == (number == nil))
  }

  @Test("[O28] task_status tells state, result, error and what happened")
  func status() async {
    let shown = await Talk(.working(polls: 1)).call("task_status", ["task_id": id])?["result"]?[
      "structuredContent"]
    #expect(shown?["status"] == "completed" && shown?["state"] == "succeeded")
    #expect(shown?["result"]?["value"]?["words"] == "done" && shown?["error"] == [])
    #expect(shown?["logs"]?.array?.first?["state"] == "queued")
  }

  @Test(
    "[O29] a task is pending, running, completed or failed",
    arguments: [
      ("queued", "pending"), ("running", "running"), ("succeeded", "completed"), ("failed", "failed"),
      ("cancelled", "failed"), ("dead", "failed"),
    ])
  func states(_ state: String, _ status: String) {
    let members = JSONObject(AgentTool.taskMembers(ScriptedDesk.job(state)))
    #expect(members["status"] == .string(status))
  }

  @Test("[O30] task_cancel ends the job, and says whether it did")
  func cancel() async {
    let desk = ScriptedDesk { request, before in
      switch request["type"]?.string {
      case "job_status": ScriptedDesk.ok(["job": ScriptedDesk.job(before == 0 ? "running" : "cancelled")])
      default: ScriptedDesk.ok(["cancelled": 1])
      }
    }
    let shown = await Talk(desk).call("task_cancel", ["task_id": id])?["result"]?["structuredContent"]
    #expect(shown?["cancelled"] == true && shown?["state"] == "cancelled")
    #expect(desk.requests("job_cancel") == [["type": "job_cancel", "job": [id]]])
  }

  @Test("[O36] list_tasks has filters and pages")
  func list() async {
    let desk = ScriptedDesk.working(polls: 1)
    let talk = Talk(desk)
    let page = await talk.call(
      "list_tasks", ["status": "live", "agent_name": "code_task", "limit": 1, "cursor": "9"])
    #expect(page?["result"]?["structuredContent"]?["next_cursor"] == "7")
    #expect(
      desk.requests.first == ["type": "job_list", "limit": 1, "status": "live", "tool": "code", "before": 9])
    #expect(await talk.call("list_tasks", ["cursor": "x"])?["result"]?["isError"] == true)
  }
}
