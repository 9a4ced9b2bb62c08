/// How strong each harmonic of a steady tone is, given its number and its frequency.
struct Spectrum: Sendable {
  let level: @Sendable (_ number: Int, _ frequency: Double) -> Double
  /// Spread phases keep the crest of a rich tone low; waves known by their shape keep their phases at zero.
  var spread = true

  func harmonics(in octave: Octave) -> [Harmonic] {
    (1...octave.harmonics).map { number in
      let phase = spread ? Spectrum.spreadPhase(number) : 0
      return Harmonic(number: number, level: level(number, Double(number) * octave.frequency), phase: phase)
    }
  }

  /// A phase that falls quadratically with the harmonic's number.
  private static func spreadPhase(_ number: Int) -> Double {
    let turns = Double(number * (number - 1)) / 37
    return turns - turns.rounded(.down)
  }
}

extension Spectrum {
  static let saw = Spectrum(level: { n, _ in 1 / Double(n) }, spread: false)
  static let square = Spectrum(level: { n, _ in n % 2 == 1 ? 1 / Double(n) : 0 }, spread: false)
  static let triangle = Spectrum(
    level: { n, _ in
      let sign = n % 4 == 1 ? 1.0 : -1.0
      return n % 2 == 1 ? sign / Double(n * n) : 0
    }, spread: false)
  static let pulse = Spectrum(
    level: { n, _ in Arithmetic.sine(turns: Double(n) / 8) / Double(n) }, spread: false)

  /// A stop per footage: 8', 4', 2 2/3', 2', 1 3/5', 1 1/3' and 1'.
  static let drawbars = stops([1: 1, 2: 0.75, 3: 0.55, 4: 0.4, 5: 0.08, 6: 0.18, 8: 0.22])
  static let principals = stops([1: 1, 2: 0.8, 3: 0.3, 4: 0.55, 6: 0.2, 8: 0.35, 12: 0.1, 16: 0.14])
  static let flute = stops([1: 1, 2: 0.32, 3: 0.13, 4: 0.06, 5: 0.03])

  static let reed = Spectrum { n, f in
    (0.25 + bump(f, at: 1_150, width: 500) + 0.5 * bump(f, at: 2_900, width: 700)) * rolloff(f, 4_500)
      * (n == 1 ? 0.8 : 1)
  }
  static let clarinet = Spectrum { n, f in
    (n % 2 == 1 ? 1 : min(0.35, 0.03 * Double(n))) / Arithmetic.power(Double(n), 0.7) * rolloff(f, 2_600)
  }
  static let saxophone = Spectrum { n, f in
    (0.5 + bump(f, at: 650, width: 350) + 0.4 * bump(f, at: 1_700, width: 600))
      / Arithmetic.power(Double(n), 0.55) * rolloff(f, 3_800)
  }
  static let bowed = Spectrum { n, f in
    (0.6 + bump(f, at: 480, width: 150) + 0.7 * bump(f, at: 1_050, width: 260)
      + 0.6 * bump(f, at: 2_700, width: 900)) / Arithmetic.power(Double(n), 0.85) * rolloff(f, 6_500)
  }
  static let brass = Spectrum { n, f in
    (0.45 + bump(f, at: 1_300, width: 700)) / Arithmetic.power(Double(n), 0.35) * rolloff(f, 4_200)
  }
  static let vowelA = formants([(700, 130, 1), (1_130, 160, 0.65), (2_650, 260, 0.16), (3_400, 350, 0.1)])
  static let vowelO = formants([(380, 90, 1), (820, 130, 0.28), (2_500, 260, 0.04), (3_200, 350, 0.03)])
  static let driven = Spectrum { n, f in
    (n % 2 == 1 ? 1 : 0.75) / Arithmetic.power(Double(n), 0.55) * rolloff(f, 3_400)
      * (0.6 + bump(f, at: 1_500, width: 900))
  }
  static let metal = Spectrum { n, f in
    [1.0, 0.25, 0.5, 0.15, 0.9, 0.3, 0.7, 0.2, 0.5][(n - 1) % 9] / Arithmetic.power(Double(n), 0.5)
      * rolloff(f, 7_000)
  }

  private static func stops(_ levels: [Int: Double]) -> Spectrum { Spectrum { n, _ in levels[n] ?? 0 } }

  /// A voice: a glottal slope under resonances given as frequency, width and level. A little of the slope
  /// alone keeps notes above the resonances audible.
  private static func formants(_ resonances: [(Double, Double, Double)]) -> Spectrum {
    Spectrum { n, f in
      var level = n <= 2 ? 0.12 : 0.03
      for (centre, width, height) in resonances { level += height * bump(f, at: centre, width: width) }
      return level / Arithmetic.power(Double(n), 0.3)
    }
  }

  private static func bump(_ frequency: Double, at centre: Double, width: Double) -> Double {
    let distance = (frequency - centre) / width
    return 1 / (1 + distance * distance)
  }

  private static func rolloff(_ frequency: Double, _ corner: Double) -> Double {
    let ratio = frequency / corner
    return 1 / (1 + ratio * ratio)
  }
}
