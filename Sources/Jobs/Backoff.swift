/// How long to leave a failed job alone: exponential with full jitter, so that many failures at once do not come
/// back at once (Brooker, "Exponential Backoff And Jitter", 2015).
package struct Backoff: Sendable, Equatable {
  /// Milliseconds: the first ceiling, and the last.
  package var base: Int64 = 1_000
  package var cap: Int64 = 60_000

  package init() {}

  /// The longest wait after so many failures, from 1.
  package func ceiling(failures: Int) -> Int64 {
    let doublings = min(max(failures - 1, 0), 30)
    return min(cap, base << Int64(doublings))
  }

  /// Milliseconds, evenly from 0 to the ceiling.
  package func delay(failures: Int, using dice: inout some RandomNumberGenerator) -> Int64 {
    Int64.random(in: 0...max(0, ceiling(failures: failures)), using: &dice)
  }
}

/// What is done about a busy host: nobody fails for it.
package struct BusyPolicy: Sendable, Equatable {
  /// Seconds where the host names none that can be read.
  package var usual = 5.0
  /// The window is made longer by up to this part of it, never shorter.
  package var jitter = 0.1
  /// Milliseconds without a busy answer after which a host counts as having taken the one call that tried it.
  package var settle: Int64 = 1_000
  /// After so many successes a host that was found smaller than it was declared is tried with one call more.
  package var successesToGrow = 16

  package init() {}

  /// Milliseconds that a host is left alone.
  package func window(retryAfter: Double?, using dice: inout some RandomNumberGenerator) -> Int64 {
    var seconds = usual
    if let retryAfter, !retryAfter.isNaN {
      seconds = min(max(retryAfter, JobsLimits.retryAfter.lowerBound), JobsLimits.retryAfter.upperBound)
    }
    return Int64(seconds * 1_000 * (1 + Double.random(in: 0...max(0, jitter), using: &dice)))
  }
}

extension HostFailure.Class {
  /// Of a status code of HTTP that is no success: 408, 425, 429 and those from 500 may pass, other refusals do not.
  package init(status: Int) {
    switch status {
    case 408, 425, 429, 500...599: self = .retryable
    default: self = .permanent
    }
  }
}
