import CSndFile
import Glibc

extension AudioFileWriter {
  /// What a written file holds.
  package enum Format: String, Sendable, CaseIterable {
    /// WAV with 32 bit float samples.
    case float32
    /// WAV with 24 bit integers.
    case pcm24
    /// WAV with 16 bit integers.
    case pcm16
    /// FLAC with 24 bit integers.
    case flac24
    /// FLAC with 16 bit integers.
    case flac16

    var isFLAC: Bool { self == .flac24 || self == .flac16 }

    var bytesPerSample: Int {
      switch self {
      case .float32: 4
      case .pcm24, .flac24: 3
      case .pcm16, .flac16: 2
      }
    }

    var libraryNumber: Int32 {
      let number =
        switch self {
        case .float32: SF_FORMAT_WAV | SF_FORMAT_FLOAT
        case .pcm24: SF_FORMAT_WAV | SF_FORMAT_PCM_24
        case .pcm16: SF_FORMAT_WAV | SF_FORMAT_PCM_16
        case .flac24: SF_FORMAT_FLAC | SF_FORMAT_PCM_24
        case .flac16: SF_FORMAT_FLAC | SF_FORMAT_PCM_16
        }
      return Int32(number)
    }

    /// The format that a path's ending asks for; nil for an ending that is neither WAV's nor FLAC's.
    package static func named(by path: String) -> Format? {
      switch path.ending {
      case "wav", "wave": .float32
      case "flac": .flac24
      default: nil
      }
    }

    /// `asked`, or the ending's. Refuses an ending that says one container for a format of the other.
    static func checked(_ asked: Format?, path: String) throws(MediaError) -> Format {
      let byEnding = named(by: path)
      guard let format = asked ?? byEnding else {
        throw MediaError(
          .badFormat, path: path, asked: "a name that ends in .wav or .flac",
          found: path.ending.isEmpty ? "no ending" : ".\(path.ending)")
      }
      if let byEnding, byEnding.isFLAC != format.isFLAC {
        throw MediaError(
          .badFormat, path: path,
          asked: format.isFLAC ? "a name that ends in .flac" : "a name that ends in .wav",
          found: ".\(path.ending)")
      }
      return format
    }
  }

  static func check(sampleRate: Int, channels: Int, format: Format, path: String) throws(MediaError) {
    let highest = format.isFLAC ? MediaLimits.maximumFLACRate : MediaLimits.maximumRate
    guard (MediaLimits.minimumRate...highest).contains(sampleRate) else {
      throw MediaError(
        .badRate, path: path, asked: "\(MediaLimits.minimumRate) to \(highest) Hz", found: "\(sampleRate) Hz")
    }
    guard (1...2).contains(channels) else {
      throw MediaError(.tooManyChannels, path: path, asked: "1 or 2 channels", found: "\(channels) channels")
    }
  }

  /// The library reports every failed write alike; the system's number, or its words in the library's, tell
  /// them apart.
  static func refusal(_ code: Int32, words: String, path: String) -> MediaError {
    let isFull = words.contains("No space left") || words.contains("Disk quota")
    let refusal = WriteTarget.refusal(code == 0 && isFull ? ENOSPC : code, path: path)
    guard code == 0, !isFull else { return refusal }
    return MediaError(
      refusal.kind, path: path, asked: refusal.asked, found: words.isEmpty ? "no reason" : words)
  }
}
