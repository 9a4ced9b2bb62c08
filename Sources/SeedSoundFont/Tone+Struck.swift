/// One partial of a struck or plucked body.
struct Partial: Sendable {
  /// Times the fundamental; only whole ratios can have a `floor`.
  let ratio: Double
  let level: Double
  /// Seconds to fall to 1/e, at the lowest octave recorded.
  let decay: Double
  /// The part of `level` that stays in the loop, where the player's own envelope makes it fade.
  var floor = 0.0
}

/// How a struck or plucked body is recorded: an attack in which partials fall each at its own pace, then a
/// loop of what remains.
struct Strike: Sendable {
  struct Zone: Sendable {
    let octave: Int
    let keys: ClosedRange<Int>
    let seconds: Double
  }

  let zones: [Zone]
  let partials: [Partial]
  /// The hammer's or the finger's noise: its level, its decay in seconds, and how dull it is from 0 to 1.
  var knock = (level: 0.0, decay: 0.01, dullness: 0.5)
}

extension Tone {
  func struck(_ strike: Strike) -> [KeyedSample] {
    strike.zones.map { zone in
      let octave = Octave(index: zone.octave)
      let periods = max(1, (64 + octave.period - 1) / octave.period)
      let loopLength = periods * octave.period
      let attackPeriods = Int((zone.seconds * octave.frequency).rounded())
      var signal = attack(strike, in: octave, frames: attackPeriods * octave.period)
      let steady = octave.cycle(remaining(strike, in: octave))
      signal += [Double](repeating: 0, count: loopLength)
      var i = 0
      while i < signal.count {
        signal[i] += steady[i % octave.period]
        i += 1
      }
      let sample = Sample(
        "\(rawValue) \(octave.index)", looping: signal, loopLength: loopLength, pitch: octave.pitch)
      return KeyedSample(keys: zone.keys, sample: sample)
    }
  }

  /// What the loop holds. Partials above the range of the octave's keys are left out.
  private func remaining(_ strike: Strike, in octave: Octave) -> [Harmonic] {
    strike.partials.compactMap { partial in
      let number = Int(partial.ratio.rounded())
      guard partial.floor > 0, number <= octave.harmonics else { return nil }
      return Harmonic(number: number, level: partial.level * partial.floor)
    }
  }

  /// What fades before the loop begins.
  private func attack(_ strike: Strike, in octave: Octave, frames: Int) -> [Double] {
    var signal = [Double](repeating: 0, count: frames)
    let pace = Arithmetic.exp2(-0.5 * Double(octave.index - strike.zones[0].octave))
    for partial in strike.partials {
      let frequency = partial.ratio * octave.frequency
      let level = partial.level * (1 - partial.floor)
      guard frequency < 15_000, level > 0 else { continue }
      let fall = Arithmetic.exp(-1 / (partial.decay * pace * Double(Sample.rate)))
      add(level, frequency: frequency, fall: fall, to: &signal)
    }
    var noise = Noise(seed: UInt64(octave.index + 11))
    var level = strike.knock.level
    let fall = Arithmetic.exp(-1 / (strike.knock.decay * Double(Sample.rate)))
    var smooth = 0.0
    for i in 0..<frames where level > 1e-4 {
      smooth += (noise.next() - smooth) * (1 - strike.knock.dullness)
      signal[i] += smooth * level
      level *= fall
    }
    fadeOut(&signal, from: frames * 6 / 10)
    return signal
  }

  /// A falling sine by rotation of a vector: two multiplications and no table for each coordinate.
  private func add(_ level: Double, frequency: Double, fall: Double, to signal: inout [Double]) {
    let turns = frequency / Double(Sample.rate)
    let cosine = Arithmetic.cosine(turns: turns) * fall
    let sine = Arithmetic.sine(turns: turns) * fall
    var x = level
    var y = 0.0
    var envelope = level
    for i in 0..<signal.count {
      signal[i] += y
      let turned = x * cosine - y * sine
      y = x * sine + y * cosine
      x = turned
      envelope *= fall
      if envelope < 1e-4 { break }
    }
  }

  private func fadeOut(_ signal: inout [Double], from start: Int) {
    let length = Double(signal.count - start)
    for i in start..<signal.count {
      signal[i] *= 1 - Arithmetic.smoothStep(Double(i - start) / length, from: 0, to: 1)
    }
  }
}
