import HootWire
import MIDI
import Tools

extension Garden {
  /// What a MIDI file holds. Needs no daemon; exit status 65 when it is not a MIDI file.
  func midiInfo() throws(ToolError) -> Int32 {
    let path = try fileOrContent(invocation.arguments.text(.file) ?? "")
    let bytes = try Files.read(path, limit: MIDILimits.maximumFileBytes)
    let sequence: MIDISequence
    do {
      sequence = try SMFReader.read(bytes)
    } catch {
      throw ToolError(
        code: ExitCode.badData.word, exit: .badData, what: "\(shownText(path)): \(error.what)",
        why: HelpText.capitalized(error.why) + ".", next: "garden audio info \(shownText(path))")
    }
    if invocation.wantsJSON {
      printJSON(MIDIReport.json(path, sequence))
    } else {
      MIDIReport.lines(sequence, console.painter).forEach(console.print)
      for warning in sequence.warnings { console.say("warning: \(Console.clean(warning.description))") }
      if sequence.omittedWarnings > 0 { console.say("warning: and \(sequence.omittedWarnings) more") }
    }
    return ExitCode.done.rawValue
  }
}

/// A MIDI file's content for people and for programs.
enum MIDIReport {
  private static let changesShown = 12

  static func lines(_ sequence: MIDISequence, _ painter: Painter) -> [String] {
    var table = TextTable(headings: [">TRACK", "NAME", "CHANNELS", "PROGRAMS", ">NOTES"])
    for (index, track) in sequence.tracks.enumerated() {
      table.rows.append([
        String(index + 1), Console.clean(track.name ?? Field.missing),
        list(track.channels.map { Int($0) + 1 }), list(track.programs.map { Int($0) }),
        String(track.noteCount),
      ])
    }
    return [
      "format \(sequence.format), \(sequence.division)",
      "\(Field.decimal(beats(sequence.lengthTicks), 3)) beats, "
        + "\(Field.duration(.number(seconds(sequence)))), \(Field.count(.integer(Int64(sequence.noteCount)), "note"))",
      "tempo " + changes(tempos(sequence).map { "\(Field.decimal($0.bpm, 2)) bpm at beat \(beat($0.tick))" }),
      "signature "
        + changes(signatures(sequence).map { "\($0.numerator)/\($0.denominator) at beat \(beat($0.tick))" }),
    ] + table.lines(painter)
  }

  static func json(_ path: String, _ sequence: MIDISequence) -> JSONValue {
    [
      "path": .string(path), "format": .integer(Int64(sequence.format)),
      "division": .string(sequence.division.description), "beats": .number(beats(sequence.lengthTicks)),
      "seconds": .number(seconds(sequence)), "notes": .integer(Int64(sequence.noteCount)),
      "tempos": .array(
        tempos(sequence).map { ["beat": .number(beats($0.tick)), "tempo_bpm": .number($0.bpm)] }),
      "signatures": .array(
        signatures(sequence).map {
          ["beat": .number(beats($0.tick)), "signature": .string("\($0.numerator)/\($0.denominator)")]
        }),
      "markers": .array(
        sequence.markers.map { ["beat": .number(beats($0.tick)), "name": .string(Console.clean($0.name))] }),
      "tracks": .array(sequence.tracks.map(json)),
      "warnings": .array(sequence.warnings.map { .string($0.description) }),
    ]
  }

  private static func json(_ track: MIDITrackInfo) -> JSONValue {
    [
      "name": JSONValue(track.name), "channels": .array(track.channels.map { .integer(Int64($0) + 1) }),
      "programs": .array(track.programs.map { .integer(Int64($0)) }),
      "notes": .integer(Int64(track.noteCount)),
    ]
  }

  /// The length by the file's tempo map: each stretch of one tempo is ticks over 960, times its seconds a
  /// beat.
  static func seconds(_ sequence: MIDISequence) -> Double {
    let changes = tempos(sequence)
    var seconds = 0.0
    for (index, change) in changes.enumerated() where change.tick < sequence.lengthTicks {
      let next = index + 1 < changes.count ? changes[index + 1].tick : sequence.lengthTicks
      let end = min(next, sequence.lengthTicks)
      seconds += beats(end - change.tick) * Double(change.microsecondsPerQuarter) / 1_000_000
    }
    return seconds
  }

  /// With the format's default in front where the file names none at its start.
  private static func tempos(_ sequence: MIDISequence) -> [MIDITempo] {
    if sequence.tempos.first?.tick == 0 { return sequence.tempos }
    let start = MIDITempo(tick: 0, microsecondsPerQuarter: MIDILimits.defaultMicrosecondsPerQuarter)
    return [start] + sequence.tempos
  }

  private static func signatures(_ sequence: MIDISequence) -> [MIDISignature] {
    if sequence.signatures.first?.tick == 0 { return sequence.signatures }
    return [MIDISignature(tick: 0, numerator: 4, denominator: 4)] + sequence.signatures
  }

  private static func beats(_ ticks: Int64) -> Double { Double(ticks) / Double(MIDILimits.ticksPerBeat) }

  private static func beat(_ ticks: Int64) -> String { Field.decimal(beats(ticks), 3) }

  private static func list(_ numbers: [Int]) -> String {
    numbers.isEmpty ? Field.missing : numbers.map(String.init).joined(separator: ",")
  }

  private static func changes(_ texts: [String]) -> String {
    let more = texts.count > changesShown ? ", and \(texts.count - changesShown) more" : ""
    return texts.prefix(changesShown).joined(separator: ", ") + more
  }
}
