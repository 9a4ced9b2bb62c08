import SeedSoundFont

/// The audio region: a drone on D and A that opens and closes over the three bars of the intro, with chimes
/// across it.
enum Texture {
  static let sampleRate = 48_000
  /// Three bars of four beats at 96 BPM.
  static let seconds = 7.5
  static let frames = 360_000
  private static let peak = 0.1

  /// A 16-bit stereo WAV file.
  static func waveFile() -> [UInt8] {
    let (left, right) = render()
    var largest = 1e-9
    for value in left + right { largest = max(largest, value.magnitude) }
    let scale = peak * 32_767 / largest
    var bytes: [UInt8] = []
    bytes.reserveCapacity(44 + frames * 4)
    func add(_ value: Int, _ count: Int) {
      for byte in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }
    bytes += Array("RIFF".utf8)
    add(36 + frames * 4, 4)
    bytes += Array("WAVEfmt ".utf8)
    for (value, count) in [(16, 4), (1, 2), (2, 2), (sampleRate, 4), (sampleRate * 4, 4), (4, 2), (16, 2)] {
      add(value, count)
    }
    bytes += Array("data".utf8)
    add(frames * 4, 4)
    for i in 0..<frames {
      add(Int((left[i] * scale).rounded()), 2)
      add(Int((right[i] * scale).rounded()), 2)
    }
    return bytes
  }

  private static func render() -> (left: [Double], right: [Double]) {
    var stereo = Stereo(frames: frames)
    // Hertz of D2, A2, D3, A3, E4, F#4 and A4, in equal temperament from A4 = 440.
    let drone: [(key: Int, level: Double)] = [
      (38, 1), (45, 0.8), (50, 0.7), (57, 0.45), (64, 0.3), (66, 0.2), (69, 0.16),
    ]
    for (voice, note) in drone.enumerated() {
      for side in [-1.0, 1.0] {
        let cents = side * (2 + Double(voice))
        stereo.addDrone(
          frequency: hertz(note.key, cents: cents), level: note.level, pan: side * 0.7,
          pulse: 0.11 + 0.07 * Double(voice) + 0.02 * side)
      }
    }
    let chimes: [(beat: Double, key: Int, pan: Double)] = [
      (0, 86, -0.3), (1.5, 93, 0.4), (3, 90, -0.6), (4, 88, 0.5), (5.5, 81, 0.1), (6.5, 98, -0.5),
      (8, 93, 0.6),
      (9, 90, -0.2), (10, 86, 0.3),
    ]
    for chime in chimes {
      let start = Int(chime.beat * 60 / 96 * Double(sampleRate))
      stereo.addChime(frequency: hertz(chime.key, cents: 0), level: 0.3, pan: chime.pan, from: start)
    }
    stereo.close()
    return (stereo.left, stereo.right)
  }

  private static func hertz(_ key: Int, cents: Double) -> Double {
    440 * Arithmetic.exp2((Double(key - 69) + cents / 100) / 12)
  }
}

private struct Stereo {
  var left: [Double]
  var right: [Double]

  init(frames: Int) {
    left = [Double](repeating: 0, count: frames)
    right = left
  }

  private static let rate = Double(Texture.sampleRate)

  /// A voice of three harmonics whose upper ones come and go `pulse` times a second.
  mutating func addDrone(frequency: Double, level: Double, pan: Double, pulse: Double) {
    var fundamental = Oscillator(frequency / Stereo.rate)
    var octave = Oscillator(frequency * 2 / Stereo.rate)
    var twelfth = Oscillator(frequency * 3 / Stereo.rate)
    var slow = Oscillator(pulse / Stereo.rate)
    for i in 0..<left.count {
      let opening = 0.5 + 0.5 * slow.next()
      let value =
        fundamental.next() + 0.35 * opening * octave.next() + 0.2 * opening * opening * twelfth.next()
      add(value * level * (0.6 + 0.4 * opening), pan, at: i)
    }
  }

  mutating func addChime(frequency: Double, level: Double, pan: Double, from start: Int) {
    for (ratio, share, seconds) in [(1, 1, 0.9), (2.76, 0.4, 0.35), (5.4, 0.2, 0.15)] {
      guard frequency * ratio < 18_000 else { continue }
      var partial = Oscillator(frequency * ratio / Stereo.rate)
      let fall = Arithmetic.exp(-1 / (seconds * Stereo.rate))
      var envelope = level * share
      for i in start..<left.count where envelope > 1e-5 {
        add(partial.next() * envelope, pan, at: i)
        envelope *= fall
      }
    }
  }

  /// Opens over a second and a half and closes over three.
  mutating func close() {
    let length = Double(left.count)
    for i in 0..<left.count {
      let time = Double(i)
      let opened = Arithmetic.smoothStep(time, from: 0, to: 1.5 * Stereo.rate)
      let gain = opened * (1 - Arithmetic.smoothStep(time, from: length - 3 * Stereo.rate, to: length - 1))
      left[i] *= gain
      right[i] *= gain
    }
  }

  private mutating func add(_ value: Double, _ pan: Double, at frame: Int) {
    left[frame] += value * (1 - pan) / 2
    right[frame] += value * (1 + pan) / 2
  }
}

/// A sine by rotation, kept on the circle: no drift over the seconds it runs.
private struct Oscillator {
  private let cosine: Double
  private let sine: Double
  private var x = 1.0
  private var y = 0.0

  /// `turns` per frame.
  init(_ turns: Double) {
    cosine = Arithmetic.cosine(turns: turns)
    sine = Arithmetic.sine(turns: turns)
  }

  mutating func next() -> Double {
    let value = y
    let correction = 1.5 - 0.5 * (x * x + y * y)
    (x, y) = ((x * cosine - y * sine) * correction, (x * sine + y * cosine) * correction)
    return value
  }
}
