extension Catalogue {
  static let landed = ["command: {id, due_frame}; an event `landed` or `failed` follows"]

  static let when = Parameter(
    .at, .position, "do it when the playhead gets there, as @next-bar", default: "in the next block")

  private static let jump = [
    Parameter(.now, .flag, "at once: what streams comes in when it is ready"),
    Parameter(
      .chaseNotes, .boolean, "start the notes that sound there", default: "the setting transport.chase_notes"),
  ]

  static let transportTools: [Tool] =
    [
      Tool(
        .play, .acknowledge, .transport,
        Usage(
          "play", "roll from the playhead",
          discussion: """
            With --at it rolls on from --from when the playhead gets there: a jump on the bar line. A playhead \
            that stands gets nowhere, so there `--at @next-bar` and its like happen at once. With --count-in the clicks have the tempo and \
            the signature of the place where the music starts; it lands at once and tells the frame of that \
            start. Pause, stop and panic end the count.
            """,
          examples: [
            "garden play", "garden play --from 5:1 --to 9:1", "garden play --from @chorus --at @next-bar",
            "garden play --count-in 1",
          ],
          parameters: [
            Parameter(.from, .position, "start here", default: "the playhead"),
            Parameter(.to, .position, "pause here", default: "never"), when,
            Parameter(
              .countIn, .integer(ToolLimits.countInBars), "bars of clicks before, from a halt",
              default: "none"),
            Parameter(.toggle, .flag, "pause when it rolls"),
          ] + jump),
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
          discussion: """
            While it rolls, the old place plays on until what streams at the new one is ready, two seconds at \
            most; then the two are crossfaded. The event `landed` names the frame. --now jumps at once.
            """,
          examples: [
            "garden seek 5:1", "garden seek -2", "garden seek @chorus --at @next-bar", "garden seek 50%",
            "garden seek 9:1 --now",
          ],
          parameters: [
            Parameter(.position, .position, "where to").positional().required(), when,
          ] + jump),
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
        .metronome, .acknowledge, .edit,
        Usage(
          "metronome", "show or set the click on every beat",
          discussion: """
            The first beat of a bar has an accent. The click has an output of its own, which a device with \
            fewer outputs does not have; it goes to the main pair only with --output main. Renders have no \
            click unless --click is given.
            """,
          examples: ["garden metronome", "garden metronome on --level -12dB", "garden metronome off"],
          parameters: [
            Parameter(.on, .flag, "click").positional(),
            Parameter(.off, .flag, "do not").positional(),
            Parameter(.level, .decibels(ToolLimits.clickDecibels), "in dB, -6 at first"),
            Parameter(.output, .choice(["click", "cue", "main"]), "where it is heard, click at first"),
            Parameter(.subdivide, .integer(ToolLimits.clickDivisions), "clicks in a beat, 1 at first"),
          ]),
        result: landed + ["metronome: {on, level_db, output, subdivide, heard}", "warnings: [text]"]),
      Tool(
        .tap, .acknowledge, .edit,
        Usage(
          "tap", "tap the tempo",
          discussion: """
            Each call is a tap; the daemon times them. From the fourth on the tempo under the playhead is the \
            median of the last intervals, and the musical position stays. A pause of two seconds begins anew. \
            On a terminal each key is a tap, timed there, and Enter ends it.
            """,
          examples: ["garden tap", "garden tap --once"],
          parameters: [
            Parameter(.once, .flag, "one tap, on a terminal too").clientOnly(),
            Parameter(
              .intervals, .number(ToolLimits.tapSeconds, unit: "seconds"),
              "the time from tap to tap, measured by you: at once a tempo"
            ).repeated(),
          ]),
        result: [
          "taps, needed: counts; with enough of them: command {id, due_frame}, tempo_bpm, segments"
        ]),
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
    ]
}
