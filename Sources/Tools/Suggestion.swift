/// "Did you mean": the nearest of a few known words.
package enum Suggestion {
  /// The candidate with the fewest typing slips from `word`, when there are few enough to be a slip at all:
  /// one for up to four letters, then a third of the longer word. A candidate that starts with `word`
  /// (three letters or more) counts as one slip. The first of equals wins.
  package static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased().prefix(64))
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
      let letters = Array(candidate.lowercased().prefix(64))
      let isPrefix = wanted.count >= 3 && letters.starts(with: wanted)
      let slips = isPrefix ? 1 : distance(wanted, letters)
      let allowed = max(1, max(wanted.count, letters.count) / 3)
      if slips <= allowed, slips < (best?.distance ?? .max) { best = (slips, candidate) }
    }
    return best?.candidate
  }

  /// `"Did you mean \"gain\"?"`, or the whole list when nothing is near.
  package static func sentence(for word: String, in candidates: [String], noun: String) -> String {
    if let near = nearest(to: word, in: candidates) { return "Did you mean \(shownText(near))?" }
    if candidates.isEmpty { return "There is no \(noun) here." }
    return "Known \(noun)s: " + candidates.joined(separator: ", ") + "."
  }

  /// Insertions, deletions, substitutions and swaps of neighbours between two words (optimal string
  /// alignment distance), in rows: O(a·b) time, three rows of memory.
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var twoAbove = [Int](repeating: 0, count: b.count + 1)
    var above = Array(0...b.count)
    for i in 1...a.count {
      var row = [i] + [Int](repeating: 0, count: b.count)
      for j in 1...b.count {
        let change = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        row[j] = min(change, above[j] + 1, row[j - 1] + 1)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          row[j] = min(row[j], twoAbove[j - 2] + 1)
        }
      }
      (twoAbove, above) = (above, row)
    }
    return above[b.count]
  }
}
