import HootWire
import Tools

/// Replies that are said in one line, where no command was given.
enum ShortReport {
  static func line(_ tool: ToolName, _ result: JSONValue) -> String? {
    switch tool {
    case .graphContext:
      result["context"]?.string.map {
        $0.split(separator: "\n", omittingEmptySubsequences: false).map { Console.clean(String($0)) }
          .joined(separator: "\n")
      }
    case .loop: result["loop"]?.object == nil ? "no loop" : nil
    case .tap: "tap \(Field.text(result["taps"])) of \(Field.text(result["needed"]))"
    case .sessionSave: result["name"]?.string.map { "a copy is kept as \(Console.clean($0))" }
    default: nil
    }
  }
}
