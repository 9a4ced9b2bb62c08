extension Catalogue {
  private static let tune = Parameter(.file, .material(extensions: ["abc"]), "the file").positional()
  private static let text = Parameter(
    .abc, .document(ToolLimits.abcBytes), "the notation itself, in place of a file")
  private static let diagnostics = "errors, warnings: [{line, column, message}], omitted: how many more"

  static let generatorTools: [Tool] = [
    Tool(
      .abcParse, .short(seconds: 10), .query,
      Usage(
        "abc parse", "show what ABC notation holds",
        discussion: """
          Headers, voices, notes, rests and bars as they are written: repeats are not played out. What is not ABC is \
          said with its line and column, and the exit status is 65. Needs no daemon.
          """,
        examples: ["garden abc parse tune.abc", "garden abc parse tune.abc --json"], parameters: [tune, text]),
      result: [
        "valid, title, key, meter, tempo, notes_count: of the first tune",
        "tunes: [{number, titles, key, meter, unit, tempo, voices: [{id, name, bars, elements}]}]",
        diagnostics,
      ]),
    Tool(
      .abcValidate, .short(seconds: 10), .query,
      Usage(
        "abc validate", "say what in ABC notation is wrong, and where",
        discussion:
          "A line each: line, column, and what was found. With an error the exit status is 65. Needs no daemon.",
        examples: ["garden abc validate tune.abc"], parameters: [tune, text]),
      result: ["valid, tunes, notes_count", diagnostics]),
    Tool(
      .abcTranspose, .short(seconds: 10), .query,
      Usage(
        "abc transpose", "print ABC notation in another key",
        discussion: """
          Notes, keys and chord symbols move; everything else stays as it stood, and the way back gives the same text. \
          Needs no daemon.
          """,
        examples: ["garden abc transpose tune.abc 2", "garden abc transpose tune.abc --target-key Bb"],
        parameters: [
          tune,
          Parameter(.semitones, .integer(ToolLimits.transpose), "how far: -3 is three down").positional(),
          Parameter(.targetKey, .text(maxLength: 8), "the tonic to come to, the nearer way: F#"), text,
        ]),
      result: ["abc: the text", "original_key, new_key: of the first tune", "semitones"]),
    Tool(
      .abcToMIDI, .short(seconds: 10), .query,
      Usage(
        "abc to-midi", "make a MIDI file of ABC notation",
        discussion: """
          Repeats are played out, each voice has a channel. Without --output it goes into the content store, and its \
          hash is printed; with it no daemon is needed.
          """,
        examples: [
          "garden abc to-midi tune.abc -o tune.mid", "garden abc to-midi tune.abc --tempo 96 --program 40",
        ],
        parameters: [
          tune, text,
          Parameter(
            .output, .path(extensions: ["mid"]), "the file to write", default: "into the content store"
          )
          .short("o"),
          Parameter(.force, .flag, "overwrite the file"),
          Parameter(.tune, .integer(ToolLimits.tune), "the number of its X: field", default: "the first"),
          Parameter(
            .tempo, .number(ToolLimits.tempo, unit: "bpm"), "in place of the tune's",
            default: "the tune's, or 120"),
          Parameter(.transpose, .integer(ToolLimits.transpose), "semitones", default: "0"),
          Parameter(.velocity, .integer(ToolLimits.velocity), "of notes without a dynamic", default: "80"),
          Parameter(.channel, .integer(ToolLimits.channel), "of all voices", default: "each has its own"),
          Parameter(.program, .integer(ToolLimits.program), "where the tune names none", default: "0"),
        ]),
      result: [
        "hash, path: in the content store", "output: the file",
        "title, notes_count, beats, duration_seconds, warnings",
      ]),
    Tool(
      .midiInfo, .short(seconds: 10), .query,
      Usage(
        "midi info", "show what a MIDI file holds", discussion: "Needs no daemon.",
        examples: ["garden midi info song.mid"],
        parameters: [looked]),
      result: [
        "path, format, division, beats, seconds, notes", "tempos, signatures, markers, tracks: lists",
        "warnings",
      ]),
    Tool(
      .audioInfo, .short(seconds: 25), .query,
      Usage(
        "audio info", "show an audio file's format, levels and loudness", discussion: "Needs no daemon.",
        examples: ["garden audio info take.wav"], parameters: [looked]),
      result: [
        "path, format, sample_rate, channels, frames, seconds",
        "peak_db, rms_db, integrated_lufs, true_peak_db, silent: null of a file too long to measure at once",
        "warnings",
      ]),
  ]

  private static let looked = Parameter(.file, .material(extensions: []), "the file").positional().required()
}
