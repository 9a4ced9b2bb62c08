import Arrangement
import HootWire
import RealtimeEngine
import Tools

extension Conductor {
  func lockStage(_ arguments: Arguments) -> JSONValue {
    let wish = arguments.isSet(.on) ? true : arguments.isSet(.off) ? false : isStageLocked
    if wish != isStageLocked {
      isStageLocked = wish
      server.publishEvent(topic: "stage", content: ["type": wish ? "locked" : "unlocked"])
    }
    return .ok(["locked": .bool(isStageLocked)])
  }

  /// Refuses what would be heard as an end, unless it was confirmed. Which tools these are stands in their
  /// declarations: those with `confirm`.
  func checkStageLock(_ tool: Tool, _ arguments: Arguments) throws(Refusal) {
    guard isStageLocked, !arguments.isSet(.confirm),
      tool.usage.parameters.contains(where: { $0.name == .confirm })
    else { return }
    if tool.name == .trackRm, !sounds(arguments.text(.track) ?? "") { return }
    throw Self.stageIsLocked(tool)
  }

  static func stageIsLocked(_ tool: Tool) -> Refusal {
    let command = tool.name == .shutdown ? "down" : tool.usage.command
    return Refusal(
      "locked", .refused, "\(command) was not done: the stage is locked",
      "it may end what the audience hears; confirm: true (--yes) does it all the same",
      "garden \(command) --yes, or first: garden lock off")
  }

  /// Whether anything of a track is heard now, or would be if its level were up.
  private func sounds(_ name: String) -> Bool {
    guard let track = try? timeline.track(name) else { return false }  // Who there is not is not heard.
    let meters = engine.meters.read()
    if meters.voices[track.slot] > 0 || meters.tracks[track.slot].peakDB > -90 { return true }
    guard transport.state == .rolling else { return false }
    let tick = exactPlayhead
    return timeline.regions.contains {
      $0.track == track.id && Double($0.start) <= tick && tick < Double($0.end)
    }
  }
}
