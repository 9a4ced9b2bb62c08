extension Patch {
  /// Bank 0, in the order of General MIDI.
  static let all =
    pianos + chromaticPercussion + organs + guitars + basses + soloStrings + ensembles + brass + reeds + pipes
    + leads + pads + effects + worldInstruments + percussives + soundEffects

  static let pianos = [
    Patch("Grand Piano", -1, [grand(cutoff: 9_000)]),
    Patch(
      "Bright Piano", -1,
      [grand(cutoff: 15_000, level: -1), Layer(tone: .wire, level: -16, envelope: .fading(7))]),
    Patch(
      "Electric Grand", -4.5,
      [grand(cutoff: 8_000), Layer(tone: .tine, level: -9, envelope: .fading(9), sends: .init(chorus: 25))]),
    Patch(
      "Honky-tonk Piano", -1,
      [
        grand(cutoff: 12_000, level: -3, tune: 0.09, pan: -0.3),
        grand(cutoff: 12_000, level: -3, tune: -0.09, pan: 0.3),
      ]),
    Patch(
      "Electric Piano 1", -5.5,
      [
        Layer(
          tone: .tine, envelope: .fading(11, release: 0.6), filter: .init(cutoff: 7_000, velocity: 2.6),
          vibrato: .init(depth: 0, hertz: 4.6, delay: 0.1, tremolo: 1.2), sends: .init(chorus: 20))
      ]),
    Patch(
      "Electric Piano 2", -5.5,
      [
        Layer(
          tone: .tine, pan: -0.25, envelope: .fading(10, release: 0.6),
          filter: .init(cutoff: 12_000, velocity: 2), sends: .init(chorus: 40)),
        Layer(
          tone: .bell, level: -15, tune: 12.05, pan: 0.25, envelope: .fading(5), sends: .init(chorus: 40)),
      ]),
    Patch(
      "Harpsichord", -0.5,
      [
        Layer(tone: .wire, envelope: .fading(8, release: 0.35), filter: .init(cutoff: 14_000, velocity: 0.4)),
        Layer(tone: .wire, level: -8, tune: 12, envelope: .fading(6, release: 0.35)),
      ]),
    Patch(
      "Clavinet", 0,
      [
        Layer(
          tone: .wire, envelope: .fading(6, release: 0.2),
          filter: .init(cutoff: 2_600, resonance: 3, sweep: 1.8, decay: 0.8, velocity: 2))
      ]),
  ]

  private static func grand(
    cutoff: Double, level: Double = 0, tune: Double = 0, pan: Double = 0
  ) -> Layer {
    Layer(
      tone: .piano, level: level, tune: tune, pan: pan, envelope: .fading(16, release: 0.7, halving: 18),
      filter: .init(cutoff: cutoff * 0.3, sweep: 1.75, decay: 4, velocity: 2.4), sends: .init(reverb: 90))
  }

  static let chromaticPercussion = [
    Patch(
      "Celesta", -1.5,
      [metalBar(.bell, decay: 5, tune: 0, dull: 5_000), soft(.tine, -6, tune: 12, decay: 4)]),
    Patch("Glockenspiel", 0, [metalBar(.bell, decay: 5.5, tune: 0, dull: 14_000)]),
    Patch(
      "Music Box", -4,
      [metalBar(.tine, decay: 6, tune: 0, dull: 9_000), soft(.bell, -9, tune: 12, decay: 4)]),
    Patch(
      "Vibraphone", -4,
      [
        Layer(
          tone: .mallet, envelope: .fading(11, release: 1.4), filter: .init(cutoff: 7_000),
          vibrato: .init(depth: 0, hertz: 5, delay: 0, tremolo: 2.5), sends: .init(reverb: 120))
      ]),
    Patch("Marimba", -1, [Layer(tone: .mallet, envelope: .ringing(3), filter: .init(cutoff: 5_000))]),
    Patch(
      "Xylophone", 0,
      [Layer(tone: .mallet, envelope: .ringing(1.5), filter: .init(cutoff: 14_000, velocity: 1))]),
    Patch(
      "Tubular Bells", -1.5,
      [metalBar(.bell, decay: 14, tune: 0, dull: 9_000), soft(.bell, -8, tune: -11.96, decay: 12)]),
    Patch("Dulcimer", -1, [soft(.wire, 0, tune: 0.05, decay: 7), soft(.wire, -2, tune: -0.05, decay: 7)]),
  ]

  private static func metalBar(_ tone: Tone, decay: Double, tune: Double, dull cutoff: Double) -> Layer {
    Layer(
      tone: tone, tune: tune, envelope: .ringing(decay), filter: .init(cutoff: cutoff),
      sends: .init(reverb: 140))
  }

  private static func soft(_ tone: Tone, _ level: Double, tune: Double, decay: Double) -> Layer {
    Layer(
      tone: tone, level: level, tune: tune, envelope: .ringing(decay), filter: .init(cutoff: 10_000),
      sends: .init(reverb: 120))
  }

  static let organs = [
    Patch("Drawbar Organ", -8.5, [pipe(.drawbars, chorus: 40), pipe(.sine, -4, tune: -12)]),
    Patch(
      "Percussive Organ", -8,
      [
        pipe(.drawbars, -3, chorus: 35),
        Layer(tone: .sine, tune: 19.02, envelope: .fading(1, release: 0.1)), pipe(.sine, -5, tune: -12),
      ]),
    Patch(
      "Rock Organ", -9.5,
      [
        Layer(
          tone: .driven, level: -7, envelope: .held(0.004, release: 0.12),
          filter: .init(cutoff: 3_000, velocity: 1),
          vibrato: .init(depth: 0.06, hertz: 6.4, delay: 0.05, tremolo: 1.5), sends: .init(chorus: 35)),
        pipe(.drawbars, -1, chorus: 50), pipe(.sine, -5, tune: -12),
      ]),
    Patch(
      "Church Organ", -9.5,
      [
        Layer(tone: .principals, pan: -0.4, envelope: .held(0.05, release: 1), sends: .init(reverb: 300)),
        Layer(
          tone: .principals, level: -3, tune: 0.06, pan: 0.4, envelope: .held(0.07, release: 1.2),
          sends: .init(reverb: 300)),
        Layer(
          tone: .flute, level: -4, tune: -12, envelope: .held(0.08, release: 1.2), sends: .init(reverb: 250)),
      ]),
    Patch(
      "Reed Organ", -8.5,
      [
        Layer(
          tone: .reed, pan: -0.2, envelope: .held(0.06, release: 0.3),
          filter: .init(cutoff: 4_500, velocity: 1)),
        Layer(tone: .reed, level: -4, tune: 0.07, pan: 0.2, envelope: .held(0.09, release: 0.3)),
      ]),
    Patch("Accordion", -10.5, accordion(detune: 0.14)),
    Patch(
      "Harmonica", -4,
      [
        Layer(
          tone: .reed, envelope: .settling(0.05, decay: 2, by: 3, release: 0.2),
          filter: .init(cutoff: 5_000, velocity: 2),
          vibrato: .init(depth: 0.12, hertz: 5.6, delay: 0.5, tremolo: 1.5))
      ]),
    Patch("Tango Accordion", -10.5, accordion(detune: 0.07)),
  ]

  private static func pipe(_ tone: Tone, _ level: Double = 0, tune: Double = 0, chorus: Int = 0) -> Layer {
    Layer(
      tone: tone, level: level, tune: tune, envelope: .held(0.004, release: 0.15),
      vibrato: .init(depth: 0.05, hertz: 6.2, delay: 0.05, tremolo: 0.8), sends: .init(chorus: chorus))
  }

  private static func accordion(detune: Double) -> [Layer] {
    [
      Layer(
        tone: .reed, tune: detune, pan: -0.3, envelope: .held(0.03, release: 0.2),
        filter: .init(cutoff: 9_000)),
      Layer(
        tone: .reed, tune: -detune, pan: 0.3, envelope: .held(0.03, release: 0.2),
        filter: .init(cutoff: 9_000)),
      Layer(
        tone: .reed, level: -7, tune: -12, envelope: .held(0.03, release: 0.2), filter: .init(cutoff: 5_000)),
    ]
  }
}
