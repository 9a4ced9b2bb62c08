/// What came out: two channels of equal length, and the numbers tests judge them by.
package struct Sound: Equatable {
  package var left: [Float] = []
  package var right: [Float] = []

  package init(left: [Float] = [], right: [Float] = []) {
    self.left = left
    self.right = right
  }

  package var frames: Int { left.count }

  package static func += (sound: inout Sound, more: Sound) {
    sound.left += more.left
    sound.right += more.right
  }

  package subscript(range: Range<Int>) -> Sound {
    Sound(left: Array(left[range]), right: Array(right[range]))
  }

  /// The first frame that is not silent, from `start` on.
  package func firstSounding(from start: Int = 0, above floor: Float = 0) -> Int? {
    (start..<frames).first { abs(left[$0]) > floor || abs(right[$0]) > floor }
  }

  package var isSilent: Bool { firstSounding() == nil }

  package func peak(_ range: Range<Int>? = nil) -> Float {
    var peak: Float = 0
    for frame in range ?? 0..<frames { peak = max(peak, abs(left[frame]), abs(right[frame])) }
    return peak
  }

  /// The largest step from one frame to the next, of either channel.
  package func largestStep(_ range: Range<Int>? = nil) -> Float {
    var step: Float = 0
    for frame in (range ?? 1..<frames) where frame > 0 {
      step = max(step, abs(left[frame] - left[frame - 1]), abs(right[frame] - right[frame - 1]))
    }
    return step
  }

  /// Where each of many separated sounds begins: a frame that sounds after `gap` silent ones.
  package func onsets(gap: Int, above floor: Float = 0) -> [Int] {
    var found: [Int] = []
    var silent = gap
    for frame in 0..<frames {
      if abs(left[frame]) > floor || abs(right[frame]) > floor {
        if silent >= gap { found.append(frame) }
        silent = 0
      } else {
        silent += 1
      }
    }
    return found
  }

  /// The largest difference to another sound, as a share of full scale.
  package func difference(to other: Sound) -> Float {
    guard frames == other.frames else { return .infinity }
    var largest: Float = 0
    for frame in 0..<frames {
      largest = max(largest, abs(left[frame] - other.left[frame]), abs(right[frame] - other.right[frame]))
    }
    return largest
  }

  /// Power of one frequency, of the left channel, as an amplitude.
  package func amplitude(hertz: Double, _ range: Range<Int>, sampleRate: Double = 48_000) -> Double {
    var real = 0.0
    var imaginary = 0.0
    for frame in range {
      let angle = 2 * Double.pi * hertz * Double(frame) / sampleRate
      real += Double(left[frame]) * cosine(angle)
      imaginary += Double(left[frame]) * cosine(angle - .pi / 2)
    }
    return 2 * (real * real + imaginary * imaginary).squareRoot() / Double(range.count)
  }
}

/// 3x² − 2x³: a fade that hides a cut has no corners, and two that cross add up to 1.
package func smooth(_ x: Float) -> Float { x * x * (3 - 2 * x) }
