/// One mono 16-bit sample as it goes into the file: its data, its loop and the key at which it is in tune.
struct Sample {
  static let rate = 48_000

  let name: String
  let frames: [Int16]
  /// A whole number of periods, with `guardFrames` of data on both sides; nil plays once.
  let loop: Range<Int>?
  let rootKey: Int
  /// Cents to add on playback so that `rootKey` is in tune.
  let correction: Int

  /// The format asks for eight frames before and after a loop that continue it, for the interpolators of
  /// players.
  static let guardFrames = 8
  /// ... and for this many zero frames after each sample.
  static let silenceAfter = 46

  /// A sample that ends with its loop: `signal` is everything up to the loop's end, and its last `loopLength`
  /// frames repeat. The guard after the loop is added here.
  init(_ name: String, looping signal: [Double], loopLength: Int, peak: Double = 0.9, pitch: Pitch) {
    precondition(signal.count >= loopLength + Sample.guardFrames, "\(name) needs frames before its loop")
    let start = signal.count - loopLength
    let tail = (0..<Sample.guardFrames).map { signal[start + $0 % loopLength] }
    self.name = name
    self.frames = Sample.quantised(signal + tail, peak: peak)
    self.loop = start..<signal.count
    self.rootKey = pitch.key
    self.correction = pitch.correction
  }

  /// A sample that plays once.
  init(_ name: String, once signal: [Double], peak: Double = 0.9, rootKey: Int = 60) {
    self.name = name
    self.frames = Sample.quantised(signal, peak: peak)
    self.loop = nil
    self.rootKey = rootKey
    self.correction = 0
  }

  struct Pitch {
    let key: Int
    let correction: Int
  }

  private static func quantised(_ signal: [Double], peak: Double) -> [Int16] {
    var largest = 0.0
    for value in signal { largest = max(largest, value.magnitude) }
    guard largest > 0 else { return signal.map { _ in 0 } }
    let scale = peak * 32_767 / largest
    return signal.map { Int16(($0 * scale).rounded()) }
  }
}

/// A sample and the keys it serves.
struct KeyedSample {
  let keys: ClosedRange<Int>
  let sample: Sample
}
