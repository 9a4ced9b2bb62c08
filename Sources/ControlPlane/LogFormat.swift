import Glibc
import HootWire

/// How a line of the log is written. Whatever a message holds, its line is one line of printable text.
package enum LogFormat: String, Sendable, CaseIterable {
  case terminal, logfmt, json, journald

  /// Of the setting; `auto` is journald where standard error is systemd's journal, else terminal.
  package init(word: String) { self = LogFormat(rawValue: word) ?? (Self.isJournal ? .journald : .terminal) }

  /// Whether JOURNAL_STREAM, `DEVICE:INODE`, is what standard error leads to: a child may have inherited the variable alone.
  private static var isJournal: Bool {
    guard let stream = getenv("JOURNAL_STREAM") else { return false }
    var info = stat()
    return fstat(2, &info) == 0 && String(cString: stream) == "\(info.st_dev):\(info.st_ino)"
  }

  /// A line with its end.
  ///
  /// - Parameter fields: names and values that programs look for.
  package func line(
    _ level: Log.Level, _ message: String, _ fields: [(name: String, value: String)] = [], at time: String
  ) -> String {
    switch self {
    case .terminal: "\(time) \(level) \(Self.plain(message, fields))\n"
    case .journald: "<\(level.rawValue)>\(Self.plain(message, fields))\n"
    case .logfmt:
      (["time=\(time)", "level=\(level)", "msg=\(Self.quoted(message))"]
        + fields.map { "\($0.name)=\(Self.word($0.value))" }).joined(separator: " ") + "\n"
    case .json:
      Self.escapedInJSON(
        JSONValue(
          [("time", .string(time)), ("level", .string("\(level)")), ("message", .string(message))]
            + fields.filter { !["time", "level", "message"].contains($0.name) }
            .map { ($0.name, .string($0.value)) }
        ).text) + "\n"
    }
  }

  /// JSON lets C1 and the separators of lines stand in a string as they are; a terminal and a reader of lines do not.
  private static func escapedInJSON(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return text.unicodeScalars.map { scalar in
      let digits = String(scalar.value, radix: 16)
      return isControl(scalar)
        ? "\\u" + String(repeating: "0", count: 4 - digits.count) + digits : String(scalar)
    }.joined()
  }

  private static func plain(_ message: String, _ fields: [(name: String, value: String)]) -> String {
    ([printable(message)] + fields.map { "\($0.name)=\(word($0.value))" }).joined(separator: " ")
  }

  private static func word(_ text: String) -> String {
    let isPlain =
      !text.isEmpty && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" }
    return isPlain && !text.unicodeScalars.contains(where: isControl) ? text : quoted(text)
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\" + String(scalar)
      case _ where isControl(scalar): quoted += escape(scalar)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// Lines run together; what would move a terminal's cursor is told by its number.
  private static func printable(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " / ")
    guard line.unicodeScalars.contains(where: isControl) else { return line }
    return line.unicodeScalars.map { isControl($0) ? escape($0) : String($0) }.joined()
  }

  /// C0, DEL, C1, and the separators of lines and paragraphs.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028
      || scalar.value == 0x2029
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{" + String(scalar.value, radix: 16) + "}"
    }
  }
}
