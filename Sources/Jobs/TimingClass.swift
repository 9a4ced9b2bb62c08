/// How long a tool may keep whoever asked waiting, and so what it answers with.
package enum TimingClass: String, Sendable, CaseIterable {
  /// Its value, at once; it makes no job.
  case immediate
  /// A job that is waited for, 30 s at most.
  case short
  /// A job that is waited for, 120 s at most.
  case medium
  /// A job; its handle, at once.
  case long
  /// That it was understood, at once; what becomes of it is an event.
  case acknowledge

  /// What answers a request of this class.
  package enum Answer: String, Sendable { case value, job, acknowledgement }

  package var answer: Answer {
    switch self {
    case .immediate: .value
    case .short, .medium, .long: .job
    case .acknowledge: .acknowledgement
    }
  }

  /// Milliseconds that a job of this class may be waited for.
  package var budget: Int64 {
    switch self {
    case .short: 30_000
    case .medium: 120_000
    case .immediate, .long, .acknowledge: 0
    }
  }

  /// No client is kept longer than this, as many give up after 60 s.
  package static let longestWait: Int64 = 45_000

  /// Milliseconds after which a waiting client is given the job's handle.
  ///
  /// - Parameters:
  ///   - toolBudget: the tool's own, which stands before its class's; nil when it has none.
  ///   - clientLimit: how long the client will wait, if it said so.
  package func wait(toolBudget: Int64? = nil, clientLimit: Int64? = nil) -> Int64 {
    guard answer == .job, self != .long else { return 0 }
    return max(0, min(toolBudget ?? budget, clientLimit ?? .max, Self.longestWait))
  }
}
