/// One sound of the kit. A key may have several, which sound together.
struct DrumVoice: Sendable {
  let key: Int
  /// The key whose pitch the tone plays, whatever drum key it lies on.
  var pitch = 60
  /// Sounds of one class cut each other off; 0 cuts nothing.
  var exclusiveClass = 0
  let layer: Layer
}

enum DrumKit {
  private enum Choke {
    static let hats = 1
    static let whistles = 2
    static let guiros = 3
    static let cuicas = 4
    static let triangles = 5
  }

  static let voices = kit + cymbals + hands + smallPercussion

  private static let kit = [
    once(35, .kick, tune: -2, level: -1),
    once(36, .kick),
    DrumVoice(
      key: SeedSoundFont.testClickKey, layer: Layer(tone: .testClick, level: -1, sends: .init(reverb: 0))),
    once(38, .snare, level: 0, reverb: 120),
    once(39, .clap, level: 0, reverb: 150),
    once(40, .snare, tune: 3.5, level: 0, reverb: 120),
    once(41, .tom, tune: -5, level: -1, pan: -0.5, reverb: 100),
    once(43, .tom, tune: -2, level: -1, pan: -0.35, reverb: 100),
    once(45, .tom, tune: 1, level: -1, pan: -0.15, reverb: 100),
    once(47, .tom, tune: 4, level: -1, pan: 0.1, reverb: 100),
    once(48, .tom, tune: 7, level: -1, pan: 0.3, reverb: 100),
    once(50, .tom, tune: 11, level: -1, pan: 0.5, reverb: 100),
  ]

  private static let cymbals = [
    metal(42, seconds: 0.42, cutoff: 16_000, level: 0, tune: 5, choke: Choke.hats),
    metal(44, seconds: 0.34, cutoff: 12_000, level: 0, tune: 3, choke: Choke.hats),
    metal(46, seconds: 2.2, cutoff: 14_000, level: -2, tune: 5, choke: Choke.hats),
    metal(49, seconds: 7.5, cutoff: 16_000, level: 0, tune: -2, pan: -0.4),
    metal(51, seconds: 4.5, cutoff: 9_000, level: -12, tune: 0, pan: 0.4),
    ping(51, pitch: 92, seconds: 3, level: -14, pan: 0.4),
    metal(52, seconds: 4.5, cutoff: 11_000, level: -1, tune: -6, pan: 0.3),
    metal(53, seconds: 3, cutoff: 9_000, level: -15, tune: 0, pan: 0.4),
    ping(53, pitch: 87, seconds: 4, level: -8, pan: 0.4),
    metal(54, seconds: 0.7, cutoff: 16_000, level: -4, tune: 7, pan: 0.2),
    once(54, .rattle, tune: 2, level: -5, pan: 0.2),
    metal(55, seconds: 2.4, cutoff: 16_000, level: -1, tune: 3, pan: -0.2),
    metal(57, seconds: 6.5, cutoff: 16_000, level: -1, tune: 0.5, pan: 0.45),
    metal(59, seconds: 4, cutoff: 9_000, level: -12, tune: 1.5, pan: 0.45),
    ping(59, pitch: 95, seconds: 2.4, level: -14, pan: 0.45),
  ]

  private static let hands = [
    once(60, .hand, tune: 8, level: -1, pan: 0.3),
    once(61, .hand, tune: 3, level: -1, pan: 0.3),
    muffled(62, .hand, tune: 1, seconds: 0.45, level: -1, pan: -0.3),
    once(63, .hand, tune: 0, level: 0, pan: -0.3),
    once(64, .hand, tune: -5, level: 0, pan: -0.3),
    once(65, .tom, tune: 15, level: 0, pan: 0.4, reverb: 120),
    once(66, .tom, tune: 10, level: 0, pan: 0.4, reverb: 120),
    once(56, .cowbell, level: -9, pan: 0.15),
    once(67, .cowbell, tune: 8, level: -10, pan: -0.4),
    once(68, .cowbell, tune: 3, level: -10, pan: -0.4),
    once(75, .block, tune: 18, level: -4, pan: -0.2),
    once(76, .block, tune: 4, level: -1, pan: 0.4),
    once(77, .block, tune: -2, level: -1, pan: 0.4),
  ]

  private static let smallPercussion = [
    once(58, .ratchet, tune: 7, level: -5, pan: -0.4),
    once(69, .rattle, tune: -3, level: -1, pan: -0.3),
    once(70, .rattle, tune: 3, level: -4, pan: -0.3),
    whistle(71, seconds: 0.9),
    whistle(72, seconds: 2.8),
    muffled(73, .ratchet, tune: 4, seconds: 0.8, level: -4, pan: 0.2, choke: Choke.guiros),
    once(74, .ratchet, tune: -4, level: -1, pan: 0.2, choke: Choke.guiros),
    cuica(78, pitch: 67, seconds: 0.7),
    cuica(79, pitch: 62, seconds: 1.3),
    ping(80, pitch: 101, seconds: 0.5, level: -6, pan: -0.4, choke: Choke.triangles),
    ping(81, pitch: 101, seconds: 6, level: -6, pan: -0.4, choke: Choke.triangles),
  ]

  /// A recording played to its end, however short the note.
  private static func once(
    _ key: Int, _ tone: Tone, tune: Double = 0, level: Double = 0, pan: Double = 0, reverb: Int = 60,
    choke: Int = 0
  ) -> DrumVoice {
    let layer = Layer(
      tone: tone, level: level, tune: tune, pan: pan, envelope: .init(release: 10),
      filter: .init(cutoff: 18_000, velocity: 1.5), sends: .init(reverb: reverb))
    return DrumVoice(key: key, exclusiveClass: choke, layer: layer)
  }

  /// A recording under a hand.
  private static func muffled(
    _ key: Int, _ tone: Tone, tune: Double, seconds: Double, level: Double, pan: Double, choke: Int = 0
  ) -> DrumVoice {
    let layer = Layer(
      tone: tone, level: level, tune: tune, pan: pan, envelope: .ringing(seconds, halving: 0))
    return DrumVoice(key: key, exclusiveClass: choke, layer: layer)
  }

  private static func metal(
    _ key: Int, seconds: Double, cutoff: Double, level: Double, tune: Double, pan: Double = 0.25,
    choke: Int = 0
  ) -> DrumVoice {
    let layer = Layer(
      tone: .cymbal, level: level, tune: tune, pan: pan, envelope: .ringing(seconds, halving: 0),
      filter: .init(cutoff: cutoff, sweep: -0.8, attack: 0.01 + seconds / 6, decay: 20, velocity: 1.2))
    return DrumVoice(key: key, exclusiveClass: choke, layer: layer)
  }

  private static func ping(
    _ key: Int, pitch: Int, seconds: Double, level: Double, pan: Double, choke: Int = 0
  ) -> DrumVoice {
    let layer = Layer(tone: .bell, level: level, pan: pan, envelope: .ringing(seconds, halving: 0))
    return DrumVoice(key: key, pitch: pitch, exclusiveClass: choke, layer: layer)
  }

  private static func whistle(_ key: Int, seconds: Double) -> DrumVoice {
    let layer = Layer(
      tone: .flute, level: -8, pan: 0.3,
      envelope: .init(attack: 0.01, decay: seconds, sustain: 100, release: 0.3),
      vibrato: .init(depth: 0.6, hertz: 19, delay: 0, tremolo: 4))
    return DrumVoice(key: key, pitch: 95, exclusiveClass: Choke.whistles, layer: layer)
  }

  private static func cuica(_ key: Int, pitch: Int, seconds: Double) -> DrumVoice {
    let layer = Layer(
      tone: .vowelO, level: -5, pan: -0.3,
      envelope: .init(attack: 0.015, decay: seconds, sustain: 100, release: seconds),
      filter: .init(cutoff: 4_000, attack: 0.08, decay: 0.3), bend: 7)
    return DrumVoice(key: key, pitch: pitch, exclusiveClass: Choke.cuicas, layer: layer)
  }
}
