/// A setting's value.
package enum SettingValue: Equatable, Sendable {
  case text(String)
  case bool(Bool)
  case integer(Int)
  case number(Double)

  /// As a TOML file writes it.
  package var toml: String {
    switch self {
    case .text(let text): quoted(text)
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): value.description
    }
  }

  /// As a person reads it.
  package var shown: String {
    if case .text(let text) = self { return text }
    return toml
  }
}

/// A TOML basic string: quotes, backslashes and control characters escaped.
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": result += "\\\(scalar)"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
