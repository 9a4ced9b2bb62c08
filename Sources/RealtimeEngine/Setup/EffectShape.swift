import CRealtime

/// How a bus's effect is to sound, as a person says it.
package struct EffectShape: Sendable, Equatable {
  package enum Kind: Sendable { case reverb, chorus }

  package var kind: Kind
  /// The time in which the reverb loses 60 dB.
  package var decaySeconds = 2.0
  /// 0 is a closet, 1 a hall: how far apart its walls are.
  package var size = 0.7
  /// 0 … 1: how much faster the highest frequencies die; at 1 in a tenth of the time.
  package var damping = 0.4
  package var predelaySeconds = 0.02
  /// The chorus: circles a second, and how far a voice's delay swings to each side.
  package var speedHertz = 0.6
  package var depthSeconds = 0.003

  package init(_ kind: Kind) { self.kind = kind }

  package static let decayRange = 0.1...20.0
  package static let sizeRange = 0.0...1.0
  package static let dampingRange = 0.0...1.0
  package static let predelayRange = 0.0...0.25
  package static let speedRange = 0.05...5.0
  package static let depthRange = 0.0...0.01
}

extension EffectTuning {
  /// Seconds of the reverb's lines at size 1, and of the chorus's middle delay.
  static let lineSeconds = [0.0297, 0.0371, 0.0411, 0.0437, 0.0533, 0.0619, 0.0677, 0.0793]
  static let chorusSeconds = 0.015

  package init(_ shape: EffectShape, sampleRate: Double) {
    self.init()
    setLines(shape, sampleRate)
    predelayFrames = Int32(
      (Self.held(shape.predelaySeconds, EffectShape.predelayRange) * sampleRate).rounded())
    let blocksPerSecond = sampleRate / Double(EngineLimits.gridFrames)
    turnsPerBlock = Self.held(shape.speedHertz, EffectShape.speedRange) / blocksPerSecond
    depthFrames = Float(Self.held(shape.depthSeconds, EffectShape.depthRange) * sampleRate)
    stamp = Self.stamp(shape)
  }

  private mutating func setLines(_ shape: EffectShape, _ sampleRate: Double) {
    let decay = Self.held(shape.decaySeconds, EffectShape.decayRange)
    let scale = 0.3 + 0.7 * Self.held(shape.size, EffectShape.sizeRange)
    // Of the highest frequency.
    let highDecay = decay * (1 - 0.9 * Self.held(shape.damping, EffectShape.dampingRange))
    var power = 0.0
    for line in 0..<Reverb.lines {
      let length = Self.prime(from: Int(Self.lineSeconds[line] * scale * sampleRate))
      let seconds = Double(length) / sampleRate
      let gain = rt_pow(10, -3 * seconds / decay)
      // What a first-order low-pass with unit gain at 0 Hz leaves of half the rate is (1 − d) / (1 + d).
      let left = rt_pow(10, -3 * seconds * (1 / highDecay - 1 / decay))
      lengths[line] = Int32(length)
      gains[line] = Float(gain)
      dampings[line] = Float((1 - left) / (1 + left))
      power += gain * gain / Double(Reverb.lines)
    }
    // Four lines a side, each with 1 / (1 − g²) of the power that is put in: so noise comes back as loud as
    // it was sent, whatever the decay.
    inputGain = Float(((1 - power) / (4 * power)).squareRoot())
  }

  /// No two lines share a factor: their echoes never fall together.
  private static func prime(from start: Int) -> Int {
    var number = max(67, start)
    while (2...).lazy.prefix(while: { $0 * $0 <= number }).contains(where: { number % $0 == 0 }) {
      number += 1
    }
    return number
  }

  /// A number that is none becomes the least.
  private static func held(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    value > range.lowerBound ? min(value, range.upperBound) : range.lowerBound
  }

  private static func stamp(_ shape: EffectShape) -> UInt64 {
    // FNV-1a over the words.
    let values = [
      shape.decaySeconds, shape.size, shape.damping, shape.predelaySeconds, shape.speedHertz,
      shape.depthSeconds,
    ]
    return values.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ $1.bitPattern) &* 0x100_0000_01B3 }
  }
}
