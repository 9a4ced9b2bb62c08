/// A feedback delay network of eight lines (Jot 1991) behind two allpasses a side: what comes out of the lines
/// is damped, mixed by a Hadamard matrix, which keeps its energy, and goes in again. Realtime thread.
///
/// Every line loses 60 dB in the decay time, so the time is exact whatever the lines' lengths. A first-order
/// high-pass at 10 Hz in front keeps what never swings out of the lines.
struct Reverb: BitwiseCopyable {
  static var lines: Int { @_noLocks get { 8 } }
  static var allpasses: Int { @_noLocks get { 4 } }

  /// Rings of one length: the lines and the two sides of the predelay, the next block's place in them.
  var ring: UnsafeMutablePointer<Float>
  var ringFrames: Int
  var predelay: UnsafeMutablePointer<Float>
  var predelayFrames: Int
  var diffusers: InlineArray<4, Diffuser>
  /// Eight blocks of what has come out of the lines.
  var work: UnsafeMutablePointer<Float>
  private var position = 0
  private var predelayPosition = 0
  private var damped = InlineArray<8, Float>(repeating: 0)
  private var blockerLeft = Blocker()
  private var blockerRight = Blocker()
  private let blocking: Float
  /// How long something may hide in the lines.
  var longestFrames: Int { @_noLocks get { ringFrames + predelayFrames } }

  @_noLocks
  init(
    ring: UnsafeMutablePointer<Float>, ringFrames: Int, predelay: UnsafeMutablePointer<Float>,
    predelayFrames: Int, diffusers: InlineArray<4, Diffuser>, work: UnsafeMutablePointer<Float>,
    sampleRate: Double
  ) {
    self.ring = ring
    self.ringFrames = ringFrames
    self.predelay = predelay
    self.predelayFrames = predelayFrames
    self.diffusers = diffusers
    self.work = work
    blocking = Float(1 - 2 * Double.pi * 10 / sampleRate)
  }

  /// What is not in the lines' memory.
  @_noLocks
  mutating func forget() {
    damped = InlineArray(repeating: 0)
    blockerLeft = Blocker()
    blockerRight = Blocker()
  }

  @_noLocks
  mutating func process(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>,
    _ tuning: UnsafePointer<EffectTuning>
  ) {
    blockerLeft.process(left, blocking)
    blockerRight.process(right, blocking)
    delay(left, right, by: Int(tuning.pointee.predelayFrames))
    diffusers[0].process(left)
    diffusers[1].process(left)
    diffusers[2].process(right)
    diffusers[3].process(right)
    for line in 0..<Self.lines { read(line, tuning) }
    feed(left, right, tuning.pointee.inputGain)
    let frames = EngineLimits.gridFrames
    for index in 0..<frames {
      left[index] =
        work[index] - work[2 * frames + index] + work[4 * frames + index] - work[6 * frames + index]
    }
    for index in 0..<frames {
      right[index] =
        work[frames + index] - work[3 * frames + index] + work[5 * frames + index] - work[7 * frames + index]
    }
  }

  /// Takes a block out of a line, damped and with the loss of one pass.
  @_noLocks
  private mutating func read(_ line: Int, _ tuning: UnsafePointer<EffectTuning>) {
    let frames = EngineLimits.gridFrames
    let source = ring + line * ringFrames
    let target = work + line * frames
    var from = position - Int(tuning.pointee.lengths[line])
    if from < 0 { from += ringFrames }
    let whole = min(frames, ringFrames - from)
    for index in 0..<whole { target[index] = source[from + index] }
    for index in whole..<frames { target[index] = source[index - whole] }
    let gain = tuning.pointee.gains[line]
    let damping = tuning.pointee.dampings[line]
    let direct = gain * (1 - damping)
    var last = damped[line]
    for index in 0..<frames {
      last = target[index] * direct + last * damping
      target[index] = last
    }
    damped[line] = last
  }

  /// Mixes what has come out and puts it in again with what is new. `work` keeps what goes out.
  @_noLocks
  private mutating func feed(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, _ gain: Float
  ) {
    let frames = EngineLimits.gridFrames
    let mixed = work + Self.lines * frames
    for index in 0..<(Self.lines * frames) { mixed[index] = work[index] }
    var span = 1
    while span < Self.lines {
      for line in 0..<Self.lines where line & span == 0 {
        let first = mixed + line * frames
        let second = mixed + (line + span) * frames
        for index in 0..<frames {
          let sum = first[index] + second[index]
          second[index] = first[index] - second[index]
          first[index] = sum
        }
      }
      span *= 2
    }
    let scale: Float = 0.353_553_39
    for line in 0..<Self.lines {
      let target = ring + line * ringFrames + position
      let source = mixed + line * frames
      let new = line & 1 == 0 ? left : right
      for index in 0..<frames { target[index] = source[index] * scale + new[index] * gain }
    }
    position += frames
    if position >= ringFrames { position = 0 }
  }

  @_noLocks
  private mutating func delay(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, by delayed: Int
  ) {
    let frames = EngineLimits.gridFrames
    let otherSide = predelay + predelayFrames
    for index in 0..<frames { predelay[predelayPosition + index] = left[index] }
    for index in 0..<frames { otherSide[predelayPosition + index] = right[index] }
    var from = predelayPosition - delayed
    if from < 0 { from += predelayFrames }
    let whole = min(frames, predelayFrames - from)
    for index in 0..<whole {
      left[index] = predelay[from + index]
      right[index] = otherSide[from + index]
    }
    for index in whole..<frames {
      left[index] = predelay[index - whole]
      right[index] = otherSide[index - whole]
    }
    predelayPosition += frames
    if predelayPosition >= predelayFrames { predelayPosition = 0 }
  }
}

/// A first-order high-pass.
struct Blocker: BitwiseCopyable {
  private var lastIn: Float = 0
  private var lastOut: Float = 0

  @_noLocks init() {}

  @_noLocks
  mutating func process(_ bus: UnsafeMutablePointer<Float>, _ pole: Float) {
    for index in 0..<EngineLimits.gridFrames {
      let input = bus[index]
      lastOut = input - lastIn + pole * lastOut
      lastIn = input
      bus[index] = lastOut
    }
  }
}

/// A Schroeder allpass, at least a grid block long: it spreads an impulse and keeps its spectrum.
struct Diffuser: BitwiseCopyable {
  var line: UnsafeMutablePointer<Float>
  var length: Int
  private var position = 0

  @_noLocks
  init(line: UnsafeMutablePointer<Float>, length: Int) {
    self.line = line
    self.length = length
  }

  @_noLocks
  mutating func process(_ bus: UnsafeMutablePointer<Float>) {
    let gain: Float = 0.6
    for index in 0..<EngineLimits.gridFrames {
      let delayed = line[position]
      let inner = bus[index] + gain * delayed
      line[position] = inner
      bus[index] = delayed - gain * inner
      position += 1
      if position == length { position = 0 }
    }
  }
}
