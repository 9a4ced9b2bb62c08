/// Why bytes are no JSON that the wire accepts, and where.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Reason: Equatable, Sendable {
    case tooLarge(bytes: Int, limit: Int)
    case tooDeep(limit: Int)
    case tooManyValues(limit: Int)
    case numberTooLong(limit: Int)
    case numberOutOfRange(String)
    case truncated(wanted: String)
    case unexpected(byte: UInt8, wanted: String)
    case unknownEscape(UInt8)
    case controlCharacter(UInt8)
    case loneSurrogate
    case notUTF8
    case duplicateKey(String)
  }

  /// Offset in bytes from the start of the body; 0 is the first.
  package let offset: Int
  package let reason: Reason

  package init(offset: Int, reason: Reason) {
    self.offset = offset
    self.reason = reason
  }

  package var description: String {
    "\(explanation) at byte \(offset)"
  }

  private var explanation: String {
    switch reason {
    case .tooLarge(let bytes, let limit): "\(bytes) bytes of JSON, at most \(limit) are read, cut off"
    case .tooDeep(let limit): "arrays and objects nested deeper than \(limit)"
    case .tooManyValues(let limit): "more than \(limit) values"
    case .numberTooLong(let limit): "a number longer than \(limit) bytes"
    case .numberOutOfRange(let text): "the number \(quoted(text)) is beyond the range of a double,"
    case .truncated(let wanted): "the text ends where \(wanted) should stand,"
    case .unexpected(let byte, let wanted): "\(JSONError.show(byte)) where \(wanted) should stand,"
    case .unknownEscape(let byte): "unknown escape \\\(JSONError.show(byte))"
    case .controlCharacter(let byte): "unescaped control character \(JSONError.show(byte)) in a string"
    case .loneSurrogate: "half of a surrogate pair without the other"
    case .notUTF8: "a string that is not UTF-8 begins"
    case .duplicateKey(let key): "the key \(quoted(key)) a second time"
    }
  }

  private static func show(_ byte: UInt8) -> String {
    (0x21..<0x7f).contains(byte)
      ? "'\(Character(UnicodeScalar(byte)))'" : "0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
  }
}
