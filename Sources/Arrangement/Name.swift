/// The one rule for names: something to see, one line, not too long.
func checkedName(_ name: String, for what: String) throws(ArrangementError) -> String {
  guard name.unicodeScalars.allSatisfy(staysOnItsLine), holdsSomethingToSee(name),
    name.utf8.count <= ArrangementLimits.nameBytes,
    name.count <= ArrangementLimits.nameCharacters
  else {
    throw ArrangementError(
      .badName, "this cannot be the name of a \(what)",
      "a name is one line of 1 to \(ArrangementLimits.nameCharacters) characters", "garden help")
  }
  return name
}

/// The nearest to a text that the rule allows; `fallback` where nothing to see is left.
func fittedName(_ text: String, orElse fallback: String) -> String {
  var name = String(String.UnicodeScalarView(text.unicodeScalars.filter(staysOnItsLine)))
  name = String(name.prefix(ArrangementLimits.nameCharacters))
  while name.utf8.count > ArrangementLimits.nameBytes { name.removeLast() }
  return holdsSomethingToSee(name) ? name : fallback
}

/// Neither a control character, nor a line break, nor one that turns the direction of what follows.
private func staysOnItsLine(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: false
  default: true
  }
}

private func holdsSomethingToSee(_ name: String) -> Bool {
  name.unicodeScalars.contains { !$0.properties.isWhitespace && !$0.properties.isDefaultIgnorableCodePoint }
}
