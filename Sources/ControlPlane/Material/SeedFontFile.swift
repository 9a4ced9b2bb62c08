import SeedSoundFont

/// The embedded font as a path FluidSynth can open: an unlinked temporary file, made once a process.
enum SeedFontFile {
  /// What users call it.
  static let name = "embedded"

  private static let file = UnlinkedFile(SeedSoundFont.bytes())

  /// `/proc/self/fd/N`, or nil when no temporary file can be made.
  static var path: String? { file?.path }
}
