extension String {
  /// The text with every control character, line and paragraph separator written as an escape, for one line
  /// of output.
  var printable: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x0A: text += "\\n"
      case 0x0D: text += "\\r"
      case 0x09: text += "\\t"
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069:
        text += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// Without the full stop that a library's own words end in: a line says more behind them.
  var withoutFullStop: String { hasSuffix(".") && !hasSuffix("..") ? String(dropLast()) : self }

  /// One word for a POSIX shell. A name with control characters is shown, not typable.
  var shellQuoted: String {
    var text = "'"
    for character in printable {
      if character == "'" { text += "'\\''" } else { text.append(character) }
    }
    return text + "'"
  }

  /// The folder part of a path: everything before the last slash, "." without one.
  var folder: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == utf8.startIndex ? "/" : String(self[..<slash])
  }

  /// The ending without its dot, in lower case; empty when there is none.
  var ending: String {
    let name = utf8.lastIndex(of: UInt8(ascii: "/")).map { self[index(after: $0)...] } ?? self[...]
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  /// A C string ends at its first NUL, so a path with one would name another file.
  var holdsNUL: Bool { utf8.contains(0) }
}

/// Bytes as a person reads them, in binary units: "512.0 MB".
func sizeText(_ bytes: Double) -> String {
  if bytes < 1_024 { return "\(Int(bytes)) bytes" }
  let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
  var value = bytes / 1_024
  var unit = 0
  while value >= 1_024, unit < units.count - 1 {
    value /= 1_024
    unit += 1
  }
  // Tenths, cut rather than rounded; the largest value here is far below what an Int holds.
  let tenths = Int(min(value, 1e12) * 10)
  return "\(tenths / 10).\(tenths % 10) \(units[unit])"
}
