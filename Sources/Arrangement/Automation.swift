import MusicalTime

/// What a lane moves.
package enum AutomationParameter: String, Sendable, CaseIterable {
  /// In dB; −120 is silence. It multiplies the fader.
  case gain
  /// −1 left … 1 right, added to the fader's.
  case pan

  package var range: ClosedRange<Double> {
    switch self {
    case .gain: ArrangementLimits.gainDB
    case .pan: ArrangementLimits.pan
    }
  }

  /// Where a lane without points is.
  package var neutral: Double { 0 }
}

/// How a lane goes from one point to the next, `x` being 0…1 of the way.
package enum AutomationShape: String, Sendable, Codable, CaseIterable {
  /// A straight line: of amplitude for gain, of place for pan.
  case linear
  /// A straight line in dB for gain; `x²` for pan.
  case exponential
  /// `(1 − cos πx)/2`: it leaves and arrives level.
  case s
  /// The first point's value until the next one.
  case hold
}

package struct AutomationPoint: Sendable, Equatable, Codable {
  /// On a track from the timeline's start, on a region from the region's. A region that was split may have one
  /// before its start and one behind its end: the ends of a curve that it has a part of.
  package var tick: Tick
  package var value: Double
  /// Of the way to the next point.
  package var shape: AutomationShape

  package init(tick: Tick, value: Double, shape: AutomationShape = .linear) {
    self.tick = tick
    self.value = value
    self.shape = shape
  }
}

/// Points by tick. Before the first and behind the last the value stays.
package struct AutomationLane: Sendable, Equatable, Codable {
  package internal(set) var points: [AutomationPoint]

  /// Points need not be sorted; of two at one tick the later in the list holds.
  package init(_ points: [AutomationPoint]) {
    var sorted: [AutomationPoint] = []
    let order = points.enumerated().sorted { ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset) }
    for (_, point) in order {
      if sorted.last?.tick == point.tick { sorted.removeLast() }
      sorted.append(point)
    }
    self.points = sorted
  }
}

/// The lanes of a track or a region.
package struct Automation: Sendable, Equatable, Codable {
  package var gain: AutomationLane?
  package var pan: AutomationLane?

  package init(gain: AutomationLane? = nil, pan: AutomationLane? = nil) {
    self.gain = gain
    self.pan = pan
  }

  package subscript(_ parameter: AutomationParameter) -> AutomationLane? {
    get {
      switch parameter {
      case .gain: gain
      case .pan: pan
      }
    }
    set {
      switch parameter {
      case .gain: gain = newValue
      case .pan: pan = newValue
      }
    }
  }

  package var lanes: Int { (gain == nil ? 0 : 1) + (pan == nil ? 0 : 1) }
  package var points: Int { (gain?.points.count ?? 0) + (pan?.points.count ?? 0) }
}
