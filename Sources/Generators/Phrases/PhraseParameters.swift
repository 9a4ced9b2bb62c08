/// What a phrase shall be. Every member has a declared range; `check` refuses what lies outside.
package struct PhraseParameters: Sendable, Equatable {
  package var key = PhraseKey(tonic: 0, scale: .major)
  /// Share of the sixteenths of a bar on which notes begin, `GeneratorLimits.density`.
  package var density = 0.4
  /// Quarter notes, `GeneratorLimits.phraseBeats`, on a sixteenth.
  package var beats = 16.0
  /// Of a bar: 1 … 32 over 1, 2, 4, 8 or 16.
  package var signature = MeterSignature(numerator: 4, denominator: 4)
  /// MIDI keys; an octave apart at least.
  package var register = 60...84
  /// 0 … 15.
  package var channel: UInt8 = 0
  /// 0 … 127; nil: none is set.
  package var program: UInt8?
  /// Quarter notes a minute, `GeneratorLimits.tempo`.
  package var tempo = 120.0
  /// 1 … 127.
  package var velocity: UInt8 = 88
  /// `GeneratorLimits.temperature`.
  package var temperature = 1.0
  package var seed: UInt64 = 0

  package init() {}

  /// A length in bars of `signature`.
  package mutating func setBars(_ bars: Int) { beats = Double(bars) * signature.beats }

  package struct MeterSignature: Sendable, Equatable {
    package var numerator: Int
    package var denominator: Int

    package init(numerator: Int, denominator: Int) {
      self.numerator = numerator
      self.denominator = denominator
    }

    /// Quarter notes of a bar.
    package var beats: Double { Double(numerator) * 4 / Double(denominator) }
    var sixteenths: Int { numerator * 16 / denominator }
  }

  package func check() throws(GeneratorError) {
    guard GeneratorLimits.density.contains(density) else {
      throw .range("density", seen: density, allowed: "0 to 1")
    }
    guard GeneratorLimits.phraseBeats.contains(beats) else {
      throw .range("length", seen: beats, allowed: "1 to 1024 beats")
    }
    guard (1...32).contains(signature.numerator), [1, 2, 4, 8, 16].contains(signature.denominator) else {
      throw .range(
        "signature", seen: "\(signature.numerator)/\(signature.denominator)",
        allowed: "1 to 32 over 1, 2, 4, 8 or 16")
    }
    guard register.lowerBound >= 0, register.upperBound <= 127, register.count > GeneratorLimits.registerSpan
    else {
      throw .range(
        "register", seen: "\(register.lowerBound) to \(register.upperBound)",
        allowed: "MIDI keys 0 to 127, an octave apart at least")
    }
    guard GeneratorLimits.tempo.contains(tempo) else {
      throw .range("tempo", seen: tempo, allowed: "20 to 999")
    }
    guard GeneratorLimits.temperature.contains(temperature) else {
      throw .range("temperature", seen: temperature, allowed: "0 to 2")
    }
    guard (1...127).contains(velocity) else { throw .range("velocity", seen: velocity, allowed: "1 to 127") }
    guard channel < 16 else { throw .range("channel", seen: channel, allowed: "0 to 15") }
    if let program, program > 127 { throw .range("program", seen: program, allowed: "0 to 127") }
  }
}
