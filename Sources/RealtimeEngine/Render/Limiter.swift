/// Keeps peaks below full scale without looking ahead: the gain drops with the very frame that needs it and
/// comes back over about 100 ms. Below the ceiling samples pass untouched, bit for bit. Realtime thread.
struct Limiter: BitwiseCopyable {
  var isOn = true
  private var gain: Float = 1
  private var lowest: Float = 1

  @_noLocks init() {}

  /// −0.1 dBFS.
  private static var ceiling: Float { @_noLocks get { 0.988_553 } }

  @_noLocks
  mutating func process(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, frames: Int, sampleRate: Double
  ) {
    guard isOn, gain < 1 || exceedsCeiling(left, frames) || exceedsCeiling(right, frames) else { return }
    let release = Float(10 / sampleRate)
    for index in 0..<frames {
      let peak = max(abs(left[index]), abs(right[index]))
      if peak * gain > Self.ceiling { gain = Self.ceiling / peak }
      if gain < 1 {
        left[index] *= gain
        right[index] *= gain
        lowest = min(lowest, gain)
        gain += (1 - gain) * release
        if gain > 0.999_99 { gain = 1 }
      }
    }
  }

  @_noLocks
  private func exceedsCeiling(_ bus: UnsafeMutablePointer<Float>, _ frames: Int) -> Bool {
    // Without a way out of the loop it is done many frames at a time.
    var exceeding: UInt32 = 0
    for index in 0..<frames { exceeding |= abs(bus[index]) > Self.ceiling ? 1 : 0 }
    return exceeding != 0
  }

  /// The deepest reduction since the last call, as a gain.
  @_noLocks
  mutating func takeReduction() -> Float {
    let taken = lowest
    lowest = gain
    return taken
  }
}
