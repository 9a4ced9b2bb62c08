import HootWire
import Tools

/// How events are asked for: from the call on each is handed over, in order, on a thread that must not be kept. Called
/// once, with the first stream.
package typealias EventSource =
  @Sendable (_ take: @escaping @Sendable (_ topic: String, _ content: JSONValue) -> Void) -> Void

/// Turns requests into questions to the desk, and what it says into replies. On the web thread; waits for the desk only
/// by giving the thread back.
struct Answerer: Sendable {
  let desk: any RequestDesk
  let cookie: String

  /// - Parameter upload: the file that the body was written to, where it is one.
  func answer(_ head: RequestHead, _ body: [UInt8], _ upload: OpenFile? = nil) async -> HTTPReply {
    do {
      let (endpoint, values) = try Endpoint.find(head)
      let call = Call(head: head, values: values, body: body, upload: upload)
      switch endpoint.work {
      case .tool(let name, let status): return try await one(Catalogue.tool(name), call, status: status)
      case .own(let work): return try await answer(work, call)
      }
    } catch { return error.reply }
  }

  private func answer(_ work: Endpoint.OwnWork, _ call: Call) async throws(Problem) -> HTTPReply {
    switch work {
    case .health: return HTTPReply(200, json: ["alive": true, "version": .string(Product.version)])
    case .ready: return try await ready()
    case .metrics: return try await figures()
    case .logIn:
      return HTTPReply(204).with(
        "Set-Cookie", "\(Gate.cookieName)=\(cookie); Path=/; HttpOnly; SameSite=Strict")
    case .logOut:
      return HTTPReply(204).with(
        "Set-Cookie", "\(Gate.cookieName)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
    case .tools: return HTTPReply(200, json: ["tools": .array(Catalogue.all.map(Description.tool))])
    case .openAPI: return HTTPReply(200, json: Description.openAPI)
    case .events: return try events(call)
    case .page: return try page("index.html", call)
    case .pageFile: return try page(call.value("file") ?? "", call)
    case .listen: return try listen(call)
    case .messages:
      throw Problem(
        404, "no_agents", "agents are not served here", "this server was started without them", "garden mcp")
    case .anyTool: return try await anyTool(call)
    case .addWorkflow: return try await addWorkflow(call)
    case .addTask: return try await addTask(call)
    case .addRender: return try await addRender(call)
    case .showTask: return try await showTask(call)
    case .cancelTask: return try await cancelTask(call)
    case .retryTask: return try await retryTask(call)
    case .taskLogs: return HTTPReply(200, json: try await ask(.jobLogs, call))
    case .taskResult: return try await taskResult(call)
    case .listTasks: return try await listTasks(call)
    case .tailTask: return try await tailTask(call)
    case .artifactBytes: return try await artifactBytes(call)
    case .addArtifact: return try await addArtifact(call)
    case .among(let list, let member, let one): return try await among(list, member, one, call)
    }
  }

  private func anyTool(_ call: Call) async throws(Problem) -> HTTPReply {
    let name = call.value("tool") ?? ""
    guard let tool = Catalogue.tool(named: name) else {
      let unknown = Catalogue.unknownTool(name)
      throw Problem(404, unknown.code, unknown.what, unknown.why, "GET /api/tools")
    }
    var call = call
    call.values = []
    return HTTPReply(200, json: try await ask(tool, try call.parameters(for: tool)))
  }

  /// `topics=job,latent` are beginnings of topics; `cursor` or Last-Event-ID is the last event that was seen.
  private func events(_ call: Call) throws(Problem) -> HTTPReply {
    var wish = EventWish(topics: [], cursor: call.head.values("last-event-id").first)
    for pair in call.head.query {
      switch pair.name {
      case "topics": wish.topics += pair.value.split(separator: ",").map(String.init)
      case "cursor": wish.cursor = wish.cursor ?? pair.value
      default:
        throw Problem(
          400, "unknown_parameter", "events have no parameter \(shownText(pair.name))",
          "allowed: topics, cursor",
          "GET /api/events?topics=job")
      }
    }
    guard wish.topics.count <= WebLimits.topics else {
      throw Problem(
        400, "out_of_range", "too many topics", "seen \(wish.topics.count), allowed \(WebLimits.topics)",
        "GET /api/events")
    }
    if call.head.value("upgrade") != nil { return try Answerer.socket(call, wish) }
    return Answerer.stream(wish)
  }

  /// Whether the control thread answers: it holds the timeline, and hears of the ledger.
  private func ready() async throws(Problem) -> HTTPReply {
    let reply = await desk.ask(["type": "status"], timeout: .seconds(2))
    if let problem = Problem(refusal: reply) {
      throw Problem(
        503, "not_ready", "the daemon lives and cannot work now", problem.lines[0], problem.lines[2])
    }
    return HTTPReply(200, json: ["ready": true])
  }

  /// What is counted and measured, and the numbers of the status behind it.
  private func figures() async throws(Problem) -> HTTPReply {
    let metrics = try await ask(Catalogue.tool(.metrics), JSONObject())
    let status = try await ask(Catalogue.tool(.status), JSONObject())
    let text = (metrics["prometheus"]?.string ?? "") + MetricsText.of(status)
    return HTTPReply(
      200, body: Array(text.utf8),
      type: metrics["prometheus_type"]?.string ?? "text/plain; version=0.0.4; charset=utf-8")
  }
}

extension Answerer {
  func ask(_ name: ToolName, _ call: Call) async throws(Problem) -> JSONValue {
    let tool = Catalogue.tool(name)
    return try await ask(tool, try call.parameters(for: tool))
  }

  /// The result of a tool.
  ///
  /// - Parameter match: the tag of the state that it may edit, and no other.
  func ask(_ tool: Tool, _ parameters: JSONObject, match: String? = nil) async throws(Problem) -> JSONValue {
    var content = JSONObject([("type", .string(tool.name.rawValue))])
    for member in parameters.members { content[member.key] = member.value }
    if let match { content["if_match"] = .string(match) }
    let reply = await desk.ask(.object(content), timeout: .seconds(max(tool.timing.seconds, 25) + 5))
    if let problem = Problem(refusal: reply) { throw problem }
    return reply["result"] ?? reply
  }
}

/// One request with what its path, query and body say.
struct Call: Sendable {
  let head: RequestHead
  var values: [RequestHead.Header]
  let body: [UInt8]
  var upload: OpenFile? = nil

  var isRead: Bool { head.method == "GET" || head.method == "HEAD" }

  func value(_ name: String) -> String? { values.first { $0.name == name }?.value }

  /// The body as an object; an absent one is empty.
  func object() throws(Problem) -> JSONObject {
    if body.isEmpty { return JSONObject() }
    let type = head.value("content-type")?.lowercased().prefix { $0 != ";" && $0 != " " } ?? ""
    guard type == "application/json" else {
      throw Problem(
        415, "wrong_type", "the body's type is not taken", "Content-Type is \(shownText(String(type)))",
        "Content-Type: application/json")
    }
    let value: JSONValue
    do { value = try JSONValue.parse(body) } catch {
      throw Problem(400, "bad_json", "the body is no JSON", "\(error)", "send an object")
    }
    guard let object = value.object else {
      throw Problem(400, "bad_json", "the body is not an object", "it is \(value.kind)", "send an object")
    }
    return object
  }

  /// Path, query and body together; what is said in two of them is refused.
  func parameters(for tool: Tool) throws(Problem) -> JSONObject {
    var all = try object()
    guard all["type"] == nil else {
      throw Problem(
        400, "unknown_parameter", "\(tool.name.rawValue) has no parameter \"type\"",
        "the path says which tool it is",
        "GET /api/tools")
    }
    var query: [String: [JSONValue]] = [:]
    for pair in head.query { query[pair.name, default: []].append(.string(pair.value)) }
    var given = query.map { ($0.key, $0.value.count == 1 ? $0.value[0] : .array($0.value)) }
    for value in values { given.append((Call.parameter(value.name, of: tool), .string(value.value))) }
    for (name, value) in given.sorted(by: { $0.0 < $1.0 }) {
      guard all[name] == nil, name != "type" else {
        throw Problem(
          400, "given_twice", "\(shownText(name)) is given twice", "path, query and body say each thing once",
          "GET /api/tools")
      }
      all[name] = value
    }
    return all
  }

  /// A path's parameter is the tool's of that name, else what the tool is about: its first that stands by itself.
  static func parameter(_ name: String, of tool: Tool) -> String {
    let own = tool.usage.parameters
    if own.contains(where: { $0.name.rawValue == name }) { return name }
    return own.first { $0.isPositional }?.name.rawValue ?? name
  }
}
