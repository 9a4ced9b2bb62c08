extension Scheduler {
  /// Does what is due, then gives free slots to waiting jobs: the first of all that some host would take goes to the
  /// best of those hosts, until there is none.
  package mutating func decide(at now: JobTime) {
    tick(at: now)
    while held.count < policy.mostCalls ?? .max, let next = ready.first {
      guard let host = lanes[next.element]?.hosts.first?.element else { break }
      lease(next.key.slot, host: host, opening: .submit, at: now)
    }
    if policy.preempts { preempt(at: now) }
    pressed.removeAll()
  }

  /// Takes a slot and promises the job to the host: one step.
  mutating func lease(_ slot: Int, host number: Int, opening: HostCall.Opening, at now: JobTime) {
    withdraw(slot)
    guard let host = hosts[number], let entry = entries[slot],
      let service = lanes[entry.lane]?.members[number]
    else { return }
    guard entries[slot]?.record.apply(.leased(host: host.spec.name), at: now) == true,
      let record = entries[slot]?.record
    else { return }
    let key = CallKey(job: record.id, epoch: record.epoch)
    held[key] = Held(
      host: number, service: service, startToFinish: record.spec.limits.startToFinish, since: now)
    hosts[number]?.used += 1
    hosts[number]?.calls.insert(key)
    hosts[number]?.gates[service].begin(at: now)
    hosts[number]?.breaker.begin()
    if let rate = host.spec.startsPerMinute {
      hosts[number]?.rateUntil = now.later(60_000 / Int64(rate))
    }
    entries[slot]?.isSettling = false
    entries[slot]?.blocker = nil
    if record.spec.isRestartable, record.spec.priority >= 2 {
      restartable.insert(victim(record, slot: slot))
    }
    counts.leases += 1
    if case .resend = opening { counts.resent += 1 }
    actions.append(.lease(record, opening))
    refresh(host: number)
    wind(slot)
  }

  /// Stops the least important of what may be stopped, once for each critical job that finds no slot.
  private mutating func preempt(at now: JobTime) {
    for lane in pressed {
      guard let order = lanes[lane]?.waiting.first, let entry = entries[order.slot],
        entry.record.spec.priority == 0, !entry.hasPreempted, let members = lanes[lane]?.members
      else { continue }
      // A few are looked at: those that are left stay where they are.
      for victim in restartable.prefix(64) {
        guard let record = entries[victim.slot]?.record, entries[victim.slot]?.isSettling == false,
          let host = held[CallKey(job: record.id, epoch: record.epoch)]?.host, members[host] != nil
        else { continue }
        entries[order.slot]?.hasPreempted = true
        stop(victim.slot, at: now)
        entries[victim.slot]?.record.apply(.preempted, at: now)
        counts.preempted += 1
        tell(victim.slot)
        enqueue(victim.slot)
        wind(victim.slot)
        break
      }
    }
  }

  /// Has the job's call end; its slot stays taken until the host is known to be free.
  mutating func stop(_ slot: Int, at now: JobTime) {
    guard let record = entries[slot]?.record, record.state.isOut else { return }
    restartable.remove(victim(record, slot: slot))
    let key = CallKey(job: record.id, epoch: record.epoch)
    guard let call = held[key], let host = hosts[call.host] else { return }
    held[key]?.state = .draining(since: now)
    held[key]?.remote = record.remote
    hosts[call.host]?.gates[call.service].abandon()
    hosts[call.host]?.breaker.abandon()
    actions.append(.cancel(record.id, epoch: record.epoch, host: host.spec.name))
    refresh(host: call.host)
  }

  /// Gives a slot back.
  mutating func letGo(_ key: CallKey) {
    guard let call = held.removeValue(forKey: key) else { return }
    hosts[call.host]?.used -= 1
    hosts[call.host]?.calls.remove(key)
    if call.state != .wanted, let name = hosts[call.host]?.spec.name {
      actions.append(.freed(key.job, host: name))
    }
    if hosts[call.host]?.isLeaving == true, hosts[call.host]?.used == 0 {
      dismiss(host: call.host)
    } else {
      refresh(host: call.host)
    }
    // A job that waited for this very call to be over.
    if let slot = index[key.job], entries[slot]?.blocker == key {
      entries[slot]?.blocker = nil
      wind(slot)
    }
  }
}
