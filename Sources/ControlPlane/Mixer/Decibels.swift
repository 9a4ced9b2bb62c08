import Glibc

extension Double {
  static func power10(_ exponent: Double) -> Double { exponent == 0 ? 1 : pow(10, exponent) }

  /// A linear level in dB, not below −120.
  var decibels: Double { self <= 1e-6 ? -120 : 20 * log10(self) }

  /// For people and JSON: two digits after the point.
  var hundredths: Double { (self * 100).rounded() / 100 }
}
