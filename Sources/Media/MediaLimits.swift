/// Every limit of this target, each with the refusal it gives.
package enum MediaLimits {
  /// Bytes of decoded float32 samples one clip may take in memory. Refusal: `tooLarge`.
  package static let maximumClipBytes = 512 << 20

  /// Channels a file may have; three and more are folded to two. Refusal: `tooManyChannels`.
  package static let maximumChannels = 8

  /// Sample rates read, written and asked for, in Hz. Refusal: `badRate`.
  package static let minimumRate = 1_000
  package static let maximumRate = 768_000

  /// The highest rate a FLAC header can state, in Hz. Refusal: `badRate`.
  package static let maximumFLACRate = 655_350

  /// Bytes of samples in one WAV file, whose size fields have 32 bits; the header's share is kept free.
  /// Refusal: `formatFull`.
  package static let maximumWAVBytes: Int64 = 0xFFFF_FFFF - 4_096

  /// Samples further from zero than this (+120 dBFS) are no sound: they are read as 0 and counted.
  package static let largestSample: Float = 1_000_000

  /// Frames decoded, resampled or written at a time. Working memory is a few blocks, whatever the file's
  /// length.
  package static let blockFrames = 16_384

  /// Frames of a segment that is resampled by itself, at the higher of its two rates, in whole units of the
  /// rates' ratio.
  package static let segmentFrames = 65_536

  /// Frames of a file that streams (some 270 days at 48 kHz). Refusal: `tooLarge`.
  package static let maximumStreamFrames: Int64 = 1 << 40

  /// Chunks walked in search of a file's stated length; after that the statement counts as not found.
  package static let maximumChunks = 10_000

  /// What loudness figures say instead of minus infinity, in dB: a number that JSON can carry.
  package static let floorDB = -200.0

  /// At or below this sample peak, in dBFS, a file counts as silent: one step of 16 bit audio.
  package static let silencePeakDB = -90.0

  /// A sample at or above this magnitude counts as clipped: the largest 16 bit value.
  package static let clippedMagnitude: Float = 32_767.0 / 32_768.0

  /// The largest drawing of a waveform, in characters. More is drawn as this much.
  package static let maximumColumns = 1_000
  package static let maximumRows = 100
}
