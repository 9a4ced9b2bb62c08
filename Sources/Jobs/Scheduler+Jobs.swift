extension Scheduler {
  /// Ends a job at once; its host hears of it, and its slot is free when the host is known to be.
  package mutating func cancel(_ job: JobID, at now: JobTime) throws(JobRefusal) {
    let slot = try slot(of: job)
    stop(slot, at: now)
    end(slot, .cancelled, at: now)
  }

  /// Whether a host may be working on that call.
  package func isHeld(_ job: JobID, epoch: UInt64) -> Bool { held[CallKey(job: job, epoch: epoch)] != nil }

  /// Holds a job back that no host has yet.
  package mutating func pause(_ job: JobID, at now: JobTime) throws(JobRefusal) {
    let slot = try slot(of: job)
    guard let record = entries[slot]?.record, !record.state.isOut, record.state != .parked(.dependency) else {
      throw JobRefusal(
        .notFinished, "The job \(job) was not paused.",
        why:
          "It is \(entries[slot]?.record.state.name ?? ""); only a job that waits for a host can be paused.",
        next: "Stop it: garden job cancel \(job)")
    }
    withdraw(slot)
    entries[slot]?.record.apply(.parked(.paused, until: nil), at: now)
    tell(slot)
    wind(slot)
  }

  package mutating func resume(_ job: JobID, at now: JobTime) throws(JobRefusal) {
    let slot = try slot(of: job)
    guard entries[slot]?.record.state.park == .paused else { return }
    entries[slot]?.record.apply(.woken, at: now)
    tell(slot)
    enqueue(slot)
    wind(slot)
  }

  /// Says when the job's content is needed now: after a seek, a change of tempo, or when its region was moved.
  /// Whether it can still arrive is said with the next `decide`.
  package mutating func setDeadline(_ deadline: JobTime?, of job: JobID, at now: JobTime) {
    let range = JobsLimits.times
    let deadline = deadline.map { min(max($0, range.lowerBound), range.upperBound) }
    guard let slot = index[job], entries[slot]?.record.spec.deadline != deadline else { return }
    reorder(slot) { $0.deadline = deadline }
  }

  package mutating func setPriority(_ priority: Int, of job: JobID, at now: JobTime) throws(JobRefusal) {
    let slot = try slot(of: job)
    guard JobsLimits.priorities.contains(priority) else {
      throw JobRefusal(
        .badJob, "The job \(job) was not changed.",
        why: "The priority \(priority) was asked for; 0 to 3 are allowed.",
        next: "Give one of 0, 1, 2, 3.")
    }
    let record = entries[slot]?.record
    if let record { restartable.remove(victim(record, slot: slot)) }
    reorder(slot) { $0.priority = priority }
    if let record, record.state.isOut, record.spec.isRestartable, priority >= 2,
      let new = entries[slot]?.record
    {
      restartable.insert(victim(new, slot: slot))
    }
    tell(slot)
  }

  private func slot(of job: JobID) throws(JobRefusal) -> Int {
    guard let slot = index[job] else {
      throw JobRefusal(
        .unknownJob, "Nothing was changed.", why: "No job \(job) is waiting or running.",
        next: "See what became of it: garden job show \(job)")
    }
    return slot
  }

  /// Takes the working set of a daemon that ended over. What a host had is adopted where the host can be asked for it,
  /// else it is sent once more under the same id, and shown as resent. Hosts come first.
  package mutating func restore(_ records: [JobRecord], at now: JobTime) {
    let places = records.filter { !$0.state.isFinal && index[$0.id] == nil }.map { place($0) }
    sequence = max(sequence, records.map(\.sequence).max() ?? 0)
    for slot in places {
      guard let record = entries[slot]?.record else { continue }
      for parent in Set(record.spec.parents) {
        // One that is not live any more has succeeded: otherwise this would have failed with it.
        guard let other = index[parent] else { continue }
        entries[other]?.children.append(record.id)
        entries[slot]?.openParents += 1
      }
      if !record.spec.isFresh, record.spec.parents.isEmpty, let fingerprint = entries[slot]?.fingerprint,
        inFlight[fingerprint] == nil
      {
        inFlight[fingerprint] = record.id
      }
    }
    for slot in places { resume(slot, at: now) }
  }

  private mutating func resume(_ slot: Int, at now: JobTime) {
    guard let entry = entries[slot] else { return }
    switch entry.record.state {
    case .leased, .running:
      guard let name = entry.record.host, let host = hostIndex[name], lanes[entry.lane]?.members[host] != nil,
        let kind = hosts[host]?.spec.kind
      else {
        entries[slot]?.record.apply(.recalled(resent: true), at: now)
        tell(slot)
        return settleIn(slot, at: now)
      }
      let remote = entry.record.remote
      entries[slot]?.record.apply(.recalled(resent: !kind.canAdopt), at: now)
      lease(slot, host: host, opening: kind.canAdopt ? .adopt(remote: remote) : .resend, at: now)
    case .parked(.dependency) where entry.openParents == 0:
      entries[slot]?.record.apply(.woken, at: now)
      settleIn(slot, at: now)
    case .queued, .parked(.hostBusy), .parked(.rate):
      enqueue(slot)
      wind(slot)
    default: wind(slot)
    }
  }
}

/// Where a job stands, for people.
package struct JobOutlook: Sendable, Equatable {
  /// Jobs that go before it; nil when it does not wait for a slot.
  package var ahead: Int?
  /// Milliseconds until it begins and until it ends, as far as is known.
  package var startsIn: Int64?
  package var endsIn: Int64?
  /// Hosts that can do it at all.
  package var hosts: Int
}

extension Scheduler {
  package func outlook(_ job: JobID, at now: JobTime) -> JobOutlook? {
    guard let slot = index[job], let entry = entries[slot], let lane = lanes[entry.lane] else { return nil }
    let record = entry.record
    var outlook = JobOutlook(hosts: lane.members.count)
    guard !record.state.isOut else {
      outlook.endsIn = remaining(record, at: now)
      return outlook
    }
    let ahead = lane.waiting.rank(of: entry.order)
    if record.state == .queued || record.state == .parked(.hostBusy) { outlook.ahead = ahead }
    let slots = lane.members.keys.reduce(0) { $0 + (hosts[$1]?.capacity ?? 0) }
    guard slots > 0,
      let duration = estimates.duration(tool: record.spec.tool, host: nil, size: record.spec.size)
    else { return outlook }
    let free = lane.members.keys.reduce(0) {
      $0 + max(0, (hosts[$1]?.capacity ?? 0) - (hosts[$1]?.used ?? 0))
    }
    let rounds = Double(max(0, ahead + 1 - free)) / Double(slots)
    let start = max(Int64(min(rounds.rounded(.up) * Double(duration), 1e15)), (record.nextAt ?? now) - now)
    outlook.startsIn = start
    outlook.endsIn = start.later(duration)
    return outlook
  }

  /// Milliseconds that a job still takes, once it has begun or from its beginning on.
  func remaining(_ record: JobRecord, at now: JobTime) -> Int64? {
    let usual = estimates.duration(tool: record.spec.tool, host: record.host, size: record.spec.size)
    guard record.state.isOut, let start = record.startedAt ?? record.leasedAt else { return usual }
    return Estimates.remaining(elapsed: max(0, now - start), percent: record.progress.percent, usual: usual)
  }
}

extension Scheduler {
  /// What a job that is not there yet would meet: how many of its kind and priority wait before it, when it would begin
  /// and how long it would take, as far as is known.
  package func prospect(of spec: JobSpec, at now: JobTime) -> (ahead: Int, startsIn: Int64?, takes: Int64?) {
    let able = allHosts.filter {
      $0.spec.service(for: spec.tool) != nil && (spec.host ?? $0.spec.name) == $0.spec.name
        && spec.labels.isSubset(of: $0.spec.labels)
    }
    let ahead = entries.count { entry in
      guard let record = entry?.record, !record.state.isOut else { return false }
      return record.spec.priority <= spec.priority
        && able.contains { $0.spec.service(for: record.spec.tool) != nil }
    }
    let takes = estimates.duration(tool: spec.tool, host: spec.host, size: spec.size)
    let slots = able.reduce(0) { $0 + $1.slots }
    let free = able.reduce(0) { $0 + max(0, $1.slots - $1.used) }
    guard slots > 0 else { return (ahead, nil, takes) }
    if ahead < free { return (ahead, 0, takes) }
    guard let takes else { return (ahead, nil, nil) }
    let rounds = (Double(ahead + 1 - free) / Double(slots)).rounded(.up)
    return (ahead, Int64(min(rounds * Double(takes), 1e15)), takes)
  }
}
