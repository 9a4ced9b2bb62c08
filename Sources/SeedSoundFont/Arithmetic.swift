// Transcendental functions from additions, multiplications and divisions alone: IEEE 754 fixes the last bit
// of those, and no maths library does so for its own, so the font comes out the same on every machine and in
// every build.

package enum Arithmetic {
  /// The sine of an angle in turns (1 is a full circle), to about 1e-15 for angles a few thousand turns long.
  package static func sine(turns: Double) -> Double {
    var angle = turns - turns.rounded()
    if angle > 0.25 { angle = 0.5 - angle }
    if angle < -0.25 { angle = -0.5 - angle }
    let x = angle * 2 * Double.pi
    let square = x * x
    var sum = 1.0
    for coefficient in sineCoefficients { sum = 1 - square * coefficient * sum }
    return x * sum
  }

  /// The ratios of successive terms of the sine's series, last term first.
  private static let sineCoefficients: [Double] = stride(from: 20, through: 2, by: -2).map {
    1 / Double($0 * ($0 + 1))
  }

  package static func cosine(turns: Double) -> Double { sine(turns: turns + 0.25) }

  /// Two to the power `x`, for `x` between -1000 and 1000.
  package static func exp2(_ x: Double) -> Double {
    let whole = x.rounded()
    let rest = (x - whole) * naturalLogOfTwo
    var sum = 1.0
    for coefficient in exponentialCoefficients { sum = 1 + rest * coefficient * sum }
    return Double(sign: .plus, exponent: Int(whole), significand: sum)
  }

  /// The ratios of successive terms of the exponential's series, last term first.
  private static let exponentialCoefficients: [Double] = (1...13).reversed().map { 1 / Double($0) }

  /// The logarithm to base two of a positive, normal number.
  package static func log2(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var significand = x.significand
    if significand > 1.414 {
      significand /= 2
      exponent += 1
    }
    let ratio = (significand - 1) / (significand + 1)
    let square = ratio * ratio
    var power = ratio
    var sum = 0.0
    for n in stride(from: 1, through: 25, by: 2) {
      sum += power / Double(n)
      power *= square
    }
    return exponent + 2 * sum / naturalLogOfTwo
  }

  package static func power(_ base: Double, _ exponent: Double) -> Double { exp2(exponent * log2(base)) }

  /// The natural exponential, for decays.
  package static func exp(_ x: Double) -> Double { exp2(x / naturalLogOfTwo) }

  /// 0 below `low`, 1 above `high`, a half cosine between.
  package static func smoothStep(_ x: Double, from low: Double, to high: Double) -> Double {
    if x <= low { return 0 }
    if x >= high { return 1 }
    return 0.5 - 0.5 * cosine(turns: (x - low) / (high - low) / 2)
  }

  private static let naturalLogOfTwo = 0.693147180559945309417
}

/// A xorshift64* generator: the same noise everywhere.
package struct Noise {
  private var state: UInt64

  package init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// The next value in -1 ..< 1.
  package mutating func next() -> Double {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    let bits = Int64(bitPattern: state &* 0x2545_F491_4F6C_DD1D) >> 11
    return Double(bits) / Double(1 << 52)
  }
}
