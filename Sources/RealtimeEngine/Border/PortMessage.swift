/// A short MIDI message between a port and the renderer, either way.
package struct PortMessage: BitwiseCopyable, Sendable {
  /// On the device's count of frames. Coming in: when it came, and one in the past is played in the next grid block.
  /// Going out: when it is due.
  package var frame: Int64
  /// Where the playhead was when it was heard, in ticks; NaN while it stood. Of what came in alone.
  package var tick: Double
  /// 0 ..< `EngineLimits.midiPorts`, counted for each direction.
  package var port: UInt8
  /// The bytes of it, 1 to 3; 0 for one that is longer, which is counted and not carried.
  package var count: UInt8
  package var status: UInt8
  package var data1: UInt8
  package var data2: UInt8

  @_noLocks
  package init(
    frame: Int64, port: UInt8, count: UInt8, status: UInt8, data1: UInt8 = 0, data2: UInt8 = 0,
    tick: Double = .nan
  ) {
    self.frame = frame
    self.tick = tick
    self.port = port
    self.count = count
    self.status = status
    self.data1 = data1
    self.data2 = data2
  }

  /// As a number, for the border to C: port, count and bytes from the lowest byte up.
  @_noLocks
  package init(frame: Int64, packed: UInt64) {
    self.init(
      frame: frame, port: UInt8(truncatingIfNeeded: packed), count: UInt8(truncatingIfNeeded: packed >> 8),
      status: UInt8(truncatingIfNeeded: packed >> 16), data1: UInt8(truncatingIfNeeded: packed >> 24),
      data2: UInt8(truncatingIfNeeded: packed >> 32))
  }

  package var packed: UInt64 {
    @_noLocks get {
      UInt64(port) | UInt64(count) << 8 | UInt64(status) << 16 | UInt64(data1) << 24 | UInt64(data2) << 32
    }
  }

  /// What is no whole message of MIDI 1.0 is none: a status, and as many data bytes below 128 as it has.
  package var isValid: Bool {
    @_noLocks get {
      guard status >= 0x80, data1 < 128, data2 < 128 else { return false }
      return count == Self.length(of: status)
    }
  }

  /// Bytes of a message with this status; 0 for what is no status of a short message.
  @_noLocks
  package static func length(of status: UInt8) -> UInt8 {
    switch status {
    case 0x80...0xBF, 0xE0...0xEF, 0xF2: 3
    case 0xC0...0xDF, 0xF1, 0xF3: 2
    case 0xF6, 0xF8, 0xFA, 0xFB, 0xFC, 0xFE, 0xFF: 1
    default: 0
    }
  }

  package var isChannelMessage: Bool { @_noLocks get { status < 0xF0 } }

  /// As an event for a synth; nil for what is none. A note-on without velocity is a note-off.
  var event: ClipEvent? {
    @_noLocks get {
      let kind: ClipEvent.Kind
      switch status & 0xF0 {
      case 0x80: kind = .noteOff
      case 0x90: kind = data2 == 0 ? .noteOff : .noteOn
      case 0xA0: kind = .keyPressure
      case 0xB0: kind = .controller
      case 0xC0: kind = .program
      case 0xD0: kind = .channelPressure
      case 0xE0: kind = .pitchBend
      default: return nil
      }
      return ClipEvent(tick: 0, kind: kind, channel: status & 15, data1: data1, data2: data2)
    }
  }
}
