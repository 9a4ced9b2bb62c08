extension Layer {
  /// The layer in the file's units, in the order of the generators' numbers. `trim` is the program's, in
  /// decibels.
  func settings(trim: Double = 0) -> [Setting] {
    var settings: [Setting] = []
    func set(_ generator: Generator, _ amount: Int, unless standard: Int) {
      if amount != standard { settings.append(Setting(generator, amount)) }
    }
    if let vibrato, vibrato.depth != 0 { set(.vibratoToPitch, cents(vibrato.depth), unless: 0) }
    set(.envelopeToPitch, cents(bend), unless: 0)
    if let filter {
      set(
        .filterCutoff, min(13_500, Int((1_200 * Arithmetic.log2(filter.cutoff / 8.176)).rounded())),
        unless: 13_500)
      set(.filterResonance, Int((filter.resonance * 10).rounded()), unless: 0)
      set(.envelopeToFilter, cents(filter.sweep * 12), unless: 0)
    }
    if let vibrato, vibrato.tremolo != 0 { set(.lfoToVolume, Int(vibrato.tremolo * 10), unless: 0) }
    set(.chorusSend, sends.chorus, unless: 0)
    set(.reverbSend, sends.reverb, unless: 0)
    set(.pan, Int((pan * 500).rounded()), unless: 0)
    if let vibrato {
      if vibrato.tremolo != 0 {
        set(.lfoDelay, timecents(vibrato.delay), unless: -12_000)
        set(.lfoFrequency, Int((1_200 * Arithmetic.log2(vibrato.hertz / 8.176)).rounded()), unless: 0)
      }
      set(.vibratoDelay, timecents(vibrato.delay), unless: -12_000)
      set(.vibratoFrequency, Int((1_200 * Arithmetic.log2(vibrato.hertz / 8.176)).rounded()), unless: 0)
    }
    if let filter {
      set(.filterAttack, timecents(filter.attack), unless: -12_000)
      set(.filterDecay, timecents(filter.decay), unless: -12_000)
      set(.filterSustain, Int((1_000 * (1 - filter.rest)).rounded()), unless: 0)
      set(.filterRelease, timecents(filter.decay), unless: -12_000)
    }
    set(.attack, timecents(envelope.attack), unless: -12_000)
    set(.decay, timecents(envelope.decay), unless: -12_000)
    set(.sustain, Int((envelope.sustain * 10).rounded()), unless: 0)
    set(.release, timecents(envelope.release), unless: -12_000)
    if envelope.halving > 0 { set(.keyToDecay, min(100, 1_200 / envelope.halving), unless: 0) }
    set(.attenuation, attenuation(trim: trim), unless: 0)
    set(.coarseTune, Int(tune.rounded(.towardZero)), unless: 0)
    set(.fineTune, cents(tune - tune.rounded(.towardZero)), unless: 0)
    set(.scaleTuning, scaleTuning, unless: 100)
    return settings
  }

  func modulators() -> [Modulator] {
    let velocity = Modulator.velocityToFilter(cents: cents((filter?.velocity ?? 0) * 12))
    let isForTests = tone == .testTone || tone == .testClick
    let followsKeys = filter != nil && scaleTuning == 100
    return [velocity] + (followsKeys ? [.keyToFilter] : []) + (isForTests ? Modulator.dry : [])
  }

  /// Players follow the E-mu chips in applying four tenths of the written attenuation.
  private func attenuation(trim: Double) -> Int {
    min(1_440, max(0, Int((-(level + trim) * 10 / 0.4).rounded())))
  }

  private func cents(_ semitones: Double) -> Int { Int((semitones * 100).rounded()) }

  /// Seconds as the file writes them; the shortest, -12000, is one millisecond.
  private func timecents(_ seconds: Double) -> Int {
    guard seconds > 0.001 else { return -12_000 }
    return min(8_000, Int((1_200 * Arithmetic.log2(seconds)).rounded()))
  }
}
