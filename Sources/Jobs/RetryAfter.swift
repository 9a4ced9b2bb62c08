/// The value of a `Retry-After` header: seconds, or a date of HTTP in any of its three forms (RFC 9110, 10.2.3 and 5.6.7).
package enum RetryAfter {
  /// Seconds from `now`, held within a range: 0…3600. Nil for what is neither seconds nor a date.
  package static func seconds(
    _ text: String, now: JobTime, within range: ClosedRange<Double> = JobsLimits.retryAfter
  ) -> Double? {
    let text = trimmed(text)
    guard text.utf8.count <= 64 else { return nil }
    if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      // More digits than a number holds is longer than the longest.
      guard let seconds = Int64(text) else { return range.upperBound }
      return min(Double(seconds), range.upperBound)
    }
    guard let then = date(text, now: now) else { return nil }
    return min(max(Double(then - now) / 1_000, range.lowerBound), range.upperBound)
  }

  private static func trimmed(_ text: String) -> String {
    let blanks: Set<Character> = [" ", "\t"]
    return String(text.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }.reversed())
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
  static func date(_ text: String, now: JobTime) -> JobTime? {
    var words = text.split(separator: " ")
    guard let first = words.first, first.count >= 3 else { return nil }
    guard days.contains(where: { first.hasPrefix($0) }) else { return nil }
    words.removeFirst()
    guard first.hasSuffix(",") else {
      guard words.count == 4 else { return nil }
      return time(day: words[1], month: words[0], year: words[3], clock: words[2], now: now)
    }
    if words.count == 5, words[4] == "GMT" {
      guard words[2].count == 4 else { return nil }
      return time(day: words[0], month: words[1], year: words[2], clock: words[3], now: now)
    }
    guard words.count == 3, words[2] == "GMT" else { return nil }
    let parts = words[0].split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[2].count == 2 else { return nil }
    return time(day: parts[0], month: parts[1], year: parts[2], clock: words[1], now: now)
  }

  private static func time(
    day: Substring, month: Substring, year: Substring, clock: Substring, now: JobTime
  ) -> JobTime? {
    guard let day = number(day, 1...31), let month = months.firstIndex(of: String(month)),
      var year = number(year, 0...9_999)
    else { return nil }
    let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
    // A leap second may be named.
    guard parts.count == 3, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = number(parts[0], 0...23),
      let minute = number(parts[1], 0...59), let second = number(parts[2], 0...60)
    else { return nil }
    if year < 100 {
      // Two digits mean the year of this kind that lies at most 50 years ahead.
      let present = Int(now / 31_556_952_000) + 1970
      year += present / 100 * 100
      if year > present + 50 { year -= 100 }
    }
    guard day <= length(ofMonth: month + 1, year: year) else { return nil }
    let days = daysSince1970(year: year, month: month + 1, day: day)
    return (((days * 24 + Int64(hour)) * 60 + Int64(minute)) * 60 + Int64(second)) * 1_000
  }

  private static func number(_ text: Substring, _ range: ClosedRange<Int>) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 4, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
      let number = Int(text), range.contains(number)
    else { return nil }
    return number
  }

  private static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The day's number in the Gregorian calendar, 0 being 1970-01-01: March is counted as the year's first month, so
  /// that the leap day comes last.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int64 {
    let months = month > 2 ? month - 3 : month + 9
    let year = month > 2 ? year : year - 1
    let (century, ofCentury) = (Int64(year / 100), Int64(year % 100))
    return 146_097 * century / 4 + 1_461 * ofCentury / 4 + Int64((153 * months + 2) / 5 + day) - 719_469
  }

  private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
