import HootWire
import Tools

/// What a command did, in one line.
enum LandingReport {
  /// `result` is the reply's, `event` the `landed` event; nil when the command is for later and nobody
  /// waited.
  static func line(_ tool: Tool, _ result: JSONValue, _ event: JSONValue?) -> String {
    guard let event else {
      let due = result["command"]?["due_position"]?.string.map { ", due at \(Console.clean($0))" } ?? ""
      return "\(tool.usage.command): accepted as command \(Field.text(result["command"]?["id"]))\(due)"
    }
    let late = event["late_frames"]?.int ?? 0
    return "\(done(tool, result, event)), landed at frame \(Field.text(event["frame"])) "
      + "(late by \(late) \(late == 1 ? "frame" : "frames"))"
  }

  private static func done(_ tool: Tool, _ result: JSONValue, _ event: JSONValue) -> String {
    let place = event["position"]?.string.map { Console.clean($0) } ?? "the playhead"
    switch tool.name {
    case .play where result["count_in_bars"] != nil:
      return "counting in, the music starts at \(place)"
    case .metronome:
      return "metronome \(result["metronome"]?["on"]?.bool == true ? "on" : "off")"
    case .play: return "rolling from \(place)"
    case .pause: return "paused at \(place)"
    case .stop: return "stopped at \(place)"
    case .tap: return "tempo \(Field.text(result["tempo_bpm"])) bpm"
    case .seek, .cue, .next, .previous: return "playhead at \(place)"
    case .panic: return "silence at \(place)"
    default: break
    }
    if let thing = thing(result) { return "\(tool.usage.command): \(thing)" }
    return tool.usage.command
  }

  /// The thing the command made or changed, when the reply holds it.
  private static func thing(_ result: JSONValue) -> String? {
    if let region = result["region"], region.object != nil {
      return
        "\(Field.text(region["name"])) (\(Field.shortID(region["id"]))) on \(Field.text(region["track"])) "
        + "at \(Field.text(region["position"]))"
    }
    if let regions = result["regions"]?.array {
      return regions.map { "\(Field.text($0["name"])) (\(Field.shortID($0["id"])))" }.joined(separator: ", ")
    }
    if let edits = result["edits"]?.array {
      return edits.map { Field.text($0["tool"]) }.joined(separator: ", ")
    }
    for key in ["track", "marker", "soundfont", "driver"] {
      if let name = result[key]?["name"] ?? result[key], name.string != nil { return Field.text(name) }
    }
    if let removed = result["removed"]?.int { return "\(removed) removed" }
    return nil
  }

  /// What `-q` prints: the ids of what was made, else the command's. `--no-wait` prints the command's only.
  static func ids(_ result: JSONValue, commandOnly: Bool = false) -> [String] {
    if commandOnly { return result["command"]?["id"].map { [Field.text($0)] } ?? [] }
    if let id = result["region"]?["id"] { return [Field.text(id)] }
    if let regions = result["regions"]?.array { return regions.map { Field.text($0["id"]) } }
    if let name = result["track"]?["name"] ?? result["marker"]?["name"] { return [Field.text(name)] }
    return (result["command"]?["id"]).map { [Field.text($0)] } ?? []
  }
}
