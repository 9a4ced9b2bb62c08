/// The limits of every name, whoever reads it.
package enum NameLimits {
  package static let characters = 200
  /// In UTF-8: one character may be made of any number of bytes.
  package static let bytes = 1_000
}

extension String {
  /// The text as it may stand in a message: what could break the line or steer a terminal is written as an
  /// escape.
  package var oneLine: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x0A: text += "\\n"
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069:
        text += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// The text as one word for a shell, in quotes when it needs them.
  package var shellWord: String {
    let isPlain = utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      // - . / : @ % + _ ,
      case 0x2D, 0x2E, 0x2F, 0x3A, 0x40, 0x25, 0x2B, 0x5F, 0x2C: true
      default: false
      }
    }
    guard !isPlain || isEmpty else { return self }
    var word = "'"
    for character in oneLine {
      if character == "'" { word += "'\\''" } else { word.append(character) }
    }
    return word + "'"
  }
}
