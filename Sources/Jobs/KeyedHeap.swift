/// Elements with a key each, the least key at hand; the key of any can change.
struct KeyedHeap<Element: Hashable & Sendable, Key: Comparable & Sendable>: Sendable {
  private var items: [(element: Element, key: Key)] = []
  private var places: [Element: Int] = [:]

  var count: Int { items.count }
  var first: (element: Element, key: Key)? { items.first }

  func key(of element: Element) -> Key? { places[element].map { items[$0].key } }

  /// Puts it in, gives it another key, or, with nil, takes it out.
  mutating func set(_ element: Element, _ key: Key?) {
    guard let key else { return remove(element) }
    if let place = places[element] {
      guard items[place].key != key else { return }
      items[place].key = key
      settle(place)
    } else {
      places[element] = items.count
      items.append((element, key))
      settle(items.count - 1)
    }
  }

  mutating func removeFirst() -> (element: Element, key: Key)? {
    guard let first = items.first else { return nil }
    remove(first.element)
    return first
  }

  private mutating func remove(_ element: Element) {
    guard let place = places.removeValue(forKey: element) else { return }
    let last = items.removeLast()
    guard place < items.count else { return }
    items[place] = last
    places[last.element] = place
    settle(place)
  }

  private mutating func settle(_ start: Int) {
    var place = start
    while place > 0, items[place].key < items[(place - 1) / 2].key {
      exchange(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < items.count {
        if items[child].key < items[least].key { least = child }
      }
      guard least != place else { return }
      exchange(place, least)
      place = least
    }
  }

  private mutating func exchange(_ one: Int, _ other: Int) {
    items.swapAt(one, other)
    places[items[one].element] = one
    places[items[other].element] = other
  }
}
