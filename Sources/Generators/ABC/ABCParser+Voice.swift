extension ABCParser {
  /// `V:1 name="Lead" clef=treble`: in the header a voice is made known, in the body its music follows.
  mutating func readVoiceField() {
    let start = at
    while let byte = peek(), !Self.isBlank(byte) { at += 1 }
    let id = String(decoding: bytes[start..<at].prefix(GeneratorLimits.nameCharacters), as: UTF8.self)
    guard !id.isEmpty else { return complain(.error, at: start, "V: wants a voice's name") }
    var head = settings.voices.first { $0.id == id } ?? ABCVoiceHead(id: id)
    readProperties(&head)
    if let index = settings.voices.firstIndex(where: { $0.id == id }) {
      settings.voices[index] = head
      if section == .body {
        voice = index
        if states[index].shift != head.shift, head.shift != 0 { states[index].shift = head.shift }
        if let name = head.name { tune?.voices[index].name = name }
      }
      return
    }
    guard settings.voices.count < GeneratorLimits.voices else {
      return complain(.error, at: start, "more than \(GeneratorLimits.voices) voices")
    }
    settings.voices.append(head)
    if section == .body {
      open(head)
      voice = settings.voices.count - 1
    }
  }

  /// `clef=bass-8`, `octave=-1`, `transpose=2`, `name="Lead"`; those that only concern paper are passed over.
  mutating func readProperties(_ head: inout ABCVoiceHead) {
    var clef = 0
    var octave = 0
    var transpose = 0
    while true {
      skipBlanks()
      guard at < end else { break }
      let start = at
      let word = readWord()
      let value = readValue()
      switch word {
      case "octave": octave = 12 * (signed(value, -4...4, start) ?? 0)
      case "transpose": transpose = signed(value, GeneratorLimits.transpose, start) ?? 0
      case "name", "nm": head.name = value
      case _ where Self.clefs.contains(word): clef = readClefShift(word + value, &head)
      case "clef": clef = readClefShift(value, &head)
      case _ where Self.properties.contains(word): break
      default: complain(.warning, at: start, "\(shown(bytes[start..<max(at, start + 1)])) is not known here")
      }
      if at == start { at += 1 }
    }
    if clef != 0 || octave != 0 || transpose != 0 { head.shift = clef + octave + transpose }
  }

  /// What follows a word up to a blank: `=value`, `="a value"`, or a clef's `-8`.
  private mutating func readValue() -> String {
    _ = take("=")
    if take("\"") {
      let start = at
      while let byte = peek(), byte != UInt8(ascii: "\"") { at += 1 }
      let text = String(decoding: bytes[start..<at].prefix(GeneratorLimits.nameCharacters), as: UTF8.self)
      _ = take("\"")
      return String(
        String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }
    let start = at
    while let byte = peek(), !Self.isBlank(byte) { at += 1 }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  private mutating func signed(_ text: String, _ range: ClosedRange<Int>, _ offset: Int) -> Int? {
    if let number = Int(text), range.contains(number) { return number }
    complain(
      .error, at: offset, "\(shown(text.utf8)) is not a number of \(range.lowerBound) to \(range.upperBound)")
    return nil
  }

  /// `treble-8` sounds an octave lower.
  private func readClefShift(_ clef: String, _ head: inout ABCVoiceHead) -> Int {
    if clef.hasPrefix("perc") { head.isPercussion = true }
    return clef.hasSuffix("-8") ? -12 : clef.hasSuffix("+8") ? 12 : 0
  }

  /// Ends the header: its voices are those of the music.
  mutating func beginBody() {
    guard section == .header else { return }
    tune?.meter = settings.meter
    tune?.unit = settings.defaultUnit
    tune?.tempo = settings.tempo
    tune?.key = settings.key
    section = .body
    if settings.voices.isEmpty { settings.voices = [ABCVoiceHead(id: "1")] }
    for head in settings.voices { open(head) }
    voice = 0
  }

  private mutating func open(_ head: ABCVoiceHead) {
    var state = ABCVoiceState(settings, head)
    if head.shift == 0 { state.shift = settings.keyShift }
    states.append(state)
    var made = ABCVoice(id: head.id, name: head.name)
    made.isPercussion = head.isPercussion || settings.keyIsPercussion
    tune?.voices.append(made)
    if let program = settings.program {
      tune?.voices[states.count - 1].elements.append(ABCElement(kind: .program(program), offset: at))
    }
  }

  /// What is open at the end of a tune is said; voices without music go.
  mutating func finishVoices() {
    for index in states.indices {
      voice = index
      if !states[index].graces.isEmpty {
        complain(.warning, at: at, "grace notes at the end belong to no note")
      }
      if let tuplet = states[index].tuplet, tuplet.left > 0 {
        complain(.warning, at: at, "a tuplet wants \(tuplet.left) more notes at the end of the tune")
      }
    }
    if tune?.noteCount == 0 { complain(.warning, at: at, "the tune has no notes") }
  }

  mutating func add(_ kind: ABCElement.Kind, at offset: Int) {
    elementCount += 1
    guard elementCount <= GeneratorLimits.elements else {
      if elementCount == GeneratorLimits.elements + 1 {
        complain(
          .error, at: offset,
          "more than \(GeneratorLimits.elements) notes and bars in a tune; the rest is left out")
      }
      return
    }
    tune?.voices[voice].elements.append(ABCElement(kind: kind, offset: offset))
  }
}
