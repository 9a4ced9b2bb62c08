/// The drums' recordings, one function each. They are in tune at key 60; a kit tunes them from there.
enum DrumSound {
  /// A hard-edged tick whose first frame is its loudest, so that a test finds its onset to the frame.
  static func click() -> [Double] {
    sound(seconds: 0.06) { time, noise in
      let wood = Arithmetic.cosine(turns: 1_500 * time) * 0.75 + Arithmetic.cosine(turns: 2_430 * time) * 0.15
      let level = Arithmetic.exp(-time / 0.009)
      return wood * level + (time == 0 ? 0.1 : 0.05 * noise * level)
    }
  }

  static func kick() -> [Double] {
    var turns = 0.0
    return sound(seconds: 0.3) { time, noise in
      turns += (47 + 125 * Arithmetic.exp(-time / 0.022) + 600 * Arithmetic.exp(-time / 0.0025)) / rate
      let body = Arithmetic.sine(turns: turns) * Arithmetic.exp(-time / 0.13)
      return body + 0.22 * noise * Arithmetic.exp(-time / 0.0035)
    }
  }

  static func snare() -> [Double] {
    var wires = HighPass(corner: 900)
    var turns = 0.0
    return sound(seconds: 0.3) { time, noise in
      turns += (182 + 70 * Arithmetic.exp(-time / 0.008)) / rate
      let head = Arithmetic.sine(turns: turns) * Arithmetic.exp(-time / 0.055)
      let rim = Arithmetic.sine(turns: turns * 1.83) * Arithmetic.exp(-time / 0.03)
      let rattle =
        wires.pass(noise) * (0.75 * Arithmetic.exp(-time / 0.075) + 0.5 * Arithmetic.exp(-time / 0.01))
      return head * 0.75 + rim * 0.35 + rattle * 0.8
    }
  }

  static func tom() -> [Double] {
    var turns = 0.0
    return sound(seconds: 0.4) { time, noise in
      turns += (112 + 38 * Arithmetic.exp(-time / 0.05)) / rate
      let head = Arithmetic.sine(turns: turns) * Arithmetic.exp(-time / 0.14)
      let ring = Arithmetic.sine(turns: turns * 1.594) * Arithmetic.exp(-time / 0.07)
      let edge = Arithmetic.sine(turns: turns * 2.296) * Arithmetic.exp(-time / 0.035)
      return head + 0.4 * ring + 0.2 * edge + 0.25 * noise * Arithmetic.exp(-time / 0.006)
    }
  }

  static func clap() -> [Double] {
    var low = HighPass(corner: 700)
    var smooth = 0.0
    return sound(seconds: 0.2) { time, noise in
      smooth += (noise - smooth) * 0.35
      var level = 0.7 * Arithmetic.exp(-max(0, time - 0.031) / 0.05) * (time >= 0.031 ? 1 : 0)
      for start in [0, 0.0105, 0.021] where time >= start {
        level += Arithmetic.exp(-(time - start) / 0.0035)
      }
      return low.pass(smooth) * level
    }
  }

  static func hand() -> [Double] {
    var turns = 0.0
    return sound(seconds: 0.2) { time, noise in
      turns += (262 + 50 * Arithmetic.exp(-time / 0.01)) / rate
      let head = Arithmetic.sine(turns: turns) * Arithmetic.exp(-time / 0.055)
      let edge = Arithmetic.sine(turns: turns * 1.96) * Arithmetic.exp(-time / 0.025)
      return head + 0.4 * edge + 0.4 * noise * Arithmetic.exp(-time / 0.004)
    }
  }

  static func block() -> [Double] {
    sound(seconds: 0.11) { time, noise in
      let body = Arithmetic.sine(turns: 880 * time) * Arithmetic.exp(-time / 0.022)
      let ring = Arithmetic.sine(turns: 880 * 2.31 * time) * Arithmetic.exp(-time / 0.012)
      return body + 0.5 * ring + 0.25 * noise * Arithmetic.exp(-time / 0.0015)
    }
  }

  static func cowbell() -> [Double] {
    let low = Spectrum.square
    return sound(seconds: 0.2) { time, _ in
      var value = 0.0
      for n in stride(from: 1, through: 9, by: 2) {
        let level = low.level(n, 0)
        value += level * Arithmetic.sine(turns: Double(n) * 562 * time)
        value += 0.8 * level * Arithmetic.sine(turns: Double(n) * 845 * time)
      }
      return value * (0.6 * Arithmetic.exp(-time / 0.07) + 0.4 * Arithmetic.exp(-time / 0.012))
    }
  }

  /// A stick drawn over a notched gourd: ticks that come ever closer.
  static func ratchet() -> [Double] {
    var edge = HighPass(corner: 1_800)
    return sound(seconds: 0.22) { time, noise in
      let position = (time * (42 + 90 * time))
      let sinceTick = (position - position.rounded(.down)) / (42 + 180 * time)
      let swell = Arithmetic.smoothStep(time, from: 0, to: 0.08) * 0.7 + 0.3
      return edge.pass(noise) * Arithmetic.exp(-sinceTick / 0.003) * swell
    }
  }

  /// Seeds in a shell.
  static func rattle() -> [Double] {
    var edge = HighPass(corner: 4_500)
    return sound(seconds: 0.13) { time, noise in
      let level = Arithmetic.smoothStep(time, from: 0, to: 0.012) * Arithmetic.exp(-time / 0.028)
      return edge.pass(noise) * level
    }
  }

  /// White noise that repeats without a seam.
  static func hiss() -> [Double] {
    var noise = Noise(seed: 71)
    return (0..<12_000).map { _ in noise.next() }
  }

  /// Bronze: a crowd of unrelated partials, each with a whole number of periods in the loop, over bright
  /// noise.
  static func cymbal() -> [Double] {
    let length = 18_000
    var noise = Noise(seed: 29)
    let white = (0..<length).map { _ in noise.next() }
    var signal = (0..<length).map { 0.55 * (white[$0] - white[($0 + length - 1) % length]) }
    for _ in 0..<48 {
      let frequency = Arithmetic.power(2, 11.1 + 1.2 * (1 + noise.next()))
      let cycles = (frequency * Double(length) / rate).rounded()
      let level = 0.14 + 0.06 * noise.next()
      let cosine = Arithmetic.cosine(turns: cycles / Double(length))
      let sine = Arithmetic.sine(turns: cycles / Double(length))
      var (x, y) = (level * noise.next(), level)
      for i in 0..<length {
        signal[i] += y
        (x, y) = (x * cosine - y * sine, x * sine + y * cosine)
      }
    }
    return signal
  }

  private static let rate = Double(Sample.rate)

  /// Samples a function of time and fresh noise, and fades the last fifth to nothing.
  private static func sound(
    seconds: Double, _ value: (_ time: Double, _ noise: Double) -> Double
  ) -> [Double] {
    var noise = Noise(seed: UInt64(seconds * 1_000))
    let count = Int(seconds * rate)
    return (0..<count).map { frame in
      let fade = 1 - Arithmetic.smoothStep(Double(frame) / Double(count), from: 0.8, to: 1)
      return value(Double(frame) / rate, noise.next()) * fade
    }
  }
}

/// Six decibels per octave, down.
private struct HighPass {
  private let share: Double
  private var low = 0.0

  init(corner: Double) {
    share = 1 - Arithmetic.exp(-2 * Double.pi * corner / Double(Sample.rate))
  }

  mutating func pass(_ value: Double) -> Double {
    low += (value - low) * share
    return value - low
  }
}
