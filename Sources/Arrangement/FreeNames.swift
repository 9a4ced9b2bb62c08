/// Names that nobody has: the same name with a number, cut where it would be too long.
struct FreeNames {
  private let name: String
  private let isTaken: (String) -> Bool
  private var number: Int

  init(like name: String, in regions: RegionSet) { self.init(like: name) { regions.hasName($0) } }

  /// Where many names like it are taken, it does not look at all of them: it finds one that is taken and whose
  /// next is not.
  init(like name: String, isTaken: @escaping (String) -> Bool) {
    self.name = name
    self.isTaken = isTaken
    number = 2
    var known = 1
    while number < Self.first, isTaken(Self.name(name, number)) { number += 1 }
    guard number == Self.first else { return }
    while isTaken(Self.name(name, number)) {
      known = number
      number *= 2
    }
    while number - known > 1 {
      let middle = known + (number - known) / 2
      if isTaken(Self.name(name, middle)) { known = middle } else { number = middle }
    }
  }

  /// Numbers below this are tried one by one, so that a gap among few is filled.
  private static let first = 16

  mutating func next() -> String {
    while isTaken(Self.name(name, number)) { number += 1 }
    defer { number += 1 }
    return Self.name(name, number)
  }

  private static func name(_ name: String, _ number: Int) -> String {
    let ending = "-\(number)"
    var beginning = name.prefix(ArrangementLimits.nameCharacters - ending.count)
    while beginning.utf8.count + ending.utf8.count > ArrangementLimits.nameBytes { beginning.removeLast() }
    return beginning + ending
  }
}
