import CRealtime

extension EngineMemory {
  /// The limiter's memory, silent, with the factors of its detector.
  func limiter() -> LimiterMemory {
    let taps = LimiterMemory.taps
    let factors: UnsafeMutablePointer<Float> = allocate(LimiterMemory.phases * taps)
    var largestSum = 1.0
    for phase in 0..<LimiterMemory.phases {
      let place = Double(phase + 1) / Double(LimiterMemory.phases + 1)
      var sum = 0.0
      for tap in 0..<taps {
        let distance = Double(tap - (taps / 2 - 1)) - place
        let factor = Self.sinc(distance) * (1 + rt_cos(.pi * distance / Double(taps / 2))) / 2
        factors[phase * taps + tap] = Float(factor)
        sum += abs(factor)
      }
      largestSum = max(largestSum, sum)
    }
    let frames = EngineLimits.gridFrames
    return LimiterMemory(
      left: filled(2 * frames, with: 0), right: filled(2 * frames, with: 0), factors: factors,
      largestSum: Float(largestSum * 1.000_01), peaks: filled(frames, with: 0),
      needed: filled(LimiterMemory.neededFrames, with: 1), least: filled(frames, with: 1),
      held: filled(LimiterMemory.heldFrames, with: 1), averaged: filled(2 * frames, with: 1),
      gains: filled(frames, with: 1), work: filled(2 * frames, with: 0))
  }

  private static func sinc(_ x: Double) -> Double { x == 0 ? 1 : rt_sin(.pi * x) / (.pi * x) }
}
