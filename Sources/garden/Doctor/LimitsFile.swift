/// What pam_limits reads: lines of whom, `soft`, `hard` or `-` for both, an item and its value.
struct LimitsFile {
  private struct Entry {
    let domain: Substring
    let type: Substring
    let item: Substring
    let value: Double
  }

  private let entries: [Entry]

  /// Lines that are none are left out, as PAM leaves them out.
  init(_ text: String) {
    entries = text.split(separator: "\n").compactMap { line in
      let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
      guard words.count == 4, let value = Self.value(words[3]) else { return nil }
      return Entry(domain: words[0], type: words[1], item: words[2], value: value)
    }
  }

  private static func value(_ word: Substring) -> Double? {
    ["unlimited", "infinity", "-1"].contains(word) ? .infinity : Int(word).map(Double.init)
  }

  func mentions(_ domain: String, _ item: String) -> Bool {
    entries.contains { $0.domain == domain && $0.item == item }
  }

  /// Whether a session of `domain` may have so much of an item and has it from the start: what is said last counts.
  func grants(_ domain: String, _ item: String, atLeast wanted: String) -> Bool {
    let wanted = Self.value(Substring(wanted)) ?? .infinity
    return ["soft", "hard"].allSatisfy { type in
      let last = entries.last {
        $0.domain == domain && $0.item == item && ($0.type == type || $0.type == "-")
      }
      return (last?.value ?? 0) >= wanted
    }
  }
}
