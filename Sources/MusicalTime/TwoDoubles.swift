/// A number of about 106 bits: the sum of two doubles, the second at most half a unit in the last place of the
/// first. Sums and products after Dekker, "A floating-point technique for extending the available precision"
/// (1971). Any thread.
struct TwoDoubles: BitwiseCopyable, Sendable, Equatable {
  var high: Double
  var low: Double

  @_noLocks
  init(_ high: Double, _ low: Double = 0) {
    self.high = high
    self.low = low
  }

  /// The sum of two doubles of any size.
  @_noLocks
  private static func exactSum(_ one: Double, _ other: Double) -> TwoDoubles {
    let sum = one + other
    let part = sum - one
    return TwoDoubles(sum, (one - (sum - part)) + (other - part))
  }

  /// The same, the first being the larger one.
  @_noLocks
  private static func quickSum(_ large: Double, _ small: Double) -> TwoDoubles {
    let sum = large + small
    return TwoDoubles(sum, small - (sum - large))
  }

  /// The product of two doubles below 2^990: each is cut into halves of 26 bits.
  @_noLocks
  private static func exactProduct(_ one: Double, _ other: Double) -> TwoDoubles {
    let first = halves(one)
    let second = halves(other)
    let product = one * other
    let rest = first.high * second.high - product + first.high * second.low + first.low * second.high
    return TwoDoubles(product, rest + first.low * second.low)
  }

  @_noLocks
  private static func halves(_ number: Double) -> TwoDoubles {
    let scaled = 134_217_729 * number
    let high = scaled - (scaled - number)
    return TwoDoubles(high, number - high)
  }

  @_noLocks
  func plus(_ other: TwoDoubles) -> TwoDoubles {
    let sum = Self.exactSum(high, other.high)
    let rest = Self.exactSum(low, other.low)
    let middle = Self.quickSum(sum.high, sum.low + rest.high)
    return Self.quickSum(middle.high, middle.low + rest.low)
  }

  @_noLocks
  func minus(_ other: TwoDoubles) -> TwoDoubles { plus(TwoDoubles(-other.high, -other.low)) }

  @_noLocks
  func times(_ other: TwoDoubles) -> TwoDoubles {
    let product = Self.exactProduct(high, other.high)
    return Self.quickSum(product.high, product.low + (high * other.low + low * other.high))
  }

  @_noLocks
  func over(_ other: TwoDoubles) -> TwoDoubles {
    let first = high / other.high
    let afterFirst = minus(other.times(TwoDoubles(first)))
    let second = afterFirst.high / other.high
    let third = afterFirst.minus(other.times(TwoDoubles(second))).high / other.high
    return Self.quickSum(first, second).plus(TwoDoubles(third))
  }

  /// Times a power of two, which is exact.
  @_noLocks
  private func scaled(_ factor: Double) -> TwoDoubles { TwoDoubles(high * factor, low * factor) }

  /// `ln(1 + x)` for `x` from −0.99 to 100: `1 + x` is brought between 0.7 and 1.4 by powers of two, and what is
  /// left is `2·artanh(z)` with `z = (m − 1)/(m + 1)`, a series in `z²` of at most 0.03.
  @_noLocks
  func logarithmOfOnePlus() -> TwoDoubles {
    var numerator = self
    var denominator = plus(TwoDoubles(2))
    var powers = 0.0
    if abs(high) > 0.3 {
      var rest = plus(TwoDoubles(1))
      while rest.high > 1.4 {
        rest = rest.scaled(0.5)
        powers += 1
      }
      while rest.high < 0.7 {
        rest = rest.scaled(2)
        powers -= 1
      }
      numerator = rest.minus(TwoDoubles(1))
      denominator = rest.plus(TwoDoubles(1))
    }
    let z = numerator.over(denominator)
    let square = z.times(z)
    var sum = TwoDoubles(0)
    var term = 22
    while term >= 0 {
      sum = sum.times(square).plus(TwoDoubles(1).over(TwoDoubles(Double(2 * term + 1))))
      term -= 1
    }
    let logarithmOfTwo = TwoDoubles(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56)
    return sum.times(z).scaled(2).plus(logarithmOfTwo.times(TwoDoubles(powers)))
  }
}
