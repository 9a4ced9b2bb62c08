import FoundationEssentials
import MusicalTime

/// What a lane belongs to.
package enum AutomationOwner: Sendable, Equatable {
  case track(UUID)
  case region(UUID)
}

extension Timeline {
  package func automation(of owner: AutomationOwner) -> Automation? {
    switch owner {
    case .track(let id): track(id: id)?.automation
    case .region(let id): regions[id]?.automation
    }
  }

  /// Puts a lane in place of the old one; nil takes it away. On a region, points count from its start.
  package mutating func setAutomation(
    _ parameter: AutomationParameter, _ lane: AutomationLane?, of owner: AutomationOwner
  ) throws(ArrangementError) {
    var automation = automation(of: owner) ?? Automation()
    automation[parameter] = lane
    let old = self.automation(of: owner)
    try automation.check(of: name(of: owner))
    try checkRoom(
      lanes: automation.lanes - (old?.lanes ?? 0), points: automation.points - (old?.points ?? 0))
    let kept = automation.lanes > 0 ? automation : nil
    switch owner {
    case .track(let id):
      guard let index = tracks.firstIndex(where: { $0.id == id }) else { return }
      tracks[index].automation = kept
    case .region(let id):
      guard var region = regions[id] else { return }
      region.automation = kept
      regions.insert(region)
    }
  }

  private func name(of owner: AutomationOwner) -> String {
    switch owner {
    case .track(let id): track(id: id)?.name ?? ""
    case .region(let id): regions[id]?.name ?? ""
    }
  }

  /// Refuses lanes that do not fit beside those that are there. Looks at every region.
  func checkRoom(lanes: Int, points: Int) throws(ArrangementError) {
    guard lanes > 0 || points > 0 else { return }
    var (lanes, points) = (lanes, points)
    for automation in tracks.lazy.compactMap(\.automation) {
      lanes += automation.lanes
      points += automation.points
    }
    for automation in regions.chunks.lazy.flatMap(\.elements).compactMap(\.automation) {
      lanes += automation.lanes
      points += automation.points
    }
    guard lanes <= ArrangementLimits.lanes, points <= ArrangementLimits.automationPoints else {
      throw ArrangementError(
        .full, "there is no room for more automation",
        "it would be \(lanes) lanes with \(points) points, and at most \(ArrangementLimits.lanes) lanes with "
          + "\(ArrangementLimits.automationPoints) points are allowed", "garden automation ls")
    }
  }
}

extension Automation {
  func check(of name: String) throws(ArrangementError) {
    for parameter in AutomationParameter.allCases {
      try self[parameter]?.check(parameter, of: name)
    }
  }
}

extension AutomationLane {
  fileprivate func check(_ parameter: AutomationParameter, of name: String) throws(ArrangementError) {
    let next = "garden automation ls"
    guard (1...ArrangementLimits.lanePoints).contains(points.count) else {
      throw ArrangementError(
        .outOfRange, "the \(parameter.rawValue) lane of \(name) was refused",
        "it would have \(points.count) points, and 1 to \(ArrangementLimits.lanePoints) are allowed", next)
    }
    let farthest = TimeLimits.maximumTick
    for (index, point) in points.enumerated() {
      try checkNumber(point.tick, "point's tick", -farthest...farthest, of: name, next)
      try checkNumber(point.value, "\(parameter.rawValue) at a point", parameter.range, of: name, next)
      guard index == 0 || points[index - 1].tick < point.tick else {
        throw ArrangementError(
          .outOfRange, "the \(parameter.rawValue) lane of \(name) was refused",
          "its points are not in order at tick \(point.tick)", next)
      }
    }
  }
}
