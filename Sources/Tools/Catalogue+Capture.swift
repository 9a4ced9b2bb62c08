extension Catalogue {
  private static let output = Parameter(
    .output, .path(extensions: ["wav"]), "the WAV file to write", default: "a new one in capture.folder"
  ).short("o")
  private static let force = Parameter(.force, .flag, "overwrite the file")
  private static let fields =
    "{id, source, file, first_frame, frames, seconds, lost_frames, peak_db, silent, problem}"

  static let captureTools: [Tool] = [
    Tool(
      .captureLast, .short(seconds: 25), .query,
      Usage(
        "capture", "save what was just played",
        discussion: """
          The last minutes of the mix are always kept on disk, as many as the setting capture.minutes says. The \
          file holds exactly what the device was given, as floats.
          """,
        examples: ["garden capture --last 30", "garden capture --last 90 -o solo.wav"],
        parameters: [
          Parameter(.last, .number(ToolLimits.captureSeconds, unit: "seconds"), "how much of it").required(),
          output, force,
        ]),
      result: ["capture: \(fields)", "warnings: [text]"]),
    Tool(
      .captureStart, .short(seconds: 10), .query,
      Usage(
        "capture start", "write what is played to a file, from now on",
        discussion: """
          The mix is what the device gets. A track or a bus is what it adds to the mix, behind its fader; the input is what comes in. The file \
          can be played at any time, even after a crash. A full disk ends the capture; the music plays on.
          """,
        examples: [
          "garden capture start", "garden capture start -o set.wav", "garden capture start --track lead",
        ],
        parameters: [
          Parameter(.source, .choice(["mix", "track", "input"]), "what to capture", default: "mix"),
          Parameter(.track, .strip, "the track or bus"), output, force,
        ]),
      result: ["capture: \(fields)"]),
    Tool(
      .captureStop, .short(seconds: 10), .query,
      Usage(
        "capture stop", "end a capture, or all of them",
        examples: ["garden capture stop", "garden capture stop 2"],
        parameters: [
          Parameter(.capture, .integer(1...Int(Int32.max)), "its number", default: "all of them").positional()
        ]),
      result: ["captures: [\(fields)]", "warnings: [text]"]),
    Tool(
      .captureLs, .immediate, .query,
      Usage("capture ls", "list what is being captured", examples: ["garden capture ls"]),
      result: ["captures: [\(fields)]", "past: {minutes, seconds, lost_frames, problem, folder}"]),
  ]
}
