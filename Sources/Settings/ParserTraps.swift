/// Finds the first place of a text where TOMLKit's parser would end the whole process instead of refusing: a table header
/// whose name begins with what begins no name, such as `[?]`, and a date with a time that does not begin with a digit, such
/// as `1979-05-27T%`.
///
/// Strings, comments and the brackets of arrays are followed as far as needed to tell a header from a value; a text that
/// is broken otherwise is left to the parser, which stops there.
struct ParserTraps {
  struct Fault {
    /// From 1, the column in bytes.
    var line: Int
    var column: Int
    var why: String
  }

  private(set) var fault: Fault?

  private let bytes: [UInt8]
  private var place = 0
  private var line = 1
  private var lineStart = 0
  private var depth = 0
  private var isInValue = false

  init(_ text: String) {
    bytes = Array(text.utf8)
    while place < bytes.count, fault == nil { step() }
  }

  private mutating func step() {
    switch bytes[place] {
    case UInt8(ascii: "\n"): endLine()
    case UInt8(ascii: "#"): while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
    case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString()
    case UInt8(ascii: "="):
      isInValue = true
      place += 1
    case UInt8(ascii: "[") where depth == 0 && !isInValue: checkHeader()
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      depth += 1
      place += 1
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      depth = max(0, depth - 1)
      place += 1
    default:
      if isInValue, isBehindDate { checkTime() }
      place += 1
    }
  }

  /// Whether the ten bytes before this one are a date.
  private var isBehindDate: Bool {
    guard place >= 10 else { return false }
    return bytes[place - 10..<place].enumerated().allSatisfy { index, byte in
      index == 4 || index == 7 ? byte == UInt8(ascii: "-") : Self.isDigit(byte)
    }
  }

  /// What parts a date from its time is followed by a digit; a blank may part it from nothing, too.
  private mutating func checkTime() {
    let next = place + 1 < bytes.count ? bytes[place + 1] : UInt8(ascii: "\n")
    switch bytes[place] {
    case UInt8(ascii: "T"), UInt8(ascii: "t"):
      if !Self.isDigit(next) { stop("a date's time does not begin like this") }
    case UInt8(ascii: " "):
      let isDate = " \t\r\n#,]}".utf8.contains(next)
      if !isDate, !Self.isDigit(next) { stop("a date's time does not begin like this") }
    default: return
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private mutating func stop(_ why: String) {
    fault = Fault(line: line, column: place - lineStart + 1, why: why)
  }

  private mutating func endLine() {
    place += 1
    line += 1
    lineStart = place
    if depth == 0 { isInValue = false }
  }

  private mutating func checkHeader() {
    place += 1
    depth += 1
    if place < bytes.count, bytes[place] == UInt8(ascii: "[") {
      place += 1
      depth += 1
    }
    while place < bytes.count, bytes[place] == UInt8(ascii: " ") || bytes[place] == UInt8(ascii: "\t") {
      place += 1
    }
    // An empty name, and a text that ends here, the parser refuses by itself.
    guard place < bytes.count, bytes[place] != UInt8(ascii: "]") else { return }
    switch bytes[place] {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "\""),
      UInt8(ascii: "'"):
      return
    default: stop("a table's name does not begin like this")
    }
  }

  /// From the opening quote to behind the closing one: of one line, or of three quotes and any number of lines.
  private mutating func skipString() {
    let quote = bytes[place]
    let isLong = bytes[place...].starts(with: [quote, quote, quote])
    place += isLong ? 3 : 1
    while place < bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: "\n") {
        guard isLong else { return }
        line += 1
        lineStart = place + 1
      }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        place += 2
        continue
      }
      let isEnd = isLong ? bytes[place...].starts(with: [quote, quote, quote]) : byte == quote
      place += isEnd && isLong ? 3 : 1
      if isEnd { return }
    }
  }
}
