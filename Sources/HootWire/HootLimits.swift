/// Every limit of the wire, with the refusal it gives.
package enum HootLimits {
  /// Largest body in bytes (16 MiB). Larger: `JSONError.Reason.tooLarge`; the sockets refuse a larger frame.
  package static let bodyBytes = 16 * 1024 * 1024
  /// Deepest nesting of arrays and objects in a JSON body. Deeper: `JSONError.Reason.tooDeep`.
  package static let jsonDepth = 64
  /// Most values in one JSON body, so that sixteen megabytes of `[0,0,…` cannot become gigabytes in memory.
  /// More: `JSONError.Reason.tooManyValues`.
  package static let jsonValues = 1_000_000
  /// Longest JSON number in bytes. Longer: `JSONError.Reason.numberTooLong`.
  package static let jsonNumberBytes = 512
  /// Longest piece of somebody else's text repeated in an error message, in Unicode scalars. Longer is cut.
  package static let quotedCharacters = 60
}

/// Somebody else's text as it may stand in a one-line error: cut at `HootLimits.quotedCharacters`, in quotes,
/// newlines and other control characters escaped so that a hostile name cannot forge a line.
package func quoted(_ text: String) -> String {
  // By scalars: one character may be as long as it likes.
  let cut = text.unicodeScalars.prefix(HootLimits.quotedCharacters)
  let body = JSONValue.string(String(cut)).text
  return (cut.endIndex == text.endIndex ? body : body.dropLast() + "…\"").escapingControls
}

/// The same without the quotes, for sentences that peers know.
package func said(_ text: String) -> String { String(quoted(text).dropFirst().dropLast()) }

extension String {
  /// Itself, with escapes for what would begin another line or move a terminal.
  package var onOneLine: String {
    guard utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      if scalar.value < 0x20 {
        text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text.escapingControls
  }

  /// JSON leaves some as they are that a terminal obeys: delete, C1, and the separators of lines and paragraphs.
  fileprivate var escapingControls: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x7F...0x9F: text += "\\u00" + String(scalar.value, radix: 16)
      case 0x2028, 0x2029: text += "\\u" + String(scalar.value, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
