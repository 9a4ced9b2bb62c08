/// A message of a live stream that is no longer than three bytes: of a channel, common to the system, or of its clock.
package struct MIDIShortMessage: Equatable, Hashable, Sendable, BitwiseCopyable {
  /// 0x80 … 0xFF, never a data byte.
  package let status: UInt8
  /// 0 where the message has none.
  package let data1: UInt8
  package let data2: UInt8

  package init(status: UInt8, data1: UInt8 = 0, data2: UInt8 = 0) {
    self.status = status
    self.data1 = data1
    self.data2 = data2
  }

  /// One to three bytes.
  package var count: Int { 1 + Self.dataBytes(of: status) }

  package var bytes: [UInt8] { Array([status, data1, data2].prefix(count)) }

  /// A message that came whole; nil for what is none.
  package init?(whole bytes: [UInt8]) {
    var parser = MIDIInputParser()
    guard let status = bytes.first, bytes.count == 1 + Self.dataBytes(of: status) else { return nil }
    var last: MIDIInputParser.Output?
    for byte in bytes { last = parser.take(byte) }
    guard case .short(let message)? = last, message.status == status else { return nil }
    self = message
  }

  /// Data bytes behind a status (MIDI 1.0, tables of channel and system messages). 0 for what has none or any number.
  static func dataBytes(of status: UInt8) -> Int {
    switch status {
    case 0xC0...0xDF, 0xF1, 0xF3: 1
    case 0x80...0xEF, 0xF2: 2
    default: 0
    }
  }
}

/// Takes a port's stream apart, byte by byte: running status, clocks between any two bytes, system exclusive of any
/// length, and whatever else comes. Bytes that belong to no message are passed over. A value: any thread.
package struct MIDIInputParser: Sendable {
  package enum Output: Equatable, Sendable {
    case short(MIDIShortMessage)
    /// System exclusive has ended, after so many bytes with its two marks. Its content is not kept.
    case long(count: Int)
  }

  /// The status that data bytes belong to; 0 for none.
  private var status: UInt8 = 0
  private var first: UInt8?
  /// Bytes of the system exclusive message under way; nil for none.
  private var exclusive: Int?

  package init() {}

  /// What this byte completes.
  package mutating func take(_ byte: UInt8) -> Output? {
    switch byte {
    // Not defined, and taken for nothing.
    case 0xF9, 0xFD: return nil
    case 0xF8...0xFF: return .short(MIDIShortMessage(status: byte))
    case 0x80...0xF7: return takeStatus(byte)
    default: return takeData(byte)
    }
  }

  private mutating func takeStatus(_ byte: UInt8) -> Output? {
    let ended = exclusive
    exclusive = nil
    first = nil
    // System messages end the running status.
    status = byte
    switch byte {
    case 0xF0:
      status = 0
      exclusive = 1
    case 0xF7:
      status = 0
      // One that was cut off by another status has not ended; this one has.
      return ended.map { .long(count: $0 + 1) }
    case 0xF6:
      status = 0
      return .short(MIDIShortMessage(status: byte))
    case 0xF4, 0xF5: status = 0
    default: break
    }
    return nil
  }

  private mutating func takeData(_ byte: UInt8) -> Output? {
    if let count = exclusive {
      exclusive = count == .max ? count : count + 1
      return nil
    }
    guard status != 0 else { return nil }
    guard MIDIShortMessage.dataBytes(of: status) == 2 else { return complete(byte, 0) }
    guard let data1 = first else {
      first = byte
      return nil
    }
    return complete(data1, byte)
  }

  private mutating func complete(_ data1: UInt8, _ data2: UInt8) -> Output {
    let message = MIDIShortMessage(status: status, data1: data1, data2: data2)
    first = nil
    // Only a channel's status goes on.
    if status >= 0xF0 { status = 0 }
    return .short(message)
  }
}
