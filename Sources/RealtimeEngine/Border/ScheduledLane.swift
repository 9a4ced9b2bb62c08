import MusicalTime

/// The lanes of a track or a region as the renderer reads them: immutable, kept by an `AutomationContent`.
package struct ScheduledLanes: BitwiseCopyable, Sendable {
  package var gain = ScheduledLane()
  package var pan = ScheduledLane()

  @_noLocks package init() {}
}

/// A lane's points by tick; none of them: the lane is not there.
package struct ScheduledLane: BitwiseCopyable, @unchecked Sendable {
  // Unchecked: written before it is lent, and never after.
  package var points: UnsafePointer<LanePoint>?
  package var count = 0

  @_noLocks package init() {}

  package init(points: UnsafePointer<LanePoint>, count: Int) {
    self.points = points
    self.count = count
  }
}

/// A point and the shape of the way to the next one.
package struct LanePoint: BitwiseCopyable, Sendable, Equatable {
  package enum Shape: BitwiseCopyable, Sendable {
    case linear
    /// A straight line in dB, between `decibels`.
    case decibels
    /// `x²`
    case square
    /// `(1 − cos πx)/2`
    case s
    case hold
  }

  /// Ticks of the timeline for a track, after its start for a region.
  package var tick: Tick
  /// Linear gain, or pan −1…1.
  package var value: Float
  /// The gain in dB; what is no gain has none.
  package var decibels: Float
  package var shape: Shape

  package init(tick: Tick, value: Float, decibels: Float = 0, shape: Shape) {
    self.tick = tick
    self.value = value
    self.decibels = decibels
    self.shape = shape
  }
}
