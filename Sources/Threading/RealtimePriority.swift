import CThreading
import Glibc

/// Asks the kernel to run the calling thread before all ordinary ones. Never fatal: a machine may say no.
package enum RealtimePriority {
  package enum Answer: Sendable, Equatable {
    /// SCHED_FIFO at this priority; lower than asked when the process's limit is lower.
    case granted(Int)
    /// Why not, in one sentence.
    case refused(String)

    package var refusal: String? {
      if case .refused(let why) = self { return why }
      return nil
    }
  }

  /// Requests SCHED_FIFO for the calling thread.
  ///
  /// - Parameter priority: 1 to 99. When the process may have less, the most it may have is taken.
  package static func request(_ priority: Int) -> Answer {
    guard ThreadingLimits.priorities.contains(priority) else {
      return .refused("realtime priority \(priority) is outside \(ThreadingLimits.priorities)")
    }
    let problem = thr_request_fifo(Int32(priority))
    if problem == 0 { return .granted(priority) }
    let limit = Int(thr_priority_limit())
    if limit >= ThreadingLimits.priorities.lowerBound, limit < priority, thr_request_fifo(Int32(limit)) == 0 {
      return .granted(limit)
    }
    return .refused(
      "the system refused SCHED_FIFO at priority \(priority): \(String(cString: strerror(problem))) "
        + "(rtprio limit \(limit))")
  }

  /// Whether the calling thread runs under SCHED_FIFO or SCHED_RR now.
  package static var isHeld: Bool { thr_is_realtime() }
}
