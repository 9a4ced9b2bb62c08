import HootWire
import Tools

/// A tool as agents see it: what it takes, what it gives, and how it is answered.
package struct AgentTool: Sendable {
  package var name: String
  /// One line.
  package var summary: String
  /// JSON Schemas.
  package var input: JSONValue
  package var output: JSONValue
  package var timing: Tool.Timing
  /// What it does becomes a job, whose outcome is what is answered.
  package var makesJob = false
  package var changes = Changes.something
  var answer: Answer

  package enum Changes: Sendable {
    case nothing
    case something
    /// What is lost by it may not come back.
    case destroys
  }

  enum Answer: Sendable {
    /// What the daemon is asked.
    case request(@Sendable (JSONObject) throws(ToolError) -> JSONValue)
    /// Several requests, or none; content as the daemon's replies have it.
    case own(@Sendable (MCPServer, JSONObject) async -> JSONValue)
  }

  /// One that its program does by itself.
  ///
  /// - Parameters:
  ///   - input: members of the schema of the arguments.
  ///   - perform: gives content as a reply of the daemon's has it: `{"type": "ok", "result": {…}}` or an `error`.
  package init(
    _ name: String, _ summary: String, input: [(String, JSONValue)], required: [String] = [],
    output: [String], timing: Tool.Timing, changes: Changes = .something,
    perform: @escaping @Sendable (MCPServer, JSONObject) async -> JSONValue
  ) {
    self.name = name
    self.summary = summary
    self.input = ObjectSchema.of(input, required: required)
    self.output = ObjectSchema.of(result: output)
    self.timing = timing
    self.changes = changes
    answer = .own(perform)
  }

  init(
    _ name: String, like tool: Tool, _ summary: String? = nil, input: JSONValue,
    _ request: @escaping @Sendable (JSONObject) throws(ToolError) -> JSONValue
  ) {
    self.name = name
    self.summary = summary ?? Self.summary(of: tool)
    makesJob = Self.makesJob(tool)
    self.input = makesJob ? ResponseWishes.adding(to: input) : input
    output = makesJob ? JobOutcome.schema : ObjectSchema.of(result: tool.result)
    timing = tool.timing
    changes = Self.changes(tool)
    answer = .request(request)
  }

  /// The declaration in the catalogue, as it is.
  init(_ tool: Tool) {
    let name = tool.name.rawValue
    let parameters = tool.usage.parameters.filter { !$0.isClientOnly }
    let words = Self.words(tool)
    let replaced = Set(words.map(\.ours))
    let schema = ObjectSchema.of(
      parameters.map { ($0.name.rawValue, $0.schema) } + Self.members(words, of: tool),
      required: parameters.filter { $0.isRequired && !replaced.contains($0.name.rawValue) }
        .map(\.name.rawValue))
    self.init(name, like: tool, input: schema) { arguments throws(ToolError) in
      var arguments = arguments
      try Self.translate(&arguments, words)
      // It would be another request.
      guard arguments["type"] == nil else {
        throw ToolError(
          code: "unknown_parameter", what: "\(name) has no parameter \"type\"",
          why: "It says which request it is.",
          next: "tools/list shows what \(name) takes")
      }
      return Self.request(name, arguments)
    }
  }

  static func request(_ type: String, _ arguments: JSONObject) -> JSONValue {
    JSONValue([("type", .string(type))] + arguments.members.map { ($0.key, $0.value) })
  }

  private static func summary(of tool: Tool) -> String {
    let summary = tool.usage.summary
    return summary.prefix(1).uppercased() + summary.dropFirst() + "."
  }

  private static func makesJob(_ tool: Tool) -> Bool {
    switch tool.name {
    case .generate, .vary, .jobRetry: true
    default: tool.job != nil
    }
  }

  private static func changes(_ tool: Tool) -> Changes {
    let name = tool.name.rawValue
    if ["_rm", "_clear", "_gc", "_drop", "_new", "_load"].contains(where: name.hasSuffix)
      || name == "shutdown"
    {
      return .destroys
    }
    let looks = [
      "_ls", "_list", "_show", "_status", "_info", "_inspect", "_stats", "_verify", "_logs", "_validate",
    ]
    switch tool.name {
    case .status, .limits, .doctor, .meter, .peers, .jobPoll, .artifactShow, .workflowTasks: return .nothing
    default: return looks.contains(where: name.hasSuffix) ? .nothing : .something
    }
  }

  /// Refuses what the schema does not allow, in three lines.
  func check(_ arguments: JSONObject) throws(ToolError) {
    guard let problem = SchemaCheck.problem(.object(arguments), input) else { return }
    throw ToolError(
      code: "bad_arguments", what: "\(name) cannot be done with these arguments", why: "\(problem).",
      next: "tools/list shows what \(name) takes")
  }

  /// As `tools/list` shows it.
  ///
  /// - Parameter withTasks: what it says of tasks in the older dialect.
  func listed(withTasks: Bool) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("name", .string(name)), ("description", .string(summary)), ("inputSchema", input),
      ("outputSchema", output),
      (
        "annotations",
        [
          "readOnlyHint": .bool(changes == .nothing), "destructiveHint": .bool(changes == .destroys),
          "openWorldHint": .bool(makesJob),
        ]
      ),
    ]
    if withTasks, makesJob { members.append(("execution", ["taskSupport": "optional"])) }
    return JSONValue(members)
  }
}

extension AgentTool {
  /// Every tool that the daemon serves, the declared ones first.
  package static let all: [AgentTool] = declared + peerTools + taskTools

  private static let declared = Catalogue.all.map { tool in
    switch tool.name {
    case .jobPoll: AgentTool(tool).pollingAll
    case .orpheusGenerate: AgentTool(tool).choosingOrpheus
    default: AgentTool(tool)
    }
  }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// By its name, or by another that its declaration goes by, which is not listed.
  package static func named(_ name: String) -> AgentTool? {
    byName[name] ?? Catalogue.tool(named: name).flatMap { byName[$0.name.rawValue] }
  }

  /// Whether the daemon declares it, and so checks what it is given.
  var isDeclared: Bool { ToolName(rawValue: name) != nil }
}
