import HootWire
import Synchronization

/// The protocol over HTTP, one message a request, in both dialects at one place.
///
/// The newer dialect has no sessions. The older one has: a session remembers the version agreed on and what is being
/// worked on, so that a client can give it up. A connection that breaks ends nothing: jobs go on, and are found again by
/// their ids. Any thread.
package final class WebAgents: Sendable {
  private let server: MCPServer
  private let sessions = Mutex(WebSessions())

  package init(_ server: MCPServer) { self.server = server }

  /// - Parameter tell: says something before the answer, as progress.
  package func answer(
    _ request: WebRequest, tell: @escaping @Sendable (JSONValue) -> Void
  ) async -> WebAnswer {
    switch request.method {
    case "POST": break
    case "DELETE": return end(request)
    default:
      // What the server has to say, it says in its answers.
      return WebAnswer(405, RPCError(.invalidRequest, "Messages are sent with POST").reply(to: nil))
        .with("Allow", "POST, DELETE")
    }
    guard request.accepts("application/json", "text/event-stream") else {
      return WebAnswer(
        406,
        RPCError(.invalidRequest, "`Accept` must allow application/json and text/event-stream").reply(to: nil)
      )
    }
    guard request.value("content-type")?.lowercased().hasPrefix("application/json") == true else {
      return WebAnswer(
        415, RPCError(.invalidRequest, "`Content-Type` must be application/json").reply(to: nil))
    }
    do throws(Malformed) {
      let message = try JSONRPCMessage.read(request.body)
      return try WebEra.isStateless(message, request)
        ? await answerStateless(message, request, tell) : await answerHandshake(message, request, tell)
    } catch { return WebAnswer(Self.status(of: error.error.code), error.reply) }
  }

  private static func status(of code: RPCError.Code) -> Int { code == .methodNotFound ? 404 : 400 }

  // MARK: The newer dialect

  private func answerStateless(
    _ message: JSONRPCMessage, _ request: WebRequest, _ tell: @escaping @Sendable (JSONValue) -> Void
  ) async throws(Malformed) -> WebAnswer {
    switch message {
    case .response: throw Malformed(RPCError(.invalidRequest, "Nothing was asked of you"))
    case .notification:
      // There are none of this dialect's: a client that gives up ends its request, and its job goes on.
      return WebAnswer(202)
    case .request(let id, let method, let params):
      let call: MCPServer.Call
      do throws(RPCError) {
        try WebEra.check(method, params, request)
        call = MCPServer.Call(try Era.of(params, agreed: nil), params, notify: tell)
        let answer = try await server.result(method, params, call)
        return WebAnswer(200, MCPServer.message(id, answer))
      } catch {
        // Some codes have no status of their own.
        let isOwn = [.internalError, .busy, .resourceNotFound].contains(error.code)
        return WebAnswer(isOwn ? 200 : Self.status(of: error.code), error.reply(to: id))
      }
    }
  }

  // MARK: The older dialect

  private func answerHandshake(
    _ message: JSONRPCMessage, _ request: WebRequest, _ tell: @escaping @Sendable (JSONValue) -> Void
  ) async throws(Malformed) -> WebAnswer {
    if case .request(let id, "initialize", let params) = message {
      return await open(id, params)
    }
    guard let name = request.value("mcp-session-id") else {
      throw Malformed(
        RPCError(.invalidRequest, "`MCP-Session-Id` is missing: `initialize` gives one"), id: message.id)
    }
    guard let version = sessions.withLock({ $0.visit(name, at: .now) }) else {
      return WebAnswer(
        404,
        RPCError(.invalidRequest, "There is no such session: `initialize` opens one").reply(to: message.id))
    }
    if let said = request.value("mcp-protocol-version"), said != version {
      throw Malformed(
        RPCError(.invalidRequest, "The session speaks \(version), and this is \(quoted(said))"),
        id: message.id)
    }
    switch message {
    case .response: return WebAnswer(202)
    case .notification(let method, let params):
      if method == "notifications/cancelled", let id = params["requestId"] {
        sessions.withLock { $0.giveUp(id.text, in: name) }
      }
      return WebAnswer(202)
    case .request(let id, let method, let params):
      return WebAnswer(200, await work(id, method, params, version, name, tell))
    }
  }

  private func open(_ id: JSONValue, _ params: JSONObject) async -> WebAnswer {
    do throws(RPCError) {
      let call = MCPServer.Call(try Era.of(params, agreed: nil), params)
      let result = try await server.result("initialize", params, call)
      let version = result["protocolVersion"]?.string ?? Era.handshakeVersions[0]
      let name = sessions.withLock { $0.open(version, at: .now) }
      return WebAnswer(200, MCPServer.message(id, result)).with("MCP-Session-Id", name)
    } catch { return WebAnswer(200, error.reply(to: id)) }
  }

  private func work(
    _ id: JSONValue, _ method: String, _ params: JSONObject, _ version: String, _ name: String,
    _ tell: @escaping @Sendable (JSONValue) -> Void
  ) async -> JSONValue {
    let patience = Patience()
    do throws(RPCError) {
      if let refusal = sessions.withLock({ $0.begin(id.text, patience, in: name) }) { throw refusal }
      defer { sessions.withLock { $0.finish(id.text, in: name, at: .now) } }
      let era = try Era.of(params, agreed: version)
      let call = MCPServer.Call(era, params, notify: tell, isEnding: { patience.isOver })
      return MCPServer.message(id, try await server.result(method, params, call))
    } catch { return error.reply(to: id) }
  }

  private func end(_ request: WebRequest) -> WebAnswer {
    guard let name = request.value("mcp-session-id") else {
      return WebAnswer(400, RPCError(.invalidRequest, "`MCP-Session-Id` is missing").reply(to: nil))
    }
    guard sessions.withLock({ $0.end(name) }) else {
      return WebAnswer(404, RPCError(.invalidRequest, "There is no such session").reply(to: nil))
    }
    return WebAnswer(204)
  }
}

/// Whether a client still waits for its answer: given up once, read by what waits.
final class Patience: Sendable {
  private let flag = Atomic(false)

  var isOver: Bool { flag.load(ordering: .relaxed) }

  func giveUp() { flag.store(true, ordering: .relaxed) }
}
