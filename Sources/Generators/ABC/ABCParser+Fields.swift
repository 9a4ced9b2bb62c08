extension ABCParser {
  /// A field of the header or a line of its own; `at` stands on its letter.
  mutating func readField(_ letter: UInt8, _ stop: Int) {
    let start = at
    at += 2
    end = stop
    skipBlanks()
    switch letter {
    case UInt8(ascii: "K"): readKeyField()
    case UInt8(ascii: "M"): readMeterField()
    case UInt8(ascii: "L"): readUnitField()
    case UInt8(ascii: "Q"): readTempoField()
    case UInt8(ascii: "V"): readVoiceField()
    case UInt8(ascii: "I"): readInstruction()
    case UInt8(ascii: "T"):
      let title = rest()
      if let count = tune?.titles.count, count < GeneratorLimits.titles { tune?.titles.append(title) }
    case UInt8(ascii: "C"):
      let composer = rest()
      if tune?.composer == nil { tune?.composer = composer }
    case UInt8(ascii: "P"):
      if section == .header, at < end {
        complain(
          .warning, at: start,
          "the order of parts \(shown(bytes[at..<end])) is not followed: they play as they stand")
      }
    case UInt8(ascii: "m"): complain(.warning, at: start, "macros are not expanded")
    default: break
    }
  }

  /// `%%MIDI program 33` and the like; what is not for us is a remark.
  mutating func readDirective(_ line: Range<Int>) {
    guard line.count > 2, bytes[line.lowerBound + 1] == UInt8(ascii: "%") else { return }
    (at, end) = (line.lowerBound + 2, line.upperBound)
    if let remark = bytes[at..<end].firstIndex(of: UInt8(ascii: "%")) { end = remark }
    readInstruction()
  }

  private mutating func readInstruction() {
    let start = at
    let name = readWord()
    skipBlanks()
    if name == "MIDI" { return readMIDI() }
    guard name == "propagate", starts(with: "-accidentals") else { return }
    at += "-accidentals".utf8.count
    skipBlanks()
    guard let reach = ABCAccidentals.Reach(rawValue: readWord()) else {
      return complain(.error, at: start, "propagate-accidentals wants not, octave or pitch")
    }
    settings.reach = reach
    for index in states.indices { states[index].accidentals.reach = reach }
    if section == .outside { fileSettings.reach = reach } else { tune?.marks.append(.reach(reach)) }
  }

  private mutating func readMIDI() {
    let start = at
    let word = readWord()
    guard ["program", "channel"].contains(word) else { return }
    skipBlanks()
    var number = readNumber()
    skipBlanks()
    // `program 2 33` names a channel first.
    if word == "program", let second = readNumber() { number = second }
    guard let number, word == "program" ? number < 128 : (1...16).contains(number) else {
      return complain(
        .error, at: start,
        "MIDI \(word) wants \(word == "program" ? "0 to 127" : "1 to 16"), found \(shown(bytes[start..<end]))"
      )
    }
    if section == .body {
      if word == "program" {
        add(.program(UInt8(number)), at: start)
      } else {
        tune?.voices[voice].channel = UInt8(number - 1)
        tune?.voices[voice].isPercussion = number == 10
      }
    } else if word == "program" {
      settings.program = UInt8(number)
    }
  }

  private mutating func readMeterField() {
    let start = at
    guard let meter = readMeter() else {
      return complain(
        .error, at: start, "M: wants 4/4, 6/8, (2+3)/8, C, C| or none, found \(shown(bytes[start..<end]))")
    }
    switch section {
    case .outside: fileSettings.meter = meter
    case .header: settings.meter = meter
    case .body:
      states[voice].meter = meter
      states[voice].barMayBeShort = true
      add(.meter(meter), at: start)
    }
  }

  private mutating func readMeter() -> ABCMeter? {
    if at == end || starts(with: "none") { return ABCMeter(numerator: 4, denominator: 4, isFree: true) }
    if starts(with: "C|") { return ABCMeter(numerator: 2, denominator: 2) }
    if peek() == UInt8(ascii: "C") { return .common }
    let isGroup = take("(")
    var sum = 0
    repeat {
      skipBlanks()
      guard let part = readNumber(limit: 255) else { return nil }
      sum = min(sum + part, 256)
      skipBlanks()
    } while take("+")
    if isGroup, !take(")") { return nil }
    skipBlanks()
    guard take("/"), let denominator = readNumber(), (1...255).contains(sum),
      [1, 2, 4, 8, 16, 32, 64].contains(denominator)
    else { return nil }
    return ABCMeter(numerator: sum, denominator: denominator)
  }

  private mutating func readUnitField() {
    let start = at
    guard let unit = readFraction(), (1...64).contains(unit.numerator),
      [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
        .contains(unit.denominator)
    else {
      return complain(.error, at: start, "L: wants a length such as 1/8, found \(shown(bytes[start..<end]))")
    }
    switch section {
    case .outside: fileSettings.unit = unit
    case .header: settings.unit = unit
    case .body: states[voice].unit = unit
    }
  }

  /// `1/8`, or `1`.
  private mutating func readFraction() -> ABCFraction? {
    guard let top = readNumber() else { return nil }
    guard take("/") else { return ABCFraction(top, 1) }
    guard let bottom = readNumber(), bottom > 0 else { return nil }
    return ABCFraction(top, bottom)
  }

  private mutating func readTempoField() {
    let start = at
    guard let bpm = readTempo() else {
      // A name alone, as "Allegro", sets nothing.
      if bytes[start..<end].first == UInt8(ascii: "\""), bytes[start..<end].filter({ $0 == 34 }).count == 2 {
        return
      }
      return complain(.error, at: start, "Q: wants 1/4=120, found \(shown(bytes[start..<end]))")
    }
    guard GeneratorLimits.tempo.contains(bpm) else {
      return complain(
        .error, at: start, "Q: gives \(Int(min(bpm, 1e9))) quarter notes a minute; 20 to 999 can be played")
    }
    switch section {
    case .outside: fileSettings.tempo = ABCTempo(bpm: bpm)
    case .header: settings.tempo = ABCTempo(bpm: bpm)
    case .body: add(.tempo(ABCTempo(bpm: bpm)), at: start)
    }
  }

  /// Quarter notes a minute.
  private mutating func readTempo() -> Double? {
    skipQuoted()
    var wholes = 0.0
    let unit = section == .body ? states[voice].unit : settings.defaultUnit
    if take("C") {
      wholes = Double(readNumber() ?? 1) * Double(unit.numerator) / Double(unit.denominator)
    } else {
      guard let first = readDecimal() else { return nil }
      guard take("/") else {
        skipBlanks()
        skipQuoted()
        return at == end ? first * 4 * Double(unit.numerator) / Double(unit.denominator) : nil
      }
      guard let bottom = readNumber(), bottom > 0 else { return nil }
      wholes = first / Double(bottom)
      skipBlanks()
      while let more = readFraction() {
        wholes += Double(more.numerator) / Double(more.denominator)
        skipBlanks()
      }
    }
    skipBlanks()
    guard take("=") else { return nil }
    skipBlanks()
    guard let rate = readDecimal() else { return nil }
    skipBlanks()
    skipQuoted()
    return at == end ? rate * wholes * 4 : nil
  }

  private mutating func readDecimal() -> Double? {
    guard let whole = readNumber(limit: 1_000_000) else { return nil }
    guard peek() == UInt8(ascii: "."), let digit = peek(1), Self.isDigit(digit) else { return Double(whole) }
    at += 1
    var (value, scale) = (Double(whole), 0.1)
    while let byte = peek(), Self.isDigit(byte) {
      value += Double(byte - 48) * scale
      scale /= 10
      at += 1
    }
    return value
  }

  private mutating func skipQuoted() {
    guard peek() == UInt8(ascii: "\"") else { return }
    guard let close = bytes[(at + 1)..<end].firstIndex(of: UInt8(ascii: "\"")) else { return }
    at = close + 1
    skipBlanks()
  }
}
