import HootWire
import Jobs
import Tools

// Jobs by the names that task queues of agents have: made, looked at, ended, listed.
extension AgentTool {
  private static func text(_ most: Int64, _ words: String) -> JSONValue {
    ["type": "string", "minLength": 1, "maxLength": .integer(most), "description": .string(words)]
  }

  private static let id = text(36, "the task's id, or its beginning")

  static let taskTools: [AgentTool] = [create, status, cancel, list]

  private static let create: AgentTool = {
    var tool = AgentTool(
      "task_async", like: Catalogue.tool(.generalTask),
      "Give an agent or a generator work; the answer is its id, at once.",
      input: ObjectSchema.of(
        [
          ("name", text(200, "what the task is called")),
          ("agent_name", text(128, "who does it: a tool of jobs, as code_task, phrase_generate")),
          ("agent_instructions", text(16_384, "what is to be done: words, or a JSON object of parameters")),
          (
            "priority",
            [
              "type": "string", "enum": ["critical", "high", "normal", "low"],
              "description": "by default normal",
            ]
          ),
          (
            "timeout_seconds",
            [
              "type": "number", "minimum": 0.1, "maximum": 604_800.0,
              "description": "from its start to its end",
            ]
          ),
          ("task_id", text(36, "a UUID; the same again is the same task")),
        ], required: ["name", "agent_name"])
    ) { arguments throws(ToolError) in try request(forTask: arguments) }
    tool.timing = .long
    return tool
  }()

  private static let priorities = ["critical": 0, "high": 1, "normal": 2, "low": 3] as [String: Int64]

  static func request(forTask arguments: JSONObject) throws(ToolError) -> JSONValue {
    let agent = arguments["agent_name"]?.string ?? ""
    guard let tool = jobTool(agent) else {
      throw ToolError(
        code: "unknown_agent", what: "There is no agent \(shownText(agent))",
        why: Suggestion.sentence(
          for: agent, in: Catalogue.jobTools.map(\.name.rawValue), noun: "agent"), next: "host_ls")
    }
    var request = JSONObject([("type", .string(tool.name.rawValue))])
    if let instructions = arguments["agent_instructions"]?.string {
      if case .object(let given)? = try? JSONValue.parse(Array(instructions.utf8)) {  // Else it is words.
        for member in given.members where member.key != "type" { request[member.key] = member.value }
      } else if tool.usage.parameters.contains(where: { $0.name == .prompt }) {
        request["prompt"] = .string(instructions)
      } else {
        throw ToolError(
          code: "bad_instructions", what: "\(agent) takes no words",
          why: "agent_instructions must be a JSON object of its parameters.",
          next: "help tool=\(tool.name.rawValue)")
      }
    }
    if tool.job?.product != .value, request["name"] == nil, request["no_region"] == nil {
      request["name"] = arguments["name"]
    }
    if let word = arguments["priority"]?.string { request["priority"] = .integer(priorities[word] ?? 2) }
    if let seconds = arguments["timeout_seconds"] { request["time_limit"] = seconds }
    if let id = arguments["task_id"]?.string {
      // Asked for once more, it is the same job.
      request["job_id"] = .string(id)
      request["idempotency_key"] = .string(id)
    }
    return .object(request)
  }

  private static func jobTool(_ name: String) -> Tool? {
    Catalogue.jobTools.first { $0.name.rawValue == name } ?? Catalogue.jobTool(name)
  }

  private static let shown =
    "task_id, status, name, state, host, progress, message, submitted, started, finished"

  private static let status = AgentTool(
    "task_status", "Show how far a task is, what it has brought, and what happened to it.",
    input: [("task_id", id)], required: ["task_id"],
    output: [
      shown, "result: {status, artifacts, value, summary, …}", "error: [text]", "logs: [{at, state, note}]",
    ],
    timing: .immediate, changes: .nothing
  ) { server, arguments in
    let id = arguments["task_id"] ?? nil
    switch await server.job(id) {
    case .failure(let refusal): return refusal
    case .success(let job):
      let logs = await server.ask(["type": "job_logs", "job": job["id"] ?? id])["result"]?["events"] ?? []
      var members = taskMembers(job) + [("logs", logs), ("error", job["error"] ?? [])]
      if job["is_final"]?.bool == true {
        members.append(("result", await JobOutcome(job: job, server).structured))
      }
      return .done(JSONValue(members))
    }
  }

  private static let cancel = AgentTool(
    "task_cancel", "End a task, here and where it runs.", input: [("task_id", id)], required: ["task_id"],
    output: [shown, "cancelled: whether it was ended by this"], timing: .acknowledge
  ) { server, arguments in
    let id = arguments["task_id"] ?? nil
    guard case .success(let before) = await server.job(id) else {
      return await server.ask(["type": "job_status", "job": id])
    }
    let reply = await server.ask(["type": "job_cancel", "job": [before["id"] ?? id]])
    guard reply["type"]?.string != "error", case .success(let after) = await server.job(id) else {
      return reply
    }
    let isEnded = before["is_final"]?.bool == false && after["state"]?.string == "cancelled"
    return .done(JSONValue(taskMembers(after) + [("cancelled", .bool(isEnded))]))
  }

  private static let list = AgentTool(
    "list_tasks", "List tasks, the newest first.",
    input: [
      (
        "status",
        [
          "type": "string", "enum": .array(Catalogue.jobStates.map { .string($0) }),
          "description": "only those",
        ]
      ),
      ("agent_name", text(128, "only of this tool")),
      (
        "limit",
        ["type": "integer", "minimum": 1, "maximum": 1000, "description": "so many at most; by default 100"]
      ),
      ("cursor", text(20, "next_cursor of the page before")),
    ],
    output: [
      "tasks: [{task_id, status, name, state, progress, …}]", "next_cursor: null at the end",
      "total: how many are live",
    ],
    timing: .immediate, changes: .nothing
  ) { server, arguments in
    var request = JSONObject([("type", "job_list"), ("limit", arguments["limit"] ?? 100)])
    request["status"] = arguments["status"]
    if let agent = arguments["agent_name"]?.string {
      request["tool"] = .string(jobTool(agent)?.job?.tool ?? agent)
    }
    if let cursor = arguments["cursor"]?.string {
      guard let before = Int64(cursor), before >= 0 else {
        return ToolError(
          code: "bad_cursor", what: "\(shownText(cursor)) is no page", why: "A page before it names it.",
          next: "list_tasks without a cursor"
        ).content
      }
      request["before"] = .integer(before)
    }
    let reply = await server.ask(.object(request))
    guard let result = reply["result"], let jobs = result["jobs"]?.array else { return reply }
    let next: JSONValue = result["next"]?.unsignedInt.map { .string(String($0)) } ?? nil
    return .done([
      "tasks": .array(jobs.map { JSONValue(taskMembers($0)) }), "next_cursor": next,
      "total": result["total"] ?? nil,
    ])
  }

  /// A job in four states: pending, running, completed, failed.
  static func taskMembers(_ job: JSONValue) -> [(String, JSONValue)] {
    let status: JSONValue =
      switch job["status"]?.string {
      case "processing"?: "running"
      case "complete"?: "completed"
      case "failed"?, "cancelled"?: "failed"
      default: "pending"
      }
    let kept = [
      "state", "host", "progress", "message", "submitted", "started", "finished", "ends_in", "region_id",
    ]
    return [("task_id", job["id"] ?? nil), ("status", status), ("name", job["tool"] ?? nil)]
      + kept.map { ($0, job[$0] ?? nil) }
  }
}
