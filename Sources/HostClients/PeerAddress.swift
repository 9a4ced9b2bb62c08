import Glibc

/// An address of IPv4 or IPv6, and what it is for. A value.
package struct PeerAddress: Sendable, Equatable {
  /// 4 or 16, in the order of the network.
  package let bytes: [UInt8]

  package init?(_ bytes: [UInt8]) {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  /// Of `192.0.2.1`, of every other spelling that inet_aton(3) takes (`3221225985`, `0300.0.0x2.1`), and of IPv6 with or
  /// without brackets. Nil for a name.
  package init?(text: String) {
    var text = text
    if text.hasPrefix("["), text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
    if text.hasSuffix(".") { text.removeLast() }
    // A zone says which card, not where.
    let place = String(text.prefix { $0 != "%" })
    var six = in6_addr()
    if place.contains(":") {
      guard inet_pton(AF_INET6, place, &six) == 1 else { return nil }
      bytes = withUnsafeBytes(of: &six) { Array($0) }
      return
    }
    var four = in_addr()
    guard !text.isEmpty, inet_aton(text, &four) != 0 else { return nil }
    bytes = withUnsafeBytes(of: &four) { Array($0) }
  }

  package var text: String {
    var buffer = [CChar](repeating: 0, count: 64)
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard inet_ntop(family, bytes, &buffer, 64) != nil else { return "?" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// What it is where it is nobody's in the internet at large; nil of an address that anybody may be reached at.
  ///
  /// The registries of special-purpose addresses are IANA's (RFC 6890 and its successors). An address of IPv6 that carries
  /// one of IPv4 is what that is: mapped, compatible, translated (RFC 6052) or 6to4 (RFC 3056).
  package var special: String? {
    if bytes.count == 4 { return Self.first(of: Self.specialFour, holding: bytes) }
    if let what = Self.first(of: Self.specialSix, holding: bytes) ?? carried?.special { return what }
    if Self.isWithin(bytes, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 96)
      || Self.isWithin(bytes, [0, 0x64, 0xFF, 0x9B], 96)
    {
      return nil
    }
    return bytes[0] & 0xE0 == 0x20 ? nil : "reserved"
  }

  /// The address of IPv4 within one of IPv6.
  private var carried: PeerAddress? {
    let zeros = [UInt8](repeating: 0, count: 12)
    if Self.isWithin(bytes, zeros, 96) || Self.isWithin(bytes, zeros.prefix(10) + [0xFF, 0xFF], 96)
      || Self.isWithin(bytes, [0, 0x64, 0xFF, 0x9B], 96)
    {
      return PeerAddress(Array(bytes[12...]))
    }
    if Self.isWithin(bytes, [0x20, 0x02], 16) { return PeerAddress(Array(bytes[2..<6])) }
    return nil
  }

  private typealias Block = (prefix: [UInt8], bits: Int, what: String)

  private static let specialFour: [Block] = [
    ([0], 8, "this network"), ([10], 8, "private"), ([100, 64], 10, "shared by a provider's customers"),
    ([127], 8, "loopback"), ([169, 254, 169, 254], 32, "a cloud's metadata"), ([169, 254], 16, "link-local"),
    ([172, 16], 12, "private"), ([192, 0, 0], 24, "reserved"), ([192, 0, 2], 24, "for documentation"),
    ([192, 88, 99], 24, "reserved"), ([192, 168], 16, "private"), ([198, 18], 15, "for benchmarks"),
    ([198, 51, 100], 24, "for documentation"), ([203, 0, 113], 24, "for documentation"),
    ([224], 4, "multicast"), ([255, 255, 255, 255], 32, "broadcast"), ([240], 4, "reserved"),
  ]

  private static let specialSix: [Block] = [
    ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 128, "unspecified"),
    ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 128, "loopback"),
    ([0, 0x64, 0xFF, 0x9B, 0, 1], 48, "translated within a network"),
    ([1, 0], 64, "discarded"), ([0x20, 0x01, 0, 0], 32, "tunnelled"), ([0x20, 0x01], 23, "reserved"),
    ([0x20, 0x01, 0x0D, 0xB8], 32, "for documentation"), ([0x3F, 0xFF], 20, "for documentation"),
    ([0xFD, 0, 0x0E, 0xC2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54], 128, "a cloud's metadata"),
    ([0xFC], 7, "private"), ([0xFE, 0x80], 10, "link-local"), ([0xFE, 0xC0], 10, "private"),
    ([0xFF], 8, "multicast"),
  ]

  private static func first(of blocks: [Block], holding bytes: [UInt8]) -> String? {
    blocks.first { isWithin(bytes, $0.prefix, $0.bits) }?.what
  }

  /// Whether the first `bits` are those of `prefix`, which goes on with zeros.
  static func isWithin(_ bytes: [UInt8], _ prefix: some Collection<UInt8>, _ bits: Int) -> Bool {
    let prefix = Array(prefix)
    for place in 0..<bytes.count where place * 8 < bits {
      let mask = UInt8(truncatingIfNeeded: 0xFF00 >> min(8, bits - place * 8))
      let wanted = place < prefix.count ? prefix[place] : 0
      if bytes[place] & mask != wanted & mask { return false }
    }
    return true
  }
}
