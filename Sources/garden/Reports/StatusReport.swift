import HootWire

/// What `garden status` prints.
enum StatusReport {
  static func lines(_ status: JSONValue, _ painter: Painter) -> [String] {
    [
      transport(status, painter), audio(status, painter), mix(status),
      "\(Field.text(status["tracks"])) tracks, \(Field.text(status["regions"])) regions, end at beat "
        + Field.beats(status["end_beat"]) + ", soundfont " + Field.text(status["soundfont"]),
    ] + memory(status, painter) + stage(status, painter) + nextRegions(status, painter)
  }

  private static func memory(_ status: JSONValue, _ painter: Painter) -> [String] {
    guard let reason = status["memory"]?["reason"]?.string else { return [] }
    return ["memory locked: \(Field.text(status["memory"]?["locked"])), \(Console.clean(reason))"]
  }

  private static func stage(_ status: JSONValue, _ painter: Painter) -> [String] {
    status["stage_locked"]?.bool == true ? [painter.paint("the stage is locked", .strong)] : []
  }

  /// One line, for a pipe that watches and for `garden up`.
  static func oneLine(_ status: JSONValue) -> String {
    let transport = status["transport"]
    let audio = status["audio"]
    return [
      Field.text(transport?["state"]), Field.text(transport?["position"]),
      Field.decimal(transport?["tempo_bpm"]?.double ?? 0, 2) + " bpm",
      "\(Field.text(audio?["driver"])) \(Field.text(audio?["sample_rate"])) Hz/\(Field.text(audio?["period"]))",
      "\(Field.text(status["voices"])) voices", "load \(Field.percent(audio?["load"]))",
      "xruns \(Field.text(audio?["xruns"]))", "late \(Field.text(audio?["late_blocks"]))",
      "peak \(Field.decibels(status["master"]?["peak_db"])) dB",
    ].joined(separator: ", ")
  }

  static func transport(_ status: JSONValue, _ painter: Painter) -> String {
    let transport = status["transport"]
    let state = Field.text(transport?["state"])
    var line = painter.paint(state, state == "rolling" ? .good : .strong)
    if let count = transport?["count_in"]?["beat"] { line += " " + painter.paint(Field.text(count), .strong) }
    line += " at " + painter.paint(Field.text(transport?["position"]), .strong)
    line += " (beat \(Field.beats(transport?["beat"])), \(Field.duration(transport?["seconds"])))"
    line += ", \(Field.decimal(transport?["tempo_bpm"]?.double ?? 0, 2)) bpm"
    line += ", \(Field.text(transport?["signature"]))"
    if let loop = transport?["loop"], loop.object != nil {
      line += ", loop \(Field.beats(loop["start_beat"])) to \(Field.beats(loop["end_beat"]))"
    }
    if transport?["metronome"]?["on"]?.bool == true {
      line += ", click" + (transport?["metronome"]?["heard"]?.bool == false ? " not heard" : "")
    }
    return line
  }

  static func audio(_ status: JSONValue, _ painter: Painter) -> String {
    let audio = status["audio"]
    var line = "\(Field.text(audio?["driver"])), \(Field.text(audio?["sample_rate"])) Hz, "
    line += "\(Field.text(audio?["period"])) frames"
    if audio?["realtime"]?.bool == false { line += ", " + painter.paint("no realtime priority", .warning) }
    line += ", load \(Field.percent(audio?["load"]))"
    line += ", " + count("xruns", audio?["xruns"], painter)
    return line + ", " + count("late blocks", audio?["late_blocks"], painter)
  }

  static func mix(_ status: JSONValue) -> String {
    let master = status["master"]
    return "master \(Field.decibels(master?["gain_db"])) dB, peak \(Field.decibels(master?["peak_db"])) dB, "
      + "\(Field.text(status["voices"])) voices, \(Field.text(status["voices_stolen"])) stolen"
  }

  private static func count(_ name: String, _ value: JSONValue?, _ painter: Painter) -> String {
    let text = "\(Field.text(value)) \(name)"
    return (value?.int ?? 0) > 0 ? painter.paint(text, .warning) : text
  }

  static func nextRegions(_ status: JSONValue, _ painter: Painter) -> [String] {
    (status["next_regions"]?.array ?? []).prefix(8).map { region in
      "  \(Field.text(region["position"]))  \(Field.text(region["name"]))  "
        + painter.paint(
          "\(Field.text(region["track"])), \(Field.beats(region["length_beats"])) beats", .quiet)
    }
  }
}
