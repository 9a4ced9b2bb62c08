import HootWire
import Testing

@testable import MCP

/// The protocol over HTTP, without a server.
@Suite struct WebAgentsTests {
  private let desk = ScriptedDesk.working(polls: 2)

  private func agents() -> WebAgents { WebAgents(MCPServer(desk: desk, scale: 0.01)) }

  private func post(
    _ agents: WebAgents, _ message: JSONValue, _ headers: [(String, String)] = [], body: [UInt8]? = nil,
    tell: @escaping @Sendable (JSONValue) -> Void = { _ in }
  ) async -> WebAnswer {
    var all: [(name: String, value: String)] = headers.map { (name: $0.0, value: $0.1) }
    if !headers.contains(where: { $0.0 == "accept" }) {
      all.append((name: "accept", value: "application/json, text/event-stream;q=0.9"))
    }
    if !headers.contains(where: { $0.0 == "content-type" }) {
      all.append((name: "content-type", value: "application/json; charset=utf-8"))
    }
    return await agents.answer(
      WebRequest(method: "POST", headers: all, body: body ?? message.encode()), tell: tell)
  }

  private func request(_ method: String, _ params: JSONValue = [:], id: JSONValue = 1) -> JSONValue {
    ["jsonrpc": "2.0", "id": id, "method": .string(method), "params": params]
  }

  private func stateless(_ method: String, _ params: JSONObject = JSONObject()) -> JSONValue {
    var params = params
    params["_meta"] = Talk.stateless
    return request(method, .object(params))
  }

  private func opened(_ agents: WebAgents, _ version: String = "2025-11-25") async throws -> String {
    let answer = await post(agents, request("initialize", ["protocolVersion": .string(version)]))
    #expect(answer.status == 200 && answer.message?["result"]?["protocolVersion"] == .string(version))
    return try #require(answer.headers.first { $0.name == "MCP-Session-Id" }?.value)
  }

  // MARK: The older dialect

  @Test("[O06] a session is opened, spoken in and ended; another or none is refused")
  func sessions() async throws {
    let agents = agents()
    let name = try await opened(agents)
    #expect(name.utf8.count == 32)
    let session = ("mcp-session-id", name)
    let notice: JSONValue = ["jsonrpc": "2.0", "method": "notifications/initialized"]
    #expect(await post(agents, notice, [session]) == WebAnswer(202))
    let ping = await post(agents, request("ping"), [session, ("mcp-protocol-version", "2025-11-25")])
    #expect(ping.status == 200 && ping.message?["result"] == [:])
    #expect(await post(agents, request("ping")).status == 400)
    #expect(await post(agents, request("ping"), [("mcp-session-id", "x")]).status == 404)
    let other = await post(agents, request("ping"), [session, ("mcp-protocol-version", "2025-06-18")])
    #expect(other.status == 400)
    let unknown = await post(agents, request("ping"), [session, ("mcp-protocol-version", "1999-01-01")])
    #expect(unknown.status == 400 && unknown.message?["error"]?["code"] == -32022)
    func end() async -> Int {
      let headers: [(name: String, value: String)] = [(name: "mcp-session-id", value: name)]
      return await agents.answer(WebRequest(method: "DELETE", headers: headers, body: [])) { _ in }.status
    }
    #expect(await end() == 204)
    #expect(await end() == 404)
    #expect(await post(agents, request("ping"), [session]).status == 404)
  }

  @Test func theSessionsAreBoundedAndTheOldestGoes() {
    var sessions = WebSessions()
    let start = ContinuousClock.now
    let first = sessions.open("2025-11-25", at: start)
    let second = sessions.open("2025-11-25", at: start + .seconds(1))
    #expect(sessions.begin("1", Patience(), in: first) == nil)
    for number in 2...MCPLimits.sessions {
      _ = sessions.open("2025-11-25", at: start + .seconds(number))
    }
    #expect(sessions.count == MCPLimits.sessions)
    // The first is the oldest, and works.
    #expect(sessions.visit(second, at: start) == nil && sessions.visit(first, at: start) == "2025-11-25")
  }

  @Test("who gives up a call is answered with the job's handle, and the job goes on")
  func givingUp() async throws {
    let desk = ScriptedDesk.working(polls: .max)
    let agents = WebAgents(MCPServer(desk: desk, scale: 1))
    let name = try await opened(agents)
    async let answer = post(
      agents, request("tools/call", ["name": "phrase_generate"], id: "call"), [("mcp-session-id", name)])
    while desk.requests("job_poll").isEmpty { await Task.yield() }
    let twice = await post(agents, request("ping", id: "call"), [("mcp-session-id", name)])
    #expect(twice.message?["error"]?["code"] == -32600)
    let cancelled: JSONValue = [
      "jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": "call"],
    ]
    #expect(await post(agents, cancelled, [("mcp-session-id", name)]) == WebAnswer(202))
    #expect(await answer.message?["result"]?["structuredContent"]?["status"] == "processing")
    #expect(desk.requests("job_cancel").isEmpty)
  }

  @Test("progress comes before the answer, and rises")
  func progress() async throws {
    let agents = WebAgents(MCPServer(desk: ScriptedDesk.working(polls: 4), scale: 1))
    let name = try await opened(agents)
    let (told, tell) = AsyncStream.makeStream(of: JSONValue.self)
    let params: JSONValue = ["name": "phrase_generate", "_meta": ["progressToken": 5]]
    let answer = await post(agents, request("tools/call", params), [("mcp-session-id", name)]) {
      tell.yield($0)
    }
    tell.finish()
    var seen: [Double] = []
    for await message in told {
      #expect(message["params"]?["progressToken"] == 5)
      seen.append(message["params"]?["progress"]?.double ?? -1)
    }
    #expect(seen == [0, 10, 20, 100] && answer.message?["result"]?["isError"] == false)
  }

  // MARK: The newer dialect

  @Test(
    "[O06] headers that do not say what the message says are refused",
    arguments: [
      ("2026-07-28", "tools/call", "status", 200),
      ("2026-07-28", "tools/call", "=?base64?c3RhdHVz?=", 200),
      ("2026-07-28", "tools/call", "=?base64?c3RhdHV?=", -32020),
      ("2026-07-28", "tools/call", "play", -32020),
      ("2026-07-28", "tools/call", "", -32020),
      ("2026-07-28", "tools/list", "status", -32020),
      ("2026-07-28", "", "status", -32020),
      ("2025-11-25", "tools/call", "status", -32020),
      ("", "tools/call", "status", -32020),
      ("2030-01-01", "tools/call", "status", -32020),
    ])
  func headers(_ version: String, _ method: String, _ name: String, _ wanted: Int64) async {
    var headers: [(String, String)] = []
    for (header, value) in [("mcp-protocol-version", version), ("mcp-method", method), ("mcp-name", name)]
    where !value.isEmpty {
      headers.append((header, value))
    }
    let answer = await post(
      agents(), stateless("tools/call", JSONObject([("name", "status")])), headers)
    if wanted == 200 {
      #expect(answer.status == 200 && answer.message?["result"]?["resultType"] == "complete")
    } else {
      #expect(answer.status == 400 && answer.message?["error"]?["code"] == .integer(wanted))
    }
  }

  @Test func aHeaderTwiceIsRefused() async {
    let headers = [
      ("mcp-protocol-version", "2026-07-28"), ("mcp-method", "tools/list"), ("mcp-method", "tools/list"),
    ]
    #expect(await post(agents(), stateless("tools/list"), headers).message?["error"]?["code"] == -32020)
  }

  @Test func statusesSayWhatTheErrorsSay() async {
    func ask(_ method: String, meta: JSONValue?, version: String = "2026-07-28") async -> WebAnswer {
      var params = JSONObject()
      if let meta { params["_meta"] = meta }
      return await post(
        agents(), request(method, .object(params)),
        [("mcp-protocol-version", version), ("mcp-method", method)])
    }
    let none = await ask("no/such", meta: Talk.stateless)
    #expect(none.status == 404 && none.message?["error"]?["code"] == -32601)
    #expect(await ask("initialize", meta: Talk.stateless).status == 404)
    let empty = await ask("tools/list", meta: nil)
    #expect(empty.status == 400 && empty.message?["error"]?["code"] == -32602)
    let late = await ask(
      "tools/list",
      meta: [
        "io.modelcontextprotocol/protocolVersion": "2030-01-01",
        "io.modelcontextprotocol/clientCapabilities": [:],
      ], version: "2030-01-01")
    #expect(late.status == 400 && late.message?["error"]?["code"] == -32022)
    #expect(late.message?["error"]?["data"]?["supported"]?.array?.first == "2026-07-28")
    #expect(await ask("tasks/get", meta: Talk.stateless).message?["error"]?["code"] == -32021)
    let notice: JSONValue = ["jsonrpc": "2.0", "method": "notifications/cancelled"]
    #expect(await post(agents(), notice, [("mcp-protocol-version", "2026-07-28")]) == WebAnswer(202))
  }

  // MARK: Whatever comes

  @Test(
    "[D57] what is no message is refused and changes nothing",
    arguments: [
      "", "{", "[]", #"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, "1", "null", #"{"jsonrpc":"2.0"}"#,
      #"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
      #"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#, "\u{0}",
    ])
  func nonsense(_ body: String) async throws {
    let agents = agents()
    let name = try await opened(agents)
    for headers in [[("mcp-session-id", name)], [("mcp-protocol-version", "2026-07-28")]] {
      let answer = await post(agents, nil, headers, body: Array(body.utf8))
      #expect(answer.status == 400 && answer.message?["error"]?["code"]?.int ?? 0 < 0, "\(body)")
    }
    #expect(desk.requests.isEmpty)
  }

  @Test func onlyMessagesAreTaken() async {
    let agents = agents()
    #expect(await post(agents, request("ping"), [("accept", "application/json")]).status == 406)
    #expect(await post(agents, request("ping"), [("content-type", "text/plain")]).status == 415)
    for method in ["GET", "PUT", "PATCH"] {
      let answer = await agents.answer(WebRequest(method: method, headers: [], body: [])) { _ in }
      #expect(answer.status == 405 && answer.headers.first?.value == "POST, DELETE")
    }
    let end = await agents.answer(WebRequest(method: "DELETE", headers: [], body: [])) { _ in }
    #expect(end.status == 400)
  }
}
