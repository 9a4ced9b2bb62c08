import HootWire
import Jobs

/// Somebody waits for jobs.
struct JobPoll {
  var jobs: [JobID]
  /// One of them is enough.
  var isAny = false
  /// A change beyond this revision is enough; nil: the end.
  var since: UInt64?
  var until: ContinuousClock.Instant
  var answer: (_ shown: [JSONValue], _ isDone: Bool) -> Void = { _, _ in }

  init(jobs: [JobID], until: ContinuousClock.Instant) {
    self.jobs = jobs
    self.until = until
  }

  /// Whether what is waited for has come; a job that is not live has ended.
  func isDone(_ live: [JobID: JobRecord]) -> Bool {
    func has(_ job: JobID) -> Bool {
      guard let record = live[job] else { return true }
      return since.map { record.revision > $0 } ?? false
    }
    return isAny || since != nil ? jobs.contains(where: has) : jobs.allSatisfy(has)
  }
}

extension Conductor {
  /// Answers once what is waited for has come or the time has passed.
  func poll(_ poll: JobPoll, answer: @escaping (_ shown: [JSONValue], _ isDone: Bool) -> Void) {
    var poll = poll
    poll.answer = answer
    guard let side = jobs, !poll.isDone(side.live), poll.until > .now,
      side.polls.count < ControlLimits.jobPolls
    else { return settle(poll) }
    jobs?.polls.append(poll)
  }

  func tendPolls() {
    guard let side = jobs, !side.polls.isEmpty else { return }
    let now = ContinuousClock.now
    let settled = side.polls.filter { $0.isDone(side.live) || $0.until <= now }
    guard !settled.isEmpty else { return }
    jobs?.polls.removeAll { $0.isDone(side.live) || $0.until <= now }
    settled.forEach(settle)
  }

  private func settle(_ poll: JobPoll) {
    let isDone = poll.isDone(jobs?.live ?? [:])
    do {
      try show(poll.jobs) { poll.answer($0, isDone) }
    } catch { poll.answer([], isDone) }
  }
}
