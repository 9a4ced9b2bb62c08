import MusicalTime
import RealtimeEngine
import SeedSoundFont

/// The seed font's exact sounds, as events.
package enum Notes {
  package static let toneProgram = UInt8(SeedSoundFont.testToneProgram)
  package static let clickKey = UInt8(SeedSoundFont.testClickKey)

  package static func on(_ tick: Tick, _ key: UInt8, channel: UInt8 = 0, velocity: UInt8 = 100) -> ClipEvent {
    ClipEvent(tick: tick, kind: .noteOn, channel: channel, data1: key, data2: velocity)
  }

  package static func off(_ tick: Tick, _ key: UInt8, channel: UInt8 = 0) -> ClipEvent {
    ClipEvent(tick: tick, kind: .noteOff, channel: channel, data1: key, data2: 64)
  }

  package static func controller(_ tick: Tick, _ number: UInt8, _ value: UInt8, channel: UInt8 = 0)
    -> ClipEvent
  {
    ClipEvent(tick: tick, kind: .controller, channel: channel, data1: number, data2: value)
  }

  package static func program(_ tick: Tick, _ program: UInt8, channel: UInt8 = 0) -> ClipEvent {
    ClipEvent(tick: tick, kind: .program, channel: channel, data1: program, data2: 0)
  }

  package static func bend(_ tick: Tick, _ value: Int, channel: UInt8 = 0) -> ClipEvent {
    ClipEvent(
      tick: tick, kind: .pitchBend, channel: channel, data1: UInt8(value & 127), data2: UInt8(value >> 7))
  }

  /// A click of the drum kit at each tick.
  package static func clicks(_ ticks: [Tick]) -> [ClipEvent] {
    sorted(
      ticks.flatMap { [on($0, clickKey, channel: 9, velocity: 127), off($0 + 24, clickKey, channel: 9)] })
  }

  /// Pure sines: (tick, length, key).
  package static func tones(_ notes: [(Tick, Tick, UInt8)], channel: UInt8 = 0, velocity: UInt8 = 100)
    -> [ClipEvent]
  {
    sorted(
      [program(0, toneProgram, channel: channel)]
        + notes.flatMap {
          [on($0.0, $0.2, channel: channel, velocity: velocity), off($0.0 + $0.1, $0.2, channel: channel)]
        })
  }

  package static func sorted(_ events: [ClipEvent]) -> [ClipEvent] {
    func rank(_ event: ClipEvent) -> Int {
      switch event.kind {
      case .noteOff: 0
      case .controller: 1
      case .program: 2
      case .pitchBend, .channelPressure, .keyPressure: 3
      case .noteOn: 4
      }
    }
    return events.enumerated().sorted {
      ($0.element.tick, rank($0.element), $0.offset) < ($1.element.tick, rank($1.element), $1.offset)
    }.map(\.element)
  }
}
