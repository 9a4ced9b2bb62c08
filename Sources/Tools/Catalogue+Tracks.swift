extension Catalogue {
  static let interpolations = ["none", "linear", "cubic", "seventh"]
  static let timings = ["normal", "sharp"]

  private static let synth: [Parameter] = [
    Parameter(.soundfont, .soundfont, "a soundfont for this track", default: "the default font"),
    Parameter(.gain, .decibels(ToolLimits.gainDecibels), "gain in dB", default: "0"),
    Parameter(.pan, .number(ToolLimits.pan, unit: ""), "-1 is left, 1 is right", default: "0"),
    Parameter(.polyphony, .integer(ToolLimits.polyphony), "voices at most", default: "256"),
    Parameter(.interpolation, .choice(interpolations), "sample interpolation", default: "cubic"),
    Parameter(
      .timing, .choice(timings), "notes within 32 frames of their time, or within 8",
      default: "the setting audio.timing"),
  ]

  static let trackTools: [Tool] = [
    Tool(
      .trackAdd, .short(seconds: 20), .edit,
      Usage(
        "track add", "make a track", examples: ["garden track add lead --gain -3dB --pan -0.2"],
        parameters: [
          Parameter(.name, .text(maxLength: ToolLimits.nameLength), "the track's name").positional()
            .required()
        ] + synth),
      result: landed + ["track: the track"]),
    Tool(
      .trackLs, .immediate, .query, Usage("track ls", "list the tracks", examples: ["garden track ls"]),
      result: [
        "tracks: [{name, id, gain_db, pan, mute, solo, soundfont, polyphony, interpolation, timing, regions, voices, "
          + "peak_db, rms_db}]"
      ]),
    Tool(
      .trackSet, .short(seconds: 20), .edit,
      Usage(
        "track set", "change a track, the master or the cue",
        discussion: "The tracks `master` and `cue` take --gain only.",
        examples: [
          "garden track set lead --gain -3dB", "garden track set drums --solo true",
          "garden track set master --gain -1",
        ],
        parameters: [
          Parameter(.track, .track, "the track, master or cue").positional().required(),
          Parameter(.name, .text(maxLength: ToolLimits.nameLength), "a new name"),
          Parameter(.mute, .boolean, "silent"),
          Parameter(.solo, .boolean, "only soloed tracks sound"),
          Parameter(.output, .bus, "where it goes: main, or a bus"),
        ] + synth.map { $0.withoutDefault() }),
      result: landed + ["track: the track"]),
    Tool(
      .trackRm, .acknowledge, .edit,
      Usage(
        "track rm", "remove a track and its regions", examples: ["garden track rm lead"],
        parameters: [Parameter(.track, .track, "the track").positional().required(), confirm]),
      result: landed),
  ]
}
