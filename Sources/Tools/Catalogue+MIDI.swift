extension Catalogue {
  private static let actions = [
    "play", "toggle", "pause", "stop", "next", "previous", "panic", "tap", "marker", "enter", "gain", "pan",
    "off",
  ]

  static let midiTools: [Tool] = [
    Tool(
      .midiLs, .immediate, .query,
      Usage(
        "midi ls", "list the MIDI ports and footswitches",
        discussion:
          "Ports are JACK's, those of the ALSA sequencer, and those that the file midi.ports lists.",
        examples: ["garden midi ls"]),
      result: [
        "inputs, outputs: [{index, name, kind, attached, messages, track}]", "ports: both in one list",
        "devices: [{path, in_use, state}]", "midi: {device, open, messages, dropped, bindings}",
      ]),
    Tool(
      .midiUse, .immediate, .query,
      Usage(
        "midi use", "take a footswitch or controller into use",
        discussion: """
          Any raw MIDI device or FIFO. One that is pulled out is opened again when it is back. The setting \
          midi.device does the same at every start.
          """,
        examples: ["garden midi use /dev/snd/midiC1D0", "garden midi use off"],
        parameters: [
          Parameter(.off, .flag, "let go of it").positional(),
          Parameter(.device, .path(extensions: []), "the device").positional(),
        ]),
      result: ["midi: {device, open, messages, dropped, bindings}"]),
    Tool(
      .learn, .immediate, .query,
      Usage(
        "learn", "bind the next MIDI message to a command",
        discussion: """
          Press the pedal, key or button; the command then runs each time it is pressed, exactly as if it had \
          been typed. A release does nothing, and presses closer than 30 ms are one. A controller learnt for gain \
          goes from -60 to 6 dB, for pan from -1 to 1. Bindings are kept on disk.
          """,
        examples: [
          "garden learn next", "garden learn gain --track lead", "garden learn --to tap",
          "garden learn off",
        ],
        parameters: [
          Parameter(.action, .choice(actions), "what it shall do; off ends the waiting").positional(),
          Parameter(
            .to, .text(maxLength: ToolLimits.referenceLength), "any command in quotes, without garden"),
          Parameter(.track, .track, "whose gain or pan", default: "master, for gain"),
          Parameter(
            .within, .number(ToolLimits.learnSeconds, unit: "seconds"), "give up after this long",
            default: "30"),
        ]),
      result: [
        "learning: {action, seconds}; an event `learned`, `learn_refused` or `learn_timed_out` follows"
      ]),
    Tool(
      .midiBindings, .immediate, .query,
      Usage("midi bindings", "list what messages do", examples: ["garden midi bindings"]),
      result: ["bindings: [{id, kind, channel, number, source, action, request, sweep}]"]),
    Tool(
      .midiUnbind, .short(seconds: 10), .query,
      Usage(
        "midi unbind", "let a message do nothing again",
        examples: ["garden midi unbind 2", "garden midi unbind all"],
        parameters: [
          Parameter(.binding, .text(maxLength: 8), "its number, or all").positional().required()
        ]),
      result: ["removed: count"]),
  ]
}
