import Jobs

/// A call of a host that has ended, for whoever measures and logs.
package struct CallNote: Sendable, Equatable {
  package enum Outcome: Sendable, Equatable {
    case succeeded, cancelled
    /// Turned away, for so many seconds where the host said how long.
    case busy(retryAfter: Double?)
    case failed(HostFailure)

    /// As metrics and logs name it.
    package var word: String {
      switch self {
      case .succeeded: "succeeded"
      case .cancelled: "cancelled"
      case .busy: "busy"
      case .failed: "failed"
      }
    }
  }

  package let spec: JobSpec
  package let epoch: UInt64
  package let attempt: Int
  package let host: String
  package let kind: HostKind
  package let began: JobTime
  package let ended: JobTime
  package let outcome: Outcome

  package init(
    _ spec: JobSpec, epoch: UInt64, attempt: Int, host: String, kind: HostKind, began: JobTime,
    ended: JobTime,
    outcome: Outcome
  ) {
    (self.spec, self.epoch, self.attempt, self.host, self.kind) = (spec, epoch, attempt, host, kind)
    (self.began, self.ended, self.outcome) = (began, ended, outcome)
  }
}

extension CallNote.Outcome {
  init(_ outcome: HostOutcome) {
    switch outcome {
    case .succeeded: self = .succeeded
    case .busy(let seconds): self = .busy(retryAfter: seconds)
    case .failed(let failure): self = .failed(failure)
    case .cancelled: self = .cancelled
    }
  }
}
