import HootWire

/// The events of the last while, numbered in the order they were published, for those who ask instead of listening.
package struct EventLog: Sendable {
  package struct Entry: Equatable, Sendable {
    package let number: UInt64
    package let topic: String
    package let content: JSONValue
    package let at: ContinuousClock.Instant
    let bytes: Int
  }

  /// What a call gets.
  package struct Page: Equatable, Sendable {
    package var entries: [Entry] = []
    /// The last that was looked at.
    package var seen: UInt64
    /// Events that are forgotten.
    package var missing: UInt64 = 0
    package var isWhole = true
  }

  /// Differs from one start of the daemon to the next.
  private let run: String
  /// Nothing is kept before somebody has asked: most daemons are never asked.
  package private(set) var isOpen = false
  private var entries: [Entry] = []
  private var bytes = 0
  package private(set) var last: UInt64 = 0

  init(run: String) { self.run = run }

  package mutating func open() { isOpen = true }

  mutating func add(_ topic: String, _ content: JSONValue, at now: ContinuousClock.Instant) {
    // A position is worth something now, or nothing.
    guard content["type"] != "position" else { return }
    last += 1
    let entry = Entry(number: last, topic: topic, content: content, at: now, bytes: content.encode().count)
    entries.append(entry)
    bytes += entry.bytes
    guard entries.count > SocketLimits.keptEvents || bytes > SocketLimits.keptEventBytes else { return }
    // An eighth at a time: one by one would move all the others each time.
    var forgotten = 0
    while forgotten < entries.count,
      entries.count - forgotten > SocketLimits.keptEvents / 8 * 7
        || bytes > SocketLimits.keptEventBytes / 8 * 7
    {
      bytes -= entries[forgotten].bytes
      forgotten += 1
    }
    entries.removeFirst(forgotten)
  }

  private var oldest: UInt64 { entries.first?.number ?? last + 1 }

  /// The event before the first one that is no older.
  package func number(before instant: ContinuousClock.Instant) -> UInt64 {
    let first = entries.first { $0.at >= instant }
    return first.map { $0.number - 1 } ?? last
  }

  package func cursor(_ number: UInt64) -> String { "\(run)-\(number)" }

  /// nil of another daemon's, and of what is none.
  package func number(of cursor: String) -> UInt64? {
    let parts = cursor.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == run, let number = UInt64(parts[1]), number <= last else { return nil }
    return number
  }

  /// Those behind a number that are of these types.
  ///
  /// - Parameters:
  ///   - after: nil: all that are kept, of which it is not known what is missing.
  ///   - types: beginnings of topics, or types; empty is all.
  package func page(after: UInt64?, types: [String], limit: Int) -> Page {
    let start = max(after ?? oldest - 1, oldest - 1)
    var page = Page(seen: start, missing: start - (after ?? 0))
    guard let first = entries.first?.number, start < last else { return page }
    var size = 0
    for entry in entries[Int(start + 1 - first)...] {
      let isWanted = types.isEmpty || types.contains { Self.matches(entry, $0) }
      if isWanted {
        guard page.entries.count < limit, size + entry.bytes <= SocketLimits.pageBytes || size == 0 else {
          page.isWhole = false
          return page
        }
        size += entry.bytes
        page.entries.append(entry)
      }
      page.seen = entry.number
    }
    return page
  }

  private static func matches(_ entry: Entry, _ type: String) -> Bool {
    entry.topic.hasPrefix(type) || entry.content["type"]?.string == type
  }
}
