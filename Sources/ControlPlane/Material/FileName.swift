/// Names of files made from names of tracks.
enum FileName {
  /// A name that every file system takes: without separators, control characters and what shells and other
  /// systems read as something else, not hidden, not a flag, at most `ControlLimits.fileNameBytes` long.
  static func safe(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars {
      let isBad =
        scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
        || scalar.properties.generalCategory == .format || scalar.properties.isWhitespace && scalar != " "
        || "/\\:*?\"<>|".unicodeScalars.contains(scalar)
      text.unicodeScalars.append(isBad ? "-" : scalar)
    }
    let trimmed = text.drop { $0 == " " || $0 == "." || $0 == "-" }
    var kept = ""
    for character in trimmed {
      guard kept.utf8.count + character.utf8.count <= ControlLimits.fileNameBytes else { break }
      kept.append(character)
    }
    while kept.last == " " || kept.last == "." { kept.removeLast() }
    return kept.isEmpty ? "track" : kept
  }

  /// A name for each, no two alike even where capitals do not count: the second `lead` is `lead-2`.
  static func distinct(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    return names.map { name in
      let base = safe(name)
      var candidate = base
      var number = 2
      while !taken.insert(candidate.lowercased()).inserted {
        candidate = "\(base)-\(number)"
        number += 1
      }
      return candidate
    }
  }
}
