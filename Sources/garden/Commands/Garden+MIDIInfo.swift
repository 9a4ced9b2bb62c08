import Inspection
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
      MIDILines.lines(sequence, console.painter).forEach(console.print)
      for warning in sequence.warnings { console.say("warning: \(Console.clean(warning.description))") }
      if sequence.omittedWarnings > 0 { console.say("warning: and \(sequence.omittedWarnings) more") }
    }
    return ExitCode.done.rawValue
  }
}

/// A MIDI file's content for people.
enum MIDILines {
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
      "\(Field.decimal(MIDIReport.beats(sequence.lengthTicks), 3)) beats, "
        + "\(Field.duration(.number(MIDIReport.seconds(sequence)))), \(Field.count(.integer(Int64(sequence.noteCount)), "note"))",
      "tempo "
        + changes(
          MIDIReport.tempos(sequence).map { "\(Field.decimal($0.bpm, 2)) bpm at beat \(beat($0.tick))" }),
      "signature "
        + changes(
          MIDIReport.signatures(sequence).map { "\($0.numerator)/\($0.denominator) at beat \(beat($0.tick))" }
        ),
    ] + table.lines(painter)
  }

  private static func beat(_ ticks: Int64) -> String { Field.decimal(MIDIReport.beats(ticks), 3) }

  private static func list(_ numbers: [Int]) -> String {
    numbers.isEmpty ? Field.missing : numbers.map(String.init).joined(separator: ",")
  }

  private static func changes(_ texts: [String]) -> String {
    let more = texts.count > changesShown ? ", and \(texts.count - changesShown) more" : ""
    return texts.prefix(changesShown).joined(separator: ", ") + more
  }
}
