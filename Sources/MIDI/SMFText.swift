/// Names in files: nobody says in which encoding, so UTF-8 where the bytes are that, else Latin-1.
enum SMFText {
  /// At most `MIDILimits.maximumNameBytes` of it, control characters made spaces, spaces at the ends gone.
  static func decode(_ text: UnsafeRawBufferPointer) -> String {
    let bytes = clipped(Array(text.prefix(MIDILimits.maximumNameBytes + 1)))
    let string =
      String(validating: bytes, as: UTF8.self)
      ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    var scalars = string.unicodeScalars.map { isControl($0) ? " " : $0 }[...]
    while scalars.first == " " { scalars.removeFirst() }
    while scalars.last == " " { scalars.removeLast() }
    return String(String.UnicodeScalarView(scalars))
  }

  /// UTF-8, at most `MIDILimits.maximumNameBytes` of it.
  static func encode(_ name: String) -> [UInt8] {
    clipped(Array(name.utf8.prefix(MIDILimits.maximumNameBytes + 1)))
  }

  /// Cut before a UTF-8 character that does not fit whole.
  private static func clipped(_ text: [UInt8]) -> [UInt8] {
    guard text.count > MIDILimits.maximumNameBytes else { return text }
    var end = MIDILimits.maximumNameBytes
    let earliest = end - 3
    while end > earliest, text[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(text[..<end])
  }

  /// C0, DEL, C1 and the two Unicode line separators: what would break a line or steer a terminal.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
    default: false
    }
  }
}
