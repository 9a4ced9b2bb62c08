/// Reads forward through a part of a file. Never looks outside the part: every reading checks first, since a
/// buffer pointer checks nothing in release.
struct ByteCursor {
  let bytes: UnsafeRawBufferPointer
  /// Where in the file, never after `end`.
  private(set) var offset: Int
  let end: Int

  /// `range` outside the file is cut to what lies within.
  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    self.bytes = bytes
    let kept = range.clamped(to: 0..<bytes.count)
    offset = kept.lowerBound
    end = kept.upperBound
  }

  var remaining: Int { end - offset }

  func peek() -> UInt8? { offset < end ? bytes[offset] : nil }

  mutating func next() -> UInt8? {
    guard offset < end else { return nil }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// The next `count` bytes, or nil when there are fewer.
  mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count >= 0, count <= remaining else { return nil }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  /// Four characters such as `MTrk` stand here.
  func reads(_ word: StaticString) -> Bool {
    guard remaining >= word.utf8CodeUnitCount else { return false }
    return (0..<word.utf8CodeUnitCount).allSatisfy { bytes[offset + $0] == word.utf8Start[$0] }
  }

  mutating func bigEndian(_ byteCount: Int) -> Int? {
    take(byteCount).map { $0.reduce(0) { $0 << 8 | Int($1) } }
  }

  mutating func littleEndian(_ byteCount: Int) -> Int? {
    take(byteCount).map { $0.reversed().reduce(0) { $0 << 8 | Int($1) } }
  }

  /// A number of seven bits per byte, high ones first, in at most four bytes (Standard MIDI Files 1.0).
  mutating func variableLength(inEventAt eventOffset: Int) throws(TrackStop) -> Int {
    let first = offset
    var value = 0
    for _ in 0..<4 {
      guard let byte = next() else { throw .broken(.endInsideEvent, at: eventOffset) }
      value = value << 7 | Int(byte & 0x7F)
      if byte < 0x80 { return value }
    }
    throw .broken(.badVariableLength, at: first)
  }
}

/// Why the reading of a track ends before its end.
enum TrackStop: Error {
  /// What was read so far plays.
  case broken(SMFBreak, at: Int)
  /// Nothing of the file is taken.
  case refused(SMFError)
}
