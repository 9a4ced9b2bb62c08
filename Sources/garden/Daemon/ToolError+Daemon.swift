import ControlSocket
import HootWire
import Tools

extension ToolError {
  /// A failure of the sockets, with the exit status it has.
  init(_ error: SocketError) {
    let exit: ExitCode =
      switch error.kind {
      case .unreachable, .silent, .locked, .occupied, .port: .unreachable
      case .timeout: .timedOut
      case .busy: .tryLater
      case .pathTooLong, .badPath, .notADirectory: .configuration
      case .unsafeDirectory, .notPermitted: .notAllowed
      case .tooLarge: .usage
      case .badReply, .system: .internalError
      }
    let lines = error.lines + ["", "", ""]
    self.init(
      code: exit.word, exit: exit, what: HelpText.capitalized(lines[0]),
      why: HelpText.capitalized(lines[1]) + ".", next: lines[2])
  }

  /// An `error` reply or a `failed` event. What it does not say is filled in, so that three lines always
  /// stand.
  init(reply: JSONValue) {
    let detail = reply["detail"]
    let given = (detail?["lines"]?.array ?? []).compactMap(\.string).map { Console.clean($0) }
    let status = detail?["exit"]?.int.flatMap { Int32(exactly: $0) }.flatMap(ExitCode.init(rawValue:))
    let exit = status.flatMap { $0 == .done ? nil : $0 } ?? .refused
    self.init(
      code: detail?["code"]?.string ?? exit.word, exit: exit,
      what: given.first ?? reply["error"]?.string.map { Console.clean($0) } ?? "The daemon refused",
      why: given.count > 1
        ? given.dropFirst().dropLast(given.count > 2 ? 1 : 0).joined(separator: " ")
        : "It gave no reason.",
      next: given.count > 2 ? Self.bare(given[given.count - 1]) : "garden doctor")
  }

  /// The command without the "next:" or "try:" that some refusals put in front; it is printed with one
  /// already.
  private static func bare(_ next: String) -> String {
    for word in ["next: ", "try: "] where next.lowercased().hasPrefix(word) {
      return String(next.dropFirst(word.count))
    }
    return next
  }
}
