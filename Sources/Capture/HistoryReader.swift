import LockFree

/// A place in a history that moves on. Capture thread.
struct HistoryReader {
  let history: FrameHistory
  /// The next frame, on the history's count.
  private(set) var next: Int

  init(_ history: FrameHistory, from first: Int) {
    self.history = history
    next = first
  }

  enum Stretch {
    /// So many frames in the buffer.
    case sound(Int)
    /// So many frames that were gone.
    case lost(Int)
  }

  /// What comes next, at most as much as the buffer holds and up to frame `end`; nil when that is not written yet.
  mutating func take(_ buffer: UnsafeMutableBufferPointer<UInt64>, until end: Int = .max) -> Stretch? {
    let count = min(buffer.count, end - next)
    guard count > 0, let start = buffer.baseAddress else { return nil }
    let range = history.read(from: next, count: count, into: start)
    if range.lowerBound > next {
      // What was read with it is read again, from where it begins.
      let lost = min(range.lowerBound, end) - next
      next += lost
      return .lost(lost)
    }
    guard !range.isEmpty else { return nil }
    next = range.upperBound
    return .sound(range.count)
  }
}
