/// A recorded timbre: what the layers of instruments are made of. Several instruments share one.
enum Tone: String, CaseIterable {
  // Exact, for tests.
  case testTone = "Test Tone"
  case testClick = "Test Click"
  // One period each octave.
  case sine = "Sine"
  case triangle = "Triangle Wave"
  case square = "Square"
  case pulse = "Pulse"
  case saw = "Saw"
  case drawbars = "Drawbars"
  case principals = "Principals"
  case flute = "Flute"
  case reed = "Reed"
  case clarinet = "Clarinet"
  case saxophone = "Saxophone"
  case bowed = "Bowed"
  case brass = "Brass"
  case vowelA = "Vowel A"
  case vowelO = "Vowel O"
  case driven = "Driven"
  case metal = "Metal"
  // Several players at once.
  case strings = "String Section"
  case choir = "Choir"
  // Struck and plucked: an attack, then a loop.
  case piano = "Piano"
  case pluck = "Pluck"
  case wire = "Wire"
  case bass = "Bass"
  case tine = "Tine"
  case mallet = "Mallet"
  case bell = "Bell"
  // Noise.
  case hiss = "Hiss"
  case cymbal = "Cymbal"
  // Drums.
  case kick = "Kick"
  case snare = "Snare"
  case tom = "Tom"
  case clap = "Clap"
  case hand = "Hand Drum"
  case block = "Block"
  case cowbell = "Cowbell"
  case ratchet = "Ratchet"
  case rattle = "Rattle"

  func render() -> [KeyedSample] {
    switch self {
    case .testTone: [testToneSample()]
    case .testClick: [drum(DrumSound.click())]
    case .sine: cycles(Spectrum(level: { n, _ in n == 1 ? 1 : 0 }, spread: false))
    case .triangle: cycles(.triangle)
    case .square: cycles(.square)
    case .pulse: cycles(.pulse)
    case .saw: cycles(.saw)
    case .drawbars: cycles(.drawbars)
    case .principals: cycles(.principals)
    case .flute: cycles(.flute)
    case .reed: cycles(.reed)
    case .clarinet: cycles(.clarinet)
    case .saxophone: cycles(.saxophone)
    case .bowed: cycles(.bowed)
    case .brass: cycles(.brass)
    case .vowelA: cycles(.vowelA)
    case .vowelO: cycles(.vowelO)
    case .driven: cycles(.driven)
    case .metal: cycles(.metal)
    case .strings: section(.bowed, .strings)
    case .choir: section(.vowelA, .choir)
    case .piano: struck(.piano)
    case .pluck: struck(.pluck)
    case .wire: struck(.wire)
    case .bass: struck(.bass)
    case .tine: struck(.tine)
    case .mallet: struck(.mallet)
    case .bell: struck(.bell)
    case .hiss: [noiseLoop(DrumSound.hiss())]
    case .cymbal: [noiseLoop(DrumSound.cymbal())]
    case .kick: [drum(DrumSound.kick())]
    case .snare: [drum(DrumSound.snare())]
    case .tom: [drum(DrumSound.tom())]
    case .clap: [drum(DrumSound.clap())]
    case .hand: [drum(DrumSound.hand())]
    case .block: [drum(DrumSound.block())]
    case .cowbell: [drum(DrumSound.cowbell())]
    case .ratchet: [drum(DrumSound.ratchet())]
    case .rattle: [drum(DrumSound.rattle())]
    }
  }

  /// Eleven periods of 440 Hz are 1200 frames exactly; they stand once before the loop and once in it.
  private func testToneSample() -> KeyedSample {
    let period = 1_200
    let signal = (0..<period * 2).map { Arithmetic.sine(turns: Double($0 % period) * 11 / Double(period)) }
    let sample = Sample(
      rawValue, looping: signal, loopLength: period, peak: SeedSoundFont.testTonePeak,
      pitch: .init(key: 69, correction: 0))
    return KeyedSample(keys: 0...127, sample: sample)
  }

  private func drum(_ signal: [Double]) -> KeyedSample {
    KeyedSample(keys: 0...127, sample: Sample(rawValue, once: signal))
  }

  private func noiseLoop(_ signal: [Double]) -> KeyedSample {
    let lead = Array(signal.suffix(Sample.guardFrames))
    let sample = Sample(
      rawValue, looping: lead + signal, loopLength: signal.count, pitch: .init(key: 60, correction: 0))
    return KeyedSample(keys: 0...127, sample: sample)
  }
}
