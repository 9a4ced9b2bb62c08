import HootWire
import Tools

extension Garden {
  /// Seconds without an event after which the daemon is asked for a sign of life.
  private static let silenceSeconds = 2.0

  /// Prints events, one a line, until Ctrl-C or until the daemon has gone (exit status 69).
  func watch() throws(ToolError) -> Int32 {
    let link = try link()
    let topics = invocation.arguments.texts(.topics)
    do {
      try link.client.subscribe(topics: topics.isEmpty ? [""] : topics)
    } catch {
      throw ToolError(error)
    }
    while true {
      if let event = link.client.nextEvent(timeout: .seconds(Self.silenceSeconds)) {
        console.print(line(event.topic, event.content))
      } else if !link.client.heartbeat(timeout: .seconds(Self.silenceSeconds)) {
        throw DaemonLink.isServed(link.client.directory.path) ? Self.hung : Self.gone
      }
    }
  }

  /// Lists and objects as JSON: an event must stay one line that a program can cut.
  private static func text(_ value: JSONValue) -> String {
    value.array == nil && value.object == nil ? Field.text(value) : Console.clean(value.text)
  }

  private static let hung = ToolError(
    code: "unreachable", exit: .unreachable, what: "The daemon does not answer any more",
    why: "It gave no heartbeat for some seconds.", next: "garden doctor")

  static let gone = ToolError(
    code: "unreachable", exit: .unreachable, what: "The daemon has gone",
    why: "Nobody listens in its socket directory any more.", next: "garden up")

  private func line(_ topic: String, _ content: JSONValue) -> String {
    if invocation.wantsJSON {
      var object = JSONObject([("schema", "chaosgarden.event/1"), ("topic", .string(topic))])
      for member in content.object?.members ?? [] { object[member.key] = member.value }
      return JSONValue.object(object).text
    }
    let kind = Field.text(content["type"])
    let rest = (content.object?.members ?? []).filter { $0.key != "type" }
      .map { "\(Console.clean($0.key))=\(Self.text($0.value))" }.joined(separator: " ")
    return console.painter.paint(Console.clean(topic), .accent) + " \(kind) \(rest)"
  }
}
