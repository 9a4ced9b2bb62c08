/// The limits of soundfonts. Refusals: `soundFontTooLarge` for the first, `brokenSoundFont` for the others,
/// which no font in use comes near and which keep a made-up one from taking all memory or all time.
extension MediaLimits {
  /// Bytes of one font's file: a synth counts them in 32 bits with a sign.
  package static let maximumSoundFontBytes: Int64 = 2 << 30

  /// Presets, instruments and samples, each: FluidSynth walks its lists from the front, and takes seconds for this many.
  package static let maximumSoundFontRecords = 16_384

  /// Instrument zones that can be reached through preset zones: a synth makes a piece of memory for each
  /// pair.
  package static let maximumSoundFontLayers = 1 << 20

  /// Modulators in one zone: a synth compares each with each.
  package static let maximumZoneModulators = 1_024

  /// Generators a modulator may aim at, and a synth has places for.
  package static let soundFontGenerators = 63

  /// Frames that all compressed samples of a font may have together: 2 GB once decoded.
  package static let maximumSoundFontFrames: Int64 = 1 << 30

  /// Chunks in a font's information list.
  package static let maximumInformationChunks = 1_000

  /// Bytes of samples of an excerpt. Copying more takes longer than a synth takes to load all of it.
  package static let maximumExcerptSampleBytes = 16 << 20
}
