/// Something in an ABC text that is not as it should be.
package struct ABCDiagnostic: Sendable, Equatable {
  package enum Severity: String, Sendable {
    /// The music cannot be played as it is written.
    case error
    /// It can, but may not be what was meant.
    case warning
  }

  package var severity: Severity
  /// From 1.
  package var line: Int
  /// In characters, from 1.
  package var column: Int
  /// What was found, and what could stand there.
  package var message: String

  package init(_ severity: Severity, line: Int, column: Int, _ message: String) {
    self.severity = severity
    self.line = line
    self.column = column
    self.message = message
  }
}

extension ABCDiagnostic: CustomStringConvertible {
  package var description: String { "\(line):\(column): \(severity.rawValue): \(message)" }
}

/// A text as a message shows it: in quotes, on one line, not too long.
func shown(_ bytes: some Collection<UInt8>) -> String {
  let text = String(decoding: bytes, as: UTF8.self)
  var result = ""
  for scalar in text.unicodeScalars.prefix(GeneratorLimits.shownCharacters) {
    let isPlain =
      scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && scalar.value != 0x2028
      && scalar.value != 0x2029
    result += isPlain ? String(scalar) : scalar.escaped(asASCII: true)
  }
  return "\"\(result)\(text.unicodeScalars.count > GeneratorLimits.shownCharacters ? "…" : "")\""
}
