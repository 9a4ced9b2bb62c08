import Glibc

/// How far a render has come: one line that is written over, for a person who watches; nothing elsewhere.
struct RenderProgress {
  private let isWatched = isatty(2) == 1
  private var shown = ContinuousClock.now

  /// `part` 0 … 1. At most ten times a second.
  mutating func show(_ part: Double) {
    guard isWatched, ContinuousClock.now - shown > .milliseconds(100) else { return }
    shown = .now
    Output.over("rendering \(Int(min(1, max(0, part)) * 100)) %")
  }

  func end() { if isWatched { Output.over("") } }
}
