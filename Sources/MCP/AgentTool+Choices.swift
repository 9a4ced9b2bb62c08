import HootWire
import Tools

// Where one tool of hootenanny's is several here, or does without what ours demands.
extension AgentTool {
  /// `job_poll` without jobs is about all that have not ended.
  var pollingAll: AgentTool {
    var tool = self
    guard case .request(let make) = answer else { return self }
    let seconds = timing.seconds
    tool.answer = .own { server, arguments in
      var arguments = arguments
      if arguments["job"] == nil, arguments["job_ids"] == nil {
        let live = await server.ask(["type": "job_list", "status": "live", "limit": 100])
        guard let jobs = live["result"]?["jobs"]?.array else { return live }
        guard !jobs.isEmpty else { return .done(["jobs": [], "done": true]) }
        arguments["job"] = .array(jobs.compactMap { $0["id"] })
      }
      do throws(ToolError) {
        return await server.ask(try make(arguments), seconds: seconds)
      } catch { return error.content }
    }
    return tool
  }

  /// `orpheus_generate` with a seed, or as a loop, is a tool of its own here.
  var choosingOrpheus: AgentTool {
    var tool = self
    guard case .request(let make) = answer, var schema = input.object,
      var members = schema["properties"]?.object
    else { return self }
    members["seed_hash"] =
      Catalogue.tool(.orpheusLoops).usage.parameters
      .first { $0.name == .seedHash }?.schema
    members["as_loop"] = ["type": "boolean", "description": "something that can be repeated"]
    schema["properties"] = .object(members)
    tool.input = .object(schema)
    tool.answer = .request { arguments throws(ToolError) in
      var arguments = arguments
      let isLoop = arguments["as_loop"]?.bool == true
      let seed = arguments["seed_hash"]
      arguments["as_loop"] = nil
      arguments["seed_hash"] = nil
      guard var request = try make(arguments).object else { return nil }
      if isLoop { request["type"] = .string(ToolName.orpheusLoops.rawValue) }
      if let seed, !seed.isNull {
        if !isLoop { request["type"] = .string(ToolName.orpheusGenerateSeeded.rawValue) }
        request["seed_hash"] = seed
      }
      return .object(request)
    }
    return tool
  }
}
