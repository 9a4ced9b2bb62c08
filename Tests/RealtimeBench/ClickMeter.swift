/// How much a transition is heard as a click: the energy above 8 kHz in the 10 ms around it, next to what the
/// same signal has there when nothing happens.
package struct ClickMeter {
  package struct Reading {
    /// RMS above 8 kHz in dBFS: in the worst 10 ms of the transition, and in the worst 10 ms of steady sound.
    package var transitionDB: Double
    package var steadyDB: Double

    /// Less than 6 dB over steady state, or below −80 dBFS.
    package var isClean: Bool { transitionDB < -80 || transitionDB - steadyDB < 6 }
  }

  private let coefficients: [Double]
  private let window: Int

  /// A high-pass of linear phase, 8 kHz at −6 dB: a windowed sinc of 255 taps, Blackman's window, −74 dB below
  /// 7.5 kHz at 48 kHz.
  package init(sampleRate: Double = 48_000, cutoff: Double = 8_000) {
    let half = 127
    let ratio = cutoff / sampleRate
    coefficients = (-half...half).map { index in
      let x = Double(index)
      let angle = Double.pi * (x / Double(half) + 1)
      let shape = 0.42 - 0.5 * cosine(angle) + 0.08 * cosine(2 * angle)
      let low = index == 0 ? 2 * ratio : cosine(2 * .pi * ratio * x - .pi / 2) / (.pi * x)
      return ((index == 0 ? 1 : 0) - low) * shape
    }
    window = Int(sampleRate / 100)
  }

  /// Reads a transition somewhere within `around`, and steady sound in `steady`.
  package func read(_ samples: [Float], around: Range<Int>, steady: Range<Int>) -> Reading {
    Reading(transitionDB: worst(samples, around), steadyDB: worst(samples, steady))
  }

  /// The loudest 10 ms above the cut-off, in steps of 2.5 ms.
  private func worst(_ samples: [Float], _ range: Range<Int>) -> Double {
    let high = range.map { filtered(samples, $0) }
    var worst = 0.0
    for start in stride(from: 0, through: max(0, high.count - window), by: window / 4) {
      let part = high[start..<min(high.count, start + window)]
      worst = max(worst, part.reduce(0) { $0 + $1 * $1 } / Double(part.count))
    }
    return 10 * decadic(max(worst, 1e-30))
  }

  private func filtered(_ samples: [Float], _ frame: Int) -> Double {
    var sum = 0.0
    for (index, coefficient) in coefficients.enumerated() {
      let place = frame + index - coefficients.count / 2
      if samples.indices.contains(place) { sum += coefficient * Double(samples[place]) }
    }
    return sum
  }
}
