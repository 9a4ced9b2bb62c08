import HostClients
import Jobs

extension HootTalk {
  func failed(
    _ cause: HostFailure.Class, _ what: String, _ why: String, mayStillRun: Bool = false
  ) -> End {
    switch purpose {
    case .submit, .adopt:
      .outcome(
        .failed(
          HostFailure(
            cause, what, why: why,
            next: cause == .permanent ? "garden job show \(call.job)" : "garden host probe \(host)",
            mayStillRun: mayStillRun)))
    case .probe, .release: .unreachable(why)
    }
  }

  var isAdopted: Bool { if case .adopt = purpose { true } else { false } }

  func notReached(_ why: String, _ seconds: Double) -> End {
    failed(
      .transport, "\(host) was not reached for \(call.tool)", "\(why) within \(seconds) s, the limit.",
      mayStillRun: isAdopted)
  }

  /// Nothing was sent again: the host refuses a second request while it works, so another try doubles no work.
  var broken: End {
    failed(
      .transport, "\(host) gave no reply to \(call.tool)",
      "The connection broke while it worked; a service of this kind ends with it.")
  }

  var silent: End {
    failed(
      .transport, "\(host) gave no reply to \(call.tool)", "Nothing came for \(silence) s, the limit.",
      mayStillRun: true)
  }

  /// What was waited for as long as a whole call may take is not coming any more.
  var overdue: End {
    failed(
      .transport, "\(host) gave no reply to \(call.tool)",
      "It has not ended after \(call.limits.total) s, the limit.", mayStillRun: wasSent && !isAdopted)
  }

  var forgotten: End {
    failed(
      .retryable, "\(host) gave no reply to \(call.tool)",
      "It was asked before this daemon began, and named no job that could be asked for.")
  }

  var notStopped: End {
    failed(
      .transport, "\(call.tool) was cancelled while \(host) worked on it",
      "It did not say within \(HootHostLimits.leaving) s that it has stopped.", mayStillRun: true)
  }
}
