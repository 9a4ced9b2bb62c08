/// The SoundFont 2.04 generators used here, by their numbers in section 8.1.2 of the format's specification.
enum Generator: UInt16 {
  case vibratoToPitch = 6
  case envelopeToPitch = 7
  case filterCutoff = 8
  case filterResonance = 9
  case envelopeToFilter = 11
  case lfoToVolume = 13
  case chorusSend = 15
  case reverbSend = 16
  case pan = 17
  case lfoDelay = 21
  case lfoFrequency = 22
  case vibratoDelay = 23
  case vibratoFrequency = 24
  case filterAttack = 26
  case filterDecay = 28
  case filterSustain = 29
  case filterRelease = 30
  case attack = 34
  case decay = 36
  case sustain = 37
  case release = 38
  case keyToDecay = 40
  case instrument = 41
  case keyRange = 43
  case attenuation = 48
  case coarseTune = 51
  case fineTune = 52
  case sample = 53
  case sampleModes = 54
  case scaleTuning = 56
  case exclusiveClass = 57
  case rootKey = 58
}

/// A generator and its amount, in the file's units.
struct Setting: Equatable {
  let generator: Generator
  let amount: Int

  init(_ generator: Generator, _ amount: Int) {
    self.generator = generator
    self.amount = amount
  }

  static func keys(_ keys: ClosedRange<Int>) -> Setting {
    Setting(.keyRange, keys.lowerBound | keys.upperBound << 8)
  }
}

/// A modulator record: a source that moves a destination.
struct Modulator {
  let source: UInt16
  let destination: Generator
  let amount: Int

  /// A soft key closes the filter by this many cents. Written for every layer, because players differ in what
  /// they do when a font leaves it out.
  static func velocityToFilter(cents: Int) -> Modulator {
    Modulator(source: 0x0102, destination: .filterCutoff, amount: -cents)
  }

  /// High keys open the filter and low keys close it, by a quarter of a semitone a key from key 64.
  static let keyToFilter = Modulator(source: 0x0203, destination: .filterCutoff, amount: 1_600)

  /// Effects that the channel's controllers 91 and 93 would add, turned off.
  static let dry = [
    Modulator(source: 0x00DB, destination: .reverbSend, amount: 0),
    Modulator(source: 0x00DD, destination: .chorusSend, amount: 0),
  ]
}
