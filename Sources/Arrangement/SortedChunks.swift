/// What `SortedChunks` can hold: something with a place of its own in an order.
package protocol SortedElement: Sendable, Equatable {
  associatedtype Place: Comparable & Sendable
  /// No two elements of a collection have the same.
  var place: Place { get }
  /// What is gathered for each chunk, its largest.
  var reach: Int64 { get }
}

extension SortedElement {
  package var reach: Int64 { 0 }
}

/// Elements that stand one after the other: immutable, so that copies of a collection share them, and whoever makes
/// something of them may keep it as long as they are the same object.
package final class SortedChunk<Element: SortedElement>: Sendable {
  package let elements: [Element]
  package let reach: Int64

  init(_ elements: [Element]) {
    self.elements = elements
    reach = elements.reduce(.min) { max($0, $1.reach) }
  }

  var first: Element.Place { elements[0].place }

  /// How many elements stand before a place.
  func count(before place: Element.Place) -> Int {
    var low = 0
    var high = elements.count
    while low < high {
      let middle = (low + high) >> 1
      if elements[middle].place < place { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// A sorted collection for many elements of which few change at a time: a copy costs nothing, and a change to it
/// makes one chunk anew and a table of all chunks.
package struct SortedChunks<Element: SortedElement>: Sendable {
  package static var capacity: Int { 256 }
  package private(set) var chunks: [SortedChunk<Element>] = []
  package private(set) var count = 0
  /// The largest of all.
  package private(set) var reach = Int64.min

  package init() {}

  package init(_ elements: [Element]) { insert(contentsOf: elements) }

  /// The chunk in which a place is or would be.
  private func chunk(at place: Element.Place) -> Int {
    var low = 0
    var high = chunks.count
    while low < high {
      let middle = (low + high) >> 1
      if chunks[middle].first <= place { low = middle + 1 } else { high = middle }
    }
    return max(0, low - 1)
  }

  package subscript(place: Element.Place) -> Element? {
    guard !chunks.isEmpty else { return nil }
    let chunk = chunks[chunk(at: place)]
    let index = chunk.count(before: place)
    guard index < chunk.elements.count, chunk.elements[index].place == place else { return nil }
    return chunk.elements[index]
  }

  /// How many elements stand before a place.
  package func count(before place: Element.Place) -> Int {
    guard !chunks.isEmpty else { return 0 }
    let index = chunk(at: place)
    return chunks[..<index].reduce(0) { $0 + $1.elements.count } + chunks[index].count(before: place)
  }

  /// The elements from a place on.
  package func elements(from place: Element.Place) -> some Sequence<Element> {
    let index = chunk(at: place)
    let skipped = chunks.isEmpty ? 0 : chunks[index].count(before: place)
    return chunks[index...].lazy.flatMap(\.elements).dropFirst(skipped)
  }

  /// Puts an element in its place, instead of what was there.
  package mutating func insert(_ element: Element) {
    guard !chunks.isEmpty else { return replace(0..<0, with: [element]) }
    let place = element.place
    let index = chunk(at: place)
    var elements = chunks[index].elements
    let inside = chunks[index].count(before: place)
    if inside < elements.count, elements[inside].place == place {
      elements[inside] = element
    } else {
      elements.insert(element, at: inside)
    }
    replace(index..<(index + 1), with: elements)
  }

  @discardableResult
  package mutating func remove(_ place: Element.Place) -> Element? {
    guard !chunks.isEmpty else { return nil }
    let index = chunk(at: place)
    let inside = chunks[index].count(before: place)
    var elements = chunks[index].elements
    guard inside < elements.count, elements[inside].place == place else { return nil }
    let removed = elements.remove(at: inside)
    // A chunk that has become small goes together with its neighbour where both fit.
    let next = index + 1
    if next < chunks.count, elements.count + chunks[next].elements.count <= Self.capacity / 2 {
      replace(index..<(next + 1), with: elements + chunks[next].elements)
    } else {
      replace(index..<next, with: elements)
    }
    return removed
  }

  /// Many at once, in any order: all is made anew, once.
  package mutating func insert(contentsOf added: [Element]) {
    guard added.count > Self.capacity / 2 || chunks.isEmpty else {
      for element in added { insert(element) }
      return
    }
    let sorted = added.sorted { $0.place < $1.place }
    var merged: [Element] = []
    merged.reserveCapacity(count + sorted.count)
    var next = 0
    for element in chunks.lazy.flatMap(\.elements) {
      while next < sorted.count, sorted[next].place < element.place {
        merged.append(sorted[next])
        next += 1
      }
      if next < sorted.count, sorted[next].place == element.place { continue }
      merged.append(element)
    }
    merged += sorted[next...]
    replace(0..<chunks.count, with: merged)
  }

  package mutating func remove(_ places: [Element.Place]) {
    guard places.count > Self.capacity / 2 else {
      for place in places { remove(place) }
      return
    }
    let sorted = places.sorted()
    var next = 0
    let kept = chunks.flatMap(\.elements).filter { element in
      while next < sorted.count, sorted[next] < element.place { next += 1 }
      return next == sorted.count || sorted[next] != element.place
    }
    replace(0..<chunks.count, with: kept)
  }

  /// Cuts elements into chunks, with room in each for more, and puts them in the place of others.
  private mutating func replace(_ range: Range<Int>, with elements: [Element]) {
    count += elements.count - chunks[range].reduce(0) { $0 + $1.elements.count }
    let gone = chunks[range].reduce(Int64.min) { max($0, $1.reach) }
    let made = Self.cut(elements)
    let come = made.reduce(Int64.min) { max($0, $1.reach) }
    chunks.replaceSubrange(range, with: made)
    // Only what reached furthest can have taken it back.
    reach = come >= reach ? come : gone < reach ? reach : chunks.reduce(.min) { max($0, $1.reach) }
  }

  private static func cut(_ elements: [Element]) -> [SortedChunk<Element>] {
    guard elements.count > Self.capacity else { return elements.isEmpty ? [] : [SortedChunk(elements)] }
    let parts = (elements.count + Self.capacity * 3 / 4 - 1) / (Self.capacity * 3 / 4)
    return (0..<parts).map { part in
      SortedChunk(Array(elements[elements.count * part / parts..<elements.count * (part + 1) / parts]))
    }
  }
}

extension SortedChunks: Equatable {
  package static func == (one: SortedChunks, other: SortedChunks) -> Bool {
    guard one.count == other.count else { return false }
    if one.chunks.elementsEqual(other.chunks, by: ===) { return true }
    return one.elements.elementsEqual(other.elements)
  }

  /// All of them, in order.
  package var elements: some Sequence<Element> { chunks.lazy.flatMap(\.elements) }
}
