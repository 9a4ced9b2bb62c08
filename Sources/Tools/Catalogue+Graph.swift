extension Catalogue {
  package static let nodeKinds = ["track", "bus", "master", "output", "midi-in", "midi-out"]

  /// What the daemon knows of itself without asking anybody: its settings, and what stands between a note and the ear.
  static let graphTools: [Tool] = [
    Tool(
      .configGet, .immediate, .query,
      Usage(
        "config get", "show a setting of the running daemon, and its origin",
        discussion: """
          The value it works with, which may be older than what stands in the files now: garden config show reads \
          those. An origin is built in, a file with its line, a variable, or a flag; later ones win.
          """,
        examples: ["garden config get audio.period", "garden config get --section jobs"],
        parameters: [
          Parameter(
            .name, .text(maxLength: ToolLimits.nameLength), "the setting, as audio.period",
            default: "all of them"
          ).positional(),
          Parameter(.section, .text(maxLength: ToolLimits.nameLength), "only those of this table"),
          Parameter(.key, .text(maxLength: ToolLimits.nameLength), "only the one called so in its table"),
        ]),
      result: ["settings: [{name, value, origin, default, environment, flag}]"]),
    Tool(
      .graphFind, .immediate, .query,
      Usage(
        "graph find", "find tracks, buses, ports and outputs by name or kind",
        examples: ["garden graph find lead", "garden graph find --kind bus"],
        parameters: [
          Parameter(.name, .text(maxLength: ToolLimits.nameLength), "what their name holds", default: "all")
            .positional(),
          Parameter(.kind, .choice(nodeKinds), "only these"),
        ]),
      result: ["nodes: [{id, name, kind, to, regions}]: to names what it sounds through"]),
    Tool(
      .graphContext, .immediate, .query,
      Usage(
        "graph context", "say in words what is there and what leads where",
        discussion: "As a language model is best told, and short enough for one.",
        examples: ["garden graph context"]),
      result: ["context: lines of text", "nodes: how many there are"]),
    Tool(
      .eventPoll, .short(seconds: 25), .query,
      Usage(
        "event poll", "show what has happened, or wait until something does",
        discussion: """
          The daemon keeps events from the first call on, which without --cursor or --since-ms waits for what happens \
          next. Levels and positions are not among them. A cursor whose successors are forgotten gets the oldest that \
          are kept, and how many are missing.
          """,
        examples: ["garden event poll --timeout-ms 5000", "garden event poll --types job --since-ms 60000"],
        parameters: [
          Parameter(.cursor, .text(maxLength: 64), "what the call before gave"),
          Parameter(
            .sinceMilliseconds, .integer(0...86_400_000), "without a cursor: of so many milliseconds back"),
          Parameter(
            .types, .text(maxLength: ToolLimits.nameLength), "beginnings of topics, or types of events"
          ).repeated(),
          Parameter(
            .timeoutMilliseconds, .integer(0...30_000), "how long to wait, 24 s at most", default: "0"),
          Parameter(.limit, .integer(1...1_000), "so many at most", default: "100"),
        ]),
      result: [
        "events: [{cursor, topic, age_ms, event}]", "cursor: for the next call",
        "missing: how many are forgotten, 0 where all are there",
        "more: whether further ones are there already",
      ]),
    Tool(
      .timeConvert, .immediate, .query,
      Usage(
        "time convert", "turn beats into seconds, or seconds into beats",
        discussion: "By the tempo map as it is now.", examples: ["garden time convert 64 --from beats"],
        parameters: [
          Parameter(.value, .number(0...10_000_000, unit: "beats or seconds"), "how many").positional()
            .required(),
          Parameter(.from, .choice(["beats", "seconds"]), "of what", default: "beats"),
          Parameter(.to, .choice(["beats", "seconds"]), "into what", default: "the other"),
        ]),
      result: ["value: in the unit asked for", "unit: beats or seconds", "position: as bar:beat"]),
  ]
}
