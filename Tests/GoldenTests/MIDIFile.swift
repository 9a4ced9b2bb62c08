import Foundation
import MIDI

/// The seed font's exact sounds, and the events that make them.
enum Note {
  static let tone: UInt8 = 79
  static let clickKey: UInt8 = 37

  /// A click of the drum kit: its loudest frame is its first.
  static func click(_ tick: Int64, velocity: UInt8 = 127) -> [MIDIEvent] {
    [
      MIDIEvent(tick: tick, kind: .noteOn, channel: 9, data1: clickKey, data2: velocity),
      MIDIEvent(tick: tick + 24, kind: .noteOff, channel: 9, data1: clickKey, data2: 64),
    ]
  }

  /// A pure sine, once the channel has the program.
  static func sine(
    _ tick: Int64, _ length: Int64, key: UInt8, velocity: UInt8 = 127, channel: UInt8 = 0
  ) -> [MIDIEvent] {
    [
      MIDIEvent(tick: tick, kind: .noteOn, channel: channel, data1: key, data2: velocity),
      MIDIEvent(tick: tick + length, kind: .noteOff, channel: channel, data1: key, data2: 64),
    ]
  }

  static func program(_ program: UInt8 = tone, channel: UInt8 = 0, tick: Int64 = 0) -> MIDIEvent {
    MIDIEvent(tick: tick, kind: .program, channel: channel, data1: program)
  }

  static func controller(_ number: UInt8, _ value: UInt8, channel: UInt8 = 0, tick: Int64 = 0) -> MIDIEvent {
    MIDIEvent(tick: tick, kind: .controller, channel: channel, data1: number, data2: value)
  }

  /// Hz of a key: equal temperament on 440 Hz.
  static func hertz(_ key: UInt8) -> Double { 440 * exp2((Double(key) - 69) / 12) }
}

/// A file put together byte by byte, for what no careful writer would write.
enum RawMIDI {
  static func file(format: UInt8, division: [UInt8], _ tracks: [UInt8]...) -> [UInt8] {
    chunk("MThd", [0, format, 0, UInt8(tracks.count)] + division) + tracks.flatMap { chunk("MTrk", $0) }
  }

  static func chunk(_ name: String, _ body: [UInt8], claims: Int? = nil) -> [UInt8] {
    Array(name.utf8) + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: (claims ?? body.count) >> $0) } + body
  }

  /// A delta time.
  static func wait(_ ticks: Int) -> [UInt8] {
    var bytes = [UInt8(ticks & 0x7F)]
    var rest = ticks >> 7
    while rest > 0 {
      bytes.insert(UInt8(rest & 0x7F | 0x80), at: 0)
      rest >>= 7
    }
    return bytes
  }

  static func tempo(_ microseconds: Int) -> [UInt8] {
    [0xFF, 0x51, 3] + [16, 8, 0].map { UInt8(truncatingIfNeeded: microseconds >> $0) }
  }

  static let end: [UInt8] = [0xFF, 0x2F, 0]
}
