import Foundation

extension Sound {
  /// The mean square of what lies above a frequency, of both channels: two Butterworth sections of second
  /// order, one after the other.
  package func energy(above hertz: Double, _ range: Range<Int>, sampleRate: Double = 48_000) -> Double {
    let energies = [left, right].map { channel -> Double in
      var samples = channel.map(Double.init)
      for quality in [0.541_196_1, 1.306_563] {
        samples = Self.highPassed(samples, hertz: hertz, quality: quality, sampleRate: sampleRate)
      }
      return range.reduce(0.0) { $0 + samples[$1] * samples[$1] } / Double(range.count)
    }
    return (energies[0] + energies[1]) / 2
  }

  /// A high-pass of second order by the bilinear transform.
  private static func highPassed(
    _ samples: [Double], hertz: Double, quality: Double, sampleRate: Double
  ) -> [Double] {
    let warped = tan(.pi * hertz / sampleRate)
    let scale = 1 / (1 + warped / quality + warped * warped)
    let back1 = 2 * (warped * warped - 1) * scale
    let back2 = (1 - warped / quality + warped * warped) * scale
    var (x1, x2, y1, y2) = (0.0, 0.0, 0.0, 0.0)
    return samples.map { x in
      let y = (x - 2 * x1 + x2) * scale - back1 * y1 - back2 * y2
      (x2, x1, y2, y1) = (x1, x, y1, y)
      return y
    }
  }
}
