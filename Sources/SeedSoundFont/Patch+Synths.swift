extension Patch {
  static let leads = [
    Patch("Square Lead", -8.5, [lead(.square, cutoff: 9_000)]),
    Patch(
      "Saw Lead", -7.5,
      [lead(.saw, cutoff: 6_000, tune: 0.05, pan: -0.2), lead(.saw, cutoff: 6_000, tune: -0.05, pan: 0.2)]),
    Patch("Calliope Lead", -4, [lead(.flute, cutoff: 8_000), air(-20, decay: 0.5)]),
    Patch("Chiff Lead", 0, [lead(.pulse, cutoff: 5_000), air(-10, decay: 0.15)]),
    Patch("Charang", -3.5, [lead(.driven, cutoff: 5_500), ring(.wire, -6, decay: 5)]),
    Patch("Voice Lead", -2, [lead(.vowelA, cutoff: 6_000), air(-24, decay: 3)]),
    Patch("Fifths Lead", -7, [lead(.saw, cutoff: 4_500), lead(.saw, cutoff: 4_500, level: -2, tune: 7.02)]),
    Patch(
      "Bass and Lead", -8.5, [lead(.saw, cutoff: 3_500), lead(.square, cutoff: 2_000, level: -2, tune: -12)]),
  ]

  private static func lead(
    _ tone: Tone, cutoff: Double, level: Double = 0, tune: Double = 0, pan: Double = 0
  ) -> Layer {
    Layer(
      tone: tone, level: level, tune: tune, pan: pan,
      envelope: .settling(0.006, decay: 4, by: 3, release: 0.3),
      filter: .init(cutoff: cutoff * 0.6, resonance: 2, sweep: 0.8, decay: 0.8, rest: 0.3, velocity: 1.6),
      vibrato: .init(depth: 0.1, hertz: 5.5, delay: 0.5), sends: .init(reverb: 100, chorus: 15))
  }

  static func air(_ level: Double, decay: Double) -> Layer {
    Layer(
      tone: .hiss, level: level, envelope: .fading(decay * 4, release: 0.3, halving: 0),
      filter: .init(cutoff: 6_000), sends: .init(reverb: 150), scaleTuning: 30)
  }

  static func ring(_ tone: Tone, _ level: Double, tune: Double = 0, decay: Double, pan: Double = 0) -> Layer {
    Layer(
      tone: tone, level: level, tune: tune, pan: pan, envelope: .ringing(decay), filter: .init(cutoff: 9_000),
      sends: .init(reverb: 200, chorus: 25))
  }

  static let pads = [
    Patch(
      "New Age Pad", -11.5, wash(.flute, cutoff: 6_000, attack: 0.3) + [ring(.bell, -9, tune: 12, decay: 7)]),
    Patch("Warm Pad", -10, wash(.saw, cutoff: 900, attack: 0.4)),
    Patch("Polysynth", -11, wash(.saw, cutoff: 3_500, attack: 0.02)),
    Patch("Choir Pad", -5.5, section(.choir, attack: 0.35, cutoff: 5_000, release: 1.5)),
    Patch("Bowed Pad", -8, wash(.bowed, cutoff: 3_500, attack: 0.5)),
    Patch("Metallic Pad", -9, wash(.metal, cutoff: 3_500, attack: 0.2)),
    Patch(
      "Halo Pad", -7.5, wash(.vowelA, cutoff: 3_000, attack: 0.5) + [ring(.tine, -12, tune: 12, decay: 8)]),
    Patch("Sweep Pad", -8.5, wash(.saw, cutoff: 350, attack: 0.4, sweep: 3.5)),
  ]

  /// Two detuned voices far apart that come and go slowly.
  private static func wash(_ tone: Tone, cutoff: Double, attack: Double, sweep: Double = 0.6) -> [Layer] {
    [-1.0, 1.0].map { side in
      Layer(
        tone: tone, tune: side * 0.07, pan: side * 0.6, envelope: .held(attack, release: 0.6 + attack * 2.5),
        filter: .init(
          cutoff: cutoff, resonance: sweep > 2 ? 6 : 1, sweep: sweep, attack: 0.1 + attack * 3, decay: 6,
          rest: 0.4,
          velocity: 1.4),
        vibrato: .init(depth: 0.06, hertz: 4.2 + side * 0.5, delay: 0.2),
        sends: .init(reverb: 280, chorus: 50))
    }
  }

  static let effects = [
    Patch(
      "Rain", -12.5,
      [ring(.mallet, 0, tune: 12, decay: 4, pan: -0.4), ring(.bell, -6, tune: 19, decay: 3, pan: 0.4)]
        + wash(.triangle, cutoff: 3_000, attack: 0.1)),
    Patch("Soundtrack", -10, wash(.saw, cutoff: 1_300, attack: 0.7) + [fifth(.bowed, -5)]),
    Patch(
      "Crystal", -4,
      [ring(.bell, 0, tune: 0.06, decay: 8, pan: -0.4), ring(.tine, -2, tune: 12, decay: 7, pan: 0.4)]),
    Patch(
      "Atmosphere", -9.5, [ring(.pluck, 0, decay: 9, pan: -0.2)] + wash(.vowelO, cutoff: 4_000, attack: 0.5)),
    Patch(
      "Brightness", -5, [ring(.bell, -3, tune: 12, decay: 6)] + wash(.pulse, cutoff: 6_000, attack: 0.15)),
    Patch("Goblins", -5.5, wash(.vowelO, cutoff: 700, attack: 0.8, sweep: 3) + [air(-16, decay: 6)]),
    Patch(
      "Echoes", -12, wash(.triangle, cutoff: 4_000, attack: 0.02) + [ring(.tine, -3, tune: 12, decay: 9)]),
    Patch("Sci-fi", -7.5, wash(.metal, cutoff: 1_200, attack: 0.1, sweep: 2.6) + [fifth(.saw, -9)]),
  ]

  private static func fifth(_ tone: Tone, _ level: Double) -> Layer {
    Layer(
      tone: tone, level: level, tune: 7.02, envelope: .held(0.6, release: 1.8), filter: .init(cutoff: 2_200),
      sends: .init(reverb: 280, chorus: 50))
  }
}
