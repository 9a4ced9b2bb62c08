import HootWire

/// What `garden status` prints.
enum StatusReport {
  static func lines(_ status: JSONValue, _ painter: Painter) -> [String] {
    [
      transport(status, painter), audio(status, painter), mix(status),
      "\(Field.count(status["tracks"], "track")), \(Field.count(status["buses"], "bus", "buses")), "
        + "\(Field.count(status["regions"], "region")), end at beat "
        + Field.beats(status["end_beat"]) + ", soundfont " + Field.text(status["soundfont"]),
    ] + session(status, painter) + keeper(status, painter) + memory(status, painter) + stage(status, painter)
      + streaming(status, painter) + nextRegions(status, painter) + latents(status, painter)
  }

  /// What hosts are asked for, and the regions that wait for it.
  private static func latents(_ status: JSONValue, _ painter: Painter) -> [String] {
    let waiting = LatentReport.lines(status["latent"]?.array ?? [], painter).map { "  " + $0 }
    guard let jobs = status["jobs"]?.int, jobs > 0 else { return waiting }
    return ["\(Field.count(status["jobs"], "job")) in the queue or running: garden job ls"] + waiting
  }

  /// Only what is not as it should be.
  private static func session(_ status: JSONValue, _ painter: Painter) -> [String] {
    let session = status["session"]
    var lines: [String] = []
    if let restoring = session?["restoring"]?.string {
      lines.append(painter.paint("session \(Field.text(session?["name"])): \(restoring)", .warning))
    }
    if let reason = session?["not_kept"]?.string {
      lines.append(painter.paint("edits are not kept: \(Console.clean(reason))", .bad))
    }
    return lines
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
      Field.count(status["voices"], "voice"), "load \(Field.percent(audio?["load"]))",
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
    if audio?["connected"] == 0 { line += ", " + painter.paint("no output connected", .warning) }
    if audio?["realtime"]?.bool == false { line += ", " + painter.paint("no realtime priority", .warning) }
    line += ", load \(Field.percent(audio?["load"]))"
    line += ", " + count("xrun", audio?["xruns"], painter) + causes(audio?["xruns_by_cause"])
    return line + ", " + count("late block", audio?["late_blocks"], painter)
  }

  /// " (2 own, 1 others)", of what there was.
  private static func causes(_ counts: JSONValue?) -> String {
    let names = [
      ("own", "own"), ("late_wakeup", "late wake-up"), ("others", "others"), ("device", "device"),
    ]
    let parts = names.compactMap { key, name -> String? in
      let count = counts?[key]?.int ?? 0
      return count > 0 ? "\(count) \(name)" : nil
    }
    return parts.isEmpty ? "" : " (" + parts.joined(separator: ", ") + ")"
  }

  /// Nothing while the device has never been away.
  private static func keeper(_ status: JSONValue, _ painter: Painter) -> [String] {
    let keeper = status["audio"]?["keeper"]
    if let reason = keeper?["away"]?.string {
      let wanted = Field.text(keeper?["wanted"])
      return [
        painter.paint(
          "the device is away (\(reason)): the timer keeps the clock, \(wanted) is looked for", .warning)
      ]
    }
    guard let returns = keeper?["returns"]?.int, returns > 0 else { return [] }
    let seconds = Field.decimal(keeper?["seconds_away"]?.double ?? 0, 2)
    return [
      "the device came back \(returns == 1 ? "once" : "\(returns) times"), last after \(seconds) s, "
        + "at most \(Field.text(keeper?["worst_frames_off"])) frames off the clock"
    ]
  }

  static func mix(_ status: JSONValue) -> String {
    let master = status["master"]
    let loudness = master?["loudness"]
    return "master \(Field.decibels(master?["gain_db"])) dB, peak \(Field.decibels(master?["peak_db"])) dB, "
      + "true peak \(Field.decibels(loudness?["max_true_peak_db"])) dB, "
      + "\(Field.decibels(loudness?["short_term_lufs"])) LUFS, \(Field.count(status["voices"], "voice")), \(Field.text(status["voices_stolen"])) stolen"
  }

  /// Nothing while no file streams.
  private static func streaming(_ status: JSONValue, _ painter: Painter) -> [String] {
    guard let streams = status["streaming"], (streams["files"]?.int ?? 0) > 0 else { return [] }
    let bytes = (streams["stream_bytes"]?.int ?? 0) + (streams["head_bytes"]?.int ?? 0)
    return [
      "\(Field.count(streams["files"], "file streams", "files stream")), \(Field.text(streams["armed_streams"])) armed, "
        + "\(Field.decimal(Double(bytes) / 1e6, 1)) MB resident, "
        + count("starvation", streams["starvations"], painter)
    ]
  }

  private static func count(_ name: String, _ value: JSONValue?, _ painter: Painter) -> String {
    let text = Field.count(value, name)
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
