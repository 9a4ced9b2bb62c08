/// An argument as it arrived, from a command line or a wire body, before it is checked.
package enum ToolValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case list([ToolValue])
  case object([String: ToolValue])

  /// The value as an error shows it: short, on one line, control characters made visible.
  package var shown: String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .number(let value): return shownNumber(value)
    case .text(let value): return shownText(value)
    case .list(let values):
      let first = values.prefix(4).map(\.shown).joined(separator: ", ")
      return "[" + first + (values.count > 4 ? ", …" : "") + "]"
    case .object(let members):
      let first = members.sorted { $0.key < $1.key }.prefix(4).map {
        "\(shownText($0.key)): \($0.value.shown)"
      }
      return "{" + first.joined(separator: ", ") + (members.count > 4 ? ", …" : "") + "}"
    }
  }
}

/// A text in quotes, at most 60 characters of it, with control characters escaped.
package func shownText(_ text: String) -> String {
  var escaped = ""
  for scalar in text.unicodeScalars.prefix(60) {
    escaped += isControl(scalar) ? scalar.escaped(asASCII: true) : String(scalar)
  }
  return "\"\(escaped)\(text.unicodeScalars.count > 60 ? "…" : "")\""
}

/// A number without a needless `.0`.
package func shownNumber(_ value: Double) -> String {
  let text = value.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// C0, DEL and C1: what would move a terminal's cursor or break a line.
func isControl(_ scalar: Unicode.Scalar) -> Bool {
  scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028
    || scalar.value == 0x2029
}
