import HootWire
import Tools

/// What any bytes come to, without a daemon: read as messages, held against the schemas, put into the daemon's words.
package enum MCPRehearsal {
  package enum Outcome: Sendable {
    case message(JSONRPCMessage)
    /// What the daemon would be asked; nil of a tool that asks by itself.
    case call(String, JSONValue?)
    case refused([String])
  }

  package static func take(_ line: LineSplitter.Line) -> Outcome {
    guard case .message(let bytes) = line else { return .refused([Malformed.tooLong.error.message]) }
    do throws(Malformed) {
      let message = try JSONRPCMessage.read(bytes)
      guard case .request(_, "tools/call", let params) = message else { return .message(message) }
      return call(params)
    } catch { return .refused([error.error.message]) }
  }

  private static func call(_ params: JSONObject) -> Outcome {
    do throws(RPCError) { _ = try Era.of(params, agreed: nil) } catch { return .refused([error.message]) }
    guard let name = params["name"]?.string, let tool = AgentTool.named(name) else {
      return .refused(["there is no such tool"])
    }
    var arguments = params["arguments"]?.object ?? JSONObject()
    do throws(ToolError) {
      if tool.makesJob { _ = try ResponseWishes(taking: &arguments) }
      switch tool.answer {
      case .own:
        try tool.check(arguments)
        return .call(name, nil)
      case .request(let make):
        if !tool.isDeclared { try tool.check(arguments) }
        return .call(name, try make(arguments))
      }
    } catch { return .refused(error.lines) }
  }
}
