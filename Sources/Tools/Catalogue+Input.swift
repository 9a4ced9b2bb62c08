extension Catalogue {
  private static let fields =
    "{attached, kind, device, ports, channels, sample_rate, monitor, gain_db, peak_db, rms_db, callbacks, frames, "
    + "lost_frames, missed_frames, resyncs, latency_frames, port_latency_frames, drift_ppm, problem}"

  static let inputTools: [Tool] = [
    Tool(
      .inputLs, .short(seconds: 10), .query,
      Usage("input ls", "list what can be listened to", examples: ["garden input ls"]),
      result: ["inputs: [{name, kind: jack or alsa, detail, attached}]"]),
    Tool(
      .inputAttach, .short(seconds: 20), .query,
      Usage(
        "input attach", "listen to a JACK port or a sound card",
        discussion: """
          A part of a port's name will do; its neighbour is the other side. A card has a clock of its own, whose \
          drift is followed. What comes in is heard when `garden input monitor on` says so, and can be captured \
          with `garden capture start --source input`.
          """,
        examples: ["garden input attach system:capture", "garden input attach Headset"],
        parameters: [
          Parameter(
            .device, .text(maxLength: ToolLimits.referenceLength), "a part of a name in `garden input ls`",
            default: "the first two physical ports, or the first card"
          ).positional(),
          Parameter(.monitor, .flag, "hear it at once"),
        ]),
      result: ["input: \(fields)"]),
    Tool(
      .inputDetach, .short(seconds: 10), .query,
      Usage("input detach", "listen no more", examples: ["garden input detach"]), result: ["input: \(fields)"]
    ),
    Tool(
      .inputMonitor, .acknowledge, .edit,
      Usage(
        "input monitor", "hear what comes in, in the mix",
        discussion:
          "It fades in and out over 5 ms, goes through the master's fader and limiter, and is off at the start.",
        examples: [
          "garden input monitor on", "garden input monitor on --gain -6", "garden input monitor off",
        ],
        parameters: [
          Parameter(.state, .choice(["on", "off"]), "whether it is heard").positional(),
          Parameter(
            .gain, .decibels(ToolLimits.gainDecibels), "how loud", default: "as before; -1.9 at first"),
        ]),
      result: landed + ["input: \(fields)"]),
    Tool(
      .inputStatus, .immediate, .query,
      Usage(
        "input status", "show what comes in, how loud and how late", examples: ["garden input status"]),
      result: ["input: \(fields)"]),
  ]
}
