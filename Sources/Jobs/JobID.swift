/// The name of one piece of asked-for work: 128 bits, written as a UUID. Whoever asks mints it, and it is the
/// `client_job_id` and the idempotency key of every attempt.
package struct JobID: Sendable, Hashable {
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A new one: a UUID of version 7 (RFC 9562), so ids sort by the time they were minted.
  ///
  /// - Parameters:
  ///   - milliseconds: since 1970; the lowest 48 bits are taken.
  ///   - generator: gives the 74 bits that tell ids of one millisecond apart.
  package static func mint(milliseconds: Int64, using generator: inout some RandomNumberGenerator) -> JobID {
    let random = generator.next() & 0x0FFF
    let high = UInt64(truncatingIfNeeded: milliseconds) << 16 | 0x7000 | random
    let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return JobID(high: high, low: low)
  }

  /// From 32 hexadecimal digits of either case, in groups of 8-4-4-4-12 or without hyphens. Nil for anything else.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    var digits: [UInt8] = []
    switch bytes.count {
    case 32: digits = bytes
    case 36:
      guard [8, 13, 18, 23].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }) else { return nil }
      digits = bytes.indices.filter { ![8, 13, 18, 23].contains($0) }.map { bytes[$0] }
    default: return nil
    }
    var halves: [UInt64] = [0, 0]
    for (index, digit) in digits.enumerated() {
      guard let value = Self.value(of: digit) else { return nil }
      halves[index / 16] = halves[index / 16] << 4 | value
    }
    (high, low) = (halves[0], halves[1])
  }

  /// Lower case, in groups of 8-4-4-4-12 digits.
  package var text: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(36)
    for index in 0..<32 {
      if [8, 12, 16, 20].contains(index) { bytes.append(UInt8(ascii: "-")) }
      let half = index < 16 ? high : low
      bytes.append(Self.digits[Int(half >> UInt64(60 - 4 * (index % 16)) & 15)])
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func value(of digit: UInt8) -> UInt64? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(digit - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}

extension JobID: CustomStringConvertible {
  package var description: String { text }
}

extension JobID: Comparable {
  package static func < (one: JobID, other: JobID) -> Bool {
    (one.high, one.low) < (other.high, other.low)
  }
}
