/// What can happen to a job.
package enum JobEvent: Sendable, Equatable {
  /// It waits for something that is no slot, until a time where there is one.
  case parked(JobState.Park, until: JobTime?)
  /// What it waited for has come.
  case woken
  case leased(host: String)
  /// A host has it.
  case started(remote: String?)
  /// The host had no room.
  case busy(until: JobTime)
  /// A call failed in a way that may pass; tried again at a time.
  case failedOnce(HostFailure, until: JobTime)
  /// A call failed for good, or for the last time.
  case failed(HostFailure)
  /// A job it waited for did not succeed.
  case orphaned(by: JobID)
  /// Stopped for another's sake.
  case preempted
  /// The daemon came back, and does not know what became of the call.
  case recalled(resent: Bool)
  case succeeded(artifacts: [String], value: [UInt8]?)
  case cancelled
  case timedOut(JobTimeout)
}

/// Which of its limits a job passed.
package enum JobTimeout: String, Sendable, CaseIterable {
  case queueToStart = "queue_to_start"
  case startToFinish = "start_to_finish"
  case silence
  case busy
}

extension JobRecord {
  /// Takes what happened. False, and nothing is changed, when it cannot happen in this state: a finished job takes
  /// nothing.
  @discardableResult
  package mutating func apply(_ event: JobEvent, at now: JobTime) -> Bool {
    guard !state.isFinal, allows(event) else { return false }
    switch event {
    case .parked(let park, let until): (state, nextAt) = (.parked(park), until)
    case .woken: (state, nextAt) = (.queued, nil)
    case .leased(let name):
      (state, host, remote, nextAt) = (.leased, name, nil, nil)
      epoch += 1
      (leasedAt, startedAt, heardAt) = (now, nil, now)
    case .started(let name):
      if state == .leased { (state, startedAt) = (.running, now) }
      if let name { remote = String.cut(name, bytes: JobsLimits.messageBytes) }
      heardAt = now
      busySince = nil
    case .busy(let until):
      (state, nextAt) = (.parked(.hostBusy), until)
      busyAnswers += 1
      busySince = busySince ?? now
    case .failedOnce(let failure, let until):
      (state, nextAt, error) = (.parked(.backoff), until, failure.cutLines)
      failures += 1
      progress = JobProgress()
    case .preempted:
      (state, nextAt) = (.queued, nil)
      progress = JobProgress()
    case .recalled(let resent):
      (state, nextAt, isResent) = (.queued, nil, resent || isResent)
    case .failed, .orphaned, .succeeded, .cancelled, .timedOut: finish(event, at: now)
    }
    revision += 1
    updatedAt = max(updatedAt, now)
    return true
  }

  private func allows(_ event: JobEvent) -> Bool {
    switch event {
    case .parked: !state.isOut
    case .woken: state.park != nil
    case .leased: state == .queued || state == .parked(.hostBusy) || state == .parked(.rate)
    case .started, .busy, .failedOnce, .preempted, .recalled, .succeeded: state.isOut
    case .failed, .cancelled, .timedOut: true
    case .orphaned: !state.isOut
    }
  }

  private mutating func finish(_ event: JobEvent, at now: JobTime) {
    (nextAt, finishedAt) = (nil, now)
    switch event {
    case .failed(let failure):
      if state.isOut { failures += 1 }
      error = failure.cutLines
      if error.last == HostFailure.triedAgain { error[error.count - 1] = "garden job retry \(id)" }
      state = failure.cause == .permanent ? .failed : .dead
    case .orphaned(let parent):
      state = .failed
      error = [
        "The job \(id) was not run.", "The job \(parent), which it waits for, did not succeed.",
        "See garden job show \(parent).",
      ]
    case .succeeded(let names, let result):
      (state, artifacts, value, error) = (.succeeded, names, result, [])
      progress.take(percent: 100, message: nil)
    case .cancelled: state = .cancelled
    case .timedOut(let limit):
      state = .timedOut
      error = [
        "The job \(id) ran out of time.", explanation(of: limit, at: now),
        "Try it anew: garden job retry \(id)",
      ]
    default: break
    }
  }

  private func explanation(of limit: JobTimeout, at now: JobTime) -> String {
    func seconds(_ milliseconds: Int64) -> String { "\(Double(milliseconds) / 1_000) s" }
    switch limit {
    case .queueToStart:
      return "No host began it within \(seconds(spec.limits.queueToStart ?? 0)) of its submission."
    case .startToFinish:
      return "\(host ?? "The host") did not finish it within \(seconds(spec.limits.startToFinish))."
    case .silence:
      return "\(host ?? "The host") was last heard of \(seconds(now - (heardAt ?? now))) ago."
    case .busy:
      return "Hosts were busy for \(seconds(spec.limits.busy)): \(busyAnswers) busy answers."
    }
  }

  /// The host works on it, as it just said. False when nothing of interest changed.
  @discardableResult
  package mutating func hear(percent: Double?, message: String?, chunk: Bool = false, at now: JobTime) -> Bool
  {
    guard state.isOut else { return false }
    heardAt = now
    var isNews = progress.take(percent: percent, message: message)
    if chunk {
      progress.chunks += 1
      isNews = true
    }
    if isNews {
      revision += 1
      updatedAt = max(updatedAt, now)
    }
    return isNews
  }
}

extension HostFailure {
  var cutLines: [String] { lines.prefix(3).map { String.cut($0, bytes: JobsLimits.messageBytes) } }
}
