/// Distinct keys in order, in chunks: the first, the place of a key, insertion and removal cost about the same among
/// a thousand and among a million.
///
/// Not for keys of which there are a few: an array does.
struct RankedSet<Key: Comparable & Sendable>: Sendable {
  /// None is empty; all in order.
  private var chunks: [[Key]] = []
  private(set) var count = 0

  private static var mostPerChunk: Int { 512 }

  var first: Key? { chunks.first?.first }
  var last: Key? { chunks.last?.last }
  var isEmpty: Bool { count == 0 }

  /// False when it is there already.
  @discardableResult
  mutating func insert(_ key: Key) -> Bool {
    guard !chunks.isEmpty else {
      chunks = [[key]]
      count = 1
      return true
    }
    let index = chunk(for: key)
    let place = Self.place(of: key, in: chunks[index])
    if place < chunks[index].count, chunks[index][place] == key { return false }
    chunks[index].insert(key, at: place)
    count += 1
    if chunks[index].count > Self.mostPerChunk {
      let upper = Array(chunks[index][(Self.mostPerChunk / 2)...])
      chunks[index].removeLast(upper.count)
      chunks.insert(upper, at: index + 1)
    }
    return true
  }

  /// False when it is not there.
  @discardableResult
  mutating func remove(_ key: Key) -> Bool {
    guard !chunks.isEmpty else { return false }
    let index = chunk(for: key)
    let place = Self.place(of: key, in: chunks[index])
    guard place < chunks[index].count, chunks[index][place] == key else { return false }
    chunks[index].remove(at: place)
    if chunks[index].isEmpty { chunks.remove(at: index) }
    count -= 1
    return true
  }

  /// How many come before it, whether it is there or not.
  func rank(of key: Key) -> Int {
    guard !chunks.isEmpty else { return 0 }
    let index = chunk(for: key)
    return chunks[..<index].reduce(0) { $0 + $1.count } + Self.place(of: key, in: chunks[index])
  }

  /// The last chunk that begins at or before it, else the first.
  private func chunk(for key: Key) -> Int {
    var (low, high) = (0, chunks.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if chunks[middle][0] <= key { low = middle } else { high = middle }
    }
    return low
  }

  private static func place(of key: Key, in chunk: [Key]) -> Int {
    var (low, high) = (0, chunk.count)
    while low < high {
      let middle = (low + high) / 2
      if chunk[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func invariantsHold() -> Bool {
    let all = Array(chunks.joined())
    return all.count == count && chunks.allSatisfy { !$0.isEmpty && $0.count <= Self.mostPerChunk }
      && zip(all, all.dropFirst()).allSatisfy { $0 < $1 }
  }
}

extension RankedSet: Sequence {
  func makeIterator() -> AnyIterator<Key> {
    var iterator = chunks.joined().makeIterator()
    return AnyIterator { iterator.next() }
  }
}
