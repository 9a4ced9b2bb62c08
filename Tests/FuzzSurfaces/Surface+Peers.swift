import ControlPlane
import HootWire

extension Surface {
  /// Made at the first use: a conductor that is told everything that somebody once understood.
  private static let rehearsal: PeerRehearsal = {
    do { return try PeerRehearsal() } catch {
      complain("no rehearsal: \(error)")
      preconditionFailure("no rehearsal")
    }
  }()

  /// The first byte says the form: `t` a tool with its fields as the other form reads them, all else the JSON itself.
  static func takePeer(_ bytes: [UInt8]) -> String {
    let isTool = bytes.first == UInt8(ascii: "t")
    let content: JSONValue
    do throws(JSONError) { content = try JSONValue.parse(isTool ? Array(bytes.dropFirst()) : bytes) } catch {
      return refusal([error.description])
    }
    guard let name = content["type"]?.string else { return "refused: no type" }
    guard let reply = rehearsal.answer(content, isTool ? .tool : .json) else {
      return "\(name.utf8.count) letters: answered later, or nobody's"
    }
    demand(reply.object != nil, "a reply is an object: \(reply.text)")
    // What could not be written would end the connection.
    do throws(JSONError) {
      demand(try JSONValue.parse(reply.encode()) == reply, "what is replied reads as the same: \(reply.text)")
    } catch { demand(false, "what is replied reads: \(reply.text): \(error)") }
    guard let sentence = reply["error"]?.string else { return "\(name): \(reply["type"]?.string ?? "ok")" }
    let lines = reply["detail"]?["lines"]?.array?.compactMap(\.string) ?? [sentence]
    return refusal([sentence] + lines)
  }
}
