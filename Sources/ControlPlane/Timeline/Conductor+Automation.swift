import Arrangement
import HootWire
import MusicalTime
import Tools

extension Conductor {
  func setAutomation(_ arguments: Arguments) throws(Refusal) -> Answer {
    let owner = try automationOwner(arguments, needed: "set gain 1:1=-inf 5:1=0")
    guard let parameter = arguments.choice(.parameter, as: AutomationParameter.self) else {
      throw Refusal("missing", .usage, "no lane was named", "gain or pan", "garden help automation set")
    }
    var points: [AutomationPoint] = []
    for typed in arguments.points(.points) { points.append(try point(typed, parameter, owner)) }
    let lane = AutomationLane(points)
    let edited = try edit { timeline throws(ArrangementError) in
      try timeline.setAutomation(parameter, lane, of: owner)
    }
    let command = try commit("automation_set", edited)
    return .reply(.ok(["command": command, "automation": .array(rows(of: owner, in: edited))]))
  }

  func listAutomation(_ arguments: Arguments) throws(Refusal) -> Answer {
    if arguments.has(.track) || arguments.has(.region) {
      let owner = try automationOwner(arguments, needed: "ls")
      return .reply(.ok(["automation": .array(rows(of: owner, in: timeline))]))
    }
    let owners =
      timeline.tracks.map { AutomationOwner.track($0.id) }
      + timeline.regions.chunks.flatMap(\.elements).filter { $0.automation != nil }.map { .region($0.id) }
    return .reply(.ok(["automation": .array(owners.flatMap { rows(of: $0, in: timeline) })]))
  }

  func clearAutomation(_ arguments: Arguments) throws(Refusal) -> Answer {
    let owner = try automationOwner(arguments, needed: "clear")
    let only = arguments.choice(.parameter, as: AutomationParameter.self)
    var removed: Int64 = 0
    let edited = try edit { timeline throws(ArrangementError) in
      for parameter in AutomationParameter.allCases where only == nil || only == parameter {
        guard timeline.automation(of: owner)?[parameter] != nil else { continue }
        removed += 1
        try timeline.setAutomation(parameter, nil, of: owner)
      }
    }
    return .reply(.ok(["command": try commit("automation_clear", edited), "removed": .integer(removed)]))
  }

  private func automationOwner(
    _ arguments: Arguments, needed example: String
  ) throws(Refusal) -> AutomationOwner {
    switch (arguments.text(.track), arguments.text(.region)) {
    case (let name?, nil):
      guard name != "master" else {
        throw Refusal(
          "wrong_track", .refused, "the master has no automation", "tracks and regions have",
          "garden automation \(example) --track NAME")
      }
      return .track(try track(name).id)
    case (nil, let name?):
      do { return .region(try timeline.region(name).id) } catch { throw Refusal(error) }
    case (nil, nil):
      throw Refusal(
        "missing_parameter", .usage, "whose lane is meant was not said", "it takes --track or --region",
        "garden automation \(example) --track NAME")
    case (_?, _?):
      throw Refusal(
        "too_many", .usage, "whose lane is meant was said twice", "it takes --track or --region, one of them",
        "garden automation \(example) --track NAME")
    }
  }

  private func point(
    _ typed: TypedPoint, _ parameter: AutomationParameter, _ owner: AutomationOwner
  ) throws(Refusal) -> AutomationPoint {
    guard let shape = AutomationShape(rawValue: typed.shape) else {
      throw Refusal(
        "unknown_value", .usage, "there is no such shape", typed.shape, "garden help automation set")
    }
    let place: Tick
    switch owner {
    case .track: place = try tick(typed.at)
    case .region: place = try beats(typed.at)
    }
    return AutomationPoint(tick: place, value: typed.value, shape: shape)
  }

  /// A region moves, and its lanes with it: their points count from its start.
  private func beats(_ text: String) throws(Refusal) -> Tick {
    let position: Position
    do { position = try Position.parse(text) } catch { throw Refusal(error) }
    guard case .beats(let beats) = position, beats <= ToolLimits.beats.upperBound else {
      throw Refusal(
        "bad_position", .usage, "\"\(text.oneLine)\" is no place in a region",
        "points on a region are beats after its start, 0 to \(Int(ToolLimits.beats.upperBound))",
        "garden automation set gain 0=-inf 4=0 --region NAME")
    }
    return Tick((beats * Double(ticksPerBeat)).rounded())
  }

  private func rows(of owner: AutomationOwner, in timeline: Timeline) -> [JSONValue] {
    let name: (String, JSONValue)
    var start: Tick = 0
    switch owner {
    case .track(let id): name = ("track", .string(timeline.track(id: id)?.name ?? ""))
    case .region(let id):
      name = ("region", .string(timeline.regions[id]?.name ?? ""))
      start = timeline.regions[id]?.start ?? 0
    }
    let automation = timeline.automation(of: owner)
    return AutomationParameter.allCases.flatMap { parameter -> [JSONValue] in
      (automation?[parameter]?.points ?? []).map { point in
        let place = min(max(0, start + point.tick), TimeLimits.maximumTick)
        return JSONValue([
          name, ("parameter", .string(parameter.rawValue)),
          ("beat", .number(Double(point.tick) / Double(ticksPerBeat))),
          ("position", .string(timeline.map.barBeat(atTick: place).description)),
          ("value", .number(point.value)), ("shape", .string(point.shape.rawValue)),
        ])
      }
    }
  }
}
