extension Catalogue {
  static let fadeCurves = ["linear", "equal-power", "exponential", "s"]
  static let clipExtensions = ["mid", "midi", "wav", "flac", "ogg", "mp3", "aiff", "aif", "opus"]

  private static let region = Parameter(.region, .region, "name, id or the start of an id").positional()
    .required()
  private static let regions = region.repeated()

  /// What `region add` and `region set` share.
  private static func shape(mute: Parameter.Kind) -> [Parameter] {
    [
      Parameter(.forBeats, .beats(ToolLimits.lengthBeats), "length in beats", default: "the clip's"),
      Parameter(.name, .text(maxLength: ToolLimits.nameLength), "name", default: "the file's name"),
      Parameter(.gain, .decibels(ToolLimits.gainDecibels), "gain in dB", default: "0"),
      Parameter(
        .fadeIn, .number(ToolLimits.fadeSeconds, unit: "seconds"), "fade-in in seconds", default: "0"),
      Parameter(
        .fadeOut, .number(ToolLimits.fadeSeconds, unit: "seconds"), "fade-out in seconds", default: "0"),
      Parameter(.curve, .choice(fadeCurves), "shape of both fades", default: "equal-power"),
      Parameter(
        .offset, .span, "start this far into the clip: beats for MIDI (4), seconds for audio (2.5s)",
        default: "0"),
      Parameter(.loop, .integer(ToolLimits.loopCount), "play the clip this many times", default: "1"),
      Parameter(.mute, mute, "silent, but in its place"),
      Parameter(.transpose, .integer(ToolLimits.transpose), "semitones (MIDI)", default: "0"),
      Parameter(
        .velocity, .number(ToolLimits.velocityScale, unit: ""), "scales velocities (MIDI)", default: "1"
      ),
      Parameter(
        .channel, .integer(ToolLimits.channel), "everything on this channel (MIDI)", default: "the file's"),
      Parameter(
        .bank, .integer(ToolLimits.bank), "bank in place of the file's (MIDI)", default: "the file's"),
      Parameter(
        .program, .integer(ToolLimits.program), "program in place of the file's (MIDI)", default: "the file's"
      ),
    ]
  }

  static let regionTools: [Tool] =
    [
      Tool(
        .regionAdd, .short(seconds: 60), .edit,
        Usage(
          "region add", "place a MIDI or audio file on a track",
          examples: [
            "garden region add riff.mid --track lead --at 5:1",
            "garden region add take.wav --at 5:1 --for 16 --gain -3dB --fade-in 0.25",
            "garden region add riff.mid --at 0 --program 33 --channel 2",
            "garden region add 5c735d76fe3537a0f35cf4a4eb14a532 --at 5:1",
          ],
          parameters: [
            Parameter(.file, .material(extensions: clipExtensions), "a MIDI or audio file, or content")
              .positional()
              .required(),
            Parameter(.track, .track, "the track; made when there is none", default: "one per file"),
            Parameter(.at, .position, "where it starts", default: "0"),
          ] + shape(mute: .flag) + [
            Parameter(
              .tempo, .choice(["keep", "adopt"]), "keep the timeline's tempo, or adopt the file's (MIDI)",
              default: "keep")
          ]),
        result: landed + ["region: the region", "warnings: [text]"]),
      Tool(
        .regionLs, .immediate, .query,
        Usage(
          "region ls", "list the regions",
          examples: ["garden region ls", "garden region ls --from 0 --to 64"],
          parameters: [
            Parameter(.from, .position, "that end after this"),
            Parameter(.to, .position, "that start before this"),
            Parameter(.track, .track, "on this track"),
            Parameter(
              .limit, .integer(ToolLimits.listed), "at most so many", default: "\(listed)"),
            Parameter(.skip, .integer(ToolLimits.skipped), "leave out so many first", default: "0"),
          ]),
        result: [
          "total: how many there are",
          "regions: [{id, name, track, kind, position, beat, length_beats, clip, gain_db, mute, …}]",
          "latent: [{id, beat, length_beats, status, progress, job, content, reason}], what does not play yet",
        ]),
      Tool(
        .regionShow, .immediate, .query,
        Usage("region show", "show a region", examples: ["garden region show bass"], parameters: [region]),
        result: ["region: the region, every field"]),
    ] + regionEdits

  /// Regions in a reply when nobody says.
  package static let listed = 500

  private static let regionEdits: [Tool] = [
    Tool(
      .regionMv, .acknowledge, .edit,
      Usage(
        "region mv", "move a region", examples: ["garden region mv bass --at 9:1"],
        parameters: [
          region, Parameter(.at, .position, "where to").required(),
          Parameter(.track, .track, "to this track", default: "its own"),
        ]),
      result: landed),
    Tool(
      .regionSet, .acknowledge, .edit,
      Usage(
        "region set", "change regions", examples: ["garden region set bass --gain -3dB --mute false"],
        parameters: [regions] + shape(mute: .boolean).map { $0.withoutDefault() }),
      result: landed),
    Tool(
      .regionRm, .acknowledge, .edit,
      Usage("region rm", "remove regions", examples: ["garden region rm bass lead"], parameters: [regions]),
      result: landed),
    Tool(
      .regionClear, .acknowledge, .edit,
      Usage(
        "region clear", "remove every region", examples: ["garden region clear --track lead"],
        parameters: [Parameter(.track, .track, "only those of this track", default: "all tracks"), confirm]),
      result: landed + ["removed: count"]),
    Tool(
      .regionDup, .acknowledge, .edit,
      Usage(
        "region dup", "repeat a region", examples: ["garden region dup bass --times 3"],
        parameters: [
          region, Parameter(.at, .position, "where the first copy starts", default: "where the region ends"),
          Parameter(.times, .integer(ToolLimits.duplicates), "copies, end to end", default: "1"),
        ]),
      result: landed + ["count: how many", "regions: the first \(listed) copies"]),
    Tool(
      .regionSplit, .acknowledge, .edit,
      Usage(
        "region split", "cut a region in two", examples: ["garden region split bass --at 7:1"],
        parameters: [region, Parameter(.at, .position, "where to cut").required()]),
      result: landed + ["regions: the two parts"]),
  ]
}
