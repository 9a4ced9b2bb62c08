extension JSONValue {
  /// Compact JSON, members in their order. A floating-point number is the shortest decimal that reads back
  /// the same, always with a fraction or an exponent; NaN and the infinities become null.
  package func encode() -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(1024)
    write(to: &out)
    return out
  }

  /// `encode()` as text.
  package var text: String {
    String(decoding: encode(), as: UTF8.self)
  }

  private func write(to out: inout [UInt8]) {
    switch self {
    case .null: out += "null".utf8
    case .bool(let value): out += (value ? "true" : "false").utf8
    case .integer(let value): out += value.description.utf8
    case .unsigned(let value): out += value.description.utf8
    case .number(let value): JSONValue.write(value, to: &out)
    case .string(let value): JSONValue.write(value, to: &out)
    case .array(let elements): JSONValue.write(elements, to: &out)
    case .object(let object): JSONValue.write(object, to: &out)
    }
  }

  private static func write(_ value: Double, to out: inout [UInt8]) {
    guard value.isFinite else {
      out += "null".utf8
      return
    }
    // Swift's description is the shortest that reads back, but for its exponents: `1e+16` and `1e-07` are
    // `1e16` and `1e-7` to the peers.
    let text = value.description
    guard let exponent = text.firstIndex(of: "e") else {
      out += text.utf8
      return
    }
    let digits = text[text.index(after: exponent)...]
    out += text[...exponent].utf8
    if digits.hasPrefix("-") { out.append(UInt8(ascii: "-")) }
    out += digits.drop { "+-0".contains($0) }.utf8
  }

  private static func write(_ elements: [JSONValue], to out: inout [UInt8]) {
    out.append(UInt8(ascii: "["))
    var isFirst = true
    for element in elements {
      if !isFirst { out.append(UInt8(ascii: ",")) }
      isFirst = false
      element.write(to: &out)
    }
    out.append(UInt8(ascii: "]"))
  }

  private static func write(_ object: JSONObject, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "{"))
    var isFirst = true
    for member in object.members {
      if !isFirst { out.append(UInt8(ascii: ",")) }
      isFirst = false
      write(member.key, to: &out)
      out.append(UInt8(ascii: ":"))
      member.value.write(to: &out)
    }
    out.append(UInt8(ascii: "}"))
  }

  private static func write(_ text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    defer { out.append(UInt8(ascii: "\"")) }
    // Nearly every text stands as it is.
    let isPlain = text.utf8.withContiguousStorageIfAvailable { bytes in
      for byte in bytes where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        return false
      }
      out.append(contentsOf: bytes)
      return true
    }
    if isPlain == true { return }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): out += "\\\"".utf8
      case UInt8(ascii: "\\"): out += "\\\\".utf8
      case 0x08: out += "\\b".utf8
      case 0x09: out += "\\t".utf8
      case 0x0a: out += "\\n".utf8
      case 0x0c: out += "\\f".utf8
      case 0x0d: out += "\\r".utf8
      case 0..<0x20: out += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
      default: out.append(byte)
      }
    }
  }
}
