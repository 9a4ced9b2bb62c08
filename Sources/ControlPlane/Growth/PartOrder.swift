/// Puts the parts of a stream in order by their numbers, from 0: each once, whatever comes twice, late or before its turn.
/// Pure.
struct PartOrder<Part> {
  /// The number that is waited for.
  private(set) var next = 0
  /// Numbers that were taken to be lost.
  private(set) var lost = 0
  private var waiting: [Int: Part] = [:]

  var isWaiting: Bool { !waiting.isEmpty }

  /// - Returns: what is in turn now; nil for a number that has been there.
  mutating func take(_ number: Int, _ part: Part) -> [Part]? {
    guard number >= next, waiting[number] == nil else { return nil }
    waiting[number] = part
    if waiting.count > GrowthLimits.reordered, let first = waiting.keys.min() {
      lost += first - next
      next = first
    }
    return takeReady()
  }

  private mutating func takeReady() -> [Part] {
    var ready: [Part] = []
    while let part = waiting.removeValue(forKey: next) {
      ready.append(part)
      next += 1
    }
    return ready
  }
}
