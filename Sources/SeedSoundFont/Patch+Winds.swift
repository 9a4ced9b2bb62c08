extension Patch {
  static let brass = [
    Patch("Trumpet", -3, [horn(cutoff: 3_200)]),
    Patch("Trombone", -2.5, [horn(cutoff: 2_000, attack: 0.05)]),
    Patch("Tuba", -1, [horn(cutoff: 900, attack: 0.06)]),
    Patch("Muted Trumpet", 0, [horn(cutoff: 4_500, resonance: 9)]),
    Patch("French Horn", -1.5, [horn(cutoff: 1_000, attack: 0.07, reverb: 250)]),
    Patch(
      "Brass Section", -5.5,
      [horn(cutoff: 2_600, tune: 0.07, pan: -0.4), horn(cutoff: 2_600, tune: -0.07, pan: 0.4)]),
    Patch(
      "Synth Brass 1", -7.5,
      [sawBrass(0.08, pan: -0.3, attack: 0.02), sawBrass(-0.08, pan: 0.3, attack: 0.02)]),
    Patch(
      "Synth Brass 2", -6.5,
      [sawBrass(0.06, pan: -0.3, attack: 0.08), sawBrass(-0.06, pan: 0.3, attack: 0.08)]),
  ]

  private static func horn(
    cutoff: Double, attack: Double = 0.03, resonance: Double = 0, tune: Double = 0, pan: Double = 0,
    reverb: Int = 130
  ) -> Layer {
    Layer(
      tone: .brass, tune: tune, pan: pan, envelope: .settling(attack, decay: 4, by: 3, release: 0.3),
      filter: .init(
        cutoff: cutoff, resonance: resonance, sweep: 1.6, attack: attack * 1.6, decay: 1.2, rest: 0.6,
        velocity: 2.6),
      vibrato: .init(depth: 0.09, hertz: 5, delay: 0.6), sends: .init(reverb: reverb))
  }

  private static func sawBrass(_ tune: Double, pan: Double, attack: Double) -> Layer {
    Layer(
      tone: .saw, tune: tune, pan: pan, envelope: .settling(attack, decay: 6, by: 4, release: 0.35),
      filter: .init(cutoff: 700, resonance: 2, sweep: 2.8, attack: attack * 2, decay: 1.2, rest: 0.5),
      sends: .init(reverb: 100, chorus: 35))
  }

  static let reeds = [
    Patch("Soprano Sax", -3, [reed(.saxophone, cutoff: 6_000, vibrato: 0.14)]),
    Patch("Alto Sax", -2.5, [reed(.saxophone, cutoff: 4_500, vibrato: 0.15), breath(-26)]),
    Patch("Tenor Sax", -2.5, [reed(.saxophone, cutoff: 3_300, vibrato: 0.15), breath(-24)]),
    Patch("Baritone Sax", -2, [reed(.saxophone, cutoff: 2_300, vibrato: 0.1), breath(-26)]),
    Patch("Oboe", -5.5, [reed(.reed, cutoff: 7_000, vibrato: 0.12)]),
    Patch("English Horn", -4, [reed(.reed, cutoff: 3_300, vibrato: 0.11)]),
    Patch("Bassoon", -1.5, [reed(.saxophone, cutoff: 1_500, vibrato: 0.06)]),
    Patch("Clarinet", -5.5, [reed(.clarinet, cutoff: 5_500, vibrato: 0.02)]),
  ]

  private static func reed(_ tone: Tone, cutoff: Double, vibrato: Double) -> Layer {
    Layer(
      tone: tone, envelope: .settling(0.035, decay: 5, by: 2, release: 0.2),
      filter: .init(cutoff: cutoff * 0.7, sweep: 0.6, attack: 0.06, decay: 1, rest: 0.7, velocity: 2.2),
      vibrato: .init(depth: vibrato, hertz: 5.1, delay: 0.45, tremolo: vibrato * 6), sends: .init(reverb: 120)
    )
  }

  /// Air past the mouthpiece: louder at the start, hardly following the keyboard.
  private static func breath(_ level: Double, attack: Double = 0.02, settle: Double = 12) -> Layer {
    Layer(
      tone: .hiss, level: level, envelope: .settling(attack, decay: 1.5, by: settle, release: 0.2),
      filter: .init(cutoff: 3_500, resonance: 3, velocity: 1.5), sends: .init(reverb: 120), scaleTuning: 30)
  }

  static let pipes = [
    Patch("Piccolo", -6, [blown(.flute, cutoff: 9_000), breath(-24)]),
    Patch("Flute", -6, [blown(.flute, cutoff: 5_000), breath(-22)]),
    Patch("Recorder", -6, [blown(.flute, cutoff: 3_500, vibrato: 0.03), breath(-28)]),
    Patch("Pan Flute", -6.5, [blown(.triangle, cutoff: 2_500), breath(-12, settle: 8)]),
    Patch("Blown Bottle", -8, [blown(.sine, cutoff: 8_000, vibrato: 0.04), breath(-9, settle: 5)]),
    Patch(
      "Shakuhachi", -6, [blown(.flute, cutoff: 4_500, vibrato: 0.3), breath(-10, attack: 0.005, settle: 10)]),
    Patch("Whistle", -8, [blown(.sine, cutoff: 12_000, vibrato: 0.2), breath(-27)]),
    Patch("Ocarina", 0, [Layer(tone: .testTone, envelope: .held(0, release: 0.05), sends: .init(reverb: 0))]),
  ]

  private static func blown(_ tone: Tone, cutoff: Double, vibrato: Double = 0.1) -> Layer {
    Layer(
      tone: tone, envelope: .settling(0.06, decay: 5, by: 1.5, release: 0.25),
      filter: .init(cutoff: cutoff, velocity: 1.5),
      vibrato: .init(depth: vibrato, hertz: 5, delay: 0.4, tremolo: 1 + vibrato * 5),
      sends: .init(reverb: 150))
  }
}
