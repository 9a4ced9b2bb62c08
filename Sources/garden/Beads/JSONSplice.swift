import HootWire

/// Sets members of a JSON object in its text and leaves every other byte as it is: numbers keep their digits, texts
/// their escapes, members their order.
enum JSONSplice {
  /// - Parameter line: one JSON object, known to be well formed.
  static func setting(_ key: String, to value: JSONValue, in line: [UInt8]) -> [UInt8] {
    var scan = Scan(bytes: line)
    let encoded = value.encode()
    guard scan.enter() else { return line }
    var end = scan.place
    var isEmpty = true
    var isSpaced = false
    while let member = scan.member() {
      if member.key == key {
        return Array(line[..<member.value.lowerBound]) + encoded + Array(line[member.value.upperBound...])
      }
      (end, isEmpty, isSpaced) = (member.value.upperBound, false, member.isSpaced)
    }
    let name = JSONValue.string(key).encode()
    let comma = isEmpty ? "" : isSpaced ? ", " : ","
    return Array(line[..<end]) + Array(comma.utf8) + name + Array((isSpaced ? ": " : ":").utf8) + encoded
      + Array(line[end...])
  }

  private struct Scan {
    let bytes: [UInt8]
    var place = 0

    private var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipBlanks() {
      while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A { place += 1 }
    }

    private mutating func pass(_ mark: Unicode.Scalar) -> Bool {
      guard byte == UInt8(ascii: mark) else { return false }
      place += 1
      return true
    }

    /// Behind the opening brace.
    mutating func enter() -> Bool {
      skipBlanks()
      return pass("{")
    }

    /// The next member, or nil at the end.
    mutating func member() -> (key: String, value: Range<Int>, isSpaced: Bool)? {
      skipBlanks()
      if pass(",") { skipBlanks() }
      let start = place
      guard byte == UInt8(ascii: "\""), skipString() else { return nil }
      // The object was read before: what is no text here never comes.
      let key = (try? JSONValue.parse(Array(bytes[start..<place])))?.string
      skipBlanks()
      guard let key, pass(":") else { return nil }
      let colon = place
      skipBlanks()
      let value = place
      skipValue()
      return (key, value..<place, value > colon)
    }

    private mutating func skipString() -> Bool {
      place += 1
      while let byte {
        place += byte == UInt8(ascii: "\\") ? 2 : 1
        if byte == UInt8(ascii: "\"") { return true }
      }
      place = min(place, bytes.count)
      return false
    }

    private mutating func skipValue() {
      var depth = 0
      while let byte {
        switch byte {
        case UInt8(ascii: "\""): _ = skipString()
        case UInt8(ascii: "{"), UInt8(ascii: "["):
          depth += 1
          place += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          if depth == 0 { return }
          depth -= 1
          place += 1
        case UInt8(ascii: ","), 0x20, 0x09, 0x0D, 0x0A:
          if depth == 0 { return }
          place += 1
          continue
        default: place += 1
        }
        let closed = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
        if depth == 0, closed { return }
      }
    }
  }
}
