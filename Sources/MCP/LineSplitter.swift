/// Cuts a stream of bytes into messages, one a line. One thread.
package struct LineSplitter: Sendable {
  package enum Line: Equatable, Sendable {
    case message([UInt8])
    case tooLong
  }

  private var begun: [UInt8] = []
  private var isPassingOver = false
  private let limit: Int

  package init(limit: Int = MCPLimits.messageBytes) { self.limit = limit }

  /// The lines that end in these bytes; empty ones are none. Never keeps more than the limit.
  package mutating func take(_ bytes: some Collection<UInt8>) -> [Line] {
    var lines: [Line] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      append(rest[..<end])
      if let line = finish() { lines.append(line) }
      rest = rest[rest.index(after: end)...]
    }
    append(rest)
    return lines
  }

  /// What stands after the last line break, at the end of the stream.
  package mutating func finish() -> Line? {
    defer {
      begun = []
      isPassingOver = false
    }
    if isPassingOver { return .tooLong }
    return begun.allSatisfy(Self.isBlank) ? nil : .message(begun)
  }

  private mutating func append(_ bytes: some Collection<UInt8>) {
    guard !isPassingOver else { return }
    guard begun.count + bytes.count <= limit else {
      begun = []
      isPassingOver = true
      return
    }
    begun += bytes
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
