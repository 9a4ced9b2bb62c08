extension Scheduler {
  /// Milliseconds between two questions after a call that a host may still be working on.
  static var askAgain: Int64 { 5_000 }
  /// Unanswered questions in a row after which a host counts as gone.
  static var downsToGone: Int { 3 }

  /// Sets when a job must be looked at again.
  mutating func wind(_ slot: Int) {
    guard let entry = entries[slot] else { return }
    timers.set(.job(slot), entry.isSettling ? nil : dueTime(entry))
  }

  private func dueTime(_ entry: Entry) -> JobTime? {
    let record = entry.record
    let limits = record.spec.limits
    var times: [JobTime?] = [lateTime(entry)]
    if record.state.isOut {
      times.append(record.leasedAt?.later(limits.startToFinish))
      times.append(silenceTime(entry))
    } else {
      if isUnbegun(record) { times.append(limits.queueToStart.map { record.createdAt.later($0) }) }
      times.append(record.busySince?.later(limits.busy))
      if record.state != .parked(.hostBusy), entry.blocker == nil || canAdopt(entry) {
        times.append(record.nextAt)
      }
    }
    return times.compactMap { $0 }.min()
  }

  private func isUnbegun(_ record: JobRecord) -> Bool { record.startedAt == nil && record.failures == 0 }

  private func canAdopt(_ entry: Entry) -> Bool {
    guard let key = entry.blocker, let call = held[key], let host = hosts[call.host] else { return false }
    return host.spec.kind.canAdopt
  }

  private func silenceTime(_ entry: Entry) -> JobTime? {
    guard let heard = entry.record.heardAt else { return nil }
    if let limit = entry.record.spec.limits.silence { return heard.later(limit) }
    let key = CallKey(job: entry.record.id, epoch: entry.record.epoch)
    switch held[key].flatMap({ hosts[$0.host]?.spec.kind.liveness }) {
    case .heartbeat(let every): return heard.later(3 * every)
    case .connection(let every): return max(heard, entry.probedAt).later(every)
    case .child, nil: return nil
    }
  }

  /// When it shows that the job cannot arrive in time any more; nil when it was said, or nothing waits for it.
  private func lateTime(_ entry: Entry) -> JobTime? {
    let record = entry.record
    guard let deadline = record.spec.deadline, entry.saidLateFor != deadline else { return nil }
    let duration =
      estimates.duration(tool: record.spec.tool, host: record.host, size: record.spec.size) ?? 0
    guard record.state.isOut, let leased = record.leasedAt else { return deadline.later(-duration) }
    return leased.later(duration) > deadline ? leased : deadline
  }

  /// Does what is due.
  mutating func tick(at now: JobTime) {
    while let next = timers.first, next.key <= now {
      timers.set(next.element, nil)
      switch next.element {
      case .job(let slot): tick(slot, at: now)
      case .host(let host): tick(host: host, at: now)
      }
    }
  }

  private mutating func tick(_ slot: Int, at now: JobTime) {
    guard let entry = entries[slot] else { return }
    if let time = lateTime(entry), time <= now { sayLate(slot, at: now) }
    if entry.record.state.isOut { tickOut(slot, entry, at: now) } else { tickWaiting(slot, entry, at: now) }
    wind(slot)
  }

  private mutating func sayLate(_ slot: Int, at now: JobTime) {
    guard let record = entries[slot]?.record, let deadline = record.spec.deadline else { return }
    entries[slot]?.saidLateFor = deadline
    counts.late += 1
    let end = now.later(remaining(record, at: now) ?? 0)
    actions.append(.late(record.id, by: max(0, end - deadline)))
  }

  private mutating func tickOut(_ slot: Int, _ entry: Entry, at now: JobTime) {
    let limits = entry.record.spec.limits
    if let leased = entry.record.leasedAt, leased.later(limits.startToFinish) <= now {
      stop(slot, at: now)
      return end(slot, .timedOut(.startToFinish), at: now)
    }
    guard let silence = silenceTime(entry), silence <= now else { return }
    let key = CallKey(job: entry.record.id, epoch: entry.record.epoch)
    guard limits.silence == nil else {
      stop(slot, at: now)
      return end(slot, .timedOut(.silence), at: now)
    }
    guard let host = held[key].flatMap({ hosts[$0.host] }) else { return }
    if case .connection = host.spec.kind.liveness {
      entries[slot]?.probedAt = now
      actions.append(.probe(host: host.spec.name))
    } else {
      lose(slot, why: "Nothing was heard of it for three of its heartbeats.", at: now)
    }
  }

  /// Nobody knows what became of the call.
  mutating func lose(_ slot: Int, why: String, at now: JobTime) {
    guard let record = entries[slot]?.record, record.state.isOut, entries[slot]?.isSettling == false else {
      return
    }
    let failure = HostFailure(
      .transport, "The call for the job \(record.id) was lost.", why: why,
      next: "It goes on when the host is known to be free.", mayStillRun: true)
    actions.append(.cancel(record.id, epoch: record.epoch, host: record.host ?? ""))
    report(.finished(.failed(failure)), of: record.id, epoch: record.epoch, at: now)
  }

  private mutating func tickWaiting(_ slot: Int, _ entry: Entry, at now: JobTime) {
    let record = entry.record
    if isUnbegun(record), let limit = record.spec.limits.queueToStart, record.createdAt.later(limit) <= now {
      return end(slot, .timedOut(.queueToStart), at: now)
    }
    if let since = record.busySince, since.later(record.spec.limits.busy) <= now {
      return end(slot, .timedOut(.busy), at: now)
    }
    guard let next = record.nextAt, next <= now, record.state != .parked(.hostBusy) else { return }
    if let key = entry.blocker, let call = held[key] {
      guard canAdopt(entry) else { return }
      // Its slot goes over to the call that asks for it.
      entries[slot]?.blocker = nil
      entries[slot]?.record.apply(.woken, at: now)
      held[key]?.state = .wanted
      letGo(key)
      return lease(slot, host: call.host, opening: .adopt(remote: call.remote), at: now)
    }
    entries[slot]?.record.apply(.woken, at: now)
    tell(slot)
    enqueue(slot)
  }

  /// Sets when a host must be looked at again.
  mutating func wind(host number: Int) {
    guard let host = hosts[number] else { return timers.set(.host(number), nil) }
    var times = [host.breaker.opensAt, host.rateUntil, host.probeAt]
    times += host.gates.map { $0.due(settle: policy.busy.settle) }
    for key in host.calls {
      if case .draining(let since) = held[key]?.state { times.append(since.later(policy.cancelGrace)) }
    }
    timers.set(.host(number), times.compactMap { $0 }.min())
  }

  private mutating func tick(host number: Int, at now: JobTime) {
    guard let host = hosts[number] else { return }
    hosts[number]?.breaker.tick(at: now)
    for service in host.gates.indices {
      hosts[number]?.gates[service].tick(at: now, settle: policy.busy.settle)
    }
    if let until = host.rateUntil, until <= now { hosts[number]?.rateUntil = nil }
    for key in host.calls {
      guard case .draining(let since) = held[key]?.state, since.later(policy.cancelGrace) <= now else {
        continue
      }
      held[key]?.state = .lost(since: now)
      hosts[number]?.probeAt = now
    }
    if let time = hosts[number]?.probeAt, time <= now { ask(host: number, at: now) }
    refresh(host: number)
  }

  /// Asks after the calls that the host may still be working on, and gives up those that no call takes as long as.
  private mutating func ask(host number: Int, at now: JobTime) {
    guard let host = hosts[number] else { return }
    hosts[number]?.probeAt = nil
    for key in host.calls {
      guard let call = held[key], case .lost(let since) = call.state else { continue }
      if max(since, call.since).later(call.startToFinish) <= now {
        letGo(key)
        continue
      }
      hosts[number]?.probeAt = now.later(Self.askAgain)
      // One that will be adopted is not to be stopped.
      let isAwaited = index[key.job].map { entries[$0]?.blocker == key } ?? false
      if !(isAwaited && host.spec.kind.canAdopt) {
        actions.append(.release(key.job, remote: call.remote, host: host.spec.name))
      }
    }
    if hosts[number]?.probeAt != nil { actions.append(.probe(host: host.spec.name)) }
  }
}
