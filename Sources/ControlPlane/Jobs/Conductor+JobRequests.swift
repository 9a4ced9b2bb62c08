import ControlSocket
import HootWire
import JobDispatch
import Jobs
import Ledger
import Tools

extension Conductor {
  // MARK: Showing

  /// The jobs as they are, in the order asked for.
  func show(
    _ ids: [JobID], _ detail: JobDetail = .standard, then: @escaping ([JSONValue]) -> Void
  ) throws(Refusal) {
    try views(of: ids) { [self] views in
      let now = jobs?.clock() ?? 0
      then(ids.compactMap { id in views[id].map { shown($0.json(at: now, detail), id) } })
    }
  }

  /// Those that live from the dispatcher, the others from the ledger; what is not known is not among them.
  func views(of ids: [JobID], then: @escaping ([JobID: JobView]) -> Void) throws(Refusal) {
    let ledger = ledger
    jobs?.meter.looks += 1
    try ask(
      [JobID: JobView].self,
      { side, answer in
        side.dispatcher.order(
          .look { scheduler, now in
            var views: [JobID: JobView] = [:]
            for id in ids {
              if let record = scheduler.record(id) {
                views[id] = JobView(record: record, outlook: scheduler.outlook(id, at: now))
              }
            }
            let lacking = ids.filter { views[$0] == nil }
            let found = views
            guard !lacking.isEmpty else { return answer(found) }
            let isTaken = ledger.read { store in
              var views = found
              // One that cannot be read is not shown.
              for id in lacking { if let record = try? store.job(id) { views[id] = JobView(record: record) } }
              answer(views)
            }
            if !isTaken { answer(found) }
          })
      }, then: then)
  }

  /// With what has come of it while it runs.
  private func shown(_ job: JSONValue, _ id: JobID) -> JSONValue {
    guard let stream = streamJSON(id), case .object(var object) = job else { return job }
    object["stream"] = stream
    return .object(object)
  }

  func listJobs(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    var filter = JobFilter()
    filter.tool = arguments.text(.tool)
    filter.host = arguments.text(.host)
    if let word = arguments.text(.status) {
      filter.codes = word == "live" ? [0, 1, 2, 3] : JobState.code(named: word).map { [$0] }
    }
    let wanted = filter
    let before = arguments.integer(.before).map(UInt64.init)
    let limit = arguments.integer(.limit) ?? 100
    try readLedger(
      { store throws(LedgerError) in try store.jobs(wanted, before: before, limit: limit) },
      then: {
        [self] result in
        resume(incoming) { () throws(Refusal) in
          let records = try result.get()
          let total = jobs?.live.count ?? 0
          try show(records.map(\.id)) { [self] shown in
            let next: JSONValue = records.count < limit ? nil : JSONValue(records.last?.sequence ?? 0)
            finish(
              incoming, .ok(["jobs": .array(shown), "total": .integer(Int64(total)), "next": next]))
          }
        }
      })
    return .later
  }

  func showJob(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    try find(arguments, incoming) { [self] job throws(Refusal) in
      try readLedger(
        { store throws(LedgerError) in try store.attempts(of: job) },
        then: { [self] result in
          resume(incoming) { () throws(Refusal) in
            let attempts = try result.get().map { attempt -> JSONValue in
              [
                "epoch": JSONValue(attempt.epoch), "attempt": .integer(Int64(attempt.attempt)),
                "host": .string(attempt.host), "began": .string(JobView.text(attempt.began)),
                "ended": attempt.ended.map { .string(JobView.text($0)) } ?? nil,
                "outcome": JSONValue(attempt.outcome),
              ]
            }
            try show([job], arguments.choice(.detail) ?? .standard) { [self] shown in
              finish(incoming, .ok(["job": shown.first ?? nil, "attempts": .array(attempts)]))
            }
          }
        })
    }
    return .later
  }

  func jobLogs(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let after = Int64(arguments.integer(.after) ?? 0)
    let limit = arguments.integer(.limit) ?? 1000
    try find(arguments, incoming) { [self] job throws(Refusal) in
      try readLedger(
        { store throws(LedgerError) in try store.events(of: job, after: after, limit: limit) },
        then: {
          [self] result in
          resume(incoming) { () throws(Refusal) in
            let events = try result.get().map { event -> JSONValue in
              [
                "n": .integer(event.number), "at": .string(JobView.text(event.at)),
                "state": .string(event.state), "note": .string(event.note),
              ]
            }
            finish(incoming, .ok(["job_id": .string(job.text), "events": .array(events)]))
          }
        })
    }
    return .later
  }

  func pollJobs(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    guard !(arguments.isSet(.any) && arguments.isSet(.all)) else {
      throw Refusal(
        "contradiction", .usage, "it is not clear what is waited for",
        "Seen --any and --all; give one of them.",
        "garden help job poll")
    }
    let wait = min(arguments.number(.wait) ?? 20, replySeconds - 1)
    try find(arguments.texts(.job), incoming) { [self] ids throws(Refusal) in
      var poll = JobPoll(jobs: ids, until: .now + .milliseconds(Int64(wait * 1_000)))
      poll.isAny = arguments.isSet(.any)
      poll.detail = arguments.choice(.detail) ?? .standard
      poll.since = arguments.integer(.since).map(UInt64.init)
      self.poll(poll) { [self] shown, isDone in
        guard peers.isWanted(incoming) else { return }
        finish(incoming, .ok(["jobs": .array(shown), "done": .bool(isDone)]))
      }
    }
    return .later
  }

  // MARK: Changing

  func cancelJobs(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    guard arguments.isSet(.all) != arguments.has(.job) else {
      throw Refusal(
        "missing_parameter", .usage, "it is not clear which jobs are meant", "Give jobs, or --all.",
        "garden job cancel --all")
    }
    if arguments.isSet(.all) {
      let client = arguments.text(.client)
      try ask(
        Result<Int, JobRefusal>.self,
        { side, answer in side.dispatcher.order(.cancelAll(client: client, answer: answer)) },
        then: { [self] result in
          resume(incoming) { () throws(Refusal) in
            let count = try result.mapError(Refusal.init).get()
            finish(incoming, .ok(["cancelled": .integer(Int64(count))]))
          }
        })
      return .later
    }
    try find(arguments.texts(.job), incoming) { [self] ids throws(Refusal) in
      try cancel(ids[...], 0, incoming)
    }
    return .later
  }

  private func cancel(_ ids: ArraySlice<JobID>, _ count: Int64, _ incoming: Incoming) throws(Refusal) {
    guard let id = ids.first else { return finish(incoming, .ok(["cancelled": .integer(count)])) }
    try order(
      { .cancel(id, answer: $0) },
      then: { [self] refusal in
        resume(incoming) { () throws(Refusal) in
          if let refusal { throw refusal }
          try cancel(ids.dropFirst(), count + 1, incoming)
        }
      })
  }

  /// A new job, which the region follows.
  func retryJob(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    try find(arguments, incoming) { [self] old throws(Refusal) in
      guard let new = jobs?.mintID() else { throw Self.noJobs }
      try ask(
        Result<[SubmitAnswer], JobRefusal>.self,
        { side, answer in side.dispatcher.order(.retry(old, as: new, answer: answer)) },
        then: { [self] result in
          resume(incoming) { () throws(Refusal) in
            guard let answer = try result.mapError(Refusal.init).get().first else { throw Self.noJobs }
            try show([answer.job]) { [self] shown in
              finish(
                incoming,
                .ok([
                  "job_id": .string(answer.job.text), "region_id": JSONValue(answer.record.spec.region),
                  "job": shown.first ?? nil,
                ]))
            }
          }
        })
    }
    return .later
  }

  func setJob(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    guard arguments.has(.priority) || arguments.has(.state) else {
      throw Refusal(
        "missing_parameter", .usage, "nothing was asked to be changed", "Give --priority or --state.",
        "garden help job set")
    }
    try find(arguments, incoming) { [self] job throws(Refusal) in
      var steps: [(@escaping @Sendable (JobRefusal?) -> Void) -> DispatchOrder] = []
      if let priority = arguments.integer(.priority) {
        steps.append { .setPriority(priority, job, answer: $0) }
      }
      if let state = arguments.text(.state) {
        steps.append { state == "paused" ? .pause(job, answer: $0) : .resume(job, answer: $0) }
      }
      try take(steps[...], job, incoming)
    }
    return .later
  }

  private func take(
    _ steps: ArraySlice<(@escaping @Sendable (JobRefusal?) -> Void) -> DispatchOrder>, _ job: JobID,
    _ incoming: Incoming
  ) throws(Refusal) {
    guard let step = steps.first else {
      return try show([job]) { [self] shown in finish(incoming, .ok(["job": shown.first ?? nil])) }
    }
    try order(step) { [self] refusal in
      resume(incoming) { () throws(Refusal) in
        if let refusal { throw refusal }
        try take(steps.dropFirst(), job, incoming)
      }
    }
  }

  // MARK: Finding

  func find(
    _ arguments: Arguments, _ incoming: Incoming, then: @escaping (JobID) throws(Refusal) -> Void
  ) throws(Refusal) {
    try find(arguments.texts(.job), incoming) { ids throws(Refusal) in
      if let first = ids.first { try then(first) }
    }
  }

  /// Jobs by their ids or the beginnings of them; all or none.
  func find(
    _ references: [String], _ incoming: Incoming, then: @escaping ([JobID]) throws(Refusal) -> Void
  ) throws(Refusal) {
    for text in references where !Self.isBeginning(text) {
      throw Refusal(
        "bad_id", .usage, "\(shownText(text)) is no job's id",
        "It is a UUID, or at least four digits of one.",
        "garden job ls")
    }
    try readLedger(
      { store throws(LedgerError) in
        var found: [(String, [JobID])] = []
        for text in references { found.append((text, try store.jobs(beginningWith: text, limit: 2))) }
        return found
      },
      then: { [self] result in
        resume(incoming) { () throws(Refusal) in
          var ids: [JobID] = []
          for (text, found) in try result.get() {
            guard let id = found.first, found.count == 1 else {
              throw Refusal(
                found.isEmpty ? "unknown_job" : "ambiguous", .refused,
                "\(shownText(text)) means \(found.isEmpty ? "no job" : "several jobs")",
                found.isEmpty
                  ? "None has such an id." : "Their ids are \(found.map(\.text).joined(separator: ", ")) …",
                "garden job ls")
            }
            ids.append(id)
          }
          try then(ids)
        }
      })
  }

  private static func isBeginning(_ text: String) -> Bool {
    let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
    return (4...32).contains(digits.count) && text.utf8.count <= 36
      && digits.allSatisfy { "0123456789abcdefABCDEF".utf8.contains($0) }
  }
}
