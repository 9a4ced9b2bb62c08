import HootWire
import Tools

extension MCPServer {
  /// Refuses a page that no list has had: each is given whole.
  static func onePage(_ params: JSONObject) throws(RPCError) {
    if let cursor = params["cursor"], !cursor.isNull {
      throw RPCError(.invalidParams, "There is no page \(quoted(cursor.text)): the list comes whole")
    }
  }

  func list(_ params: JSONObject, _ call: Call) throws(RPCError) -> JSONValue {
    try Self.onePage(params)
    let listed = AgentTool.all.map { $0.listed(withTasks: !call.era.isStateless) }
    return ["tools": .array(listed)]
  }

  func callTool(_ params: JSONObject, _ call: Call) async throws(RPCError) -> JSONValue {
    guard let name = params["name"]?.string else { throw RPCError(.invalidParams, "`name` is missing") }
    guard let tool = AgentTool.named(name) else {
      let unknown = AgentTool.unknown(name)
      throw RPCError(.invalidParams, "Unknown tool: \(unknown.what). \(unknown.why)")
    }
    var arguments = JSONObject()
    switch params["arguments"] {
    case nil, .null?: break
    case .object(let given)?: arguments = given
    case let other?: throw RPCError(.invalidParams, "`arguments` must be an object, and is \(other.kind)")
    }
    let isTask = try Self.asksForTask(params, tool, call)
    var wishes = ResponseWishes()
    let reply: JSONValue
    do throws(ToolError) {
      if tool.makesJob { wishes = try ResponseWishes(taking: &arguments) }
      reply = try await self.reply(of: tool, arguments)
    } catch { reply = error.content }
    guard tool.makesJob, let id = reply["result"]?["job_id"]?.string else {
      if isTask { throw RPCError(.invalidParams, Self.lines(of: reply).joined(separator: "\n")) }
      return Self.result(of: reply)
    }
    if isTask { return try await handle(of: id) }
    return try await follow(id, reply, tool, wishes, call)
  }

  /// Whether the handle is wanted in place of the result: the older dialect's way to say so.
  private static func asksForTask(
    _ params: JSONObject, _ tool: AgentTool, _ call: Call
  ) throws(RPCError) -> Bool {
    guard let task = params["task"], !call.era.isStateless else { return false }
    guard task.object != nil else {
      throw RPCError(.invalidParams, "`task` must be an object, and is \(task.kind)")
    }
    guard tool.makesJob else {
      throw RPCError(.methodNotFound, "\(tool.name) makes no task: call it without one")
    }
    return true
  }

  private func reply(of tool: AgentTool, _ arguments: JSONObject) async throws(ToolError) -> JSONValue {
    switch tool.answer {
    case .own(let perform):
      try tool.check(arguments)
      return await perform(self, arguments)
    case .request(let make):
      // What the daemon declares it checks itself, and in better words.
      if !tool.isDeclared { try tool.check(arguments) }
      return await ask(try make(arguments), seconds: tool.makesJob ? 0 : tool.timing.seconds)
    }
  }

  // MARK: Results

  /// A reply of the daemon's as a tool's result.
  static func result(of reply: JSONValue) -> JSONValue {
    if reply["type"]?.string == "error" { return refusal(lines(of: reply), reply["detail"]?["code"]) }
    let content = reply["result"] ?? reply
    guard var members = content.object else { return result(["value": content]) }
    // What a desk that waits for commands has heard of this one.
    for name in ["landed", "summary"] where members[name] == nil { members[name] = reply[name] }
    return result(.object(members))
  }

  static func result(_ structured: JSONValue, links: [JSONValue] = []) -> JSONValue {
    [
      "content": .array([["type": "text", "text": .string(structured.text)]] + links),
      "structuredContent": structured, "isError": false,
    ]
  }

  static func refusal(_ lines: [String], _ code: JSONValue?, _ more: [(String, JSONValue)] = []) -> JSONValue
  {
    let error: [(String, JSONValue)] = [
      ("error", .array(lines.map { .string($0) })), ("code", code ?? "refused"),
    ]
    return [
      "content": [["type": "text", "text": .string(lines.joined(separator: "\n"))]],
      "structuredContent": JSONValue(more.filter { $0.0 != "error" } + error), "isError": true,
    ]
  }

  /// What failed, why, and what to do next.
  static func lines(of reply: JSONValue) -> [String] {
    let lines = (reply["detail"]?["lines"]?.array ?? []).compactMap(\.string)
    return lines.isEmpty ? [reply["error"]?.string ?? "The daemon refused"] : lines
  }

  func result(_ outcome: JobOutcome, _ era: Era) -> JSONValue {
    guard outcome.hasFailed else {
      return Self.result(outcome.structured, links: era.hasLinks ? outcome.links : [])
    }
    return Self.refusal(
      outcome.lines, outcome.job["state"], outcome.structured.object?.members.map { ($0.key, $0.value) } ?? []
    )
  }
}
