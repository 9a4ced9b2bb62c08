/// Keeps the true peak of the master under a ceiling, a grid block ahead of what is heard. Realtime thread.
///
/// It always delays by one grid block, on or off. In that block the gain comes down to where the loudest place
/// ahead needs it, in a straight-edged curve of 51 frames without a corner that is heard, stays there while
/// the detector's filter can see that place, and goes back with a time constant of 100 ms. What stays below
/// the ceiling passes bit for bit.
///
/// The peak between the samples is that of ITU-R BS.1770-4, annex 2: the signal at four times its rate,
/// through a sinc of 12 samples under a Hann window.
struct Limiter: BitwiseCopyable {
  var isOn: Bool
  /// Linear; and what a place above it is brought down to, a little less: the product of a signal and a
  /// moving gain is not quite what the filter saw of the signal.
  private let ceiling: Float
  private let target: Float
  private let release: Float
  var memory: LimiterMemory
  /// Every gain that the next blocks can come to is 1.
  private var isFlat = true
  private var previousPeak: Float = 0
  /// How far below 1 the gain is: counted from 1, where single precision would not let the last of it go.
  private var reduction: Float = 0
  private var lowest: Float = 1

  @_noLocks
  init(isOn: Bool, ceiling: Float, sampleRate: Double, memory: LimiterMemory) {
    self.isOn = isOn
    self.ceiling = ceiling
    target = ceiling * 0.997
    release = Float(1 / (EngineLimits.limiterReleaseSeconds * sampleRate))
    self.memory = memory
  }

  /// Frames of the curve that the gain comes down on: two averages of 26, one after the other.
  static var attackFrames: Int { @_noLocks get { 51 } }
  private static var averageFrames: Int { @_noLocks get { 26 } }
  /// Frames between the newest sample and the newest place between samples that is known.
  private static var detectorDelay: Int { @_noLocks get { LimiterMemory.taps / 2 } }

  /// Takes a grid block and gives back the one before it.
  @_noLocks
  mutating func process(_ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>) {
    memory.take(left, right)
    if isOn { prepareGains() }
    let frames = EngineLimits.gridFrames
    if isFlat {
      for index in 0..<frames { left[index] = memory.left[index] }
      for index in 0..<frames { right[index] = memory.right[index] }
      return
    }
    let gains = memory.gains
    for index in 0..<frames {
      left[index] = memory.left[index] * gains[index]
      right[index] = memory.right[index] * gains[index]
    }
  }

  /// The gain of each frame of the block that is given back.
  @_noLocks
  private mutating func prepareGains() {
    let peak = max(
      Self.peak(memory.left + EngineLimits.gridFrames), Self.peak(memory.right + EngineLimits.gridFrames))
    // No place between samples is higher than the filter's sum of magnitudes times the highest sample.
    let mayExceed = max(peak, previousPeak) * memory.largestSum > ceiling
    previousPeak = peak
    if isFlat, !mayExceed { return }
    memory.shift()
    let exceeds = mayExceed && detect()
    if isFlat, !exceeds { return }
    hold()
    smooth()
    isFlat = !exceeds && memory.isAllOnes
  }

  @_noLocks
  private static func peak(_ bus: UnsafeMutablePointer<Float>) -> Float {
    var largest: UInt32 = 0
    for index in 0..<EngineLimits.gridFrames {
      let magnitude = bus[index].bitPattern & 0x7FFF_FFFF
      largest = magnitude > largest ? magnitude : largest
    }
    return Float(bitPattern: largest)
  }

  /// The gain that each newly known place needs; answers whether any needs less than 1.
  @_noLocks
  private func detect() -> Bool {
    let frames = EngineLimits.gridFrames
    let first = frames - Self.detectorDelay
    memory.findPeaks(from: first)
    let needed = memory.needed + LimiterMemory.neededFrames - frames
    var exceeding: UInt32 = 0
    for index in 0..<frames {
      let peak = memory.peaks[index]
      let isOver = peak > ceiling
      needed[index] = isOver ? target / peak : 1
      exceeding |= isOver ? 1 : 0
    }
    return exceeding != 0
  }

  /// The least gain needed from 6 frames behind to 55 ahead of each frame; on its way back up it is let go.
  @_noLocks
  private mutating func hold() {
    memory.findLeast()
    let frames = EngineLimits.gridFrames
    let held = memory.held + LimiterMemory.heldFrames - frames
    for index in 0..<frames {
      let least = memory.least[index]
      reduction -= reduction * release
      if reduction < 1e-6 { reduction = 0 }
      reduction = max(reduction, 1 - least)
      held[index] = min(1 - reduction, least)
    }
  }

  /// Two running averages, each summed anew in every block so that no rounding adds up.
  @_noLocks
  private mutating func smooth() {
    let frames = EngineLimits.gridFrames
    let span = Self.averageFrames
    let first = LimiterMemory.heldFrames - frames - (span - 1)
    Self.average(memory.held + first - (span - 1), onto: memory.averaged, frames + span - 1)
    Self.average(memory.averaged, onto: memory.gains, frames)
    for index in 0..<frames { lowest = min(lowest, memory.gains[index]) }
  }

  /// `target[i]` is the mean of `source[i ..< i + 26]`.
  @_noLocks
  private static func average(
    _ source: UnsafeMutablePointer<Float>, onto target: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let span = averageFrames
    var sum = 0.0
    for index in 0..<(span - 1) { sum += Double(source[index]) }
    for index in 0..<count {
      sum += Double(source[index + span - 1])
      target[index] = Float(sum / Double(span))
      sum -= Double(source[index])
    }
  }

  /// The deepest reduction since the last call, as a gain.
  @_noLocks
  mutating func takeReduction() -> Float {
    let taken = lowest
    lowest = 1 - reduction
    return taken
  }

  /// Forgets everything it holds, at once: behind a closed bus.
  @_noLocks
  mutating func clear() {
    memory.clear()
    isFlat = true
    previousPeak = 0
    reduction = 0
  }
}
