extension Scheduler {
  /// What a host says of a call. What comes of a call that is over, or of a job that is final, changes nothing but the
  /// slot it held; true when it was of use.
  @discardableResult
  package mutating func report(
    _ report: HostReport, of job: JobID, epoch: UInt64, at now: JobTime
  ) -> Bool {
    let key = CallKey(job: job, epoch: epoch)
    guard let call = held[key] else {
      counts.stale += 1
      return false
    }
    var slot = index[job]
    if let entry = slot.flatMap({ entries[$0] }),
      entry.record.epoch != epoch || !entry.record.state.isOut || entry.isSettling
    {
      slot = nil
    }
    if slot == nil { counts.stale += 1 }
    switch report {
    case .finished(let outcome):
      finish(outcome, key: key, call: call, slot: slot, at: now)
    case .accepted(let remote):
      held[key]?.remote = remote ?? call.remote
      reached(call)
      if let slot { started(slot, remote: remote, at: now) }
    case .progress(let percent, let message):
      hear(slot, call, percent: percent, message: message, at: now)
    case .chunk: hear(slot, call, isChunk: true, at: now)
    case .heartbeat: hear(slot, call, at: now)
    }
    return slot != nil
  }

  private mutating func reached(_ call: Held) {
    hosts[call.host]?.breaker.reached()
    hosts[call.host]?.gates[call.service].taken()
    hosts[call.host]?.downs = 0
    refresh(host: call.host)
  }

  private mutating func started(_ slot: Int, remote: String?, at now: JobTime) {
    entries[slot]?.record.apply(.started(remote: remote), at: now)
    tell(slot)
    wind(slot)
  }

  private mutating func hear(
    _ slot: Int?, _ call: Held, percent: Double? = nil, message: String? = nil, isChunk: Bool = false,
    at now: JobTime
  ) {
    guard let slot else { return }
    if entries[slot]?.record.state == .leased {
      reached(call)
      started(slot, remote: nil, at: now)
    }
    if entries[slot]?.record.hear(percent: percent, message: message, chunk: isChunk, at: now) == true {
      tell(slot)
    }
  }

  private mutating func finish(
    _ outcome: HostOutcome, key: CallKey, call: Held, slot: Int?, at now: JobTime
  ) {
    if let slot, let record = entries[slot]?.record { restartable.remove(victim(record, slot: slot)) }
    learn(outcome, call: call, at: now)
    if case .failed(let failure) = outcome, failure.mayStillRun {
      held[key]?.state = .lost(since: now)
      held[key]?.remote = slot.flatMap { entries[$0]?.record.remote } ?? call.remote
      if let slot { entries[slot]?.blocker = key }
      hosts[call.host]?.probeAt = now
      wind(host: call.host)
    } else {
      letGo(key)
    }
    guard let slot else { return }
    switch outcome {
    case .succeeded:
      // The result is kept first; `settle` ends the job.
      started(slot, remote: nil, at: now)
      entries[slot]?.isSettling = true
      wind(slot)
    case .busy(let retryAfter): turnAway(slot, call, retryAfter: retryAfter, at: now)
    case .failed(let failure): fail(slot, failure, at: now)
    case .cancelled:
      // Nobody asked for it here: somebody stopped it over there.
      fail(
        slot,
        HostFailure(
          .retryable, "The call for the job \(key.job) was stopped.",
          why: "\(entries[slot]?.record.host ?? "The host") ended it without being asked to.",
          next: HostFailure.triedAgain),
        at: now)
    }
  }

  /// What an outcome says of the host.
  private mutating func learn(_ outcome: HostOutcome, call: Held, at now: JobTime) {
    let number = call.host
    guard let host = hosts[number] else { return }
    if case .failed(let failure) = outcome, failure.cause == .transport {
      hosts[number]?.gates[call.service].abandon()
      hosts[number]?.breaker.failed(at: now, using: &dice)
      return refresh(host: number)
    }
    hosts[number]?.breaker.reached()
    switch outcome {
    case .busy(let retryAfter):
      counts.busyAnswers += 1
      hosts[number]?.successes = 0
      hosts[number]?.ceiling = host.used > 1 ? host.used - 1 : host.ceiling
      // With calls of ours on it, one that ends makes room; without, only time does.
      if host.used <= 1 {
        let window = policy.busy.window(retryAfter: retryAfter, using: &dice)
        hosts[number]?.gates[call.service].busy(until: now.later(window), at: now)
      } else {
        hosts[number]?.gates[call.service].taken()
      }
    case .failed(let failure):
      hosts[number]?.gates[call.service].taken()
      if let pause = failure.retryAfter {
        let window = policy.busy.window(retryAfter: pause, using: &dice)
        hosts[number]?.gates[call.service].busy(until: now.later(window), at: now)
      }
    case .succeeded:
      hosts[number]?.gates[call.service].taken()
      hosts[number]?.successes += 1
      if let ceiling = host.ceiling, host.successes + 1 >= policy.busy.successesToGrow {
        hosts[number]?.ceiling = ceiling + 1 >= host.spec.slots ? nil : ceiling + 1
        hosts[number]?.successes = 0
      }
    case .cancelled: hosts[number]?.gates[call.service].abandon()
    }
    refresh(host: number)
  }

  private mutating func turnAway(_ slot: Int, _ call: Held, retryAfter: Double?, at now: JobTime) {
    var until = now.later(seconds: retryAfter ?? policy.busy.usual)
    if case .closed(let time)? = hosts[call.host]?.gates[call.service].state { until = time }
    entries[slot]?.record.apply(.busy(until: until), at: now)
    tell(slot)
    enqueue(slot)
    wind(slot)
  }

  mutating func fail(_ slot: Int, _ failure: HostFailure, at now: JobTime) {
    guard let record = entries[slot]?.record else { return }
    guard failure.cause != .permanent, record.failures + 1 < record.spec.limits.attempts else {
      return end(slot, .failed(failure), at: now)
    }
    counts.retries += 1
    var wait = policy.backoff.delay(failures: record.failures + 1, using: &dice)
    if let pause = failure.retryAfter {
      wait = max(wait, policy.busy.window(retryAfter: pause, using: &dice))
    }
    entries[slot]?.record.apply(.failedOnce(failure, until: now.later(wait)), at: now)
    tell(slot)
    wind(slot)
  }

  /// The result of a call that succeeded is kept: the job is done. False when it is so no more: nothing changes.
  @discardableResult
  package mutating func settle(
    _ job: JobID, epoch: UInt64, artifacts: [String], value: [UInt8]?, at now: JobTime
  ) -> Bool {
    guard let slot = index[job], let entry = entries[slot], entry.isSettling, entry.record.epoch == epoch
    else {
      counts.stale += 1
      return false
    }
    if let leased = entry.record.leasedAt, let host = entry.record.host {
      // From the lease on, as many hosts say nothing before their end; keeping the result is none of it.
      estimates.learn(
        tool: entry.record.spec.tool, host: host, size: entry.record.spec.size,
        milliseconds: (entry.record.heardAt ?? now) - leased)
      if let number = hostIndex[host] { refresh(host: number) }
    }
    end(slot, .succeeded(artifacts: artifacts, value: value), at: now)
    return true
  }

  /// The result of a call that succeeded could not be kept.
  package mutating func spoil(_ job: JobID, epoch: UInt64, _ failure: HostFailure, at now: JobTime) {
    guard let slot = index[job], let entry = entries[slot], entry.isSettling, entry.record.epoch == epoch
    else {
      counts.stale += 1
      return
    }
    entries[slot]?.isSettling = false
    fail(slot, failure, at: now)
  }

  /// Ends a job, and what waits for it where it did not succeed.
  mutating func end(_ slot: Int, _ event: JobEvent, at now: JobTime) {
    var open = [(slot, event)]
    while let (slot, event) = open.popLast() {
      guard entries[slot]?.record.apply(event, at: now) == true, let entry = entries[slot] else { continue }
      count(entry.record.state)
      actions.append(.finished(entry.record))
      forget(slot)
      for child in entry.children {
        guard let other = index[child] else { continue }
        if entry.record.state == .succeeded {
          satisfy(other, at: now)
        } else {
          open.append((other, .orphaned(by: entry.record.id)))
        }
      }
    }
  }

  private mutating func satisfy(_ slot: Int, at now: JobTime) {
    entries[slot]?.openParents -= 1
    guard entries[slot]?.openParents == 0, entries[slot]?.record.state.park == .dependency else { return }
    entries[slot]?.record.apply(.woken, at: now)
    settleIn(slot, at: now)
    tell(slot)
  }

  private mutating func count(_ state: JobState) {
    switch state {
    case .succeeded: counts.succeeded += 1
    case .failed: counts.failed += 1
    case .cancelled: counts.cancelled += 1
    case .timedOut: counts.timedOut += 1
    default: counts.dead += 1
    }
  }
}
