extension Patch {
  static let worldInstruments = [
    Patch(
      "Sitar", 0,
      [string(.wire, decay: 8, cutoff: 5_000, resonance: 4), string(.metal, -13, tune: 12, decay: 6)]),
    Patch("Banjo", 0, [string(.wire, decay: 3.4, cutoff: 9_000)]),
    Patch("Shamisen", 0, [string(.wire, decay: 3, cutoff: 8_000, resonance: 1), tap(.block, -10)]),
    Patch("Koto", -4, [string(.pluck, decay: 5, cutoff: 9_000), string(.wire, -6, decay: 5)]),
    Patch("Kalimba", -2.5, [string(.tine, decay: 3.5, cutoff: 6_000), tap(.block, -16)]),
    Patch("Bagpipe", -8, [drone(.reed, tune: 0.06, pan: -0.2), drone(.reed, -3, tune: -0.06, pan: 0.2)]),
    Patch(
      "Fiddle", -2.5,
      [
        Layer(
          tone: .bowed, envelope: .settling(0.03, decay: 6, by: 2, release: 0.2),
          filter: .init(cutoff: 7_000, resonance: 2, velocity: 1.5),
          vibrato: .init(depth: 0.1, hertz: 5.8, delay: 0.25), sends: .init(reverb: 90))
      ]),
    Patch("Shanai", -6, [drone(.reed, vibrato: 0.2)]),
  ]

  private static func string(
    _ tone: Tone, _ level: Double = 0, tune: Double = 0, decay: Double, cutoff: Double = 8_000,
    resonance: Double = 0
  ) -> Layer {
    Layer(
      tone: tone, level: level, tune: tune, envelope: .fading(decay, release: 0.8),
      filter: .init(cutoff: cutoff * 0.6, resonance: resonance, sweep: 1, decay: 0.9),
      sends: .init(reverb: 100))
  }

  private static func tap(_ tone: Tone, _ level: Double) -> Layer {
    Layer(tone: tone, level: level, envelope: .init(release: 3), scaleTuning: 25)
  }

  private static func drone(
    _ tone: Tone, _ level: Double = 0, tune: Double = 0, pan: Double = 0, vibrato: Double = 0
  ) -> Layer {
    Layer(
      tone: tone, level: level, tune: tune, pan: pan, envelope: .held(0.03, release: 0.15),
      filter: .init(cutoff: 8_000, resonance: 3, velocity: 0.5), vibrato: .init(depth: vibrato, hertz: 5.5),
      sends: .init(reverb: 110))
  }

  static let percussives = [
    Patch("Tinkle Bell", 0, [ring(.bell, 0, tune: 12, decay: 4)]),
    Patch("Agogo", 0, [tuned(.cowbell, tune: -1, decay: 3), ring(.bell, -6, tune: 12, decay: 2)]),
    Patch(
      "Steel Drums", -6.5,
      [ring(.mallet, 0, decay: 4), ring(.tine, -3, tune: 0.08, decay: 4), ring(.bell, -12, decay: 3)]),
    Patch("Woodblock", 0, [tuned(.block, tune: -3, decay: 3), ring(.mallet, -2, decay: 1)]),
    Patch("Taiko Drum", 0, [tuned(.tom, tune: -5, decay: 6), tuned(.kick, -4, tune: 0, decay: 6)]),
    Patch("Melodic Tom", 0, [tuned(.tom, tune: 2, decay: 6), tuned(.hand, -6, tune: -8, decay: 4)]),
    Patch(
      "Synth Drum", -4,
      [
        Layer(
          tone: .sine, tune: -12, envelope: .ringing(2.4, halving: 0),
          filter: .init(cutoff: 12_000, attack: 0, decay: 0.25), sends: .init(reverb: 80), bend: 10),
        air(-14, decay: 0.2),
      ]),
    Patch(
      "Reverse Cymbal", -2.5,
      [
        Layer(
          tone: .cymbal, pan: -0.3, envelope: .init(attack: 1.2, decay: 0.5, sustain: 100, release: 0.3),
          sends: .init(reverb: 100), scaleTuning: 35),
        Layer(
          tone: .hiss, level: -3, pan: 0.3,
          envelope: .init(attack: 1.2, decay: 0.5, sustain: 100, release: 0.3),
          filter: .init(cutoff: 12_000), sends: .init(reverb: 100), scaleTuning: 35),
      ]),
  ]

  private static func tuned(_ tone: Tone, _ level: Double = 0, tune: Double, decay: Double) -> Layer {
    Layer(
      tone: tone, level: level, tune: tune, envelope: .ringing(decay, halving: 0),
      filter: .init(cutoff: 12_000, velocity: 1.5), sends: .init(reverb: 110), scaleTuning: 70)
  }

  static let soundEffects = [
    Patch("Guitar Fret Noise", 0, [noise(.ratchet, decay: 4), noise(.hiss, -3, decay: 1.6, cutoff: 6_000)]),
    Patch("Breath Noise", -1, [noise(.hiss, decay: 5, cutoff: 6_000, attack: 0.06)]),
    Patch(
      "Seashore", 0,
      [
        Layer(
          tone: .hiss, pan: -0.3, envelope: .held(0.9, release: 2.5), filter: .init(cutoff: 2_400, sweep: 1),
          vibrato: .init(depth: 0, hertz: 0.17, delay: 0, tremolo: 7), sends: .init(reverb: 150),
          scaleTuning: 20),
        Layer(
          tone: .hiss, level: -4, tune: 2, pan: 0.4, envelope: .held(1.6, release: 3),
          filter: .init(cutoff: 4_500),
          vibrato: .init(depth: 0, hertz: 0.11, delay: 0, tremolo: 9), sends: .init(reverb: 150),
          scaleTuning: 20),
      ]),
    Patch(
      "Bird Tweet", -8.5,
      [
        Layer(
          tone: .sine, tune: 24, envelope: .fading(6, release: 0.3, halving: 0),
          vibrato: .init(depth: 3, hertz: 7, delay: 0, tremolo: 9), sends: .init(reverb: 150), scaleTuning: 25
        )
      ]),
    Patch(
      "Telephone Ring", 0,
      [
        Layer(
          tone: .bell, tune: 12, envelope: .held(0.002, release: 0.8),
          vibrato: .init(depth: 0, hertz: 18, delay: 0, tremolo: 9), scaleTuning: 25)
      ]),
    Patch(
      "Helicopter", 0,
      [
        Layer(
          tone: .hiss, envelope: .held(0.2, release: 0.8), filter: .init(cutoff: 700, resonance: 4),
          vibrato: .init(depth: 0, hertz: 11, delay: 0, tremolo: 12), scaleTuning: 20),
        Layer(
          tone: .saw, level: -6, tune: -24, envelope: .held(0.3, release: 0.8), filter: .init(cutoff: 500),
          scaleTuning: 20),
      ]),
    Patch(
      "Applause", -1.5,
      [
        Layer(
          tone: .hiss, pan: -0.4, envelope: .held(0.4, release: 2), filter: .init(cutoff: 3_500),
          vibrato: .init(depth: 1, hertz: 13, delay: 0, tremolo: 6), sends: .init(reverb: 150),
          scaleTuning: 20),
        Layer(
          tone: .hiss, level: -2, tune: 1, pan: 0.4, envelope: .held(0.6, release: 2),
          filter: .init(cutoff: 2_600),
          vibrato: .init(depth: 1, hertz: 9.7, delay: 0, tremolo: 6), sends: .init(reverb: 150),
          scaleTuning: 20),
      ]),
    Patch(
      "Gunshot", 0,
      [
        noise(.hiss, decay: 1.4, cutoff: 5_000), noise(.kick, -2, decay: 6), noise(.snare, -2, decay: 6),
      ]),
  ]

  private static func noise(
    _ tone: Tone, _ level: Double = 0, decay: Double, cutoff: Double = 12_000, attack: Double = 0
  ) -> Layer {
    Layer(
      tone: tone, level: level, envelope: .init(attack: attack, decay: decay, sustain: 100, release: decay),
      filter: .init(cutoff: cutoff), sends: .init(reverb: 150), scaleTuning: 25)
  }
}
