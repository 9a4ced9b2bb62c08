import Threading

/// How long the reader's reads take, one under way included: what starvation is explained by. Any ordinary
/// thread.
final class DiskWatch: Sendable {
  private struct State {
    var since: ContinuousClock.Instant?
    var slowest: (seconds: Double, at: ContinuousClock.Instant) = (0, .now)
  }

  private let state = Locked(State())

  func begin() { state.withLock { $0.since = .now } }

  func end() {
    state.withLock { state in
      guard let since = state.since else { return }
      state.since = nil
      let seconds = (ContinuousClock.now - since).inSeconds
      // The slowest of the last seconds: older ones explain nothing.
      if seconds >= state.slowest.seconds || ContinuousClock.now - state.slowest.at > .seconds(5) {
        state.slowest = (seconds, .now)
      }
    }
  }

  /// The slowest read of the last seconds, or the one that is under way.
  var slowestSeconds: Double {
    state.withLock { state in
      let under = state.since.map { (ContinuousClock.now - $0).inSeconds } ?? 0
      return max(under, ContinuousClock.now - state.slowest.at > .seconds(10) ? 0 : state.slowest.seconds)
    }
  }

  /// Whether one read has taken longer than anybody should wait for.
  var isStuck: Bool {
    state.withLock { state in
      state.since.map { (ContinuousClock.now - $0).inSeconds > ControlLimits.stuckReadSeconds } ?? false
    }
  }
}
