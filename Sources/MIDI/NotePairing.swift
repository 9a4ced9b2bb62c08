/// Gives each note-on its own note-off: first begun, first ended, per channel and key, in the order of the
/// file.
struct NotePairing {
  private(set) var events: [MIDIEvent] = []
  private(set) var strayNoteOffs = 0
  private(set) var hangingNotes = 0
  /// The latest tick in `events`.
  private(set) var latestTick: Int64 = 0
  private var soundingCount = 0
  private var sounding = [NoteQueue](repeating: NoteQueue(), count: 16 * 128)
  /// Per channel and key, the latest note-off given out.
  private var lastOff = [Int64](repeating: 0, count: 16 * 128)

  /// Takes the next event in order of time and, within a tick, of the file.
  mutating func admit(_ event: MIDIEvent) {
    var event = event
    let key = Int(event.channel & 0x0F) << 7 | Int(event.data1 & 0x7F)
    switch event.kind {
    case .noteOn:
      // A note that was ended before this one began must not end it, even when rounding has put all three
      // events on one tick and its end had to move one tick on.
      event.tick = max(event.tick, lastOff[key])
      sounding[key].push(event.tick)
      soundingCount += 1
    case .noteOff:
      guard let begin = sounding[key].pop() else {
        strayNoteOffs += 1
        return
      }
      soundingCount -= 1
      event.tick = max(event.tick, begin + 1)
      lastOff[key] = event.tick
    default: break
    }
    append(event)
  }

  /// Ends what still sounds, all at one tick: `tick`, or later if something lies later.
  mutating func endAll(at tick: Int64) {
    guard soundingCount > 0 else { return }
    soundingCount = 0
    var end = max(tick, latestTick)
    for queue in sounding { end = max(end, (queue.last ?? -1) + 1) }
    for key in sounding.indices {
      while sounding[key].pop() != nil {
        hangingNotes += 1
        append(
          MIDIEvent(
            tick: end, kind: .noteOff, channel: UInt8(key >> 7), data1: UInt8(key & 0x7F), data2: 64))
        lastOff[key] = end
      }
    }
  }

  private mutating func append(_ event: MIDIEvent) {
    latestTick = max(latestTick, event.tick)
    events.append(event)
  }
}

/// The begins of notes of one key, oldest first. Taking one moves a mark and shifts nothing.
private struct NoteQueue {
  private var ticks: [Int64] = []
  private var head = 0

  var last: Int64? { ticks.last }

  mutating func push(_ tick: Int64) { ticks.append(tick) }

  mutating func pop() -> Int64? {
    guard head < ticks.count else { return nil }
    defer { forgetIfTaken() }
    return ticks[head]
  }

  private mutating func forgetIfTaken() {
    head += 1
    guard head == ticks.count else { return }
    ticks.removeAll(keepingCapacity: true)
    head = 0
  }
}
