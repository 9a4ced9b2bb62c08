import Media

/// Where a render goes, and in which form.
package struct RenderTarget: Sendable {
  package enum Container: String, Sendable { case wav, flac }
  package enum Bits: String, Sendable {
    case sixteen = "16"
    case twentyFour = "24"
    case float
  }

  /// The file of the mix; nil when only stems are wanted.
  package var mix: String?
  /// The folder for one file a track; made when it is not there.
  package var stems: String?
  /// Of the stems, and of a mix whose name does not tell.
  package var container: Container?
  /// nil: float for WAV, 24 for FLAC.
  package var bits: Bits?
  /// Whether integers get noise of one step before they are rounded.
  package var dithers = true
  /// Whether stems may take the place of files that are there.
  package var overwrites = false
  package var loudness: LoudnessWish?

  package init() {}

  /// A loudness to come to, in LUFS (EBU R 128), below a true peak in dBTP.
  package struct LoudnessWish: Sendable {
    package var target: Double
    package var ceiling: Double

    package init(target: Double, ceiling: Double) {
      self.target = target
      self.ceiling = ceiling
    }
  }

  func format(_ container: Container) throws(Refusal) -> AudioFileWriter.Format {
    switch (container, bits) {
    case (.wav, nil), (.wav, .float): .float32
    case (.wav, .twentyFour): .pcm24
    case (.wav, .sixteen): .pcm16
    case (.flac, nil), (.flac, .twentyFour): .flac24
    case (.flac, .sixteen): .flac16
    case (.flac, .float):
      throw Refusal(
        "bad_format", .usage, "FLAC holds no float samples", "it was asked for with --bits float",
        "--bits 24, or a name that ends in .wav")
    }
  }

  /// The mix's format: the container by the name's ending, else by `--format`.
  func formatOfMix(_ path: String) throws(Refusal) -> AudioFileWriter.Format? {
    let byName: Container? =
      switch AudioFileWriter.Format.named(by: path) {
      case .flac24: .flac
      case .float32: .wav
      default: nil
      }
    // An ending that is neither, and one that contradicts, are refused by the writer in its own words.
    guard let container = container ?? byName else { return nil }
    return try format(container)
  }
}
