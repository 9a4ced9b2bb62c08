import CEBUR128
import Glibc

extension LoudnessMeter {
  /// A measurement in progress: add blocks as they come, ask at any time. One thread at a time.
  package struct Running: ~Copyable {
    private var state: UnsafeMutablePointer<ebur128_state>?
    private let channels: Int
    private var frames: Int64 = 0
    private var peak: Float = 0
    private var power = 0.0
    private var clippedFrames: Int64 = 0
    private var notFiniteSamples: Int64 = 0
    private var interleaved: [Float] = []

    private static let blockFrames = 4_096

    /// `channels` 1 or 2, `sampleRate` 1,000 to 768,000 Hz.
    package init(channels: Int, sampleRate: Int) throws(MediaError) {
      let path = "loudness"
      guard (1...2).contains(channels) else {
        throw MediaError(.tooManyChannels, path: path, asked: "1 or 2 channels", found: "\(channels)")
      }
      let rates = MediaLimits.minimumRate...MediaLimits.maximumRate
      guard rates.contains(sampleRate) else {
        throw MediaError(
          .badRate, path: path, asked: "\(rates.lowerBound) to \(rates.upperBound) Hz",
          found: "\(sampleRate) Hz")
      }
      let mode = EBUR128_MODE_I.rawValue | EBUR128_MODE_TRUE_PEAK.rawValue
      guard let made = ebur128_init(UInt32(channels), UInt(sampleRate), Int32(mode)) else {
        throw MediaError(.noMemory, path: path, asked: "a loudness meter", found: "no memory")
      }
      state = made
      self.channels = channels
    }

    deinit {
      var state = state
      ebur128_destroy(&state)
    }

    /// Measures `frames` more. `right` is not read when there is one channel.
    package mutating func add(left: UnsafePointer<Float>, right: UnsafePointer<Float>, frames count: Int) {
      var done = 0
      while done < count {
        let block = min(Self.blockFrames, count - done)
        addBlock(left + done, right + done, frames: block)
        done += block
      }
    }

    private mutating func addBlock(
      _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, frames count: Int
    ) {
      interleaved.removeAll(keepingCapacity: true)
      for frame in 0..<count {
        let leftMagnitude = take(left[frame])
        let rightMagnitude = channels == 2 ? take(right[frame]) : 0
        let magnitude = max(leftMagnitude, rightMagnitude)
        if magnitude >= MediaLimits.clippedMagnitude { clippedFrames += 1 }
        peak = max(peak, magnitude)
      }
      frames += Int64(count)
      // Fails only without memory for the history of a very long sound; loudness then covers what came
      // before.
      _ = ebur128_add_frames_float(state, interleaved, count)
    }

    private mutating func take(_ sample: Float) -> Float {
      var sample = sample
      if !sample.isFinite {
        notFiniteSamples += 1
        sample = 0
      }
      interleaved.append(sample)
      power += Double(sample) * Double(sample)
      return sample.magnitude
    }

    /// The figures for everything added so far.
    package func result() -> Loudness {
      var integrated = -Double.infinity
      _ = ebur128_loudness_global(state, &integrated)
      var truePeak = 0.0
      for channel in 0..<channels {
        var value = 0.0
        if ebur128_true_peak(state, UInt32(channel), &value) == 0 { truePeak = max(truePeak, value) }
      }
      let samples = Double(frames) * Double(channels)
      let peakDB = decibels(Double(peak))
      return Loudness(
        integratedLUFS: integrated.isFinite ? integrated : nil,
        samplePeakDB: peakDB,
        truePeakDB: truePeak > 0 ? decibels(truePeak) : nil,
        rmsDB: samples > 0 ? decibels((power / samples).squareRoot()) : MediaLimits.floorDB,
        silent: peakDB <= MediaLimits.silencePeakDB,
        clippedFrames: clippedFrames,
        frames: frames,
        notFiniteSamples: notFiniteSamples)
    }

    private func decibels(_ amplitude: Double) -> Double {
      amplitude > 0 ? max(20 * log10(amplitude), MediaLimits.floorDB) : MediaLimits.floorDB
    }
  }
}
