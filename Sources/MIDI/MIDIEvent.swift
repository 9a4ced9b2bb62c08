/// One channel message at a musical time. Plain data, safe on every thread.
package struct MIDIEvent: BitwiseCopyable, Sendable, Equatable {
  /// What the message does. Several of one tick take effect in the order of `Kind.rank`.
  package enum Kind: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    case noteOff, controller, program, pitchBend, channelPressure, polyPressure, noteOn
  }

  /// Position in ticks (960 per beat) from the start of the sequence.
  package var tick: Int64
  package var kind: Kind
  /// 0...15.
  package var channel: UInt8
  /// Key, controller, program or pressure number, or the low seven bits of a bend: 0...127.
  package var data1: UInt8
  /// Velocity, value or pressure, or the high seven bits of a bend: 0...127; 0 where the message has one
  /// data byte. A note-off made from a note-on of velocity 0 carries 64, the neutral release velocity.
  package var data2: UInt8

  package init(tick: Int64, kind: Kind, channel: UInt8, data1: UInt8, data2: UInt8 = 0) {
    self.tick = tick
    self.kind = kind
    self.channel = channel
    self.data1 = data1
    self.data2 = data2
  }

  /// A pitch bend; `bend` outside -8192...8191 is held at the nearer end.
  package init(tick: Int64, channel: UInt8, bend: Int) {
    let value = min(max(bend, -8192), 8191) + 8192
    self.init(
      tick: tick, kind: .pitchBend, channel: channel, data1: UInt8(value & 0x7F), data2: UInt8(value >> 7))
  }

  /// The bend read from both data bytes: -8192...8191, 0 is centre. Means nothing for other kinds.
  package var bend: Int {
    (Int(data2 & 0x7F) << 7 | Int(data1 & 0x7F)) - 8192
  }
}

extension MIDIEvent.Kind {
  /// Order within one tick: notes end, then the channel is set up, then notes begin. Controllers and programs
  /// share a rank, for a bank select means something only before the program change it was written before.
  package var rank: UInt8 {
    switch self {
    case .noteOff: 0
    case .controller, .program, .pitchBend, .channelPressure, .polyPressure: 1
    case .noteOn: 2
    }
  }

  /// The high half of the status byte (MIDI 1.0, channel voice messages).
  var statusByte: UInt8 {
    switch self {
    case .noteOff: 0x80
    case .noteOn: 0x90
    case .polyPressure: 0xA0
    case .controller: 0xB0
    case .program: 0xC0
    case .channelPressure: 0xD0
    case .pitchBend: 0xE0
    }
  }

  /// Nil for a data byte and for system messages.
  init?(statusByte: UInt8) {
    switch statusByte & 0xF0 {
    case 0x80: self = .noteOff
    case 0x90: self = .noteOn
    case 0xA0: self = .polyPressure
    case 0xB0: self = .controller
    case 0xC0: self = .program
    case 0xD0: self = .channelPressure
    case 0xE0: self = .pitchBend
    default: return nil
    }
  }

  var dataByteCount: Int {
    self == .program || self == .channelPressure ? 1 : 2
  }
}

extension MIDIEvent {
  /// The order of a sequence's events; events that neither precede the other keep the order they came in.
  static func precedes(_ first: MIDIEvent, _ second: MIDIEvent) -> Bool {
    first.tick == second.tick ? first.kind.rank < second.kind.rank : first.tick < second.tick
  }
}
