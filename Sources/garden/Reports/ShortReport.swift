import HootWire
import Tools

/// Replies that are said in one line, where no command was given.
enum ShortReport {
  static func line(_ tool: ToolName, _ result: JSONValue) -> String? {
    switch tool {
    case .loop: result["loop"]?.object == nil ? "no loop" : nil
    case .tap: "tap \(Field.text(result["taps"])) of \(Field.text(result["needed"]))"
    case .sessionSave: result["name"]?.string.map { "a copy is kept as \(Console.clean($0))" }
    default: nil
    }
  }
}
