/// A small General MIDI soundfont made by arithmetic: what plays when a machine has no other.
///
/// Bank 0 has all 128 programs, bank 128 a drum kit on keys 35 to 81. The bytes are a SoundFont 2.04 file,
/// the same on every machine. Two sounds are exact, so that tests can compute what they must hear:
///
/// - program `testToneProgram` is a pure sine of peak `testTonePeak`, centred: full level at once, level
///   sustain, 50 ms release, no filter, vibrato, reverb or chorus; key 69 is 440 Hz, and its wave starts at
///   phase zero;
/// - drum key `testClickKey` plays `Test Click`, whose first frame is its loudest.
///
/// A player that ramps the level over its own block (FluidSynth: 64 frames from the note's start, from zero)
/// shapes both by that ramp; the onset is then one frame before the first frame that is not zero.
package enum SeedSoundFont {
  package static let testToneProgram = 79
  package static let testClickKey = 37
  /// Of full scale, before the player's gain.
  package static let testTonePeak = 0.5
  /// The keys of the drum kit.
  package static let drumKeys = 35...81
  package static let fileName = "garden-seed.sf2"

  /// The file's bytes. Any thread; takes tens of milliseconds in a release build, so make them once.
  package static func bytes() -> [UInt8] {
    let bank = SampleBank()
    var articulation = Articulation(bank: bank)
    for (program, patch) in Patch.all.enumerated() { articulation.add(patch, program: program) }
    articulation.add(kit: DrumKit.voices, name: "Standard Kit")
    return SoundFontFile(samples: bank.samples, articulation: articulation).bytes()
  }
}

/// Every tone's samples, recorded once and numbered in the file's order.
struct SampleBank {
  struct Entry {
    let keys: ClosedRange<Int>
    let index: Int
  }

  private(set) var samples: [Sample] = []
  private(set) var entries: [Tone: [Entry]] = [:]

  init() {
    for tone in Tone.allCases {
      for keyed in tone.render() {
        entries[tone, default: []].append(Entry(keys: keyed.keys, index: samples.count))
        samples.append(keyed.sample)
      }
    }
  }
}
