/// Milliseconds since 1970. Where time is compared it comes from one clock that does not jump; it is always a parameter.
package typealias JobTime = Int64

extension JobTime {
  /// Later by some milliseconds; never beyond what can be said.
  package func later(_ milliseconds: Int64) -> JobTime {
    let (sum, overflow) = addingReportingOverflow(milliseconds)
    return overflow ? (milliseconds < 0 ? .min : .max) : sum
  }

  /// Later by seconds; what is no number, or negative, is none.
  package func later(seconds: Double) -> JobTime {
    guard seconds > 0 else { return self }
    return later(Int64(Swift.min(seconds * 1_000, 9e15).rounded(.up)))
  }
}

/// Steele, Lea and Flood's SplitMix64: the same seed gives the same jitter.
package struct Dice: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
