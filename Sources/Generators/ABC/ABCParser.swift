/// Reads ABC notation (the standard 2.1 of December 2011): tunes of one or several voices. Works on the calling thread,
/// in time linear in the text, and touches nothing but the bytes it is given. Nothing is fatal: whatever the bytes are,
/// there is a book, and diagnostics that say what in it is not as it should be.
package struct ABCParser {
  enum Section { case outside, header, body }

  let bytes: [UInt8]
  var book = ABCBook()
  /// The tune that is being read; nil outside of one.
  var tune: ABCTune?
  var section = Section.outside
  var settings = ABCTuneSettings()
  /// What stands before the first X: holds for every tune.
  var fileSettings = ABCTuneSettings()
  var states: [ABCVoiceState] = []
  var voice = 0
  /// Where the reading is, and where its line or field ends.
  var at = 0
  var end = 0
  private var lineStart = 0
  private var lineNumber = 0
  var elementCount = 0
  private var hasNumbers = false

  package static func parse(_ text: String) -> ABCBook { parse(Array(text.utf8)) }

  package static func parse(_ bytes: [UInt8]) -> ABCBook {
    var parser = ABCParser(bytes)
    parser.run()
    return parser.book
  }

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  private mutating func run() {
    lineNumber = 1
    guard bytes.count <= GeneratorLimits.abcBytes else {
      return complain(.error, at: 0, "\(bytes.count) bytes are too much: \(GeneratorLimits.abcBytes) at most")
    }
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    var next = hasMark ? 3 : 0
    hasNumbers = linesBeginWithNumber()
    while next < bytes.count {
      lineStart = next
      var stop = next
      while stop < bytes.count, bytes[stop] != 10, bytes[stop] != 13 { stop += 1 }
      next = stop + 1
      if stop + 1 < bytes.count, bytes[stop] == 13, bytes[stop + 1] == 10 { next += 1 }
      readLine(lineStart..<stop)
      lineNumber += 1
    }
    lineStart = bytes.count
    finishTune()
    if book.tunes.isEmpty {
      complain(.error, at: bytes.count, "there is no tune: one begins with X:1 and has a K: field")
    }
  }

  private func linesBeginWithNumber() -> Bool {
    var isStart = true
    for index in bytes.indices {
      if isStart, bytes[index] == UInt8(ascii: "X"), index + 1 < bytes.count,
        bytes[index + 1] == UInt8(ascii: ":")
      {
        return true
      }
      isStart = bytes[index] == 10 || bytes[index] == 13 || (isStart && bytes[index] >= 0x80)
    }
    return false
  }

  private mutating func readLine(_ line: Range<Int>) {
    let code = withoutRemark(line)
    if code.isEmpty || bytes[code].allSatisfy(Self.isBlank) {
      // A line that is nothing but a remark does not end a tune.
      if bytes[line].allSatisfy(Self.isBlank) { finishTune() } else { readDirective(line) }
      return
    }
    (at, end) = (code.lowerBound, code.upperBound)
    let letter = fieldLetter(code)
    if letter == UInt8(ascii: "X") { return beginTune() }
    if section == .outside, !hasNumbers {
      startTune()
      complain(.warning, at: at, "the tune has no X: field in front")
    }
    switch section {
    case .outside:
      if let letter, "MLQKIUm".utf8.contains(letter) { readField(letter, code.upperBound) }
    case .header:
      if let letter { return readField(letter, code.upperBound) }
      if bytes[at] == UInt8(ascii: "+"), peek(1) == UInt8(ascii: ":") { return }
      complain(
        .error, at: at, "\(shown(bytes[code])) stands before the K: field; a field such as K:C belongs here")
      beginBody()
      readMusic()
    case .body:
      if bytes[at] == UInt8(ascii: "+"), peek(1) == UInt8(ascii: ":") { return }
      if let letter, Self.bodyFields.contains(letter) { return readField(letter, code.upperBound) }
      readMusic()
    }
  }

  private static let bodyFields = Set("IKLMmNPQRrsTUVWw".utf8)

  /// The letter of a line that is a field: `K:`.
  private func fieldLetter(_ line: Range<Int>) -> UInt8? {
    guard line.count >= 2, bytes[line.lowerBound + 1] == UInt8(ascii: ":") else { return nil }
    let letter = bytes[line.lowerBound]
    return (65...90).contains(letter) || (97...122).contains(letter) ? letter : nil
  }

  private mutating func beginTune() {
    finishTune()
    startTune()
    at += 2
    skipBlanks()
    let digits = at
    if let number = readNumber(limit: 1_000_000_000) {
      tune?.number = number
    } else {
      complain(.warning, at: digits, "X: wants a number, found \(shown(bytes[digits..<end]))")
    }
  }

  private mutating func startTune() {
    guard book.tunes.count < GeneratorLimits.tunes else {
      if book.tunes.count == GeneratorLimits.tunes, tune == nil {
        complain(.error, at: lineStart, "tunes beyond \(GeneratorLimits.tunes) are left out")
      }
      section = .outside
      return
    }
    tune = ABCTune()
    tune?.line = lineNumber
    tune?.range = lineStart..<lineStart
    settings = fileSettings
    states = []
    voice = 0
    elementCount = 0
    section = .header
  }

  private mutating func finishTune() {
    guard tune != nil else { return }
    if section == .header {
      complain(.error, at: lineStart, "the tune ends without a K: field")
      beginBody()
    }
    finishVoices()
    if var done = tune {
      done.range = done.range.lowerBound..<lineStart
      book.tunes.append(done)
    }
    tune = nil
    section = .outside
  }
}

// Reading bytes.
extension ABCParser {
  static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }
  static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  func peek(_ ahead: Int = 0) -> UInt8? { at + ahead < end ? bytes[at + ahead] : nil }

  func starts(with text: String) -> Bool { at <= end && bytes[at..<end].starts(with: text.utf8) }

  mutating func skipBlanks() { while let byte = peek(), Self.isBlank(byte) { at += 1 } }

  mutating func take(_ character: Character) -> Bool {
    guard let wanted = character.asciiValue, peek() == wanted else { return false }
    at += 1
    return true
  }

  /// Digits; nil where there are none. One beyond `limit` is read as `limit + 1`.
  mutating func readNumber(limit: Int = GeneratorLimits.lengthNumber) -> Int? {
    guard let first = peek(), Self.isDigit(first) else { return nil }
    var number = 0
    while let byte = peek(), Self.isDigit(byte) {
      number = min(number * 10 + Int(byte - 48), limit + 1)
      at += 1
    }
    return number
  }

  mutating func readWord() -> String {
    let start = at
    while let byte = peek(), (65...90).contains(byte) || (97...122).contains(byte) { at += 1 }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  /// The rest of the line or field as a name: trimmed, without control characters.
  func rest() -> String {
    let text = String(decoding: bytes[at..<end], as: UTF8.self).unicodeScalars
      .filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    var kept = String(
      String.UnicodeScalarView(text).drop { $0 == " " }.prefix(GeneratorLimits.nameCharacters))
    while kept.hasSuffix(" ") { kept.removeLast() }
    return kept
  }

  /// Without what follows a `%` that no backslash stands before.
  private func withoutRemark(_ line: Range<Int>) -> Range<Int> {
    for index in line where bytes[index] == UInt8(ascii: "%") {
      if index > line.lowerBound, bytes[index - 1] == UInt8(ascii: "\\") { continue }
      return line.lowerBound..<index
    }
    return line
  }

  mutating func complain(_ severity: ABCDiagnostic.Severity, at offset: Int, _ message: String) {
    if severity == .error { book.errorCount += 1 }
    guard book.diagnostics.count < GeneratorLimits.diagnostics else {
      book.omittedDiagnostics += 1
      return
    }
    let before = bytes[min(lineStart, offset)..<min(offset, bytes.count)]
    let column = 1 + before.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    book.diagnostics.append(ABCDiagnostic(severity, line: lineNumber, column: column, message))
  }
}
