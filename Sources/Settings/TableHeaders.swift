/// Finds the first table header whose name begins with what begins no name, such as `[?]`.
///
/// TOMLKit's parser ends the whole process on one, so such a text must not reach it. Strings, comments and the
/// brackets of arrays are followed as far as needed to tell a header from a value; a text that is broken otherwise is
/// left to the parser, which stops there.
struct TableHeaders {
  /// The line and column, from 1 and in bytes, of the first byte of the first broken name.
  private(set) var fault: (line: Int, column: Int)?

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
    default: place += 1
    }
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
    default: fault = (line, place - lineStart + 1)
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
