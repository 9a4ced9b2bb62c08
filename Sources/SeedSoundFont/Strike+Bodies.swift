extension Strike {
  static let piano = Strike(
    zones: [
      Zone(octave: 1, keys: 0...55, seconds: 0.34),
      Zone(octave: 2, keys: 56...67, seconds: 0.27),
      Zone(octave: 3, keys: 68...79, seconds: 0.2),
      Zone(octave: 4, keys: 80...127, seconds: 0.13),
    ],
    partials: string(
      count: 26, slope: 1.15, pluckedAt: 0.122, stiffness: 0.0004, decay: 0.5, damping: 0.1, keeps: 3.2),
    knock: (level: 0.5, decay: 0.006, dullness: 0.8))

  static let pluck = Strike(
    zones: [
      Zone(octave: 1, keys: 0...55, seconds: 0.24),
      Zone(octave: 2, keys: 56...70, seconds: 0.17),
      Zone(octave: 4, keys: 71...127, seconds: 0.1),
    ],
    partials: string(
      count: 22, slope: 1.2, pluckedAt: 0.21, stiffness: 0.0001, decay: 0.25, damping: 0.25, keeps: 1.6),
    knock: (level: 0.35, decay: 0.004, dullness: 0.7))

  static let wire = Strike(
    zones: [
      Zone(octave: 1, keys: 0...55, seconds: 0.25),
      Zone(octave: 2, keys: 56...70, seconds: 0.17),
      Zone(octave: 4, keys: 71...127, seconds: 0.1),
    ],
    partials: string(
      count: 34, slope: 0.85, pluckedAt: 0.13, stiffness: 0.00015, decay: 0.22, damping: 0.07, keeps: 3.5),
    knock: (level: 0.25, decay: 0.003, dullness: 0.4))

  static let bass = Strike(
    zones: [
      Zone(octave: 0, keys: 0...44, seconds: 0.24),
      Zone(octave: 1, keys: 45...56, seconds: 0.2),
      Zone(octave: 3, keys: 57...127, seconds: 0.1),
    ],
    partials: string(
      count: 24, slope: 1.1, pluckedAt: 0.17, stiffness: 0.0002, decay: 0.25, damping: 0.22, keeps: 2.6),
    knock: (level: 0.3, decay: 0.004, dullness: 0.8))

  static let tine = Strike(
    zones: [
      Zone(octave: 1, keys: 0...58, seconds: 0.2),
      Zone(octave: 3, keys: 59...79, seconds: 0.16),
      Zone(octave: 4, keys: 80...127, seconds: 0.1),
    ],
    partials: [
      Partial(ratio: 1, level: 1, decay: 0.3, floor: 0.85),
      Partial(ratio: 2, level: 0.22, decay: 0.25, floor: 0.45),
      Partial(ratio: 3, level: 0.14, decay: 0.2, floor: 0.2),
      Partial(ratio: 4, level: 0.05, decay: 0.15, floor: 0.2),
      Partial(ratio: 7.12, level: 0.26, decay: 0.05),
      Partial(ratio: 13.6, level: 0.1, decay: 0.025),
    ],
    knock: (level: 0.12, decay: 0.003, dullness: 0.5))

  static let mallet = Strike(
    zones: [
      Zone(octave: 1, keys: 0...57, seconds: 0.12),
      Zone(octave: 3, keys: 58...79, seconds: 0.1),
      Zone(octave: 4, keys: 80...127, seconds: 0.06),
    ],
    partials: [
      Partial(ratio: 1, level: 1, decay: 0.1, floor: 0.9),
      Partial(ratio: 3.93, level: 0.4, decay: 0.035),
      Partial(ratio: 9.24, level: 0.22, decay: 0.014),
    ],
    knock: (level: 0.35, decay: 0.003, dullness: 0.65))

  static let bell = Strike(
    zones: [
      Zone(octave: 2, keys: 0...66, seconds: 0.3),
      Zone(octave: 4, keys: 67...127, seconds: 0.2),
    ],
    partials: [
      Partial(ratio: 1, level: 1, decay: 0.5, floor: 0.7),
      Partial(ratio: 2, level: 0.3, decay: 0.4, floor: 0.5),
      Partial(ratio: 2.76, level: 0.55, decay: 0.16),
      Partial(ratio: 2.78, level: 0.25, decay: 0.14),
      Partial(ratio: 5.4, level: 0.4, decay: 0.09),
      Partial(ratio: 8.93, level: 0.22, decay: 0.05),
      Partial(ratio: 13.3, level: 0.1, decay: 0.03),
    ],
    knock: (level: 0.1, decay: 0.002, dullness: 0.3))

  /// A string's partials: `slope` is how fast they fall with their number, `pluckedAt` the place of the
  /// hammer or finger along the string, `stiffness` what spreads the upper ones, `damping` how much sooner
  /// those fade, and `keeps` about how many stay in the loop.
  private static func string(
    count: Int, slope: Double, pluckedAt place: Double, stiffness: Double, decay: Double, damping: Double,
    keeps: Double
  ) -> [Partial] {
    (1...count).map { n in
      let number = Double(n)
      let shape = Arithmetic.sine(turns: number * place / 2)
      return Partial(
        ratio: number * (1 + stiffness * number * number).squareRoot(),
        level: (shape.magnitude + 0.04) / Arithmetic.power(number, slope),
        decay: decay / (1 + damping * (number - 1)),
        floor: 0.92 * Arithmetic.exp(-(number - 1) / keeps))
    }
  }
}
