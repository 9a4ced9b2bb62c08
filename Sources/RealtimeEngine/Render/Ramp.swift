/// A control that moves in a straight line: no step is ever heard. Realtime thread.
struct Ramp: BitwiseCopyable {
  private(set) var value: Float
  private(set) var target: Float
  private var step: Float
  private(set) var remaining: Int32

  @_noLocks
  init(_ value: Float) {
    self.value = value
    target = value
    step = 0
    remaining = 0
  }

  var isMoving: Bool { @_noLocks get { remaining > 0 } }

  @_noLocks
  mutating func move(to target: Float, frames: Int) {
    guard frames > 0 else {
      self = Ramp(target)
      return
    }
    guard target != self.target else { return }
    self.target = target
    remaining = Int32(truncatingIfNeeded: frames)
    step = (target - value) / Float(frames)
  }

  /// The value for one frame; then it has moved on by one.
  @_noLocks
  mutating func next() -> Float {
    let now = value
    if remaining > 0 {
      remaining &-= 1
      value = remaining == 0 ? target : value + step
    }
    return now
  }

  /// The same on a curve without corners, from 0 to 1 or back: what hides a cut must not be heard itself. Two
  /// that cross give 1 everywhere, as two straight ones do.
  @_noLocks
  mutating func nextSmooth() -> Float {
    let now = next()
    return now * now * (3 - 2 * now)
  }

  /// Moves on by a grid block and answers the value reached.
  @_noLocks
  mutating func advance(_ frames: Int) -> Float {
    var left = min(frames, Int(remaining))
    while left > 0 {
      _ = next()
      left -= 1
    }
    return value
  }
}
