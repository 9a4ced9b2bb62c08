extension Catalogue {
  static let materialTools: [Tool] = [
    Tool(
      .clipLs, .immediate, .query, Usage("clip ls", "list the loaded clips", examples: ["garden clip ls"]),
      result: ["clips: [{id, path, kind, seconds, beats, notes, channels, sample_rate, bytes, warnings}]"]),
    Tool(
      .clipShow, .immediate, .query,
      Usage(
        "clip show", "show a clip", examples: ["garden clip show riff.mid"],
        parameters: [Parameter(.clip, .clip, "file name, id or the start of an id").positional().required()]),
      result: ["clip: the clip, every field"]),
    Tool(
      .clipDraw, .short(seconds: 25), .query,
      Usage(
        "clip draw", "give what a picture of a clip needs",
        examples: ["garden clip draw riff.mid --json", "garden clip draw take.wav --columns 256 --json"],
        parameters: [
          Parameter(.clip, .clip, "file name, path, id or the start of an id").positional().required(),
          Parameter(
            .columns, .integer(ToolLimits.columns), "so many equal stretches of sound", default: "512"),
        ]),
      result: [
        "drawing: {id, kind, beats, seconds, notes: [[beat, length, key, velocity]], omitted, "
          + "peaks: [lowest, highest, …] in hundredths, exact}"
      ]),
    Tool(
      .soundfontLs, .immediate, .query,
      Usage("soundfont ls", "list the soundfonts found and who uses them", examples: ["garden soundfont ls"]),
      result: ["fonts: [{name, path, bytes, in_use_by}]"]),
    Tool(
      .soundfontUse, .short(seconds: 30), .edit,
      Usage(
        "soundfont use", "load a soundfont and play with it",
        examples: ["garden soundfont use TimGM6mb.sf2", "garden soundfont use embedded --track lead"],
        parameters: [
          Parameter(.font, .soundfont, "a path, a file name, or embedded").positional().required(),
          Parameter(.track, .track, "only this track", default: "the default of all"),
        ]),
      result: landed + ["soundfont: what plays now"]),
    Tool(
      .soundfontInspect, .short(seconds: 30), .query,
      Usage(
        "soundfont inspect", "show a soundfont's banks and programs",
        discussion: "Needs no daemon.", examples: ["garden soundfont inspect TimGM6mb.sf2"],
        parameters: [Parameter(.font, .soundfont, "a path, a file name, or embedded").positional().required()]
      ),
      result: ["soundfont: {name, path, bytes, presets: [{bank, program, name}]}"]),
    Tool(
      .sessionExport, .immediate, .query,
      Usage(
        "session export", "print the running session as one JSON document",
        examples: ["garden session export > session.json"]),
      result: ["session: what `chaosgarden render --session` reads"]),
  ]

  static let deviceTools: [Tool] = [
    Tool(
      .deviceLs, .immediate, .query,
      Usage("device ls", "list the audio drivers", examples: ["garden device ls"]),
      result: ["drivers: [{name, available, current, detail}]"]),
    Tool(
      .deviceUse, .short(seconds: 15), .edit,
      Usage(
        "device use", "play through another driver; the transport keeps counting",
        examples: ["garden device use jack", "garden device use timer --period 256"],
        parameters: [
          Parameter(.driver, .choice(["auto", "jack", "pipewire", "alsa", "virtual", "timer"]), "the driver")
            .positional()
            .required(),
          Parameter(
            .period, .integer(ToolLimits.period), "frames of a block (timer)", default: "the setting's"),
          Parameter(
            .autoconnect, .boolean, "connect to the physical outputs (JACK)", default: "the setting's"),
          confirm,
        ]),
      result: landed),
  ]
}
