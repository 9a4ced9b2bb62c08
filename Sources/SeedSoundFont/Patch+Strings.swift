extension Patch {
  static let guitars = [
    Patch("Nylon Guitar", -3, [plucked(.pluck, decay: 8, cutoff: 6_000)]),
    Patch("Steel Guitar", 0, [plucked(.wire, decay: 10, cutoff: 9_000)]),
    Patch("Jazz Guitar", -3.5, [plucked(.pluck, decay: 9, cutoff: 2_600)]),
    Patch("Clean Guitar", 0, [plucked(.wire, decay: 12, cutoff: 5_000, chorus: 40)]),
    Patch(
      "Muted Guitar", 0,
      [
        Layer(
          tone: .pluck, envelope: .fading(1.3, release: 0.15),
          filter: .init(cutoff: 1_300, resonance: 3, sweep: 1.5, decay: 0.12))
      ]),
    Patch(
      "Overdriven Guitar", -3.5,
      [driven(cutoff: 3_600), plucked(.wire, level: -12, decay: 5, cutoff: 6_000)]),
    Patch(
      "Distortion Guitar", -5,
      [driven(cutoff: 5_500, pan: -0.2), driven(cutoff: 4_500, level: -3, tune: 0.06, pan: 0.2)]),
    Patch("Guitar Harmonics", -4, [plucked(.tine, tune: 12, decay: 8, cutoff: 8_000)]),
  ]

  private static func plucked(
    _ tone: Tone, level: Double = 0, tune: Double = 0, decay: Double, cutoff: Double, chorus: Int = 0
  ) -> Layer {
    Layer(
      tone: tone, level: level, tune: tune, envelope: .fading(decay, release: 0.5),
      filter: .init(cutoff: cutoff * 0.5, sweep: 1.2, decay: 1.5, velocity: 2.2),
      sends: .init(reverb: 80, chorus: chorus))
  }

  private static func driven(cutoff: Double, level: Double = 0, tune: Double = 0, pan: Double = 0) -> Layer {
    Layer(
      tone: .driven, level: level, tune: tune, pan: pan,
      envelope: .settling(0.003, decay: 12, by: 10, release: 0.25),
      filter: .init(cutoff: cutoff, resonance: 2, sweep: 0.6, decay: 0.8, velocity: 0.8),
      vibrato: .init(depth: 0.08, hertz: 5, delay: 0.8), sends: .init(reverb: 100))
  }

  static let basses = [
    Patch("Acoustic Bass", -0.5, [bass(.bass, decay: 6, cutoff: 1_400)]),
    Patch("Finger Bass", -1.5, [bass(.bass, decay: 9, cutoff: 1_900)]),
    Patch("Pick Bass", -1.5, [bass(.bass, decay: 9, cutoff: 4_200)]),
    Patch(
      "Fretless Bass", -1.5,
      [
        Layer(
          tone: .bass, envelope: .settling(0.03, decay: 12, by: 14, release: 0.25),
          filter: .init(cutoff: 700, sweep: 1.3, attack: 0.08, decay: 1.2),
          vibrato: .init(depth: 0.14, hertz: 4.8, delay: 0.4))
      ]),
    Patch(
      "Slap Bass 1", -5.5, [bass(.wire, decay: 6, cutoff: 6_500), bass(.sine, -4, decay: 5, cutoff: 4_000)]),
    Patch(
      "Slap Bass 2", -3.5, [bass(.wire, decay: 5, cutoff: 9_000), bass(.bass, -3, decay: 5, cutoff: 2_500)]),
    Patch("Synth Bass 1", -1.5, [synthBass(.saw, cutoff: 500, resonance: 8)]),
    Patch(
      "Synth Bass 2", -12.5,
      [synthBass(.square, cutoff: 380, resonance: 3), bass(.sine, -3, decay: 30, cutoff: 2_000)]),
  ]

  private static func bass(_ tone: Tone, _ level: Double = 0, decay: Double, cutoff: Double) -> Layer {
    Layer(
      tone: tone, level: level, envelope: .fading(decay, release: 0.25, halving: 36),
      filter: .init(cutoff: cutoff * 0.55, sweep: 1, decay: 0.7, velocity: 1.8), sends: .init(reverb: 20))
  }

  private static func synthBass(_ tone: Tone, cutoff: Double, resonance: Double) -> Layer {
    Layer(
      tone: tone, envelope: .settling(0.002, decay: 6, by: 8, release: 0.2),
      filter: .init(cutoff: cutoff, resonance: resonance, sweep: 2.6, decay: 0.45, rest: 0.25),
      sends: .init(reverb: 20))
  }

  static let soloStrings = [
    Patch("Violin", -3, [bowed(cutoff: 9_000)]),
    Patch("Viola", -3, [bowed(cutoff: 6_000)]),
    Patch("Cello", -3, [bowed(cutoff: 4_500, attack: 0.08)]),
    Patch("Contrabass", -2.5, [bowed(cutoff: 2_800, attack: 0.1)]),
    Patch(
      "Tremolo Strings", -0.5,
      [
        Layer(
          tone: .strings, envelope: .held(0.06, release: 0.7), filter: .init(cutoff: 6_000),
          vibrato: .init(depth: 0, hertz: 9.5, delay: 0, tremolo: 6), sends: .init(reverb: 160))
      ]),
    Patch(
      "Pizzicato Strings", -2,
      [
        Layer(
          tone: .pluck, pan: -0.2, envelope: .ringing(1.6), filter: .init(cutoff: 3_500, velocity: 2),
          sends: .init(reverb: 200)),
        Layer(
          tone: .pluck, level: -4, tune: 0.08, pan: 0.2, envelope: .ringing(1.4),
          filter: .init(cutoff: 3_500),
          sends: .init(reverb: 200)),
      ]),
    Patch(
      "Harp", -2.5,
      [Layer(tone: .pluck, envelope: .ringing(7), filter: .init(cutoff: 7_000), sends: .init(reverb: 180))]),
    Patch(
      "Timpani", -2.5,
      [
        Layer(
          tone: .tom, tune: 4, envelope: .ringing(6, halving: 0), filter: .init(cutoff: 3_000),
          sends: .init(reverb: 200)),
        Layer(tone: .sine, level: -5, tune: -12, envelope: .ringing(5), sends: .init(reverb: 200)),
      ]),
  ]

  private static func bowed(cutoff: Double, attack: Double = 0.05) -> Layer {
    Layer(
      tone: .bowed, envelope: .settling(attack, decay: 8, by: 3, release: 0.35),
      filter: .init(cutoff: cutoff * 0.6, sweep: 0.8, attack: attack * 2, decay: 3, rest: 0.6, velocity: 1.8),
      vibrato: .init(depth: 0.14, hertz: 5.4, delay: 0.35), sends: .init(reverb: 130))
  }

  static let ensembles = [
    Patch("String Ensemble 1", -5, section(.strings, attack: 0.09, cutoff: 8_000, release: 0.9)),
    Patch("String Ensemble 2", -4.5, section(.strings, attack: 0.25, cutoff: 4_500, release: 1.3)),
    Patch("Synth Strings 1", -11.5, sawSection(attack: 0.06, cutoff: 5_000)),
    Patch("Synth Strings 2", -11, sawSection(attack: 0.3, cutoff: 2_800)),
    Patch("Choir Aahs", -5.5, section(.choir, attack: 0.14, cutoff: 9_000, release: 0.9)),
    Patch("Voice Oohs", -12, [voice(.vowelO, tune: 0.05, pan: -0.3), voice(.vowelO, tune: -0.05, pan: 0.3)]),
    Patch(
      "Synth Voice", -8.5,
      [voice(.vowelA, tune: 0.04, pan: -0.3, chorus: 50), voice(.vowelO, tune: -0.04, pan: 0.3, chorus: 50)]),
    Patch(
      "Orchestra Hit", 0,
      [
        Layer(tone: .strings, tune: 0, pan: -0.3, envelope: .ringing(1.7), sends: .init(reverb: 250)),
        Layer(
          tone: .brass, level: -2, tune: -12, pan: 0.3, envelope: .ringing(1.5), sends: .init(reverb: 250)),
        Layer(tone: .strings, level: -5, tune: 7.02, envelope: .ringing(1.4), sends: .init(reverb: 250)),
        Layer(
          tone: .tom, level: -4, envelope: .ringing(3, halving: 0), sends: .init(reverb: 200), scaleTuning: 30
        ),
      ]),
  ]

  static func section(_ tone: Tone, attack: Double, cutoff: Double, release: Double) -> [Layer] {
    [-1.0, 1.0].map { side in
      Layer(
        tone: tone, level: side < 0 ? 0 : -2, tune: side * 0.035, pan: side * 0.5,
        envelope: .held(attack * (side < 0 ? 1 : 1.25), release: release),
        filter: .init(cutoff: cutoff, velocity: 1.6),
        vibrato: .init(depth: 0.05, hertz: 4.9 + side * 0.3, delay: 0.3), sends: .init(reverb: 200))
    }
  }

  private static func sawSection(attack: Double, cutoff: Double) -> [Layer] {
    [-1.0, 1.0].map { side in
      Layer(
        tone: .saw, tune: side * 0.09, pan: side * 0.5, envelope: .held(attack, release: 0.9),
        filter: .init(cutoff: cutoff * 0.6, sweep: 0.7, attack: attack * 2, decay: 4, rest: 0.4),
        sends: .init(reverb: 150, chorus: 60))
    }
  }

  private static func voice(_ tone: Tone, tune: Double, pan: Double, chorus: Int = 120) -> Layer {
    Layer(
      tone: tone, tune: tune, pan: pan, envelope: .held(0.12, release: 0.8),
      filter: .init(cutoff: 7_000, velocity: 1),
      vibrato: .init(depth: 0.1, hertz: 5 + tune * 6, delay: 0.4), sends: .init(reverb: 200, chorus: chorus))
  }
}
