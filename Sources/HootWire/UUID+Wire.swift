import FoundationEssentials

extension UUID {
  /// Bytes of a uuid on the wire.
  package static let wireLength = 16

  /// The 16 bytes in textual (network) order.
  package var wireBytes: [UInt8] {
    withUnsafeBytes(of: uuid) { Array($0) }
  }

  /// Lower case with hyphens, as it is written in JSON.
  package var wireText: String {
    uuidString.lowercased()
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
    if digits.count == 32 {
      for hyphen in [8, 13, 18, 23] { digits.insert(UInt8(ascii: "-"), at: hyphen) }
    }
    guard digits.count == 36 else { return nil }
    self.init(uuidString: String(decoding: digits, as: UTF8.self))
  }
}
