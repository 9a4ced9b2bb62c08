import LockFree

/// A capture that runs: from a frame on, to a file, until a frame. Capture thread.
final class Take {
  private(set) var captured: Captured
  private let wave: WaveFile
  private var reader: HistoryReader
  private let silence: UnsafeMutablePointer<UInt64>

  init(_ plan: TakePlan, sampleRate: Int) throws(CaptureError) {
    wave = try WaveFile(path: plan.file, sampleRate: sampleRate, replaces: plan.replaces)
    reader = HistoryReader(plan.history, from: plan.first)
    captured = Captured(
      id: plan.id, source: plan.source, file: plan.file,
      firstFrame: plan.history.origin + Int64(plan.first))
    silence = .allocate(capacity: CaptureLimits.batchFrames)
    silence.initialize(repeating: 0, count: CaptureLimits.batchFrames)
  }

  deinit { silence.deallocate() }

  /// Writes what has come, up to frame `end`.
  func proceed(_ buffer: UnsafeMutableBufferPointer<UInt64>, until end: Int = .max) throws(CaptureError) {
    while let stretch = reader.take(buffer, until: end) {
      switch stretch {
      case .sound(let count):
        guard let start = buffer.baseAddress else { return }
        captured.level.take(start, count: count)
        try append(start, count)
      case .lost(let count):
        captured.level.lostFrames += Int64(count)
        var left = count
        while left > 0 {
          let portion = min(left, CaptureLimits.batchFrames)
          try append(silence, portion)
          left -= portion
        }
      }
    }
  }

  private func append(_ words: UnsafePointer<UInt64>, _ count: Int) throws(CaptureError) {
    defer { captured.frames = wave.frames }
    try wave.append(words, count: count)
  }

  func refresh() throws(CaptureError) { try wave.refresh() }

  /// What is written stays, with a header that fits it: there is room for that even on a full disk.
  func end(_ problem: CaptureError? = nil) -> Captured {
    do throws(CaptureError) {
      try wave.refresh()
      captured.problem = problem
    } catch { captured.problem = problem ?? error }
    return captured
  }
}

/// What to capture.
package struct TakePlan: Sendable {
  package let id: UInt64
  package let source: String
  package let file: String
  package let replaces: Bool
  package let history: FrameHistory
  /// The first frame, on the history's count.
  package let first: Int

  package init(
    id: UInt64, source: String, file: String, replaces: Bool, history: FrameHistory, first: Int
  ) {
    self.id = id
    self.source = source
    self.file = file
    self.replaces = replaces
    self.history = history
    self.first = first
  }
}
