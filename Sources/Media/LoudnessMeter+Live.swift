import CEBUR128
import Glibc

/// What a live loudness meter shows. Nil where nothing passes the gate yet.
package struct LiveLoudness: Sendable, Equatable {
  /// EBU R 128: over the last 400 ms, the last 3 s, and since the start or the last reset.
  package var momentaryLUFS: Double?
  package var shortTermLUFS: Double?
  package var integratedLUFS: Double?
  /// EBU Tech 3342, in LU.
  package var rangeLU: Double?
  /// The true peak of what was added last, and the highest since the reset; nil for pure zeros.
  package var truePeakDB: Double?
  package var maximumTruePeakDB: Double?
  package var seconds = 0.0

  package init() {}
}

extension LoudnessMeter {
  /// A stereo measurement that goes on for hours and is asked all the time: integrated loudness comes from a
  /// histogram in steps of 0.1 LU, so that neither its memory nor its work grows. One thread at a time.
  package struct Live: ~Copyable {
    private var state: UnsafeMutablePointer<ebur128_state>?
    private let sampleRate: Int
    private var frames: Int64 = 0
    private var highest = 0.0
    private var latest = 0.0

    /// `sampleRate` 1,000 to 768,000 Hz.
    package init(sampleRate: Int) throws(MediaError) {
      let rates = MediaLimits.minimumRate...MediaLimits.maximumRate
      guard rates.contains(sampleRate) else {
        throw MediaError(
          .badRate, path: "loudness", asked: "\(rates.lowerBound) to \(rates.upperBound) Hz",
          found: "\(sampleRate) Hz")
      }
      let modes = [
        EBUR128_MODE_S, EBUR128_MODE_I, EBUR128_MODE_LRA, EBUR128_MODE_TRUE_PEAK, EBUR128_MODE_HISTOGRAM,
      ]
      let mode = modes.reduce(0) { $0 | $1.rawValue }
      guard let made = ebur128_init(2, UInt(sampleRate), Int32(mode)) else {
        throw MediaError(.noMemory, path: "loudness", asked: "a loudness meter", found: "no memory")
      }
      state = made
      self.sampleRate = sampleRate
    }

    deinit {
      var state = state
      ebur128_destroy(&state)
    }

    /// Forgets the peak of what was added last.
    package mutating func beginPass() { latest = 0 }

    /// Adds `frames` frames, left and right in turns. What is no number must have been taken out before.
    package mutating func add(interleaved samples: UnsafePointer<Float>, frames count: Int) {
      // Fails only without memory, and the histogram needs none.
      _ = ebur128_add_frames_float(state, samples, count)
      frames += Int64(count)
      for channel in 0..<UInt32(2) {
        var peak = 0.0
        if ebur128_prev_true_peak(state, channel, &peak) == 0 { latest = max(latest, peak) }
      }
      highest = max(highest, latest)
    }

    package func result() -> LiveLoudness {
      var loudness = LiveLoudness()
      loudness.momentaryLUFS = Self.read { ebur128_loudness_momentary(state, $0) }
      loudness.shortTermLUFS = Self.read { ebur128_loudness_shortterm(state, $0) }
      loudness.integratedLUFS = Self.read { ebur128_loudness_global(state, $0) }
      loudness.rangeLU = Self.read { ebur128_loudness_range(state, $0) }
      loudness.truePeakDB = latest > 0 ? 20 * log10(latest) : nil
      loudness.maximumTruePeakDB = highest > 0 ? 20 * log10(highest) : nil
      loudness.seconds = Double(frames) / Double(sampleRate)
      return loudness
    }

    /// What lies below −120 LUFS is not told.
    private static func read(_ ask: (UnsafeMutablePointer<Double>) -> Int32) -> Double? {
      var value = -Double.infinity
      guard ask(&value) == 0, value.isFinite, value > -120 else { return nil }
      return value
    }
  }
}
