extension Catalogue {
  private static let direction = Parameter(
    .direction, .choice(["in", "out"]), "in is heard, out is sent to"
  ).positional().required()
  private static let pattern = Parameter(
    .pattern, .text(maxLength: ToolLimits.referenceLength), "a part of the port's name, as it is written",
    default: "any port"
  ).positional()
  private static let port = Parameter(
    .port, .text(maxLength: ToolLimits.referenceLength), "a part of an attached output's name")
  private static let channel = Parameter(.channel, .integer(ToolLimits.channel), "MIDI channel")

  private static let messages = [
    "note_on", "note_off", "control_change", "program_change", "pitch_bend", "raw", "start", "stop",
    "continue", "timing_clock",
  ]

  static let portTools: [Tool] = [
    Tool(
      .midiAttach, .short(seconds: 20), .query,
      Usage(
        "midi attach", "connect to a MIDI port",
        discussion: """
          The first port in the order of `garden midi ls` whose name contains the pattern. A port that goes is \
          connected again when it is back, and holds no notes meanwhile. An input with --track plays that \
          track's synths, in the block after the message came, whether the transport rolls or not.
          """,
        examples: ["garden midi attach in KEYS --track lead", "garden midi attach out BRAINS"],
        parameters: [
          direction, pattern, Parameter(.track, .track, "an input's: what it plays", default: "nothing"),
          Parameter(
            .channel, .integer(ToolLimits.channel), "an input's: the channel it plays on",
            default: "each message's own"),
        ]),
      result: [
        "port: {name, kind, direction, attached, connected, messages, track, channel, clock, delay_frames}"
      ]),
    Tool(
      .midiDetach, .short(seconds: 10), .query,
      Usage(
        "midi detach", "let go of a MIDI port",
        discussion: "Every note that it holds, or that it plays, is let go first.",
        examples: ["garden midi detach in KEYS", "garden midi detach out BRAINS"],
        parameters: [direction, pattern]),
      result: ["port: the port"]),
    Tool(
      .midiStatus, .immediate, .query,
      Usage("midi status", "show the attached MIDI ports", examples: ["garden midi status"]),
      result: [
        "inputs, outputs: [{name, kind, connected, messages, track, channel, clock, delay_frames}]",
        "ports: both in one list", "counts: {ignored, missed, dropped}",
        "clock: {port, running, tempo_bpm}; null without", "recording: {track, notes}; null without",
      ]),
    Tool(
      .midiSend, .immediate, .query,
      Usage(
        "midi send", "send a message to attached outputs at once",
        examples: [
          "garden midi send note_on --port BRAINS --channel 1 --pitch 60 --velocity 100",
          "garden midi send control_change --controller 74 --value 64",
          "garden midi send raw --bytes f07e7f0601f7",
        ],
        parameters: [
          Parameter(.message, .choice(messages), "what to send").positional().required(),
          Parameter(
            .port, .text(maxLength: ToolLimits.referenceLength), "a part of an attached output's name",
            default: "all attached outputs"),
          Parameter(.channel, .integer(ToolLimits.channel), "MIDI channel", default: "1"),
          Parameter(.pitch, .integer(ToolLimits.midiData), "a note's key", default: "60"),
          Parameter(.velocity, .integer(ToolLimits.midiData), "a note's velocity", default: "100"),
          Parameter(.controller, .integer(ToolLimits.midiData), "which controller", default: "0"),
          Parameter(.value, .integer(ToolLimits.midiData), "the controller's value", default: "0"),
          Parameter(.program, .integer(ToolLimits.program), "which program", default: "0"),
          Parameter(.bend, .integer(ToolLimits.bend), "the bend; 0 is the middle", default: "0"),
          Parameter(
            .bytes, .text(maxLength: ToolLimits.bytesLength),
            "a raw message in hexadecimal: one whole message"),
        ]),
      result: ["ports: [the names it went to]"]),
    Tool(
      .midiRoute, .short(seconds: 20), .edit,
      Usage(
        "midi route", "lead a track to or from attached ports",
        discussion: """
          --to sends the track's notes to an output instead of its synths, each at its frame, and is saved with \
          the session; --from has an input play the track. off takes both back.
          """,
        examples: [
          "garden midi route lead --to BRAINS", "garden midi route lead --from KEYS --channel 2",
          "garden midi route lead off",
        ],
        parameters: [
          Parameter(.track, .track, "the track").positional().required(),
          Parameter(.off, .flag, "to its own synths, and played by no input").positional(),
          Parameter(.to, .text(maxLength: ToolLimits.referenceLength), "a part of an attached output's name"),
          Parameter(
            .from, .text(maxLength: ToolLimits.referenceLength), "a part of an attached input's name"),
          channel,
        ]),
      result: landed + ["track: the track"]),
    Tool(
      .midiPlay, .short(seconds: 20), .edit,
      Usage(
        "midi play", "put a MIDI file on a track that leads to an output",
        discussion:
          "It plays as any region does, when the transport rolls over it; `garden midi stop` removes it.",
        examples: ["garden midi play riff.mid --port BRAINS --at 5:1"],
        parameters: [
          Parameter(.file, .material(extensions: ["mid", "midi"]), "a MIDI file, or content").positional()
            .required(),
          port, Parameter(.at, .position, "where it begins", default: "the start"),
        ]),
      result: landed + ["region: the region", "duration_beats, event_count", "port: the port's name"]),
    Tool(
      .midiStop, .acknowledge, .edit,
      Usage(
        "midi stop", "remove what midi play has put on the timeline", examples: ["garden midi stop riff"],
        parameters: [Parameter(.region, .region, "the region").positional().required()]),
      result: landed + ["removed: count"]),
    Tool(
      .midiClock, .immediate, .query,
      Usage(
        "midi clock", "send MIDI clock, or follow somebody's",
        discussion: """
          out: 24 clocks a beat while the transport rolls, start, continue, stop and song position. in: the \
          tempo follows the clock, and start, continue, stop and song position move the transport.
          """,
        examples: ["garden midi clock out BRAINS", "garden midi clock in DRUMS", "garden midi clock off"],
        parameters: [
          Parameter(.off, .flag, "neither; or not for this port").positional(),
          Parameter(.direction, .choice(["in", "out"]), "follow an input, or send to an output").positional(),
          Parameter(
            .pattern, .text(maxLength: ToolLimits.referenceLength), "a part of an attached port's name",
            default: "the first attached"
          ).positional(),
        ]),
      result: ["ports: the attached ports", "clock: {port, running, tempo_bpm}; null without"]),
    Tool(
      .midiRecord, .short(seconds: 20), .query,
      Usage(
        "midi record", "record what inputs play on a track",
        discussion: """
          While the transport rolls; a halt or `garden midi record off` ends it and leaves a region with what \
          was heard, and a MIDI file in `$XDG_STATE_HOME/chaosgarden/recordings`. An event `recorded` tells it.
          """,
        examples: ["garden midi record lead", "garden midi record off"],
        parameters: [
          Parameter(.off, .flag, "end it").positional(),
          Parameter(.track, .track, "the track").positional(),
        ]),
      result: [
        "recording: {track, notes}; null when it has ended",
        "region: the region; null when nothing was played",
      ]),
  ]
}
