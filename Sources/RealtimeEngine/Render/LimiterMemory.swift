/// What the limiter remembers: two grid blocks of the master, and the gains on their way. Made on an ordinary
/// thread, used by the realtime thread.
struct LimiterMemory: BitwiseCopyable {
  /// Samples that a place between samples is made of, and how many places lie between two samples.
  static var taps: Int { @_noLocks get { 12 } }
  static var phases: Int { @_noLocks get { 3 } }
  /// From 64 − 6 frames before the block that is given back to the newest that is known.
  static var neededFrames: Int { @_noLocks get { 192 } }
  static var heldFrames: Int { @_noLocks get { 128 } }

  /// The block that is given back, then the newest one.
  var left: UnsafeMutablePointer<Float>
  var right: UnsafeMutablePointer<Float>
  /// `phases` times `taps` factors, and the largest sum of their magnitudes.
  var factors: UnsafeMutablePointer<Float>
  var largestSum: Float
  /// The highest place at and after each of the newly known frames.
  var peaks: UnsafeMutablePointer<Float>
  /// The gain each frame needs by itself.
  var needed: UnsafeMutablePointer<Float>
  /// The least gain needed around each frame of the block that is given back.
  var least: UnsafeMutablePointer<Float>
  /// The same with its release, and some frames before.
  var held: UnsafeMutablePointer<Float>
  var averaged: UnsafeMutablePointer<Float>
  var gains: UnsafeMutablePointer<Float>
  /// Two lines for work within one block.
  var work: UnsafeMutablePointer<Float>

  @_noLocks
  func take(_ newLeft: UnsafeMutablePointer<Float>, _ newRight: UnsafeMutablePointer<Float>) {
    let frames = EngineLimits.gridFrames
    for index in 0..<frames { left[index] = left[frames + index] }
    for index in 0..<frames { right[index] = right[frames + index] }
    for index in 0..<frames { left[frames + index] = newLeft[index] }
    for index in 0..<frames { right[frames + index] = newRight[index] }
  }

  /// Moves the gains on by a grid block; the newest are 1 until they are found to be less.
  @_noLocks
  func shift() {
    let frames = EngineLimits.gridFrames
    for index in 0..<(Self.neededFrames - frames) { needed[index] = needed[frames + index] }
    for index in (Self.neededFrames - frames)..<Self.neededFrames { needed[index] = 1 }
    for index in 0..<(Self.heldFrames - frames) { held[index] = held[frames + index] }
    for index in (Self.heldFrames - frames)..<Self.heldFrames { held[index] = 1 }
  }

  /// The highest magnitude at each of 64 frames and at the three places after it, of both channels. The first
  /// is frame `first` of the two blocks.
  @_noLocks
  func findPeaks(from first: Int) {
    let frames = EngineLimits.gridFrames
    for index in 0..<frames { peaks[index] = max(abs(left[first + index]), abs(right[first + index])) }
    for phase in 0..<Self.phases {
      raisePeaks(left + first, phase)
      raisePeaks(right + first, phase)
    }
  }

  @_noLocks
  private func raisePeaks(_ bus: UnsafeMutablePointer<Float>, _ phase: Int) {
    let frames = EngineLimits.gridFrames
    let factors = factors + phase * Self.taps
    let source = bus - (Self.taps / 2 - 1)
    let sums = work
    for index in 0..<frames { sums[index] = source[index] * factors[0] }
    for tap in 1..<Self.taps {
      let factor = factors[tap]
      let shifted = source + tap
      for index in 0..<frames { sums[index] += shifted[index] * factor }
    }
    for index in 0..<frames {
      let magnitude = abs(sums[index])
      peaks[index] = magnitude > peaks[index] ? magnitude : peaks[index]
    }
  }

  /// For each frame of the block that is given back the least of the 62 gains from 6 frames behind it to 55
  /// ahead, by windows of 2, 4, 8, 16 and 32.
  @_noLocks
  func findLeast() {
    let frames = EngineLimits.gridFrames
    // Frame 0 of that block is frame 70 of `needed`, whose last is the newest one known: 57 frames into the block
    // after it.
    let source = needed + Self.neededFrames - 2 * frames
    var count = frames + 61
    for index in 0..<count { work[index] = source[index] }
    var span = 1
    while span < 32 {
      count -= span
      for index in 0..<count { work[index] = min(work[index], work[index + span]) }
      span *= 2
    }
    for index in 0..<frames { least[index] = min(work[index], work[index + 30]) }
  }

  var isAllOnes: Bool {
    @_noLocks get {
      var low: UInt32 = 0
      for index in 0..<Self.neededFrames { low |= needed[index] < 1 ? 1 : 0 }
      for index in 0..<Self.heldFrames { low |= held[index] < 1 ? 1 : 0 }
      return low == 0
    }
  }

  @_noLocks
  func clear() {
    for index in 0..<(2 * EngineLimits.gridFrames) {
      left[index] = 0
      right[index] = 0
    }
    for index in 0..<Self.neededFrames { needed[index] = 1 }
    for index in 0..<Self.heldFrames { held[index] = 1 }
  }
}
