/// Noise that makes rounding to a step independent of the sound: triangular between one step below and one
/// above, the difference of two even ones (Lipshitz, Wannamaker and Vanderkooy, "Quantization and Dither: A
/// Theoretical Survey", JAES 40, 1992). The same from every start, so that equal renders are equal files.
struct Dither {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// In steps, above −1 and below 1.
  mutating func next() -> Double { even() - even() }

  /// 0 ..< 1 (xorshift64*, Vigna, "An experimental exploration of Marsaglia's xorshift generators", 2016).
  private mutating func even() -> Double {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return Double((state &* 0x2545_F491_4F6C_DD1D) >> 11) * 0x1p-53
  }
}
