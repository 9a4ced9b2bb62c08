import FoundationEssentials
import Jobs

/// JSON with a sum over its bytes before it, so that one that was changed at rest is told from one that was not.
enum SealedBytes {
  /// `CGJ1`, then the sum, then JSON.
  private static let mark: [UInt8] = [0x43, 0x47, 0x4A, 0x31]

  struct Damage: Error, CustomStringConvertible {
    let description: String
  }

  static func seal(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    let json = try encoder.encode(value)
    let sum = sum(json)
    return mark + (0..<8).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) } + json
  }

  static func open<Value: Decodable>(_ bytes: [UInt8], as type: Value.Type = Value.self) throws -> Value {
    guard bytes.count > 12, bytes.starts(with: mark) else {
      throw Damage(description: "it does not begin as it must")
    }
    let json = bytes[12...]
    let kept = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[4 + $1]) << (8 * $1) }
    guard sum(json) == kept else { throw Damage(description: "its bytes are not those that were written") }
    return try JSONDecoder().decode(type, from: Data(json))
  }

  /// FNV-1a with 64 bits, as its authors publish it.
  private static func sum(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
