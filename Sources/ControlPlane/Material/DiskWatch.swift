import Threading

/// How long the readers' reads take, those under way included: what starvation is explained by, and what tells that
/// one hangs. Any ordinary thread.
final class DiskWatch: Sendable {
  private struct State {
    var since: [ContinuousClock.Instant?]
    var slowest: (seconds: Double, at: ContinuousClock.Instant) = (0, .now)
  }

  private let state: Locked<State>

  init(readers: Int = 1) { state = Locked(State(since: Array(repeating: nil, count: readers))) }

  func begin(_ reader: Int) { state.withLock { $0.since[reader] = .now } }

  func end(_ reader: Int) {
    state.withLock { state in
      guard let since = state.since[reader] else { return }
      state.since[reader] = nil
      let seconds = (ContinuousClock.now - since).inSeconds
      // The slowest of the last seconds: older ones explain nothing.
      if seconds >= state.slowest.seconds || ContinuousClock.now - state.slowest.at > .seconds(5) {
        state.slowest = (seconds, .now)
      }
    }
  }

  /// The slowest read of the last seconds, or one that is under way.
  var slowestSeconds: Double {
    state.withLock { state in
      let under = state.since.compactMap { $0 }.map { (ContinuousClock.now - $0).inSeconds }.max() ?? 0
      return max(under, ContinuousClock.now - state.slowest.at > .seconds(10) ? 0 : state.slowest.seconds)
    }
  }

  /// How long a reader's read has been under way; 0 when none is.
  func seconds(_ reader: Int) -> Double {
    state.withLock { $0.since[reader].map { (ContinuousClock.now - $0).inSeconds } ?? 0 }
  }
}
