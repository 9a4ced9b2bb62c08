import HootWire
import MIDI
import MusicalTime
import RealtimeEngine

extension StreamPart {
  /// A whole small MIDI file.
  static func music(_ bytes: [UInt8]) throws(PartFault) -> GrownMusic {
    let sequence: MIDISequence
    do throws(SMFError) { sequence = try SMFReader.read(bytes) } catch {
      throw PartFault("it is no MIDI file that can be read: \(error.why)")
    }
    try check(sequence.events.count, through: sequence.lengthTicks)
    var music = GrownMusic()
    var open: [Int: [(Tick, UInt8)]] = [:]
    for event in sequence.events {
      let slot = Int(event.channel & 15) << 7 | Int(event.data1 & 127)
      switch event.kind {
      case .noteOn: open[slot, default: []].append((event.tick, event.data2))
      case .noteOff:
        // Of several on one key the first ends first.
        guard let (start, velocity) = open[slot]?.first else { continue }
        open[slot]?.removeFirst()
        music.notes.append(
          GrownMusic.Note(
            start: start, end: max(start + 1, event.tick), channel: event.channel & 15,
            key: event.data1 & 127, velocity: velocity))
      default: music.rest.append(ClipEvent(event))
      }
    }
    music.length = sequence.lengthTicks
    return music
  }

  /// `{"notes":[{"pitch":60,"start":0.0,"duration":0.5,"velocity":96,"channel":1}],"beats":4.0}`: beats from the part's
  /// beginning; all up to `beats` is there.
  static func notes(_ bytes: [UInt8]) throws(PartFault) -> GrownMusic {
    // What is no JSON is no part.
    guard let json = try? JSONValue.parse(bytes, limits: .part), let list = json["notes"]?.array else {
      throw PartFault("it is neither sound, a MIDI file, nor notes")
    }
    try check(list.count, through: 0)
    var music = GrownMusic()
    for (index, item) in list.enumerated() {
      guard let note = try note(item) else {
        throw PartFault("its note \(index + 1) has no `pitch` of 0 to 127, `start` and `duration`")
      }
      music.notes.append(note)
      music.length = max(music.length, note.end)
    }
    if let beats = json["beats"]?.double { music.length = max(music.length, try ticks(beats) ?? 0) }
    try check(list.count, through: music.length)
    return music
  }

  private static func note(_ item: JSONValue) throws(PartFault) -> GrownMusic.Note? {
    func number(_ names: String..., or usual: Int?, in range: ClosedRange<Int>) -> Int? {
      for name in names {
        guard let value = item[name] else { continue }
        return value.int.flatMap { Int(exactly: $0) }.flatMap { range.contains($0) ? $0 : nil }
      }
      return usual
    }
    guard let key = number("pitch", "key", "note", or: nil, in: 0...127),
      let velocity = number("velocity", or: 96, in: 1...127),
      let channel = number("channel", or: 1, in: 1...16),
      let start = try ticks(item["start"]?.double), let length = try ticks(item["duration"]?.double)
    else { return nil }
    return GrownMusic.Note(
      start: start, end: start + max(1, length), channel: UInt8(channel - 1), key: UInt8(key),
      velocity: UInt8(velocity))
  }

  private static func check(_ events: Int, through length: Tick) throws(PartFault) {
    guard events <= GrowthLimits.eventsOfPart else {
      throw PartFault("it has \(events) events, and \(GrowthLimits.eventsOfPart) are allowed")
    }
    guard length <= Tick(GrowthLimits.beats) * ticksPerBeat else {
      throw PartFault("it is longer than \(GrowthLimits.beats) beats")
    }
  }
}

extension JSONLimits {
  /// Of a part's notes, five values each.
  fileprivate static var part: JSONLimits {
    var limits = JSONLimits()
    limits.bytes = 8 << 20
    limits.values = 8 * GrowthLimits.eventsOfPart
    return limits
  }
}
