import Foundation

extension Sound {
  /// Hz of a steady tone on the left, from its upward crossings of zero, each placed between two frames.
  func frequency(_ range: Range<Int>) -> Double {
    var crossings: [Double] = []
    for frame in range.dropLast() where left(frame) < 0 && left(frame + 1) >= 0 {
      let (before, after) = (Double(left(frame)), Double(left(frame + 1)))
      crossings.append(Double(frame) + before / (before - after))
    }
    guard let first = crossings.first, let last = crossings.last, crossings.count > 2 else { return 0 }
    return Double(crossings.count - 1) * Double(rate) / (last - first)
  }

  /// The sine of a known frequency that lies nearest to one side: the sound is `sine·sin(ωn) + cosine·cos(ωn)` with `n`
  /// counted from the file's first frame, plus `error` (RMS).
  struct SineFit {
    var sine = 0.0
    var cosine = 0.0
    var error = 0.0

    var amplitude: Double { (sine * sine + cosine * cosine).squareRoot() }
    /// The error below the sine, in dB.
    var errorDB: Double { decibels(error / (amplitude * 0.5.squareRoot())) }
  }

  func sineFit(hertz: Double, _ range: Range<Int>, right isRight: Bool = false) -> SineFit {
    let step = 2 * Double.pi * hertz / Double(rate)
    // Least squares: two normal equations.
    var (ss, sc, cc, sx, cx) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for frame in range {
      let (s, c, x) = (
        sin(step * Double(frame)), cos(step * Double(frame)), Double(samples[2 * frame + (isRight ? 1 : 0)])
      )
      ss += s * s
      sc += s * c
      cc += c * c
      sx += s * x
      cx += c * x
    }
    let determinant = ss * cc - sc * sc
    var fit = SineFit(sine: (sx * cc - cx * sc) / determinant, cosine: (cx * ss - sx * sc) / determinant)
    var squares = 0.0
    for frame in range {
      let model = fit.sine * sin(step * Double(frame)) + fit.cosine * cos(step * Double(frame))
      let difference = Double(samples[2 * frame + (isRight ? 1 : 0)]) - model
      squares += difference * difference
    }
    fit.error = (squares / Double(range.count)).squareRoot()
    return fit
  }

  /// RMS over both sides of each window; a last part of a window is left away.
  func envelope(seconds: Double) -> [Double] {
    let window = Int(seconds * Double(rate))
    return samples.withUnsafeBufferPointer { samples in
      (0..<(frames / window)).map { number in
        var squares: Float = 0
        for index in (2 * number * window)..<(2 * (number + 1) * window) {
          squares += samples[index] * samples[index]
        }
        return Double(squares / Float(2 * window)).squareRoot()
      }
    }
  }

  /// The largest difference within each block of 64 frames, as far as both last.
  func differences(to other: Sound, block: Int = 64) -> [Float] {
    samples.withUnsafeBufferPointer { mine in
      other.samples.withUnsafeBufferPointer { theirs in
        (0..<(min(mine.count, theirs.count) / (2 * block))).map { number in
          var largest: Float = 0
          for index in (2 * number * block)..<(2 * (number + 1) * block) {
            largest = max(largest, abs(mine[index] - theirs[index]))
          }
          return largest
        }
      }
    }
  }
}

/// Pearson's, of two lists, the shorter one continued with zeros.
func correlation(_ first: [Double], _ second: [Double]) -> Double {
  let count = max(first.count, second.count)
  let a = first + [Double](repeating: 0, count: count - first.count)
  let b = second + [Double](repeating: 0, count: count - second.count)
  let (meanA, meanB) = (a.reduce(0, +) / Double(count), b.reduce(0, +) / Double(count))
  var (ab, aa, bb) = (0.0, 0.0, 0.0)
  for (x, y) in zip(a, b) {
    ab += (x - meanA) * (y - meanB)
    aa += (x - meanA) * (x - meanA)
    bb += (y - meanB) * (y - meanB)
  }
  return ab / (aa * bb).squareRoot()
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
}
