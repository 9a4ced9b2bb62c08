import Commands
import HootWire
import Tools

/// What a command did, in one line.
enum LandingReport {
  /// `result` is the reply's, `event` the `landed` event; nil when the command is for later and nobody
  /// waited.
  static func line(_ tool: Tool, _ result: JSONValue, _ event: JSONValue?) -> String {
    guard let event else {
      let due = result["command"]?["due_position"]?.string.map { ", due at \(Console.clean($0))" } ?? ""
      return "\(tool.usage.command): accepted as command \(Field.text(result["command"]?["id"]))\(due)"
    }
    return Console.clean(LandingLine.text(tool, result, event))
  }

  /// What `-q` prints: the ids of what was made, else the command's. `--no-wait` prints the command's only.
  static func ids(_ result: JSONValue, commandOnly: Bool = false) -> [String] {
    if commandOnly { return result["command"]?["id"].map { [Field.text($0)] } ?? [] }
    if let id = result["region"]?["id"] { return [Field.text(id)] }
    if let regions = result["regions"]?.array { return regions.map { Field.text($0["id"]) } }
    if let name = result["track"]?["name"] ?? result["marker"]?["name"] { return [Field.text(name)] }
    return (result["command"]?["id"]).map { [Field.text($0)] } ?? []
  }
}
