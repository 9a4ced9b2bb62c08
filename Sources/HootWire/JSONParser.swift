// A strict RFC 8259 reader of our own. The library decoder cannot tell `1` from `1.0`, does not keep the
// order of members, takes duplicate keys, and has no depth or size limit that we could name; bodies come from
// other processes, so all four matter.

/// The limits that one parse is held to.
package struct JSONLimits: Sendable {
  package var bytes = HootLimits.bodyBytes
  package var depth = HootLimits.jsonDepth
  package var values = HootLimits.jsonValues

  package init() {}
}

extension JSONValue {
  /// Reads one JSON text, which must fill `bytes`. Any thread; any bytes.
  package static func parse(
    _ bytes: [UInt8], limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> JSONValue {
    guard bytes.count <= limits.bytes else {
      throw JSONError(offset: limits.bytes, reason: .tooLarge(bytes: bytes.count, limit: limits.bytes))
    }
    var parser = JSONParser(bytes: bytes, limits: limits)
    return try parser.document()
  }
}

struct JSONParser {
  let bytes: [UInt8]
  let limits: JSONLimits
  var position = 0
  private var depth = 0
  private var values = 0

  init(bytes: [UInt8], limits: JSONLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value()
    skipBlanks()
    guard position == bytes.count else { throw unexpected("the end") }
    return value
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    values += 1
    guard values <= limits.values else { throw failure(.tooManyValues(limit: limits.values)) }
    skipBlanks()
    switch peek {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-")?: return try number()
    case let byte? where JSONParser.isDigit(byte): return try number()
    default: throw unexpected("a value")
    }
  }

  private mutating func array() throws(JSONError) -> JSONValue {
    try enter()
    var elements: [JSONValue] = []
    if !take("]") {
      repeat { elements.append(try value()) } while try another(before: "]")
    }
    depth -= 1
    return .array(elements)
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    try enter()
    var members: [JSONObject.Member] = []
    var keys: Set<String> = []
    if !take("}") {
      repeat {
        skipBlanks()
        let keyOffset = position
        guard peek == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
        let key = try string()
        guard JSONParser.isNew(key, among: members, &keys) else {
          throw JSONError(offset: keyOffset, reason: .duplicateKey(key))
        }
        guard take(":") else { throw unexpected("a colon") }
        members.append(JSONObject.Member(key: key, value: try value()))
      } while try another(before: "}")
    }
    depth -= 1
    return .object(JSONObject(uniqueMembers: members))
  }

  /// Few keys are compared one by one; those of more are kept in a set as well.
  private static func isNew(_ key: String, among members: [JSONObject.Member], _ keys: inout Set<String>)
    -> Bool
  {
    guard members.count >= 16 else { return !members.contains { $0.key == key } }
    if keys.isEmpty { keys = Set(members.map(\.key)) }
    return keys.insert(key).inserted
  }

  /// Passes the opening bracket, one level down.
  private mutating func enter() throws(JSONError) {
    depth += 1
    guard depth <= limits.depth else { throw failure(.tooDeep(limit: limits.depth)) }
    position += 1
  }

  /// After an element: true past a comma, false past the closing bracket.
  private mutating func another(before close: Unicode.Scalar) throws(JSONError) -> Bool {
    if take(",") { return true }
    if take(close) { return false }
    throw unexpected("a comma or \(close)")
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for byte in word.utf8 {
      guard peek == byte else { throw unexpected(word) }
      position += 1
    }
    return value
  }

  var peek: UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  private mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
  }

  /// Passes blanks, and `scalar` if it comes next.
  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard peek == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  func failure(_ reason: JSONError.Reason) -> JSONError {
    JSONError(offset: position, reason: reason)
  }

  func unexpected(_ wanted: String) -> JSONError {
    failure(peek.map { .unexpected(byte: $0, wanted: wanted) } ?? .truncated(wanted: wanted))
  }
}
