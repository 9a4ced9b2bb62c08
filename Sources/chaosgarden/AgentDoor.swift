import Commands
import ControlSocket
import HootWire
import MCP
import WebServer

/// The Model Context Protocol at the web server's `/mcp`.
///
/// It asks at a desk of its own: what waits there for jobs keeps no page from its answer.
struct AgentDoor: MessageDoor {
  private let agents: WebAgents

  init(_ desk: SocketDesk) {
    agents = WebAgents(
      MCPServer(
        desk: LandingDesk(desk) { LandingLine.text($0, $1, $2) }, nap: { [desk] in await desk.nap($0) }))
  }

  func answer(
    _ head: RequestHead, _ body: [UInt8], tell: @escaping @Sendable (JSONValue) -> Void
  ) async -> HTTPReply {
    let request = WebRequest(
      method: head.method, headers: head.headers.map { (name: $0.name, value: $0.value) }, body: body)
    let answer = await agents.answer(request, tell: tell)
    var reply = answer.message.map { HTTPReply(answer.status, json: $0) } ?? HTTPReply(answer.status)
    for header in answer.headers { reply.set(header.name, header.value) }
    return reply
  }
}
