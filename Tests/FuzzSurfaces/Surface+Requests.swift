import ControlPlane
import HootWire
import MusicalTime
import Tools

extension Surface {
  static func takeRequest(_ bytes: [UInt8]) -> String {
    let content: JSONValue
    do throws(JSONError) {
      content = try JSONValue.parse(bytes)
    } catch {
      demand((0...bytes.count).contains(error.offset), "the fault lies in the text")
      return refusal([error.description])
    }
    checkRewriting(content)
    guard let type = content["type"]?.string else { return "refused: no type" }
    guard let tool = Catalogue.tool(named: type) else { return refusal(Catalogue.unknownTool(type).lines) }
    do throws(ToolError) {
      let arguments = try tool.validate(ToolValue.fields(ofRequest: content))
      resolvePositions(tool, arguments)
      return "\(type) with \(tool.usage.parameters.count { arguments.has($0.name) }) arguments"
    } catch {
      return refusal(error.lines)
    }
  }

  private static func checkRewriting(_ content: JSONValue) {
    do throws(JSONError) {
      let again = try JSONValue.parse(content.encode())
      demand(again == content, "what is written reads as the same: \(content.text)")
    } catch {
      demand(false, "what is written reads: \(content.text): \(error)")
    }
  }

  private static func resolvePositions(_ tool: Tool, _ arguments: Arguments) {
    for parameter in tool.usage.parameters {
      guard case .position = parameter.kind, let text = arguments.text(parameter.name) else { continue }
      _ = takePosition(Array(text.utf8))
    }
  }
}
