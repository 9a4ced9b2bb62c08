import HootWire
import Tools

/// What a command did, in one line, for whoever asked for it by whatever door. Names stand in it as they were given.
package enum LandingLine {
  /// - Parameters:
  ///   - result: the reply's.
  ///   - event: the `landed` event.
  package static func text(_ tool: Tool, _ result: JSONValue, _ event: JSONValue) -> String {
    let late = event["late_frames"]?.int ?? 0
    return "\(done(tool, result, event)), landed at frame \(text(event["frame"])) "
      + "(late by \(late) \(late == 1 ? "frame" : "frames"))"
  }

  private static func done(_ tool: Tool, _ result: JSONValue, _ event: JSONValue) -> String {
    let place = event["position"]?.string ?? "the playhead"
    switch tool.name {
    case .play where result["count_in_bars"] != nil:
      return "counting in, the music starts at \(place)"
    case .metronome:
      return "metronome \(result["metronome"]?["on"]?.bool == true ? "on" : "off")"
    case .play: return "rolling from \(place)"
    case .pause: return "paused at \(place)"
    case .stop: return "stopped at \(place)"
    case .tap: return "tempo \(text(result["tempo_bpm"])) bpm"
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
      return "\(named(region)) on \(text(region["track"])) at \(text(region["position"]))"
    }
    if let regions = result["regions"]?.array { return regions.map(named).joined(separator: ", ") }
    if let edits = result["edits"]?.array { return edits.map { text($0["tool"]) }.joined(separator: ", ") }
    for key in ["track", "marker", "soundfont", "driver"] {
      if let name = result[key]?["name"] ?? result[key], name.string != nil { return text(name) }
    }
    if let removed = result["removed"]?.int { return "\(removed) removed" }
    return nil
  }

  private static func named(_ region: JSONValue) -> String {
    "\(text(region["name"])) (\(text(region["id"]).prefix(8)))"
  }

  /// Up to three decimals.
  private static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null?: "-"
    case .string(let text)?: text
    case .number(let number)? where abs(number) < 1e12: shownNumber((number * 1000).rounded() / 1000)
    case let other?: other.text
    }
  }
}
