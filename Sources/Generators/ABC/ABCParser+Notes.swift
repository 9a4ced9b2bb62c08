extension ABCParser {
  mutating func readSingleNote() {
    let start = at
    guard let note = readNote() else { return }
    let factor = readLength()
    finish([note], factors: [ABCFraction(1, 1)], factor, at: start)
  }

  /// Accidental, letter and octave; nil after a diagnostic.
  private mutating func readNote(isGrace: Bool = false) -> ABCNote? {
    let start = at
    let explicit = readAccidental()
    if explicit != nil, let byte = peek(), byte == UInt8(ascii: "/") || Self.isDigit(byte) {
      complain(.error, at: start, "microtones cannot be played")
      while let byte = peek(), byte == UInt8(ascii: "/") || Self.isDigit(byte) { at += 1 }
    }
    guard let byte = peek(), let letter = ABCPitch.letter(byte) else {
      complain(.error, at: start, "an accidental wants a note behind it")
      return nil
    }
    at += 1
    let isLower = byte >= 97
    var octave = isLower ? 1 : 0
    var isOdd = false
    while let mark = peek(), mark == UInt8(ascii: "'") || mark == UInt8(ascii: ",") {
      let isUp = mark == UInt8(ascii: "'")
      octave = max(-20, min(20, octave + (isUp ? 1 : -1)))
      isOdd = isOdd || isUp != isLower
      at += 1
    }
    let state = states[voice]
    let tie =
      explicit == nil && !isGrace ? state.ties.first { $0.letter == letter && $0.octave == octave } : nil
    let alter = explicit ?? tie?.alter ?? state.accidentals.alter(letter: letter, octave: octave)
    if let explicit { states[voice].accidentals.note(letter: letter, octave: octave, alter: explicit) }
    let pitch = ABCPitch(letter: letter, alter: alter)
    if tune?.voices[voice].isPercussion == false {
      tune?.marks.append(
        .note(
          ABCNoteMark(
            range: start..<at, voice: voice, pitch: pitch, octave: octave, isExplicit: explicit != nil,
            isTiedInto: tie != nil, isOddlyWritten: isOdd, isLower: isLower)))
    }
    let key = 60 + 12 * octave + pitch.semitone + state.shift
    guard let key = UInt8(exactly: key), key < 128 else {
      complain(.error, at: start, "\(shown(bytes[start..<at])) is MIDI key \(key); 0 to 127 can be played")
      return nil
    }
    return ABCNote(pitch: pitch, octave: octave, key: key, length: 0)
  }

  /// `2`, `/`, `3/2`, `//`; one where nothing stands.
  private mutating func readLength() -> ABCFraction {
    let start = at
    var length = ABCFraction(readNumber() ?? 1, 1)
    if take("/") {
      length.denominator = 2
      if let bottom = readNumber() {
        length.denominator = bottom
      } else {
        while take("/") { length.denominator = min(2 * length.denominator, 4096) }
      }
    }
    guard (1...GeneratorLimits.lengthNumber).contains(length.numerator),
      (1...GeneratorLimits.lengthNumber).contains(length.denominator)
    else {
      complain(
        .error, at: start,
        "the length \(shown(bytes[start..<at])) is out of range: numbers of 1 to \(GeneratorLimits.lengthNumber)"
      )
      return ABCFraction(1, 1)
    }
    return length
  }

  mutating func readRest() {
    let start = at
    at += 1
    finish([], factors: [], readLength(), at: start)
  }

  /// `Z4`: bars.
  mutating func readLongRest() {
    let start = at
    at += 1
    let bars = readNumber() ?? 1
    guard (1...GeneratorLimits.lengthNumber).contains(bars) else {
      return complain(.error, at: start, "a rest of bars has 1 to \(GeneratorLimits.lengthNumber) of them")
    }
    states[voice].barMayBeShort = true
    states[voice].barLength += states[voice].meter.length * Int64(bars)
    states[voice].longestInBar = .min
    states[voice].ties = []
    states[voice].lastSound = nil
    add(.sound(ABCSound(length: states[voice].meter.length * Int64(bars))), at: start)
  }

  mutating func readChord() {
    let start = at
    at += 1
    var notes: [ABCNote] = []
    var factors: [ABCFraction] = []
    while let byte = peek(), byte != UInt8(ascii: "]") {
      if byte == UInt8(ascii: "|") { return complain(.error, at: start, "a chord has no closing ]") }
      let isAccidental = byte == UInt8(ascii: "^") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "=")
      if isAccidental || ABCPitch.letter(byte) != nil {
        guard var note = readNote() else { continue }
        let factor = readLength()
        if take("-") { note.isTied = true }
        if notes.count < GeneratorLimits.notesAtOnce {
          notes.append(note)
          factors.append(factor)
        } else if notes.count == GeneratorLimits.notesAtOnce {
          complain(.error, at: at, "a chord has at most \(GeneratorLimits.notesAtOnce) notes")
          break
        }
      } else {
        if !Self.isBlank(byte), !"!.~uvT()".utf8.contains(byte) {
          complain(.error, at: at, "\(shown([byte])) cannot stand in a chord")
          while let byte = peek(), byte != UInt8(ascii: "]"), !Self.isBlank(byte) { at += 1 }
          continue
        }
        at += 1
      }
    }
    while let byte = peek(), byte != UInt8(ascii: "]") { at += 1 }
    guard take("]") else { return complain(.error, at: start, "a chord has no closing ]") }
    let factor = readLength()
    guard !notes.isEmpty else { return complain(.error, at: start, "a chord without notes") }
    finish(notes, factors: factors, factor, at: start)
  }

  mutating func readGraces() {
    let start = at
    at += 1
    _ = take("/")
    var graces: [ABCNote] = []
    while let byte = peek(), byte != UInt8(ascii: "}") {
      if byte == UInt8(ascii: "^") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "=")
        || ABCPitch.letter(byte) != nil
      {
        guard let note = readNote(isGrace: true) else { continue }
        _ = readLength()
        if graces.count < GeneratorLimits.notesAtOnce { graces.append(note) }
      } else {
        if !Self.isBlank(byte), !"()[]-".utf8.contains(byte) {
          complain(.error, at: at, "\(shown([byte])) cannot stand among grace notes")
        }
        at += 1
      }
    }
    guard take("}") else { return complain(.error, at: start, "grace notes have no closing }") }
    states[voice].graces = graces
  }

  /// A tie that stands apart from its note.
  mutating func readLooseTie() {
    let start = at
    at += 1
    guard let last = states[voice].lastSound, let element = tune?.voices[voice].elements[last],
      case .sound(var sound) = element.kind, !sound.notes.isEmpty
    else { return complain(.error, at: start, "a tie stands behind a note") }
    for index in sound.notes.indices { sound.notes[index].isTied = true }
    tune?.voices[voice].elements[last].kind = .sound(sound)
    states[voice].ties = Self.ties(sound.notes)
  }

  /// Gives the sound its length and what stood before it, and lets it be heard.
  private mutating func finish(
    _ notes: [ABCNote], factors: [ABCFraction], _ factor: ABCFraction, at start: Int
  ) {
    var state = states[voice]
    var tuplet = ABCFraction(1, 1)
    if let open = state.tuplet {
      tuplet = open.factor
      state.tuplet = open.left > 1 ? (open.factor, open.left - 1) : nil
    }
    var sound = ABCSound(notes: notes, length: ABCTime.length(state.unit, factor, tuplet: tuplet))
    for index in sound.notes.indices {
      let own = ABCFraction(
        min(factor.numerator * factors[index].numerator, GeneratorLimits.lengthNumber),
        min(factor.denominator * factors[index].denominator, GeneratorLimits.lengthNumber))
      sound.notes[index].length = ABCTime.length(state.unit, own, tuplet: tuplet)
    }
    // The first note's length is the chord's.
    if let first = sound.notes.first { sound.length = first.length }
    if let broken = state.broken { sound.scale(by: broken) }
    if !notes.isEmpty {
      if take("-") { for index in sound.notes.indices { sound.notes[index].isTied = true } }
      sound.graces = state.graces
      sound.isAccented = state.isAccented
      sound.isStaccato = state.isStaccato
      sound.velocity = state.velocity
      state.graces = []
      (state.isAccented, state.isStaccato, state.velocity) = (false, false, nil)
    }
    state.broken = nil
    state.ties = Self.ties(sound.notes)
    state.barLength += sound.length
    if state.barOffset == 0 { state.barOffset = start }
    states[voice] = state
    add(.sound(sound), at: start)
    states[voice].lastSound =
      elementCount <= GeneratorLimits.elements ? (tune?.voices[voice].elements.count ?? 0) - 1 : nil
  }

  private static func ties(_ notes: [ABCNote]) -> [ABCVoiceState.Tie] {
    notes.filter(\.isTied).map {
      ABCVoiceState.Tie(letter: $0.pitch.letter, octave: $0.octave, alter: $0.pitch.alter)
    }
  }
}
