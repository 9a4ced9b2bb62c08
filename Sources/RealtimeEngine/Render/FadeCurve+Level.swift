import CRealtime

extension FadeCurve {
  /// The fade's level at `x` of its way, 0…1 for 0…1.
  @_noLocks
  func level(_ x: Double) -> Float {
    guard x < 1 else { return 1 }
    guard x > 0 else { return 0 }
    switch self {
    case .linear: return Float(x)
    case .equalPower: return Float(rt_sin(x * .pi / 2))
    case .exponential: return Float(x * x)
    case .s: return Float((1 - rt_cos(x * .pi)) / 2)
    }
  }
}

extension ScheduledRegion {
  /// The level of both fades, `elapsed` frames after the region's start and `remaining` before its end.
  @_noLocks
  func fadeLevel(elapsed: Int64, remaining: Int64) -> Float {
    var level: Float = 1
    if elapsed < fadeInFrames { level = fadeInCurve.level(Double(elapsed) / Double(fadeInFrames)) }
    if remaining < fadeOutFrames { level *= fadeOutCurve.level(Double(remaining) / Double(fadeOutFrames)) }
    return level
  }
}
