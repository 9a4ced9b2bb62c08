import ControlSocket
import FoundationEssentials
import HootWire
import LockFree
import Media
import MusicalTime
import RealtimeEngine
import Tools

/// What a picture of a clip needs, and no more of it than a picture shows. Any thread that may wait for a disk.
struct ClipDrawing {
  let material: ClipMaterial
  /// Of sound.
  let columns: Int

  func json() throws(Refusal) -> JSONValue {
    let clip = material.clip
    var fields: [(String, JSONValue)] = [
      ("id", .string(clip.id.uuidString.lowercased())), ("kind", .string(clip.kind.rawValue)),
    ]
    switch material.content {
    case .midi(let content):
      fields.append(("beats", .number(Double(clip.lengthTicks) / Double(ticksPerBeat))))
      fields += notes(content)
    case .audio(let buffer):
      fields += seconds + sound(PeakColumns(buffer, count: columns), isExact: true)
    case .stream(let stream):
      do {
        let peaks = try PeakColumns(stream.audio, count: columns, limit: ControlLimits.drawnFrames)
        fields += seconds + sound(peaks, isExact: stream.audio.frames <= ControlLimits.drawnFrames)
      } catch { throw Refusal(error) }
    case .growing:
      // It is drawn once it is whole.
      fields += seconds + [("peaks", []), ("exact", false)]
    }
    return ["drawing": JSONValue(fields)]
  }

  private var seconds: [(String, JSONValue)] {
    [("seconds", .number(Double(material.clip.frames) / material.clip.sampleRate))]
  }

  private func sound(_ peaks: PeakColumns, isExact: Bool) -> [(String, JSONValue)] {
    [
      ("peaks", .array(peaks.hundredths.map { .integer(Int64($0)) })), ("exact", .bool(isExact)),
    ]
  }

  /// Each note from its beginning to its end, in the order of their beginnings; one that does not end lasts as long as
  /// the clip.
  private func notes(_ content: MIDIClipContent) -> [(String, JSONValue)] {
    struct Note {
      let start: Tick
      var end: Tick
      let key: UInt8
      let velocity: UInt8
    }
    var notes: [Note] = []
    var omitted = 0
    /// Where the notes of a channel's key are that sound, the oldest first.
    var sounding: [Int: [Int]] = [:]
    for event in UnsafeBufferPointer(start: content.pointer.pointee.events, count: content.count) {
      let place = Int(event.channel) << 8 | Int(event.data1)
      switch event.kind {
      case .noteOn:
        guard notes.count < ToolLimits.drawnNotes else {
          omitted += 1
          continue
        }
        sounding[place, default: []].append(notes.count)
        notes.append(
          Note(
            start: event.tick, end: max(event.tick, material.clip.lengthTicks), key: event.data1,
            velocity: event.data2))
      case .noteOff:
        guard let first = sounding[place]?.first else { continue }
        sounding[place]?.removeFirst()
        notes[first].end = event.tick
      default: continue
      }
    }
    func beats(_ ticks: Tick) -> JSONValue {
      .number((Double(ticks) / Double(ticksPerBeat) * 1000).rounded() / 1000)
    }
    let drawn = notes.map { note -> JSONValue in
      [
        beats(note.start), beats(note.end - note.start), .integer(Int64(note.key)),
        .integer(Int64(note.velocity)),
      ]
    }
    return [("notes", .array(drawn)), ("omitted", .integer(Int64(omitted)))]
  }
}

extension Conductor {
  func drawClip(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let drawing = ClipDrawing(
      material: try clip(arguments), columns: arguments.integer(.columns) ?? Self.usualColumns)
    return try look(incoming, on: sketcher) { () throws(Refusal) in try drawing.json() }
  }

  private static let usualColumns = 512

  /// What was played, as it is kept for those who listen, and its rate. It lasts as long as the Conductor.
  package var played: (history: FrameHistory, sampleRate: Int) {
    (engine.output, Int(engine.sampleRate))
  }
}
