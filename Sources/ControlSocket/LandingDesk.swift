import HootWire
import Tools

/// A desk that answers a command once it has landed: the reply has the event beside its result, as `landed`, and what
/// was done in a line, as `summary`. A command that is for later is answered at once, one that does not land within a
/// second as it is.
package struct LandingDesk: RequestDesk {
  /// What a command did, from its declaration, the result of its reply and the event that it landed.
  package typealias Line = @Sendable (Tool, _ result: JSONValue, _ event: JSONValue) -> String

  private let desk: SocketDesk
  private let line: Line

  package init(_ desk: SocketDesk, line: @escaping Line) { (self.desk, self.line) = (desk, line) }

  package func ask(_ content: JSONValue, timeout: Duration) async -> JSONValue {
    let tool = content["type"]?.string.flatMap { Catalogue.tool(named: $0) }
    let landing = tool.flatMap { $0.isCommand ? DeskLanding(tool: $0, line: line) : nil }
    return await desk.ask(content, timeout: timeout, landing: landing)
  }
}

struct DeskLanding: Sendable {
  let tool: Tool
  let line: LandingDesk.Line

  /// The command's number; nil where the reply is of none, or of one for later.
  static func command(in reply: JSONValue) -> Int64? {
    guard let command = reply["result"]?["command"], command["due_position"] == nil else { return nil }
    return command["id"]?.int
  }

  func answer(_ reply: JSONValue, _ event: JSONValue) -> JSONValue {
    guard event["type"] == "landed" else { return DeskRefusal.commandFailed(event) }
    guard case .object(var members) = reply, let result = reply["result"] else { return reply }
    members["landed"] = event
    members["summary"] = .string(line(tool, result, event))
    return .object(members)
  }
}
