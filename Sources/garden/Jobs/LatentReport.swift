import HootWire

/// Regions whose content a job is still making, or that wait for a person.
enum LatentReport {
  static func table(_ latents: [JSONValue], _ painter: Painter) -> [String] {
    var table = TextTable(headings: ["ID", "TOOL", "TRACK", ">POSITION", "STATUS", ">DONE", "ENTERS", "JOB"])
    for latent in latents {
      table.rows.append([
        Field.shortID(latent["id"]), JobReport.cut(Field.text(latent["tool"]), 24),
        Field.text(latent["track"]),
        Field.text(latent["position"]), status(latent), progress(latent), enters(latent),
        JobReport.short(latent["job"]),
      ])
    }
    return table.lines(painter)
  }

  /// For the status: `17:1:000  lead  orpheus_generate, running, 45 %, enters at 17:1:000 (in 3 bars)`.
  static func lines(_ latents: [JSONValue], _ painter: Painter) -> [String] {
    latents.prefix(8).map { latent in
      var parts = [Field.text(latent["tool"]), status(latent)]
      if latent["status"]?.string == "running" { parts.append(progress(latent)) }
      if let enters = JobReport.enters(latent) { parts.append(enters) }
      return "\(Field.text(latent["position"]))  \(Field.text(latent["track"]))  "
        + painter.paint(parts.joined(separator: ", "), .quiet)
    }
  }

  /// One region, and below it what has come for it.
  static func shown(_ result: JSONValue, _ painter: Painter) -> [String] {
    guard let region = result["region"]?.object else { return ObjectReport.lines(result, painter) }
    var plain = JSONObject([])
    for member in region.members where member.key != "lineage" { plain[member.key] = member.value }
    let lines = ObjectReport.lines(["region": .object(plain)], painter)
    guard let takes = region["lineage"]?.array, !takes.isEmpty else { return lines }
    var table = TextTable(headings: [">TAKE", "", "OF", "CONTENT", "JOB", "CAME"])
    for take in takes {
      let parent = take["variation_of"]?.int.map { "take \($0)" }
      table.rows.append([
        Field.text(take["take"]),
        take["playing"]?.bool == true ? "plays" : Field.text(take["label"]).replacing("-", with: ""),
        parent ?? Field.missing, JobReport.hash(take["content"]), JobReport.short(take["job"]),
        JobReport.moment(take["at"]),
      ])
    }
    return lines + table.lines(painter)
  }

  static func status(_ latent: JSONValue) -> String {
    let reason = latent["reason"]?.string.map { ": " + JobReport.cut(Console.clean($0), 48) } ?? ""
    switch latent["status"]?.string {
    case _? where latent["growing"]?.object != nil: return "grows: " + grown(latent)
    case "pending"?: return "waits"
    case "running"?: return "is being made"
    case "resolved"?: return "waits for garden approve" + reason
    case let other: return (other.map { Console.clean($0) } ?? Field.missing) + reason
    }
  }

  /// `6.0 of 16 beats`.
  private static func grown(_ latent: JSONValue) -> String {
    let beats = Field.decimal(latent["growing"]?["beats"]?.double ?? 0, 1)
    return "\(beats)" + (latent["growing"]?["of_beats"]?.double.map { " of \(Field.decimal($0, 0))" } ?? "")
      + " beats"
  }

  private static func progress(_ latent: JSONValue) -> String {
    guard let share = latent["progress"]?.double, share.isFinite, (0...1).contains(share) else {
      return Field.missing
    }
    return "\(Int((share * 100).rounded(.down))) %"
  }

  private static func enters(_ latent: JSONValue) -> String {
    guard let enters = latent["enters"], enters.object != nil else { return Field.missing }
    guard let bars = enters["in_bars"]?.int else { return "at \(Field.text(enters["at"]))" }
    return bars <= 0 ? "in this bar" : "in \(bars) \(bars == 1 ? "bar" : "bars")"
  }
}
