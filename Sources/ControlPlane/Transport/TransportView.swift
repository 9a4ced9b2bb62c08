import MusicalTime

/// The transport as it is known to be: moved by what has landed, never by what was only asked for.
struct TransportView {
  enum State: String {
    case stopped, rolling, paused
    /// The bars before the music are counted, and the playhead stands where it will start.
    case countIn = "count-in"
  }
  enum Effect: Equatable { case none, roll, count, pause, stop, locate, panic }

  var state = State.stopped
  /// Where the last command left the playhead, and at which device frame: newer than a report of an earlier
  /// frame.
  private(set) var landedFrame: Int64 = -1
  private(set) var landedTick = 0.0

  mutating func landed(_ effect: Effect, frame: Int64, tick: Double) {
    switch effect {
    case .none: return
    case .roll: state = .rolling
    case .count: state = .countIn
    case .pause, .panic: if state != .stopped { state = .paused }
    case .stop: state = .stopped
    case .locate: break
    }
    landedFrame = frame
    landedTick = tick
  }

  /// The playhead in ticks, from a report and what has landed since.
  func playhead(reportFrame: Int64, reportTick: Double) -> Double {
    landedFrame > reportFrame ? landedTick : reportTick
  }
}
