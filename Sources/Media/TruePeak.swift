import Glibc

/// The highest magnitude of one channel at and between its samples: those of the sound at four times its rate (at twice
/// from 96 kHz on, as it is from 192 kHz on), through the filter of ITU-R BS.1770-4, annex 2, as libebur128 makes it: a
/// sinc of 49 taps under a Hann window. One thread at a time.
///
/// No place between samples exceeds the samples around it times the filter's sum of magnitudes. Where that stays below
/// what was found already nothing is computed, which is nearly everywhere.
struct TruePeak: ~Copyable {
  /// Frames of one `add`.
  static let blockFrames = 4_096
  /// Frames that are looked at or left out together; more than the filter is long.
  private static let pieceFrames = 64
  private static let span = 48

  /// The highest sample, and the highest place of all.
  private(set) var samples: Float = 0
  private(set) var highest: Float = 0
  private let phases: Int
  private let taps: Int
  /// `taps` for each phase, the newest sample's first.
  private let factors: UnsafeMutablePointer<Float>
  private let largestSum: Float
  /// The last samples before the block, and the block.
  private let line: UnsafeMutablePointer<Float>
  private let sums: UnsafeMutablePointer<Float>
  /// Of the samples before the next piece that the filter still sees.
  private var before: Float = 0

  init(sampleRate: Int) {
    let rate = sampleRate < 96_000 ? 4 : sampleRate < 192_000 ? 2 : 1
    phases = rate - 1
    taps = Self.span / rate
    factors = .allocate(capacity: max(1, phases * taps))
    line = .allocate(capacity: taps + Self.blockFrames)
    line.initialize(repeating: 0, count: taps + Self.blockFrames)
    sums = .allocate(capacity: Self.pieceFrames)
    sums.initialize(repeating: 0, count: Self.pieceFrames)
    var largest: Float = 1
    for phase in 0..<phases {
      var sum: Float = 0
      for tap in 0..<taps {
        let factor = Float(Self.factor(phase + 1 + tap * rate, rate: rate))
        factors[phase * taps + tap] = factor
        sum += abs(factor)
      }
      largest = max(largest, sum)
    }
    // A little more than the sum, for what rounding adds.
    largestSum = largest * 1.0001
  }

  deinit {
    factors.deallocate()
    line.deallocate()
    sums.deallocate()
  }

  private static func factor(_ index: Int, rate: Int) -> Double {
    let place = Double(index - span / 2)
    let window = 0.5 * (1 - cos(2 * .pi * Double(index) / Double(span)))
    guard place != 0 else { return window }
    let angle = place * .pi / Double(rate)
    return window * sin(angle) / angle
  }

  /// Adds at most `blockFrames` frames, all of them numbers.
  mutating func add(_ source: UnsafePointer<Float>, frames: Int) {
    let block = line + taps
    block.update(from: source, count: frames)
    samples = max(samples, Self.peak(block, frames))
    highest = max(highest, samples)
    if phases > 0 { measure(block, frames) }
    // What the filter still sees moves to the front; a short block leaves some of what was there.
    for index in 0..<taps { line[index] = line[frames + index] }
  }

  private mutating func measure(_ block: UnsafeMutablePointer<Float>, _ frames: Int) {
    var start = 0
    while start < frames {
      let count = min(Self.pieceFrames, frames - start)
      let peak = Self.peak(block + start, count)
      if max(peak, before) * largestSum > highest { interpolate(block + start, count) }
      before = count < taps ? max(before, peak) : peak
      start += count
    }
  }

  private mutating func interpolate(_ piece: UnsafeMutablePointer<Float>, _ count: Int) {
    let sums = sums
    for phase in 0..<phases {
      let factors = factors + phase * taps
      let first = factors[0]
      for index in 0..<count { sums[index] = piece[index] * first }
      for tap in 1..<taps {
        let factor = factors[tap]
        let earlier = piece - tap
        for index in 0..<count { sums[index] += earlier[index] * factor }
      }
      highest = max(highest, Self.peak(sums, count))
    }
  }

  /// The largest magnitude; that of infinity or more where there is something that is no number.
  static func peak(_ samples: UnsafePointer<Float>, _ count: Int) -> Float {
    Float(bitPattern: largestBits(samples, count))
  }

  /// Magnitudes have the order of their bits.
  static func largestBits(_ samples: UnsafePointer<Float>, _ count: Int) -> UInt32 {
    var largest: UInt32 = 0
    for index in 0..<count {
      let magnitude = samples[index].bitPattern & 0x7FFF_FFFF
      largest = magnitude > largest ? magnitude : largest
    }
    return largest
  }
}
