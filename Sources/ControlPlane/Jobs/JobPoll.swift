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
  var detail = JobDetail.standard
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

  /// Whether it is answered now: what is waited for has come, or the time has passed.
  func isDue(_ live: [JobID: JobRecord], at now: ContinuousClock.Instant) -> Bool {
    isDone(live) || until <= now
  }
}

extension Conductor {
  /// Answers once what is waited for has come or the time has passed.
  func poll(_ poll: JobPoll, answer: @escaping (_ shown: [JSONValue], _ isDone: Bool) -> Void) {
    var poll = poll
    poll.answer = answer
    guard let side = jobs, !poll.isDue(side.live, at: .now), side.polls.count < ControlLimits.jobPolls
    else { return settle([poll]) }
    jobs?.polls.append(poll)
  }

  func tendPolls() {
    guard let side = jobs, !side.polls.isEmpty else { return }
    let now = ContinuousClock.now
    let due = side.polls.filter { $0.isDue(side.live, at: now) }
    guard !due.isEmpty else { return }
    jobs?.polls.removeAll { $0.isDue(side.live, at: now) }
    settle(due)
  }

  /// One look for all of them, however many wait for the same job.
  private func settle(_ polls: [JobPoll]) {
    let isDone = polls.map { $0.isDone(jobs?.live ?? [:]) }
    let ids = Array(Set(polls.flatMap(\.jobs)))
    do {
      try views(of: ids) { [self] views in
        let now = jobs?.clock() ?? 0
        for (poll, isDone) in zip(polls, isDone) {
          poll.answer(poll.jobs.compactMap { views[$0]?.json(at: now, poll.detail) }, isDone)
        }
      }
    } catch {
      for (poll, isDone) in zip(polls, isDone) { poll.answer([], isDone) }
    }
  }
}
