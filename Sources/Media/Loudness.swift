/// How loud a piece of sound is. Every figure is a finite number, so that JSON can carry it.
package struct Loudness: Sendable, Equatable, Codable {
  /// ITU-R BS.1770-4 / EBU R 128 programme loudness. Nil when nothing passes its gate: less than 400 ms of
  /// sound, or none above -70 LUFS.
  package var integratedLUFS: Double?
  /// The largest sample, in dB below full scale; `MediaLimits.floorDB` for pure zeros.
  package var samplePeakDB: Double
  /// The largest value between samples, oversampled as BS.1770-4 asks. Nil for pure zeros.
  package var truePeakDB: Double?
  /// Mean power over all samples of all channels, in dB of full scale: a full-scale sine has -3.01.
  package var rmsDB: Double
  /// No sample is above `MediaLimits.silencePeakDB`.
  package var silent: Bool
  /// Frames with a sample at or beyond `MediaLimits.clippedMagnitude`.
  package var clippedFrames: Int64
  package var frames: Int64
  /// Samples that were NaN or infinite, measured as 0.
  package var notFiniteSamples: Int64
}
