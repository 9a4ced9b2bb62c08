import FoundationEssentials

extension UUID {
  /// Bytes of a uuid on the wire.
  package static let wireLength = 16

  /// The 16 bytes in textual (network) order.
  package var wireBytes: [UInt8] {
    withUnsafeBytes(of: uuid) { Array($0) }
  }

  /// A random one (version 4), as `init()` makes it too, but without opening a file for it: messages have one each.
  package static var random: UUID {
    var dice = SystemRandomNumberGenerator()
    var raw: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    withUnsafeMutableBytes(of: &raw) { bytes in
      bytes.storeBytes(of: dice.next(), as: UInt64.self)
      bytes.storeBytes(of: dice.next(), toByteOffset: 8, as: UInt64.self)
      bytes[6] = bytes[6] & 0x0F | 0x40
      bytes[8] = bytes[8] & 0x3F | 0x80
    }
    return UUID(uuid: raw)
  }

  /// Lower case with hyphens, as it is written in JSON.
  package var wireText: String {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
    return withUnsafeBytes(of: uuid) { bytes in
      String(unsafeUninitializedCapacity: 36) { text in
        var place = 0
        for index in 0..<UUID.wireLength {
          if index == 4 || index == 6 || index == 8 || index == 10 {
            text[place] = UInt8(ascii: "-")
            place += 1
          }
          text[place] = digit(bytes[index] >> 4)
          text[place + 1] = digit(bytes[index] & 15)
          place += 2
        }
        return place
      }
    }
  }

  /// From the first 16 bytes of `bytes`; nil when there are fewer.
  package init?(wireBytes bytes: [UInt8]) {
    guard bytes.count >= UUID.wireLength else { return nil }
    var raw: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    withUnsafeMutableBytes(of: &raw) { $0.copyBytes(from: bytes[..<UUID.wireLength]) }
    self.init(uuid: raw)
  }

  /// From any form a peer may write: hyphens or none, either case, in braces, or after `urn:uuid:`.
  package init?(wireText text: String) {
    var digits = Array(text.utf8)
    if digits.starts(with: "urn:uuid:".utf8) { digits.removeFirst(9) }
    if digits.first == UInt8(ascii: "{"), digits.last == UInt8(ascii: "}"), digits.count > 2 {
      digits = Array(digits.dropFirst().dropLast())
    }
    if digits.count == 36 {
      for hyphen in [23, 18, 13, 8] where digits.remove(at: hyphen) != UInt8(ascii: "-") { return nil }
    }
    guard digits.count == 32 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(UUID.wireLength)
    for index in stride(from: 0, to: 32, by: 2) {
      guard let high = UUID.value(digits[index]), let low = UUID.value(digits[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    self.init(wireBytes: bytes)
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x37
    case 0x61...0x66: digit - 0x57
    default: nil
    }
  }
}
