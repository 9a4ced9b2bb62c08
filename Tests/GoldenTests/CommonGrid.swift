import Foundation
import MIDI

/// A song laid on a grid of 4 ms, which is a whole number of milliseconds and of FluidSynth's 64 frames at 48 kHz.
///
/// `fluidsynth -F` counts its player's time in whole milliseconds and hands events over between blocks of 64 frames: on
/// any other grid its notes come 54 to 148 frames late, each by another amount. On this one it plays each event in the
/// very block that begins at the event's time, but for events at time 0, which come one block later.
struct CommonGrid {
  /// Microseconds a beat: a tick of 1/960 beat is 2 ms.
  private static let tempo = 1_920_000
  private static let ticksPerStep: Int64 = 2

  let bytes: [UInt8]
  /// The blocks of 64 frames in which a note begins.
  let attacks: Set<Int>

  /// The song's first `seconds`, its first note moved to 8 ms.
  init(_ sequence: MIDISequence, seconds: Double) {
    let clock = TempoSteps(sequence.tempos.map { ($0.tick, $0.microsecondsPerQuarter) })
    // At 1,000 frames a second a frame is a millisecond.
    let step = { (tick: Int64) in Int64((clock.frame(tick, rate: 1_000) + 2) / 4) }
    let first = sequence.events.first { $0.kind == .noteOn }.map { step($0.tick) } ?? 0
    let last = Int64(seconds * 250)
    var sounding = [Int](repeating: 0, count: 16 * 128)
    var events: [MIDIEvent] = []
    var attacks: Set<Int> = []
    for event in sequence.events {
      var moved = event
      let key = Int(event.channel) * 128 + Int(event.data1)
      let place = max(0, step(event.tick) - first + 2)
      moved.tick = min(place, last) * Self.ticksPerStep
      switch event.kind {
      case .noteOn:
        guard place < last else { continue }
        sounding[key] += 1
        attacks.insert(Int(place) * 3)
      case .noteOff:
        guard sounding[key] > 0 else { continue }
        sounding[key] -= 1
      default:
        guard place < last else { continue }
      }
      events.append(moved)
    }
    // The file goes on for a second: what stands on the last tick of all is each player's own affair.
    let sequence = MIDISequence(
      events: events, lengthTicks: (last + 250) * Self.ticksPerStep,
      tempos: [MIDITempo(tick: 0, microsecondsPerQuarter: Self.tempo)])
    bytes = SMFWriter.write(sequence, format: 0, division: 480)
    self.attacks = attacks
  }
}
