import HootWire
import MIDI

/// What a MIDI file holds, as the reply of `midi_info`.
package enum MIDIReport {
  package static func json(_ path: String, _ sequence: MIDISequence) -> JSONValue {
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
        sequence.markers.map { ["beat": .number(beats($0.tick)), "name": .string($0.name)] }),
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
  package static func seconds(_ sequence: MIDISequence) -> Double {
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
  package static func tempos(_ sequence: MIDISequence) -> [MIDITempo] {
    if sequence.tempos.first?.tick == 0 { return sequence.tempos }
    let start = MIDITempo(tick: 0, microsecondsPerQuarter: MIDILimits.defaultMicrosecondsPerQuarter)
    return [start] + sequence.tempos
  }

  package static func signatures(_ sequence: MIDISequence) -> [MIDISignature] {
    if sequence.signatures.first?.tick == 0 { return sequence.signatures }
    return [MIDISignature(tick: 0, numerator: 4, denominator: 4)] + sequence.signatures
  }

  package static func beats(_ ticks: Int64) -> Double { Double(ticks) / Double(MIDILimits.ticksPerBeat) }
}
