import HootWire
import Jobs
import Tools

/// The Model Context Protocol over the daemon: messages in, messages out, whatever carries them.
///
/// Holds no state of its clients: tasks are jobs of the ledger, so a handle outlives this program and the daemon. Any
/// thread.
package struct MCPServer: Sendable {
  let desk: any RequestDesk
  /// Of every wait: tests go a hundred times as fast.
  let scale: Double
  /// Waits for nothing but time.
  let nap: @Sendable (Duration) async -> Void

  /// - Parameter nap: for a program that has a thread for it; the language's own starts threads.
  package init(
    desk: any RequestDesk, scale: Double = 1,
    nap: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
  ) {
    self.nap = nap
    self.desk = desk
    self.scale = scale
  }

  /// One request, and what belongs to it.
  struct Call: Sendable {
    var era: Era
    /// What the client calls its progress, if it wants to hear of it.
    var progressToken: JSONValue?
    var notify: @Sendable (JSONValue) -> Void = { _ in }
    /// The client has gone, or goes: nothing is waited for any more.
    var isEnding: @Sendable () -> Bool = { false }

    /// - Parameter params: in which the client says what it calls its progress.
    init(
      _ era: Era, _ params: JSONObject, notify: @escaping @Sendable (JSONValue) -> Void = { _ in },
      isEnding: @escaping @Sendable () -> Bool = { false }
    ) {
      (self.era, self.notify, self.isEnding) = (era, notify, isEnding)
      let token = params["_meta"]?["progressToken"]
      progressToken = token?.string != nil || token?.int != nil ? token : nil
    }
  }

  static func message(_ id: JSONValue, _ result: JSONValue) -> JSONValue {
    ["jsonrpc": "2.0", "id": id, "result": result]
  }

  /// The result of a request, as its dialect has it.
  func result(_ method: String, _ params: JSONObject, _ call: Call) async throws(RPCError) -> JSONValue {
    Self.stamped(try await answer(method, params, call), method, call.era)
  }

  /// What every result of the newer dialect says of itself.
  private static func stamped(_ result: JSONValue, _ method: String, _ era: Era) -> JSONValue {
    guard era.isStateless, var members = result.object else { return result }
    if members["resultType"] == nil { members["resultType"] = "complete" }
    if method == "server/discover" || method.hasSuffix("/list") || method == "resources/read" {
      let isFresh = method != "resources/read"
      members["ttlMs"] = .integer(isFresh ? MCPLimits.freshMilliseconds : 0)
      members["cacheScope"] = "private"
    }
    return .object(members)
  }

  /// The result of a request.
  func answer(_ method: String, _ params: JSONObject, _ call: Call) async throws(RPCError) -> JSONValue {
    switch method {
    case "initialize" where !call.era.isStateless: return try Self.initialize(params)
    case "ping" where !call.era.isStateless: return [:]
    case "server/discover" where call.era.isStateless: return Self.discover
    case "tools/list": return try list(params, call)
    case "tools/call": return try await callTool(params, call)
    case "resources/list": return try Self.resources(params)
    case "resources/templates/list": return try Self.resourceTemplates(params)
    case "resources/read": return try await readResource(params, call)
    case "prompts/list": return try Self.prompts(params)
    case "prompts/get": return try Self.prompt(params)
    default: return try await answerTask(method, params, call)
    }
  }

  // MARK: Who it is

  static let information: JSONValue = [
    "name": "chaosgarden", "title": "chaosgarden", "version": .string(Product.version),
  ]

  static let instructions = """
    A live music timeline: tracks hold regions of MIDI and sound, which play in time. Positions are beats (16), bar:beat \
    (5:1), seconds (90s), @marker or @next-bar. Generators make music as jobs: short ones answer with the outcome, long ones \
    with a job's id for job_poll; what they make enters the timeline by itself, or waits for approve. Nothing is lost when \
    a call is given up: the job goes on.
    """

  private static let capabilities: [(String, JSONValue)] = [
    ("tools", [:]), ("resources", [:]), ("prompts", [:]),
  ]

  private static func initialize(_ params: JSONObject) throws(RPCError) -> JSONValue {
    guard let asked = params["protocolVersion"]?.string else {
      throw RPCError(.invalidParams, "`protocolVersion` is missing")
    }
    let tasks: JSONValue = ["list": [:], "cancel": [:], "requests": ["tools": ["call": [:]]]]
    return [
      "protocolVersion": .string(agreed(on: asked)),
      "capabilities": JSONValue(capabilities + [("tasks", tasks)]),
      "serverInfo": information, "instructions": .string(instructions),
    ]
  }

  /// What is asked for where it is known; else the newest with a handshake.
  static func agreed(on version: String) -> String {
    Era.handshakeVersions.contains(version) ? version : Era.handshakeVersions[0]
  }

  private static let discover: JSONValue = [
    "supportedVersions": .array(([Era.statelessVersion] + Era.handshakeVersions).map { .string($0) }),
    "capabilities": JSONValue(capabilities + [("extensions", tasksAbility)]),
    "instructions": .string(instructions), "_meta": ["io.modelcontextprotocol/serverInfo": information],
  ]

  // MARK: The daemon

  /// Content of a reply of the daemon's.
  ///
  /// - Parameter seconds: how long it may take.
  func ask(_ content: JSONValue, seconds: Double = 0) async -> JSONValue {
    await desk.ask(content, timeout: .seconds(max(seconds, 0) + MCPLimits.answerSeconds))
  }

  enum Found {
    case success(JSONValue)
    /// Content of the daemon's refusal.
    case failure(JSONValue)
  }

  /// A job as it is.
  func job(_ id: JSONValue) async -> Found {
    let reply = await ask(["type": "job_status", "job": id])
    guard let job = reply["result"]?["job"], job.object != nil else { return .failure(reply) }
    return .success(job)
  }

  /// A region, once its job's content has come to it or it waits for somebody.
  func region(_ id: String) async -> JSONValue {
    let deadline = ContinuousClock.now + .seconds(MCPLimits.regionSeconds)
    while true {
      let region = await ask(["type": "region_show", "region": .string(id)])["result"]?["region"] ?? nil
      guard let status = region["status"]?.string, ["pending", "running", "approved"].contains(status),
        .now < deadline, !Task.isCancelled
      else { return region }
      // Whoever cancels it is seen above.
      await nap(.milliseconds(25))
    }
  }

  /// What is known of an artifact, and of the music in it.
  func artifact(_ hash: String) async -> JSONValue {
    let known = await ask(["type": "artifact_get", "hash": .string(hash)])["result"]?["artifact"]
    var members = JSONObject([
      ("hash", .string(hash)), ("uri", .string(Self.artifactPrefix + hash)), ("type", known?["type"] ?? nil),
      ("bytes", known?["bytes"] ?? nil), ("label", known?["label"] ?? nil),
    ])
    let type = known?["type"]?.string ?? ""
    let look =
      type.contains("midi") ? ToolName.midiInfo : type.hasPrefix("audio/") ? ToolName.audioInfo : nil
    guard let look else { return .object(members) }
    let tool = Catalogue.tool(look)
    let reply = await ask(
      ["type": .string(look.rawValue), "file": .string(hash)], seconds: tool.timing.seconds)
    for name in ["beats", "seconds", "notes", "integrated_lufs", "true_peak_db", "channels", "sample_rate"] {
      if let value = reply["result"]?[name] { members[name] = value }
    }
    return .object(members)
  }
}
