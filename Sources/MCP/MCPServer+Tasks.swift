import HootWire

// Jobs as the protocol's tasks, in both dialects. A task's id is its job's.
extension MCPServer {
  func answerTask(_ method: String, _ params: JSONObject, _ call: Call) async throws(RPCError) -> JSONValue {
    switch (method, call.era) {
    case ("tasks/get", .handshake):
      return Self.task(try await task(params), isStateless: false)
    case ("tasks/get", .stateless(let client)):
      try Self.demandTasks(client)
      return await detailed(try await task(params), call.era)
    case ("tasks/result", .handshake): return try await taskResult(params, call)
    case ("tasks/list", .handshake): return try await tasks(params)
    case ("tasks/cancel", .handshake): return try await cancelTask(params)
    case ("tasks/cancel", .stateless(let client)):
      try Self.demandTasks(client)
      let job = try await task(params)
      if job["is_final"]?.bool != true { _ = await ask(["type": "job_cancel", "job": [job["id"] ?? nil]]) }
      return [:]
    case ("tasks/update", .stateless(let client)):
      try Self.demandTasks(client)
      // No job asks anything back.
      _ = try await task(params)
      return [:]
    default: throw RPCError(.methodNotFound, "There is no method \(quoted(method))")
    }
  }

  private static func demandTasks(_ client: Era.ClientAbilities) throws(RPCError) {
    guard !client.takesTasks else { return }
    throw RPCError(
      .missingClientCapability, "Tasks need a client that declares the extension \(Era.tasksExtension)",
      data: ["requiredCapabilities": ["extensions": tasksAbility]])
  }

  /// As clients and servers say that they know the extension.
  static let tasksAbility = JSONValue.object(JSONObject([(Era.tasksExtension, .object(JSONObject()))]))

  /// The job of a request about a task.
  private func task(_ params: JSONObject) async throws(RPCError) -> JSONValue {
    guard let id = params["taskId"]?.string, id.utf8.count <= 36 else {
      throw RPCError(.invalidParams, "`taskId` must be the id of a task")
    }
    switch await job(.string(id)) {
    case .success(let job) where job["id"]?.string == id: return job
    case .success: throw RPCError(.invalidParams, "There is no task \(quoted(id))")
    case .failure(let reply):
      throw RPCError(.invalidParams, Self.lines(of: reply).joined(separator: "\n"))
    }
  }

  /// What is given in place of a result, to a client that asked for it or can take it.
  static func created(_ job: JSONValue, isStateless: Bool) -> JSONValue {
    let task = task(job, isStateless: isStateless)
    guard isStateless, var members = task.object else { return ["task": task] }
    members["resultType"] = "task"
    return .object(members)
  }

  func handle(of id: String) async throws(RPCError) -> JSONValue {
    switch await job(.string(id)) {
    case .success(let job): return Self.created(job, isStateless: false)
    case .failure(let reply): throw RPCError(.internalError, Self.lines(of: reply).joined(separator: "\n"))
    }
  }

  static func task(_ job: JSONValue, isStateless: Bool) -> JSONValue {
    let created = job["submitted"] ?? nil
    let changed = [job["finished"], job["started"], created].compactMap { $0 }.first { !$0.isNull } ?? nil
    let message = job["message"]?.string ?? ""
    let left = Int64(max(0, min(job["ends_in"]?.double ?? 4, 3_600)) * 250)
    let poll = min(max(left, MCPLimits.pollMilliseconds.lowerBound), MCPLimits.pollMilliseconds.upperBound)
    return JSONValue([
      ("taskId", job["id"] ?? nil), ("status", .string(status(job, isStateless: isStateless))),
      ("statusMessage", .string(message.isEmpty ? job["state"]?.string ?? "" : message)),
      ("createdAt", created), ("lastUpdatedAt", changed),
      (isStateless ? "ttlMs" : "ttl", .integer(MCPLimits.taskMilliseconds)),
      (isStateless ? "pollIntervalMs" : "pollInterval", .integer(poll)),
    ])
  }

  /// In the newer dialect a job that failed is a task that completed, with a result that says so.
  private static func status(_ job: JSONValue, isStateless: Bool) -> String {
    guard job["is_final"]?.bool == true else { return "working" }
    switch job["state"]?.string {
    case "succeeded": return "completed"
    case "cancelled": return "cancelled"
    default: return isStateless ? "completed" : "failed"
    }
  }

  private func detailed(_ job: JSONValue, _ era: Era) async -> JSONValue {
    let task = Self.task(job, isStateless: true)
    guard task["status"] == "completed", var members = task.object else { return task }
    members["result"] = result(await JobOutcome(job: job, self), era)
    return .object(members)
  }

  // MARK: Only of the older dialect

  private static func related(_ id: JSONValue) -> JSONValue {
    ["io.modelcontextprotocol/related-task": ["taskId": id]]
  }

  /// Waits for the end, however long that takes.
  private func taskResult(_ params: JSONObject, _ call: Call) async throws(RPCError) -> JSONValue {
    var job = try await task(params)
    let id = job["id"]?.string ?? ""
    while job["is_final"]?.bool != true {
      guard !Task.isCancelled, !call.isEnding() else {
        throw RPCError(.internalError, "The task \(id) works on; this connection ends")
      }
      job = await look(at: id, job, for: MCPLimits.lookSeconds * 1_000, call)
    }
    guard var result = result(await JobOutcome(job: job, self), call.era).object else { return [:] }
    result["_meta"] = Self.related(.string(id))
    return .object(result)
  }

  private func tasks(_ params: JSONObject) async throws(RPCError) -> JSONValue {
    var request = JSONObject([("type", "job_list"), ("limit", 100)])
    if let cursor = params["cursor"], !cursor.isNull {
      guard let before = cursor.string.flatMap({ Int64($0) }), before >= 0 else {
        throw RPCError(.invalidParams, "There is no page \(quoted(cursor.text))")
      }
      request["before"] = .integer(before)
    }
    let reply = await ask(.object(request))
    guard let jobs = reply["result"]?["jobs"]?.array else {
      throw RPCError(.internalError, Self.lines(of: reply).joined(separator: "\n"))
    }
    var members: [(String, JSONValue)] = [("tasks", .array(jobs.map { Self.task($0, isStateless: false) }))]
    if let next = reply["result"]?["next"]?.unsignedInt {
      members.append(("nextCursor", .string(String(next))))
    }
    return JSONValue(members)
  }

  private func cancelTask(_ params: JSONObject) async throws(RPCError) -> JSONValue {
    let job = try await task(params)
    guard job["is_final"]?.bool != true else {
      throw RPCError(.invalidParams, "The task has ended already: \(Self.status(job, isStateless: false))")
    }
    let reply = await ask(["type": "job_cancel", "job": [job["id"] ?? nil]])
    if reply["type"]?.string == "error" {
      throw RPCError(.internalError, Self.lines(of: reply).joined(separator: "\n"))
    }
    return Self.task(try await task(params), isStateless: false)
  }
}
