extension Catalogue {
  static let landed = ["command: {id, due_frame}; an event `landed` or `failed` follows"]

  private static let when = Parameter(
    .at, .position, "do it when the playhead gets there", default: "in the next block")

  static let transportTools: [Tool] =
    [
      Tool(
        .play, .acknowledge, .transport,
        Usage(
          "play", "roll from the playhead",
          examples: ["garden play", "garden play --from 5:1 --to 9:1", "garden play --from @chorus"],
          parameters: [
            Parameter(.from, .position, "start here", default: "the playhead"),
            Parameter(.to, .position, "pause here", default: "never"),
          ]),
        result: landed),
      Tool(
        .pause, .acknowledge, .transport,
        Usage(
          "pause", "stop rolling and keep the playhead",
          examples: ["garden pause", "garden pause --at 9:1"], parameters: [when]),
        result: landed),
      Tool(
        .stop, .acknowledge, .transport,
        Usage(
          "stop", "stop rolling and go back to the start marker",
          discussion: "The start marker is the marker named start, or the start of the timeline.",
          examples: ["garden stop", "garden stop --at 33:1"], parameters: [when]),
        result: landed),
      Tool(
        .seek, .acknowledge, .transport,
        Usage(
          "seek", "move the playhead",
          examples: ["garden seek 5:1", "garden seek -2", "garden seek @chorus", "garden seek 50%"],
          parameters: [
            Parameter(.position, .position, "where to").positional().required(), when,
          ]),
        result: landed),
      Tool(
        .tempo, .acknowledge, .edit,
        Usage(
          "tempo", "show or change the tempo",
          discussion: """
            Without --at the segment under the playhead changes in the next block and the musical position \
            stays. Without BPM it shows the tempo map.
            """,
          examples: ["garden tempo", "garden tempo 124", "garden tempo 90 --at 33:1 --ramp 4"],
          parameters: [
            Parameter(.bpm, .number(ToolLimits.tempo, unit: "bpm"), "beats per minute").positional(),
            Parameter(.at, .position, "from here on", default: "the segment under the playhead"),
            Parameter(.ramp, .beats(ToolLimits.beats), "reach it over this many beats", default: "0"),
          ]),
        result: landed + ["segments: [{beat, position, tempo_bpm, ramp_beats}]"]),
      Tool(
        .loop, .acknowledge, .transport,
        Usage(
          "loop", "show, set or lift the loop range",
          examples: ["garden loop 5:1 9:1", "garden loop off", "garden loop on"],
          parameters: [
            Parameter(.off, .flag, "play on past the loop's end").positional(),
            Parameter(.on, .flag, "use the last range again").positional(),
            Parameter(.start, .position, "where the loop starts").positional(),
            Parameter(.end, .position, "where it jumps back").positional(),
          ]),
        result: landed + ["loop: {start_beat, end_beat} or null"]),
      Tool(
        .panic, .acknowledge, .transport,
        Usage(
          "panic", "silence everything now, tails included",
          discussion: "Sent twice: through the command ring and beside it.", examples: ["garden panic"]),
        result: landed),
    ] + markerTools

  private static let markerTools: [Tool] = [
    Tool(
      .markerAdd, .acknowledge, .edit,
      Usage(
        "marker add", "name a place on the timeline",
        examples: ["garden marker add chorus --at 33:1"],
        parameters: [
          Parameter(.name, .text(maxLength: ToolLimits.nameLength), "the marker's name").positional()
            .required(),
          Parameter(.at, .position, "where", default: "the playhead"),
        ]),
      result: landed + ["marker: {name, beat, position}"]),
    Tool(
      .markerLs, .immediate, .query, Usage("marker ls", "list the markers", examples: ["garden marker ls"]),
      result: ["markers: [{name, beat, position}]"]),
    Tool(
      .markerRm, .acknowledge, .edit,
      Usage(
        "marker rm", "remove a marker", examples: ["garden marker rm chorus"],
        parameters: [Parameter(.name, .marker, "the marker's name").positional().required()]),
      result: landed),
  ]
}
