/// Why an engine or a synth bank could not be made; carries what was asked and what was found.
package enum EngineError: Error, Equatable, Sendable {
  case sampleRateOutOfRange(Double)
  /// FluidSynth refused the file.
  case soundfontRefused(path: String)
  case synthFailed(path: String)

  /// What failed, why, and what to type next.
  package var lines: [String] {
    switch self {
    case .sampleRateOutOfRange(let rate):
      [
        "a sample rate of \(rate) Hz cannot be played",
        "the synth takes \(Int(EngineLimits.minimumSampleRate)) to \(Int(EngineLimits.maximumSampleRate)) Hz",
        "chaosgarden --rate 48000",
      ]
    case .soundfontRefused(let path):
      [
        "\(path) could not be loaded as a soundfont", "FluidSynth found no usable SF2 or SF3 in it",
        "garden soundfont ls",
      ]
    case .synthFailed(let path):
      ["no synth could be made for \(path)", "FluidSynth answered with an error", "garden doctor"]
    }
  }
}
