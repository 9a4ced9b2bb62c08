// Strings and numbers.

extension JSONParser {
  /// A number by the grammar. Without fraction and exponent it is an integer as long as 64 bits hold it (`-0`
  /// is not one: its sign would be lost); all else is a double, and must be finite.
  mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    let negative = pass("-")
    if !pass("0") { try digits() }
    var isInteger = true
    if pass(".") {
      isInteger = false
      try digits()
    }
    if pass("e") || pass("E") {
      isInteger = false
      if !pass("+") { _ = pass("-") }
      try digits()
    }
    guard position - start <= HootLimits.jsonNumberBytes else {
      throw JSONError(offset: start, reason: .numberTooLong(limit: HootLimits.jsonNumberBytes))
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int64(text), !(negative && value == 0) { return .integer(value) }
    if isInteger, !negative, let value = UInt64(text) { return .unsigned(value) }
    guard let value = Double(text), value.isFinite else {
      throw JSONError(offset: start, reason: .numberOutOfRange(text))
    }
    return .number(value)
  }

  private mutating func digits() throws(JSONError) {
    guard let first = peek, JSONParser.isDigit(first) else { throw unexpected("a digit") }
    while let byte = peek, JSONParser.isDigit(byte) { position += 1 }
  }

  private mutating func pass(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// A string from its opening quote to past its closing one.
  mutating func string() throws(JSONError) -> String {
    if let text = plainString() { return text }
    let start = position
    position += 1
    var content: [UInt8] = []
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let text = String(validating: content, as: UTF8.self) else {
          throw JSONError(offset: start, reason: .notUTF8)
        }
        return text
      case UInt8(ascii: "\\"):
        position += 1
        try escape(into: &content)
      case 0..<0x20:
        throw failure(.controlCharacter(byte))
      default:
        content.append(byte)
        position += 1
      }
    }
    throw unexpected("a closing quote")
  }

  /// A string that stands as it is, without an escape; else nil, and nothing is passed.
  private mutating func plainString() -> String? {
    let start = position + 1
    var end = start
    let text = bytes.withUnsafeBufferPointer { bytes -> String? in
      while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
        if bytes[end] < 0x20 || bytes[end] == UInt8(ascii: "\\") { return nil }
        end += 1
      }
      return end < bytes.count ? String(valid: UnsafeBufferPointer(rebasing: bytes[start..<end])) : nil
    }
    if text != nil { position = end + 1 }
    return text
  }

  /// What follows a backslash.
  private mutating func escape(into content: inout [UInt8]) throws(JSONError) {
    guard let byte = peek else { throw unexpected("an escape") }
    let plain: UInt8
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = byte
    case UInt8(ascii: "b"): plain = 0x08
    case UInt8(ascii: "f"): plain = 0x0c
    case UInt8(ascii: "n"): plain = 0x0a
    case UInt8(ascii: "r"): plain = 0x0d
    case UInt8(ascii: "t"): plain = 0x09
    case UInt8(ascii: "u"):
      content += String(try escapedScalar()).utf8
      return
    default: throw failure(.unknownEscape(byte))
    }
    content.append(plain)
    position += 1
  }

  /// `uXXXX`, or two of them that make a surrogate pair; the position stands on the first `u`.
  private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
    let start = position - 1
    let lone = JSONError(offset: start, reason: .loneSurrogate)
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard UTF16.isLeadSurrogate(first), pass("\\") else { throw lone }
    guard peek == UInt8(ascii: "u") else { throw lone }
    let second = try codeUnit()
    guard UTF16.isTrailSurrogate(second) else { throw lone }
    // Both halves were just checked, so the sum is a scalar between 0x10000 and 0x10ffff.
    let value = 0x10000 + (UInt32(first) - 0xd800) << 10 + (UInt32(second) - 0xdc00)
    guard let scalar = Unicode.Scalar(value) else { throw lone }
    return scalar
  }

  private mutating func codeUnit() throws(JSONError) -> UInt16 {
    position += 1
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw unexpected("a hexadecimal digit")
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }
}

extension String {
  /// The text, or nil where it is no UTF-8. Nearly every text of the wire is ASCII, which needs no more than a look.
  init?(valid bytes: UnsafeBufferPointer<UInt8>) {
    var all: UInt8 = 0
    for byte in bytes { all |= byte }
    guard all >= 0x80 else {
      self.init(decoding: bytes, as: UTF8.self)
      return
    }
    self.init(validating: bytes, as: UTF8.self)
  }
}
