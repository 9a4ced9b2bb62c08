extension ABCParser {
  /// A line of music, or the rest of one.
  mutating func readMusic() {
    while at < end {
      let start = at
      readNext(bytes[at])
      // Whatever is not understood is one byte long at least.
      if at == start { at += 1 }
    }
  }

  private mutating func readNext(_ byte: UInt8) {
    switch byte {
    case 32, 9, UInt8(ascii: "`"), UInt8(ascii: "$"), UInt8(ascii: ")"): at += 1
    case UInt8(ascii: "A")...UInt8(ascii: "G"), UInt8(ascii: "a")...UInt8(ascii: "g"), UInt8(ascii: "^"),
      UInt8(ascii: "_"), UInt8(ascii: "="):
      readSingleNote()
    case UInt8(ascii: "z"), UInt8(ascii: "x"): readRest()
    case UInt8(ascii: "Z"), UInt8(ascii: "X"): readLongRest()
    case UInt8(ascii: "y"):
      at += 1
      _ = readNumber()
    case UInt8(ascii: "|"), UInt8(ascii: ":"): readBar()
    case UInt8(ascii: "["): readBracket()
    case UInt8(ascii: "("): readParenthesis()
    case UInt8(ascii: "{"): readGraces()
    case UInt8(ascii: "<"), UInt8(ascii: ">"): readBroken(byte)
    case UInt8(ascii: "-"): readLooseTie()
    case UInt8(ascii: "&"): readOverlay()
    case UInt8(ascii: "\""): readQuotation()
    case UInt8(ascii: "!"): readDecoration(UInt8(ascii: "!"))
    case UInt8(ascii: "+"): readDecoration(UInt8(ascii: "+"))
    case UInt8(ascii: "."): readDot()
    case UInt8(ascii: "~"), UInt8(ascii: "H")...UInt8(ascii: "W"), UInt8(ascii: "h")...UInt8(ascii: "w"):
      if byte == UInt8(ascii: "L") { states[voice].isAccented = true }
      at += 1
    case UInt8(ascii: "\\"): readContinuation()
    default: readUnknown(byte)
    }
  }

  private mutating func readUnknown(_ byte: UInt8) {
    let start = at
    if "#*;?@".utf8.contains(byte) {
      at += 1
      return complain(.warning, at: start, "\(shown([byte])) means nothing here")
    }
    let known = Set("ABCDEFGabcdefgzxZX|:[](){}<>-&\"!^_=~.+\\/ \t".utf8)
    while let byte = peek(), !known.contains(byte) { at += 1 }
    at = max(at, start + 1)
    complain(.error, at: start, "\(shown(bytes[start..<at])) is no note, rest or bar line")
  }

  private mutating func readContinuation() {
    let start = at
    at += 1
    skipBlanks()
    if at < end { complain(.error, at: start, "a backslash stands at the end of a line") }
  }

  private mutating func readBracket() {
    guard let next = peek(1) else {
      complain(.error, at: at, "[ begins a chord, a field or an ending; the line ends here")
      at += 1
      return
    }
    if next == UInt8(ascii: "|") { return readBar() }
    if Self.isDigit(next) {
      let start = at
      at += 1
      return addEnding(readEndings(), at: start)
    }
    if peek(2) == UInt8(ascii: ":"), (65...90).contains(next) || (97...122).contains(next) {
      return readInlineField(next)
    }
    readChord()
  }

  /// `[K:Am]`; the field ends with the bracket.
  private mutating func readInlineField(_ letter: UInt8) {
    let start = at
    guard let close = bytes[at..<end].firstIndex(of: UInt8(ascii: "]")) else {
      complain(.error, at: start, "the field \(shown(bytes[start..<end])) has no closing ]")
      at = end
      return
    }
    let line = end
    if "IKLMmNPQRrUV".utf8.contains(letter) {
      at += 1
      readField(letter, close)
    } else {
      complain(.error, at: start, "the field \(shown([letter])): cannot stand in music; K, L, M, Q and V can")
    }
    (at, end) = (close + 1, line)
  }

  /// A tuplet, or a slur, which changes nothing that sounds.
  private mutating func readParenthesis() {
    let start = at
    at += 1
    guard let first = peek(), Self.isDigit(first) else { return }
    let notes = readNumber() ?? 0
    var inTime: Int?
    var count: Int?
    if take(":") {
      inTime = readNumber()
      if take(":") { count = readNumber() }
    }
    guard (2...32).contains(notes), (1...32).contains(inTime ?? 1), (1...32).contains(count ?? 1) else {
      return complain(
        .error, at: start, "a tuplet is (3 or (p:q:r of numbers up to 32, found \(shown(bytes[start..<at]))")
    }
    if let open = states[voice].tuplet, open.left > 0 {
      complain(.warning, at: start, "the tuplet before wants \(open.left) more notes")
    }
    states[voice].tuplet = (ABCFraction(inTime ?? usualTime(of: notes), notes), count ?? notes)
  }

  /// ABC 2.1, section 4.13.
  private func usualTime(of notes: Int) -> Int {
    switch notes {
    case 2, 4, 8: 3
    case 3, 6: 2
    default: states[voice].meter.isCompound ? 3 : 2
    }
  }

  /// `>` makes the note before half as long again and halves the next; each further one halves once more.
  private mutating func readBroken(_ byte: UInt8) {
    let start = at
    while peek() == byte { at += 1 }
    let count = at - start
    guard count <= 3 else {
      return complain(.error, at: start, "at most three \(shown([byte])) stand together")
    }
    guard let last = states[voice].lastSound, states[voice].broken == nil else {
      return complain(.error, at: start, "\(shown([byte])) stands between two notes")
    }
    let short = ABCFraction(1, 1 << count)
    let long = ABCFraction((2 << count) - 1, 1 << count)
    let isDotted = byte == UInt8(ascii: ">")
    states[voice].broken = isDotted ? short : long
    guard let element = tune?.voices[voice].elements[last], case .sound(var sound) = element.kind else {
      return
    }
    let before = sound.length
    sound.scale(by: isDotted ? long : short)
    states[voice].barLength += sound.length - before
    tune?.voices[voice].elements[last].kind = .sound(sound)
  }

  private mutating func readOverlay() {
    let start = at
    at += 1
    states[voice].longestInBar = max(states[voice].longestInBar, states[voice].barLength)
    states[voice].barLength = 0
    states[voice].lastSound = nil
    add(.overlay, at: start)
  }

  private mutating func readDot() {
    at += 1
    if peek() == UInt8(ascii: "|") || peek() == UInt8(ascii: "(") || peek() == UInt8(ascii: "-") { return }
    states[voice].isStaccato = true
  }

  /// `!f!`, `!trill!`, or with + in the old way.
  private mutating func readDecoration(_ mark: UInt8) {
    let start = at
    guard let close = bytes[(at + 1)..<end].firstIndex(of: mark), close - start <= 32 else {
      at += 1
      return complain(.error, at: start, "a decoration has no closing \(shown([mark]))")
    }
    at = close + 1
    switch String(decoding: bytes[(start + 1)..<close], as: UTF8.self) {
    case "pppp", "ppp": states[voice].velocity = 30
    case "pp": states[voice].velocity = 45
    case "p": states[voice].velocity = 60
    case "mp": states[voice].velocity = 75
    case "mf": states[voice].velocity = 90
    case "f": states[voice].velocity = 105
    case "ff": states[voice].velocity = 120
    case "fff", "ffff", "sfz": states[voice].velocity = 127
    case "accent", ">", "emphasis": states[voice].isAccented = true
    default: break
    }
  }

  /// A chord symbol, or words.
  private mutating func readQuotation() {
    let start = at
    guard let close = bytes[(at + 1)..<end].firstIndex(of: UInt8(ascii: "\"")) else {
      complain(.error, at: start, "a quotation has no closing \"")
      at = end
      return
    }
    if ABCChordSymbol(bytes[(start + 1)..<close]) != nil {
      tune?.marks.append(.chordSymbol((start + 1)..<close, voice: voice))
    }
    at = close + 1
  }
}

extension ABCSound {
  mutating func scale(by fraction: ABCFraction) {
    func scaled(_ length: Int64) -> Int64 {
      (length * Int64(fraction.numerator) + Int64(fraction.denominator / 2)) / Int64(fraction.denominator)
    }
    length = scaled(length)
    for index in notes.indices { notes[index].length = scaled(notes[index].length) }
  }
}
