/// The one rule for names: something to see, one line, not too long.
func checkedName(_ name: String, for what: String) throws(ArrangementError) -> String {
  let isOneLine = name.unicodeScalars.allSatisfy { scalar in
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: false
    default: true
    }
  }
  let isSeen = name.unicodeScalars.contains {
    !$0.properties.isWhitespace && !$0.properties.isDefaultIgnorableCodePoint
  }
  guard isOneLine, isSeen, name.utf8.count <= ArrangementLimits.nameBytes,
    name.count <= ArrangementLimits.nameCharacters
  else {
    throw ArrangementError(
      .badName, "this cannot be the name of a \(what)",
      "a name is one line of 1 to \(ArrangementLimits.nameCharacters) characters", "garden help")
  }
  return name
}
