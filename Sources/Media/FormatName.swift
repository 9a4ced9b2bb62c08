import CSndFile

/// Words for libsndfile's format numbers.
enum FormatName {
  /// "WAV, 24 bit PCM". Unlisted formats get the library's own names.
  static func text(_ format: Int32) -> String {
    let container = Int(format) & SF_FORMAT_TYPEMASK
    let coding = Int(format) & SF_FORMAT_SUBMASK
    let first = containers[container] ?? libraryName(container) ?? "unknown container"
    let second = codings[coding] ?? libraryName(coding) ?? "unknown coding"
    return "\(first), \(second)"
  }

  private static let containers: [Int: String] = [
    SF_FORMAT_WAV: "WAV", SF_FORMAT_WAVEX: "WAV", SF_FORMAT_RF64: "RF64", SF_FORMAT_W64: "W64",
    SF_FORMAT_AIFF: "AIFF", SF_FORMAT_FLAC: "FLAC", SF_FORMAT_OGG: "Ogg", SF_FORMAT_MPEG: "MPEG",
    SF_FORMAT_AU: "AU", SF_FORMAT_CAF: "CAF",
  ]

  private static let codings: [Int: String] = [
    SF_FORMAT_PCM_S8: "8 bit PCM", SF_FORMAT_PCM_U8: "8 bit PCM", SF_FORMAT_PCM_16: "16 bit PCM",
    SF_FORMAT_PCM_24: "24 bit PCM", SF_FORMAT_PCM_32: "32 bit PCM", SF_FORMAT_FLOAT: "32 bit float",
    SF_FORMAT_DOUBLE: "64 bit float", SF_FORMAT_VORBIS: "Vorbis", SF_FORMAT_OPUS: "Opus",
    SF_FORMAT_MPEG_LAYER_I: "Layer I", SF_FORMAT_MPEG_LAYER_II: "Layer II",
    SF_FORMAT_MPEG_LAYER_III: "Layer III (MP3)",
  ]

  private static func libraryName(_ number: Int) -> String? {
    var info = SF_FORMAT_INFO()
    info.format = Int32(truncatingIfNeeded: number)
    let size = Int32(MemoryLayout<SF_FORMAT_INFO>.size)
    guard sf_command(nil, Int32(SFC_GET_FORMAT_INFO), &info, size) == 0, let name = info.name else {
      return nil
    }
    return String(cString: name)
  }
}
