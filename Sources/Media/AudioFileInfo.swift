/// What an audio file says about itself, as a value.
package struct AudioFileInfo: Sendable, Equatable, Codable {
  package var path: String
  /// Container and coding: "WAV, 24 bit PCM".
  package var format: String
  /// Hz.
  package var sampleRate: Int
  /// As in the file, before any folding.
  package var channels: Int
  /// Frames at `sampleRate`. From `AudioFileReader.info` the header's number, held against the size of the
  /// file where the format allows it; from a loaded buffer the number that was decoded.
  package var frames: Int64
  package var seconds: Double
  /// The file ends before its stated or marked end; what is there plays.
  package var truncated: Bool
  /// The length the header states when the file holds less; nil when they agree or no length is stated.
  package var claimedFrames: Int64?

  /// One sentence for each thing a listener should know; empty for a sound file.
  package var warnings: [String] {
    guard truncated else { return [] }
    guard let claimedFrames else {
      return ["the file is cut short: its end is missing after \(frames) frames"]
    }
    return ["the file is cut short: it states \(claimedFrames) frames and holds \(frames)"]
  }

  init(
    path: String, format: String, sampleRate: Int, channels: Int, frames: Int64, truncated: Bool = false,
    claimedFrames: Int64? = nil
  ) {
    self.path = path
    self.format = format
    self.sampleRate = sampleRate
    self.channels = channels
    self.frames = frames
    self.seconds = Double(frames) / Double(sampleRate)
    self.truncated = truncated
    self.claimedFrames = claimedFrames
  }

  /// The same file, of which `frames` frames could be decoded.
  func decoded(_ decodedFrames: Int64, stated: Int64?) -> AudioFileInfo {
    var info = AudioFileInfo(
      path: path, format: format, sampleRate: sampleRate, channels: channels, frames: decodedFrames,
      truncated: truncated, claimedFrames: claimedFrames)
    if let claim = claimedFrames ?? stated, claim > decodedFrames {
      info.truncated = true
      info.claimedFrames = claim
    }
    return info
  }
}
