extension Catalogue {
  private static let bus = Parameter(.bus, .bus, "the bus").positional().required()
  private static let strip = Parameter(.strip, .strip, "the track or bus").positional().required()

  private static let busControls: [Parameter] = [
    Parameter(.effect, .choice(["none", "reverb", "chorus"]), "what the bus does", default: "none"),
    Parameter(.gain, .decibels(ToolLimits.gainDecibels), "gain in dB", default: "0"),
    Parameter(.pan, .number(ToolLimits.pan, unit: ""), "balance: -1 is left, 1 is right", default: "0"),
    Parameter(.mute, .boolean, "silent", default: "false"),
    Parameter(.solo, .boolean, "only what is soloed sounds, and what leads to it", default: "false"),
    Parameter(.output, .bus, "where it goes: main, or another bus", default: "main"),
    Parameter(
      .decay, .number(ToolLimits.decaySeconds, unit: "seconds"), "reverb: the time to lose 60 dB",
      default: "2"),
    Parameter(.size, .number(ToolLimits.share, unit: ""), "reverb: 0 is a closet, 1 a hall", default: "0.7"),
    Parameter(
      .damping, .number(ToolLimits.share, unit: ""), "reverb: how much faster high frequencies die",
      default: "0.4"),
    Parameter(.predelay, .number(ToolLimits.predelay, unit: "ms"), "reverb: before it begins", default: "20"),
    Parameter(.speed, .number(ToolLimits.chorusHertz, unit: "Hz"), "chorus: swings a second", default: "0.6"),
    Parameter(.depth, .number(ToolLimits.chorusDepth, unit: "ms"), "chorus: how far", default: "3"),
  ]

  static let busTools: [Tool] = [
    Tool(
      .busAdd, .acknowledge, .edit,
      Usage(
        "bus add", "make a bus",
        discussion: """
          Tracks and buses reach it by `garden track set TRACK --output BUS`, whole, or by `garden send set`, in \
          part. A reverb or chorus gives the wet sound only.
          """,
        examples: ["garden bus add hall --effect reverb --decay 2.5", "garden bus add strings --gain -2dB"],
        parameters: [
          Parameter(.name, .text(maxLength: ToolLimits.nameLength), "the bus's name").positional().required()
        ] + busControls),
      result: landed + ["bus: the bus"]),
    Tool(
      .busLs, .immediate, .query, Usage("bus ls", "list the buses", examples: ["garden bus ls"]),
      result: [
        "buses: [{name, id, gain_db, pan, mute, solo, effect, output, sends, audition, inputs, peak_db, rms_db}]"
      ]),
    Tool(
      .busSet, .acknowledge, .edit,
      Usage(
        "bus set", "change a bus", examples: ["garden bus set hall --decay 4 --gain -6dB"],
        parameters: [bus, Parameter(.newName, .text(maxLength: ToolLimits.nameLength), "a new name")]
          + busControls.map { $0.withoutDefault() }),
      result: landed + ["bus: the bus"]),
    Tool(
      .busRm, .acknowledge, .edit,
      Usage(
        "bus rm", "remove a bus; what went to it goes to main", examples: ["garden bus rm hall"],
        parameters: [bus]),
      result: landed + ["removed: its name"]),
    Tool(
      .sendSet, .acknowledge, .edit,
      Usage(
        "send set", "send a track or bus to a bus, or change that",
        examples: ["garden send set lead hall --level -6dB", "garden send set lead hall --pre true"],
        parameters: [
          strip, bus,
          Parameter(
            .level, .decibels(ToolLimits.gainDecibels), "how much, in dB", default: "0, or as it was"),
          Parameter(
            .pre, .boolean, "from before the fader, the pan and the mute", default: "false, or as it was"),
        ]),
      result: landed + ["send: {from, bus, level_db, pre}"]),
    Tool(
      .sendLs, .immediate, .query, Usage("send ls", "list the sends", examples: ["garden send ls"]),
      result: ["sends: [{from, bus, level_db, pre}]"]),
    Tool(
      .sendRm, .acknowledge, .edit,
      Usage("send rm", "end a send", examples: ["garden send rm lead hall"], parameters: [strip, bus]),
      result: landed),
  ]

  private static let listened = ["auditioned: [{name, at: before|after}]"]

  static let auditionTools: [Tool] = [
    Tool(
      .auditionOn, .acknowledge, .edit,
      Usage(
        "audition on", "hear a track or bus on the cue outputs alone",
        discussion: """
          It is heard before its fader, pan and mute, or behind them with --after. The cue has its own level: \
          `garden track set cue --gain -6dB`. A device with only two outputs leaves the cue out.
          """,
        examples: ["garden audition on lead", "garden audition on hall --after true"],
        parameters: [strip, Parameter(.after, .boolean, "behind the fader", default: "false")]),
      result: landed + listened),
    Tool(
      .auditionOff, .acknowledge, .edit,
      Usage(
        "audition off", "stop hearing a track or bus on the cue", examples: ["garden audition off"],
        parameters: [
          Parameter(.strip, .strip, "the track or bus", default: "all of them").positional()
        ]),
      result: landed + listened),
    Tool(
      .auditionPlay, .short(seconds: 30), .edit,
      Usage(
        "audition play", "play a file or a region once, on the cue outputs alone",
        examples: ["garden audition play riff.wav", "garden audition play --region verse --take 2"],
        parameters: [
          Parameter(.file, .material(extensions: clipExtensions), "a MIDI or audio file, or content")
            .positional(),
          Parameter(.region, .region, "a region of the timeline instead; what has come for one that waits"),
          Parameter(
            .take, .integer(1...1000), "of its takes, one that does not play", default: "as it plays"),
          Parameter(.gain, .decibels(ToolLimits.gainDecibels), "gain in dB", default: "0"),
        ]),
      result: landed + ["name, seconds: what plays, and for how long"]),
    Tool(
      .auditionStop, .acknowledge, .edit,
      Usage("audition stop", "end what plays on the cue alone", examples: ["garden audition stop"]),
      result: landed),
  ]
}
