extension ABCParser {
  mutating func readKeyField() {
    let start = at
    var properties = ABCVoiceHead(id: "")
    let mark = readKey(&properties)
    switch section {
    case .outside: fileSettings.key = mark?.key ?? fileSettings.key
    case .header:
      if let mark {
        settings.key = mark.key
        tune?.marks.append(.key(mark, voice: nil))
      }
      settings.keyShift = properties.shift
      settings.keyIsPercussion = properties.isPercussion
      beginBody()
    case .body:
      if let mark {
        states[voice].key = mark.key
        states[voice].accidentals.signature = mark.key.signature
        states[voice].accidentals.beginBar()
        tune?.marks.append(.key(mark, voice: voice))
        add(.key(mark.key), at: start)
      }
      if properties.shift != 0 { states[voice].shift = properties.shift }
    }
  }

  /// Nil where the field gives none: only a clef, or an error.
  private mutating func readKey(_ properties: inout ABCVoiceHead) -> ABCKeyMark? {
    let start = at
    var mark = ABCKeyMark(
      key: ABCKey(), tonicRange: start..<start, nameRange: start..<start, changeRanges: [])
    var hasKey = true
    if at == end || starts(with: "none") {
      mark.key = ABCKey(.none)
      if at < end { at += 4 }
    } else if starts(with: "HP") || starts(with: "Hp") {
      mark.key = ABCKey(starts(with: "HP") ? .pipes : .markedPipes)
      at += 2
    } else if let byte = peek(), (65...71).contains(byte), let letter = ABCPitch.letter(byte) {
      at += 1
      mark.key.tonic = ABCPitch(letter: letter, alter: take("#") ? 1 : take("b") ? -1 : 0)
    } else {
      hasKey = false
      guard beginsWithProperty() else {
        complain(
          .error, at: start, "K: wants a key such as C, F#m or Edor, found \(shown(bytes[start..<end]))")
        at = end
        return nil
      }
    }
    mark.tonicRange = start..<at
    if hasKey, mark.key.special == nil, !readMode(&mark.key) { return nil }
    mark.nameRange = start..<at
    while readChange(&mark) {}
    readProperties(&properties)
    if hasKey || !mark.key.changes.isEmpty {
      if abs(mark.key.fifths) > 7 {
        complain(
          .error, at: start, "the key \(shown(bytes[start..<end])) has more than seven sharps or flats")
        return nil
      }
      return mark
    }
    return nil
  }

  private mutating func readMode(_ key: inout ABCKey) -> Bool {
    let place = at
    skipBlanks()
    let start = at
    let word = readWord()
    if word.lowercased() == "exp" {
      key.isExplicit = true
      return true
    }
    if let mode = ABCKey.Mode(word) {
      key.mode = mode
      return true
    }
    at = start
    // A clef, or a property, may follow at once.
    if start > place, Self.clefs.contains(word) || Self.properties.contains(word) { return true }
    complain(
      .error, at: start,
      "\(shown(word.utf8)) is no mode: major, minor, mixolydian, dorian, phrygian, lydian, locrian")
    at = end
    return false
  }

  /// Only a clef, or accidentals: the key stays.
  private mutating func beginsWithProperty() -> Bool {
    let start = at
    defer { at = start }
    let word = readWord()
    return Self.clefs.contains(word) || Self.properties.contains(word)
      || (word.isEmpty && "^_=".utf8.contains(peek() ?? 0))
  }

  /// `^f`, `_b`, `=c` behind the mode.
  private mutating func readChange(_ mark: inout ABCKeyMark) -> Bool {
    skipBlanks()
    let start = at
    guard let alter = readAccidental() else { return false }
    guard let byte = peek(), let letter = ABCPitch.letter(byte) else {
      complain(.error, at: start, "an accidental of a key wants a note: ^f")
      at = end
      return false
    }
    at += 1
    guard mark.key.changes.count < 7 else {
      complain(.error, at: start, "a key has at most seven accidentals")
      at = end
      return false
    }
    mark.key.changes.append(ABCPitch(letter: letter, alter: alter))
    mark.changeRanges.append(start..<at)
    return true
  }

  /// `^`, `^^`, `_`, `__` or `=`; nil, and nothing read, where there is none.
  mutating func readAccidental() -> Int? {
    if take("=") { return 0 }
    if take("^") { return take("^") ? 2 : 1 }
    if take("_") { return take("_") ? -2 : -1 }
    return nil
  }

  static let clefs: Set<String> = ["treble", "bass", "alto", "tenor", "perc", "none"]
  static let properties: Set<String> = [
    "clef", "middle", "octave", "transpose", "stafflines", "staffscale", "style", "name", "nm", "subname",
    "snm", "sname",
    "stem", "merge", "up", "down", "gchords", "cue", "gstem", "dyn", "lyrics", "instrument", "score", "sound",
    "shift",
    "stems", "brace", "bracket", "program", "volume",
  ]
}
