import FoundationEssentials

/// A moment in UTC with nanoseconds, between the years 0000 and 9999.
package struct Timestamp: Equatable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z; negative before.
  package let seconds: Int64
  /// 0 ..< 1_000_000_000.
  package let nanoseconds: Int32

  /// 0000-01-01T00:00:00Z ... 9999-12-31T23:59:59Z: what four digits of a year can say.
  private static let writableSeconds: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

  package init(seconds: Int64, nanoseconds: Int32) {
    self.seconds = seconds
    self.nanoseconds = min(max(nanoseconds, 0), 999_999_999)
  }

  /// The system's clock, to about 100 ns.
  package static var now: Timestamp {
    let since = Date().timeIntervalSince1970
    let whole = since.rounded(.down)
    return Timestamp(seconds: Int64(whole), nanoseconds: Int32((since - whole) * 1e9))
  }

  /// `2026-01-02T03:04:05.678901234Z`; the fraction is left out when it is zero.
  package var text: String {
    let within = min(max(seconds, Timestamp.writableSeconds.lowerBound), Timestamp.writableSeconds.upperBound)
    let (days, rest) = within.quotientAndRemainder(flooringBy: 86400)
    let (year, month, day) = GregorianDay.date(daysSince1970: days)
    return String(unsafeUninitializedCapacity: 30) { text in
      var place = 0
      func put(_ mark: Unicode.Scalar) {
        text[place] = UInt8(ascii: mark)
        place += 1
      }
      func put(_ value: Int64, digits: Int) {
        var left = value
        for index in (place..<place + digits).reversed() {
          text[index] = 0x30 + UInt8(left % 10)
          left /= 10
        }
        place += digits
      }
      for (value, digits, mark) in [(year, 4, "-"), (month, 2, "-"), (day, 2, "T")]
        as [(_, _, Unicode.Scalar)]
      {
        put(value, digits: digits)
        put(mark)
      }
      put(rest / 3600, digits: 2)
      put(":")
      put(rest / 60 % 60, digits: 2)
      put(":")
      put(rest % 60, digits: 2)
      if nanoseconds != 0 {
        put(".")
        put(Int64(nanoseconds), digits: 9)
      }
      put("Z")
      return place
    }
  }

  /// Reads RFC 3339 with any offset and any length of fraction (digits past the ninth are dropped), `T`, `t`
  /// or a blank between date and time. Nil for anything else, a missing offset included.
  package init?(text: String) {
    var reader = FieldReader(bytes: Array(text.utf8))
    guard let year = reader.digits(4), reader.pass("-"), let month = reader.digits(2), reader.pass("-"),
      let day = reader.digits(2), reader.pass("Tt "), let hour = reader.digits(2), reader.pass(":"),
      let minute = reader.digits(2), reader.pass(":"), let second = reader.digits(2)
    else { return nil }
    guard let fraction = reader.fraction(), let offset = reader.offsetSeconds(), reader.isAtEnd else {
      return nil
    }
    guard (1...12).contains(month), (1...GregorianDay.length(ofMonth: month, year: year)).contains(day),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    let days = GregorianDay.daysSince1970(year: year, month: month, day: day)
    let seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset
    guard Timestamp.writableSeconds.contains(seconds) else { return nil }
    self.init(seconds: seconds, nanoseconds: fraction)
  }
}

/// Reads fixed fields from the front of a timestamp.
private struct FieldReader {
  var bytes: [UInt8]
  var position = 0

  var isAtEnd: Bool { position == bytes.count }

  mutating func digits(_ count: Int) -> Int64? {
    guard position + count <= bytes.count else { return nil }
    var value: Int64 = 0
    for byte in bytes[position..<position + count] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    position += count
    return value
  }

  mutating func pass(_ anyOf: String) -> Bool {
    guard position < bytes.count, anyOf.utf8.contains(bytes[position]) else { return false }
    position += 1
    return true
  }

  /// Nanoseconds; 0 when there is no fraction, nil when a point has no digit after it.
  mutating func fraction() -> Int32? {
    guard pass(".") else { return 0 }
    var value: Int32 = 0
    var count = 0
    while let digit = digits(1) {
      if count < 9 { value = value * 10 + Int32(digit) }
      count += 1
    }
    guard count > 0 else { return nil }
    for _ in min(count, 9)..<9 { value *= 10 }
    return value
  }

  mutating func offsetSeconds() -> Int64? {
    if pass("Zz") { return 0 }
    let sign: Int64 = pass("-") ? -1 : 1
    if sign > 0 && !pass("+") { return nil }
    guard let hours = digits(2), pass(":"), let minutes = digits(2), hours < 24, minutes < 60 else {
      return nil
    }
    return sign * (hours * 3600 + minutes * 60)
  }
}
