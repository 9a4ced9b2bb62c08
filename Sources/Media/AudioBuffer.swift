/// A decoded audio file in memory: planar float32, one or two channels, every page touched.
///
/// Immutable, so any thread may read it, the realtime thread included. The memory is freed with the last
/// reference; the realtime thread therefore only ever holds the pointers, and the thread that owns the clip
/// holds the buffer until the realtime thread has handed the pointers back.
package final class AudioBuffer: Sendable {
  /// 1 or 2.
  package let channels: Int
  /// At least 1.
  package let frames: Int64
  /// Hz, as asked of the reader.
  package let sampleRate: Double
  /// `frames` samples each; full scale is 1.
  package nonisolated(unsafe) let left: UnsafePointer<Float>  // Written before init, never after.
  /// Equal to `left` when there is one channel.
  package nonisolated(unsafe) let right: UnsafePointer<Float>  // Written before init, never after.
  /// The file it came from, with the number of frames that were really decoded, at the file's own rate.
  package let sourceInfo: AudioFileInfo
  /// Samples that were NaN, infinite or beyond `MediaLimits.largestSample`, and were read as 0.
  package let replacedSamples: Int64

  private nonisolated(unsafe) let memory: SampleMemory  // Only its deinit runs, on the last owner's thread.

  /// Bytes of samples.
  package var bytes: Int { Int(frames) * channels * MemoryLayout<Float>.stride }

  /// One sentence for each thing a listener should know about the file; empty for a sound one.
  package var warnings: [String] {
    guard replacedSamples > 0 else { return sourceInfo.warnings }
    return sourceInfo.warnings + [
      "\(replacedSamples) samples were no numbers or beyond all range: they play as silence"
    ]
  }

  init(
    _ memory: consuming SampleMemory, sampleRate: Double, sourceInfo: AudioFileInfo, replacedSamples: Int64
  ) {
    channels = memory.channels
    frames = Int64(memory.frames)
    left = memory.left
    right = memory.right
    self.sampleRate = sampleRate
    self.sourceInfo = sourceInfo
    self.replacedSamples = replacedSamples
    self.memory = memory
  }
}
