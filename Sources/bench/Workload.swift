import CSynthYardstick
import MusicalTime
import RealtimeBench
import RealtimeEngine

/// 64 notes that are always held, each struck anew once a bar in its turn: the same events for the renderer
/// and for FluidSynth by itself.
struct Workload {
  static let notes = 64
  static let bars = 64
  static let rate = 48_000.0
  /// A bar of 2 seconds is 1,500 grid blocks; note `n` is struck 23·n blocks into it.
  static let blocksPerBar = 1500
  private static let ticksPerBar = Tick(3840)

  struct Note {
    let channel: Int
    let key: Int
    let block: Int
  }

  static func note(_ index: Int) -> Note {
    Note(channel: index % 8, key: 36 + 5 * (index / 8) + index % 8, block: 23 * index)
  }

  /// Programs of the seed font that make one voice a note.
  static let programs = [0, 16, 24, 32, 40, 56, 73, 79]

  /// Half a grid block early, so that the renderer hands each note to the grid line that the bare loop gives
  /// it to.
  static func song() -> Song {
    var song = Song()
    var events = (0..<8).map { Notes.program(0, UInt8(programs[$0]), channel: UInt8($0)) }
    for bar in 0..<bars {
      for index in 0..<notes {
        let note = note(index)
        // 64 frames are 2.56 ticks at 120 BPM.
        let tick = Tick(bar) * ticksPerBar + Tick((Double(note.block) * 2.56).rounded())
        if bar > 0 { events.append(Notes.off(tick, UInt8(note.key), channel: UInt8(note.channel))) }
        events.append(Notes.on(tick, UInt8(note.key), channel: UInt8(note.channel), velocity: 90))
      }
    }
    song.midi(key: 1, at: 0, length: Tick(bars + 1) * ticksPerBar, Notes.sorted(events))
    return song
  }

  static func strike(_ block: Int, on stick: OpaquePointer) {
    let place = block % blocksPerBar
    guard place % 23 == 0, place / 23 < notes else { return }
    let note = note(place / 23)
    if block >= blocksPerBar { yardstick_note_off(stick, Int32(note.channel), Int32(note.key)) }
    yardstick_note_on(stick, Int32(note.channel), Int32(note.key), 90)
  }
}
