import CEBUR128
import Glibc

extension LoudnessMeter {
  /// A measurement in progress: add blocks as they come, ask at any time. One thread at a time.
  package struct Running: ~Copyable {
    private var state: UnsafeMutablePointer<ebur128_state>?
    private let channels: Int
    private var frames: Int64 = 0
    private var power = SIMD4<Double>()
    private var clippedFrames: Int64 = 0
    private var notFiniteSamples: Int64 = 0
    private var left: TruePeak
    private var right: TruePeak
    /// What stands in for each side where it holds what is no number, and both sides in turns.
    private let clean: UnsafeMutablePointer<Float>
    private let interleaved: UnsafeMutablePointer<Float>

    private static let blockFrames = TruePeak.blockFrames

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
      // The library would compute every place between samples; here only those that can be the highest are.
      guard let made = ebur128_init(UInt32(channels), UInt(sampleRate), Int32(EBUR128_MODE_I.rawValue)) else {
        throw MediaError(.noMemory, path: path, asked: "a loudness meter", found: "no memory")
      }
      state = made
      self.channels = channels
      left = TruePeak(sampleRate: sampleRate)
      right = TruePeak(sampleRate: sampleRate)
      clean = .allocate(capacity: 2 * Self.blockFrames)
      interleaved = .allocate(capacity: 2 * Self.blockFrames)
    }

    deinit {
      var state = state
      ebur128_destroy(&state)
      clean.deallocate()
      interleaved.deallocate()
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
      _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, frames count: Int
    ) {
      frames += Int64(count)
      let first = cleaned(first, into: clean, count)
      left.add(first, frames: count)
      addPower(first, count)
      guard channels == 2 else {
        countClipped(first, first, count)
        _ = ebur128_add_frames_float(state, first, count)
        return
      }
      let second = cleaned(second, into: clean + Self.blockFrames, count)
      right.add(second, frames: count)
      addPower(second, count)
      countClipped(first, second, count)
      let target = interleaved
      for index in 0..<count {
        target[2 * index] = first[index]
        target[2 * index + 1] = second[index]
      }
      // Fails only without memory for the history of a very long sound; loudness then covers what came
      // before.
      _ = ebur128_add_frames_float(state, target, count)
    }

    /// The samples, or where some are no numbers a copy with 0 in their place.
    private mutating func cleaned(
      _ samples: UnsafePointer<Float>, into copy: UnsafeMutablePointer<Float>, _ count: Int
    ) -> UnsafePointer<Float> {
      guard TruePeak.largestBits(samples, count) >= Float.infinity.bitPattern else { return samples }
      for index in 0..<count {
        let isNumber = samples[index].isFinite
        copy[index] = isNumber ? samples[index] : 0
        if !isNumber { notFiniteSamples += 1 }
      }
      return UnsafePointer(copy)
    }

    /// In four sums, which do not wait for each other.
    private mutating func addPower(_ samples: UnsafePointer<Float>, _ count: Int) {
      var sums = power
      var index = 0
      while index + 4 <= count {
        let four = SIMD4<Double>(
          Double(samples[index]), Double(samples[index + 1]), Double(samples[index + 2]),
          Double(samples[index + 3]))
        sums += four * four
        index += 4
      }
      while index < count {
        sums[0] += Double(samples[index]) * Double(samples[index])
        index += 1
      }
      power = sums
    }

    private mutating func countClipped(
      _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, _ count: Int
    ) {
      let limit = MediaLimits.clippedMagnitude
      guard max(left.samples, right.samples) >= limit else { return }
      for index in 0..<count where max(first[index].magnitude, second[index].magnitude) >= limit {
        clippedFrames += 1
      }
    }

    /// The figures for everything added so far.
    package func result() -> Loudness {
      var integrated = -Double.infinity
      _ = ebur128_loudness_global(state, &integrated)
      let truePeak = Double(max(left.highest, right.highest))
      let samples = Double(frames) * Double(channels)
      let peakDB = decibels(Double(max(left.samples, right.samples)))
      return Loudness(
        integratedLUFS: integrated.isFinite ? integrated : nil,
        samplePeakDB: peakDB,
        truePeakDB: truePeak > 0 ? decibels(truePeak) : nil,
        rmsDB: samples > 0 ? decibels((power.sum() / samples).squareRoot()) : MediaLimits.floorDB,
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
