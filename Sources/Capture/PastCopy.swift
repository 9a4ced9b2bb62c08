/// The past on its way into a file, a block at a time, so that the thread can look after what is played meanwhile. Capture
/// thread.
final class PastCopy {
  private(set) var captured: Captured
  private let past: PastSound
  private let wave: WaveFile
  private var next: Int
  private let end: Int

  /// The last `frames` up to frame `end`, or as many as there are.
  init(
    _ past: PastSound, id: UInt64, frames: Int, until end: Int, file: String, sampleRate: Int, replaces: Bool
  ) throws(CaptureError) {
    self.past = past
    self.end = min(end, past.frames)
    next = max(past.oldest, self.end - min(frames, past.promised))
    guard next < self.end else {
      throw CaptureError(.nothingKept, "nothing was saved", "nothing was played yet", "garden capture ls")
    }
    wave = try WaveFile(path: file, sampleRate: sampleRate, replaces: replaces)
    captured = Captured(id: id, source: "mix", file: file, firstFrame: past.origin + Int64(next))
  }

  /// A block more; false when it is done.
  func proceed(_ buffer: UnsafeMutableBufferPointer<UInt64>) throws(CaptureError) -> Bool {
    guard let start = buffer.baseAddress, next < end else {
      try wave.refresh()
      return false
    }
    let (count, lost) = past.read(next..<end, into: start)
    captured.level.take(start, count: count)
    captured.level.lostFrames += lost
    next += count
    try wave.append(start, count: count)
    captured.frames = wave.frames
    return true
  }

  /// What was written goes: half of what was asked for is not what was asked for.
  func discard() { wave.discard() }
}
