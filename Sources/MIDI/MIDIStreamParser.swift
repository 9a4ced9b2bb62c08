/// A channel message of a live stream.
package struct MIDIMessage: Equatable, Hashable, Sendable {
  /// 0x80 … 0xEF.
  package let status: UInt8
  package let data1: UInt8
  /// 0 where the message has one data byte.
  package let data2: UInt8

  package init(status: UInt8, data1: UInt8, data2: UInt8) {
    self.status = status
    self.data1 = data1
    self.data2 = data2
  }

  /// A message that came whole; nil for what is no channel message.
  package init?(_ bytes: [UInt8]) {
    // Each byte once: the parser remembers those before it.
    var parser = MIDIStreamParser()
    for byte in bytes.prefix(3) {
      guard let message = parser.take(byte) else { continue }
      self = message
      return
    }
    return nil
  }

  /// 0 … 15.
  package var channel: UInt8 { status & 15 }
}

/// Takes a live stream apart, byte by byte (MIDI 1.0, "running status" and "system messages"). Any bytes are taken;
/// what makes no channel message is passed over. A value: any thread.
package struct MIDIStreamParser: Sendable {
  /// The status that data bytes belong to; 0 for none.
  private var running: UInt8 = 0
  private var first: UInt8?

  package init() {}

  /// The message that this byte completes.
  package mutating func take(_ byte: UInt8) -> MIDIMessage? {
    switch byte {
    // Clock, start, sensing and their like may stand anywhere, between the bytes of a message too.
    case 0xF8...0xFF: return nil
    // System messages end the running status; their data finds none.
    case 0xF0...0xF7:
      running = 0
      first = nil
      return nil
    case 0x80...0xEF:
      running = byte
      first = nil
      return nil
    default: return takeData(byte)
    }
  }

  private mutating func takeData(_ byte: UInt8) -> MIDIMessage? {
    guard running != 0 else { return nil }
    // Program changes and channel pressure have one data byte, the others two.
    if running & 0xE0 == 0xC0 { return MIDIMessage(status: running, data1: byte, data2: 0) }
    guard let data1 = first else {
      first = byte
      return nil
    }
    first = nil
    return MIDIMessage(status: running, data1: data1, data2: byte)
  }
}
