import HootWire
import Tools

extension Answerer {
  /// `{"tool": NAME, …}` with the tool's own parameters beside it, or in `params`.
  func addTask(_ call: Call) async throws(Problem) -> HTTPReply {
    var body = try call.object()
    guard let name = body["tool"]?.string else {
      throw Problem(
        400, "missing_parameter", "a task needs a tool", "\"tool\" is not given", "GET /api/tools")
    }
    for member in try params(&body).members {
      guard body[member.key] == nil else {
        throw Problem(
          400, "given_twice", "\(shownText(member.key)) is given twice", "in \"params\" and beside it",
          "GET /api/tools")
      }
      body[member.key] = member.value
    }
    return try await submit(try tool(name, &body), body, call)
  }

  /// The session as a sound file: a task like any other, whose parameters are the body.
  func addRender(_ call: Call) async throws(Problem) -> HTTPReply {
    try await submit(Catalogue.tool(.bounce), try call.object(), call)
  }

  private func submit(_ tool: Tool, _ parameters: JSONObject, _ call: Call) async throws(Problem) -> HTTPReply
  {
    var body = parameters
    if let key = call.head.value("idempotency-key") { body["idempotency_key"] = .string(key) }
    if let trace = call.head.value("traceparent"), body["traceparent"] == nil {
      body["traceparent"] = .string(trace)
    }
    let result = try await ask(tool, body)
    if body["dry_run"]?.bool == true { return HTTPReply(200, json: result) }
    guard let id = result["job_id"]?.string else { return HTTPReply(200, json: result) }
    return HTTPReply(202, json: result).with("Location", "/api/tasks/\(id)")
  }

  private func params(_ body: inout JSONObject) throws(Problem) -> JSONObject {
    guard let params = body["params"] else { return JSONObject() }
    body["params"] = nil
    guard let object = params.object else {
      throw Problem(
        400, "bad_parameter", "\"params\" is not an object", "it is \(params.kind)", "GET /api/tools")
    }
    return object
  }

  /// A tool that is declared; any other name is what a host may know.
  private func tool(_ name: String, _ body: inout JSONObject) throws(Problem) -> Tool {
    if let tool = Catalogue.tool(named: name) ?? Catalogue.jobTool(name), tool.job != nil {
      body["tool"] = nil
      return tool
    }
    guard Catalogue.tool(named: name) == nil else {
      throw Problem(
        400, "no_task", "\(shownText(name)) is no task", "it is answered at once", "POST /api/tools/\(name)")
    }
    return Catalogue.tool(.generate)
  }

  /// With `Prefer: wait=SECONDS` and the ETag that is known in If-None-Match: as soon as something has changed.
  func showTask(_ call: Call) async throws(Problem) -> HTTPReply {
    var result = try await ask(.jobShow, call)
    let known = call.head.value("if-none-match")
    let wait = Answerer.preferredWait(call.head)
    if wait > 0, let job = result["job"], job["is_final"]?.bool != true, let revision = job["revision"]?.int,
      known == nil || known == Answerer.tag(job)
    {
      var poll = JSONObject([("job", .array([job["id"] ?? nil])), ("wait", .number(wait))])
      // Without a state that the client knows it waits for the end.
      if known != nil { poll["since"] = .integer(revision) }
      _ = try await ask(Catalogue.tool(.jobPoll), poll)
      result = try await ask(.jobShow, call)
    }
    let tag = Answerer.tag(result["job"] ?? nil)
    if let known, known == tag { return HTTPReply(304).with("ETag", tag) }
    return HTTPReply(200, json: result).with("ETag", tag)
  }

  /// A job's revision, which grows with each change.
  private static func tag(_ job: JSONValue) -> String { "\"\(job["revision"]?.int ?? 0)\"" }

  /// Seconds of RFC 7240's `wait`, as far as the daemon keeps anybody waiting.
  static func preferredWait(_ head: RequestHead) -> Double {
    for preference in head.values("prefer").flatMap({ $0.split(separator: ",") }) {
      let pair = preference.filter { $0 != " " }.lowercased().split(separator: "=")
      if pair.count == 2, pair[0] == "wait", pair[1].utf8.count <= 9, let seconds = UInt32(pair[1]) {
        return Double(min(seconds, 24))
      }
    }
    return 0
  }

  func cancelTask(_ call: Call) async throws(Problem) -> HTTPReply {
    let shown = try await ask(.jobShow, call)
    let job = shown["job"] ?? nil
    guard job["is_final"]?.bool != true else { throw Answerer.hasEnded(job, "cancelled") }
    var call = call
    call.values = [RequestHead.Header(name: "job", value: job["id"]?.string ?? "")]
    return HTTPReply(200, json: try await ask(.jobCancel, call))
  }

  func retryTask(_ call: Call) async throws(Problem) -> HTTPReply {
    let shown = try await ask(.jobShow, call)
    let job = shown["job"] ?? nil
    guard job["state"] != "succeeded" else { throw Answerer.hasEnded(job, "done anew") }
    let result = try await ask(.jobRetry, call)
    return HTTPReply(202, json: result).with("Location", "/api/tasks/\(result["job_id"]?.string ?? "")")
  }

  private static func hasEnded(_ job: JSONValue, _ what: String) -> Problem {
    Problem(
      409, "wrong_state", "the task cannot be \(what)", "it is \(job["state"]?.string ?? "over")",
      "GET /api/tasks/\(job["id"]?.string ?? "")")
  }

  /// 202 as long as it is being made.
  func taskResult(_ call: Call) async throws(Problem) -> HTTPReply {
    let shown = try await showTask(call)
    guard shown.status == 200 else { return shown }
    let result = try await ask(
      .jobShow, Call(head: call.head.without(query: true), values: call.values, body: []))
    let job = result["job"] ?? nil
    guard job["is_final"]?.bool == true else {
      return HTTPReply(202, json: ["job": job]).with("Retry-After", "1").with(
        "Location", "/api/tasks/\(job["id"]?.string ?? "")/result")
    }
    guard job["state"] == "succeeded" else {
      let lines = (job["error"]?.array ?? []).compactMap(\.string)
      throw Problem(
        409, "job_\(job["state"]?.string ?? "failed")", "the task has no result",
        lines.isEmpty ? "it is \(job["state"]?.string ?? "over")" : lines.joined(separator: ": "),
        "POST /api/tasks/\(job["id"]?.string ?? "")/retry")
    }
    return HTTPReply(
      200,
      json: [
        "job_id": job["id"] ?? nil, "tool": job["tool"] ?? nil, "artifacts": job["artifacts"] ?? [],
        "value": job["value"] ?? nil, "region_id": job["region_id"] ?? nil,
      ])
  }

  /// `cursor` is what a reply's `next` says.
  func listTasks(_ call: Call) async throws(Problem) -> HTTPReply {
    var head = call.head
    head.query = head.query.map { pair in
      let name = pair.name == "cursor" ? "before" : pair.name == "kind" ? "tool" : pair.name
      return RequestHead.Header(name: name, value: pair.value)
    }
    return HTTPReply(200, json: try await ask(.jobLs, Call(head: head, values: [], body: call.body)))
  }
}

extension RequestHead {
  fileprivate func without(query: Bool) -> RequestHead {
    var copy = self
    if query { copy.query = [] }
    return copy
  }
}
