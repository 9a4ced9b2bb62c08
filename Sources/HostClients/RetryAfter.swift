import HootWire

/// Reads `Retry-After` (RFC 9110, section 10.2.3).
package enum RetryAfter {
  /// Seconds within 0…3600; nil where the text cannot be read.
  ///
  /// - Parameter now: seconds since 1970, to hold a date against.
  package static func seconds(_ text: String, now: Double) -> Double? {
    var words = text.unicodeScalars.split { $0 == " " || $0 == "\t" }.map { String($0) }
    guard let first = words.first else { return nil }
    if words.count == 1, first.utf8.allSatisfy({ (48...57).contains($0) }) {
      // A number too long for an Int is as good as any large one.
      return min(HostClientLimits.retryAfter, Int(first).map(Double.init) ?? HostClientLimits.retryAfter)
    }
    // A weekday in front says nothing that the date does not.
    if Self.isWeekday(first) { words.removeFirst() }
    guard let time = date(words) else { return nil }
    return min(max(0, time - now), HostClientLimits.retryAfter)
  }

  private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  private static func isWeekday(_ word: String) -> Bool {
    weekdays.contains(String(word.lowercased().prefix(3)))
  }

  /// `06 Nov 1994 08:49:37 GMT`, `06-Nov-94 08:49:37 GMT` or `Nov 6 08:49:37 1994`: seconds since 1970.
  private static func date(_ words: [String]) -> Double? {
    var words = words
    if words.count == 3, words[0].contains("-") {
      let parts = words[0].split(separator: "-").map(String.init)
      guard parts.count == 3, let short = Int(parts[2]), (0...99).contains(short) || parts[2].count == 4
      else { return nil }
      let year = parts[2].count == 4 ? short : short < 70 ? 2000 + short : 1900 + short
      words = [parts[0], parts[1], String(year), words[1], words[2]]
    }
    if words.count == 4, let month = month(words[0]) {
      return seconds(day: words[1], month, year: words[3], words[2])
    }
    guard words.count == 5, ["GMT", "UTC"].contains(words[4].uppercased()), let month = month(words[1]) else {
      return nil
    }
    return seconds(day: words[0], month, year: words[2], words[3])
  }

  private static func month(_ word: String) -> Int? {
    months.firstIndex(of: word.lowercased()).map { $0 + 1 }
  }

  private static func seconds(day: String, _ month: Int, year: String, _ clock: String) -> Double? {
    let parts = clock.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 3, let hours = parts[0], let minutes = parts[1], let seconds = parts[2],
      (0...23).contains(hours), (0...59).contains(minutes), (0...60).contains(seconds),
      let day = Int(day), (1...31).contains(day), let year = Int(year), (1970...9999).contains(year)
    else { return nil }
    return Double(days(year: year, month: month, day: day)) * 86_400
      + Double(hours * 3600 + minutes * 60 + seconds)
  }

  /// Days from 1970-01-01 in the Gregorian calendar, counted with years that begin in March.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let place = month > 2 ? month - 3 : month + 9
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * place + 2) / 5 + day - 1
      - 719_468
  }
}
