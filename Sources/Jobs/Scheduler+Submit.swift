/// What became of a request for a job.
package enum Submission: Sendable, Equatable {
  case created(JobRecord)
  /// The same job was asked for before, under the same id.
  case known(JobID)
  /// Another job in flight asks for the same, and answers for this one too.
  case shared(JobRecord)
}

extension Scheduler {
  /// Takes jobs on, all of them or none.
  ///
  /// - Parameter finished: what became of a job that is not live; nil when nothing is known of it.
  package mutating func submit(
    _ specs: [JobSpec], at now: JobTime, finished: (JobID) -> JobState? = { _ in nil }
  ) throws(JobRefusal) -> [Submission] {
    try check(specs, finished: finished)
    var answers: [Submission] = []
    var placed: [(slot: Int, answer: Int)] = []
    for spec in specs {
      if index[spec.id] != nil || finished(spec.id) != nil {
        answers.append(.known(spec.id))
      } else if let shared = share(spec, at: now) {
        answers.append(.shared(shared))
      } else {
        let slot = add(spec, at: now)
        placed.append((slot, answers.count))
        answers.append(.known(spec.id))
      }
    }
    // Only now, as one may wait for another that stands behind it.
    for (slot, answer) in placed {
      link(slot, at: now, finished: finished)
      if let record = entries[slot]?.record { answers[answer] = .created(record) }
    }
    return answers
  }

  private func check(_ specs: [JobSpec], finished: (JobID) -> JobState?) throws(JobRefusal) {
    let what =
      specs.count == 1
      ? "The job \(specs[0].id) was not taken on." : "None of \(specs.count) jobs was taken on."
    guard specs.count <= JobsLimits.batch else {
      throw JobRefusal(
        .full, what, why: "\(JobsLimits.batch) jobs at a time are allowed.",
        next: "Hand them in in several parts.")
    }
    guard index.count + specs.count <= JobsLimits.liveJobs else {
      throw JobRefusal(
        .full, what, why: "\(index.count) jobs are not finished; \(JobsLimits.liveJobs) are allowed.",
        next: "Cancel some: garden job cancel --all")
    }
    var own: Set<JobID> = []
    var clients: [String: Int] = [:]
    for spec in specs {
      if let refusal = spec.refusal { throw refusal }
      guard own.insert(spec.id).inserted else {
        throw JobRefusal(
          .conflict, what, why: "The id \(spec.id) is there twice.", next: "Give each job an id of its own.")
      }
      clients[spec.client, default: 0] += 1
      if let present = record(spec.id)?.spec, !present.asksTheSame(as: spec) {
        throw JobRefusal(
          .conflict, what, why: "The id \(spec.id) belongs to another job, of \(present.tool).",
          next: "Leave the id out, or make a new one.")
      }
    }
    for (client, count) in clients where perClient[client, default: 0] + count > JobsLimits.liveJobsPerClient
    {
      throw JobRefusal(
        .full, what,
        why: "\(perClient[client, default: 0]) jobs of yours are not finished; "
          + "\(JobsLimits.liveJobsPerClient) are allowed.", next: "Cancel some, or wait.")
    }
    try checkParents(specs, own: own, what: what, finished: finished)
  }

  private func checkParents(
    _ specs: [JobSpec], own: Set<JobID>, what: String, finished: (JobID) -> JobState?
  ) throws(JobRefusal) {
    for spec in specs {
      for parent in spec.parents where index[parent] == nil && !own.contains(parent) {
        guard let state = finished(parent) else {
          throw JobRefusal(
            .unknownJob, what, why: "It waits for the job \(parent), and there is none.",
            next: "See which there are: garden job ls")
        }
        guard state == .succeeded else {
          throw JobRefusal(
            .finished, what, why: "It waits for the job \(parent), which is \(state.name).",
            next: "Try that one anew first: garden job retry \(parent)")
        }
      }
    }
    if let member = DependencyOrder.cycle(in: specs) {
      throw JobRefusal(
        .cycle, what, why: "The job \(member) waits, through others, for itself.",
        next: "Take one of the waits out.")
    }
  }

  private mutating func share(_ spec: JobSpec, at now: JobTime) -> JobRecord? {
    guard !spec.isFresh, spec.parents.isEmpty, spec.retryOf == nil, spec.notBefore <= now,
      let leader = inFlight[Fingerprint(of: spec)], let slot = index[leader],
      let present = entries[slot]?.record.spec, present.asksTheSame(as: spec)
    else { return nil }
    counts.shared += 1
    if let region = spec.region, region != present.region {
      if present.region == nil {
        entries[slot]?.record.spec.region = region
      } else if entries[slot]?.record.sharers.contains(region) == false {
        entries[slot]?.record.sharers.append(region)
      }
    }
    if spec.priority < present.priority { reorder(slot) { $0.priority = spec.priority } }
    if let deadline = spec.deadline, deadline < present.deadline ?? .max {
      reorder(slot) { $0.deadline = deadline }
    }
    tell(slot)
    return entries[slot]?.record
  }

  private mutating func add(_ spec: JobSpec, at now: JobTime) -> Int {
    sequence += 1
    counts.submitted += 1
    let slot = place(JobRecord(spec: spec, sequence: sequence, at: now))
    if !spec.isFresh, spec.parents.isEmpty, spec.notBefore <= now,
      let fingerprint = entries[slot]?.fingerprint, inFlight[fingerprint] == nil
    {
      inFlight[fingerprint] = spec.id
    }
    return slot
  }

  private mutating func link(_ slot: Int, at now: JobTime, finished: (JobID) -> JobState?) {
    guard let spec = entries[slot]?.record.spec else { return }
    for parent in Set(spec.parents) where finished(parent) == nil {
      guard let other = index[parent] else { continue }
      entries[other]?.children.append(spec.id)
      entries[slot]?.openParents += 1
    }
    settleIn(slot, at: now)
  }

  /// Has a job that no host has wait for what it must wait for.
  mutating func settleIn(_ slot: Int, at now: JobTime) {
    guard let entry = entries[slot] else { return }
    if entry.openParents > 0 {
      entries[slot]?.record.apply(.parked(.dependency, until: nil), at: now)
    } else if entry.record.spec.notBefore > now {
      entries[slot]?.record.apply(.parked(.paused, until: entry.record.spec.notBefore), at: now)
    } else {
      enqueue(slot)
    }
    wind(slot)
  }

  /// Gives a record a place; nothing else.
  mutating func place(_ record: JobRecord) -> Int {
    let spec = record.spec
    let lane = self.lane(for: spec)
    let slot = freeEntries.popLast() ?? entries.count
    if slot == entries.count { entries.append(nil) }
    let order = self.order(record, slot: slot)
    entries[slot] = Entry(record: record, lane: lane, fingerprint: Fingerprint(of: spec), order: order)
    index[spec.id] = slot
    perClient[spec.client, default: 0] += 1
    lanes[lane]?.jobs += 1
    return slot
  }

  func order(_ record: JobRecord, slot: Int) -> Order {
    var rank = Int64(record.spec.priority)
    // Linear in time, so nothing needs to be sorted anew as time passes.
    if let ageing = policy.ageing { rank = record.createdAt.later(rank * ageing) }
    return Order(
      rank: rank, deadline: record.spec.deadline ?? .max, sequence: record.sequence, slot: slot)
  }

  /// Changes what the order goes by.
  mutating func reorder(_ slot: Int, _ change: (inout JobSpec) -> Void) {
    guard var record = entries[slot]?.record, let old = entries[slot]?.order, let lane = entries[slot]?.lane
    else { return }
    change(&record.spec)
    let waits = lanes[lane]?.waiting.remove(old) ?? false
    entries[slot]?.record = record
    let new = order(record, slot: slot)
    entries[slot]?.order = new
    if waits {
      lanes[lane]?.waiting.insert(new)
      refresh(lane: lane)
    }
    wind(slot)
  }

  /// Lets go of a job that is final.
  mutating func forget(_ slot: Int) {
    guard let entry = entries[slot] else { return }
    withdraw(slot)
    let spec = entry.record.spec
    index[spec.id] = nil
    if inFlight[entry.fingerprint] == spec.id { inFlight[entry.fingerprint] = nil }
    let left = perClient[spec.client, default: 1] - 1
    perClient[spec.client] = left > 0 ? left : nil
    lanes[entry.lane]?.jobs -= 1
    restartable.remove(victim(entry.record, slot: slot))
    timers.set(.job(slot), nil)
    entries[slot] = nil
    freeEntries.append(slot)
  }

  func victim(_ record: JobRecord, slot: Int) -> Victim {
    Victim(priority: record.spec.priority, leasedAt: record.leasedAt ?? 0, slot: slot)
  }

  mutating func tell(_ slot: Int) {
    if let record = entries[slot]?.record { actions.append(.changed(record)) }
  }
}
