import Arrangement
import FoundationEssentials
import RealtimeEngine

/// Lanes in the renderer's form, kept from schedule to schedule: a lane is compiled once, however often the
/// timeline is edited. Control thread, or the one that renders a file.
final class AutomationShelf {
  private var kept: [UUID: (lanes: Automation, content: AutomationContent)] = [:]

  /// The lanes of a track or a region, by its id.
  func content(_ id: UUID, _ automation: Automation) -> AutomationContent {
    if let found = kept[id], found.lanes == automation { return found.content }
    // Those of tracks and regions that are gone are let go of together.
    if kept.count >= 2 * ArrangementLimits.lanes { kept = [:] }
    let content = AutomationContent(
      gain: (automation.gain?.points ?? []).map(Self.gainPoint),
      pan: (automation.pan?.points ?? []).map(Self.panPoint))
    kept[id] = (automation, content)
    return content
  }

  private static func gainPoint(_ point: AutomationPoint) -> LanePoint {
    LanePoint(
      tick: point.tick, value: Float(decibels: point.value), decibels: Float(point.value),
      shape: shape(point.shape, exponential: .decibels))
  }

  private static func panPoint(_ point: AutomationPoint) -> LanePoint {
    LanePoint(tick: point.tick, value: Float(point.value), shape: shape(point.shape, exponential: .square))
  }

  private static func shape(_ shape: AutomationShape, exponential: LanePoint.Shape) -> LanePoint.Shape {
    switch shape {
    case .linear: .linear
    case .exponential: exponential
    case .s: .s
    case .hold: .hold
    }
  }
}
