extension Scheduler {
  /// Takes a host on, or has one be otherwise from now on: calls that run there go on.
  package mutating func set(host spec: HostSpec, at now: JobTime) throws(JobRefusal) {
    if let refusal = spec.refusal { throw refusal }
    if let number = hostIndex[spec.name] {
      guard var host = hosts[number] else { return }
      // Never fewer than there were: calls that run go on speaking of theirs.
      if host.spec.services != spec.services {
        host.gates = (0..<max(spec.services.count, host.gates.count)).map { _ in BusyGate() }
      }
      if host.spec.slots != spec.slots {
        host.governor = SlotGovernor(slots: spec.slots)
        host.ceiling = nil
      }
      host.spec = spec
      // One that was removed and comes back before its last call has ended takes jobs again.
      if host.isLeaving { host.isDraining = false }
      host.isLeaving = false
      hosts[number] = host
      return rejoin(host: number)
    }
    guard hostIndex.count < JobsLimits.hosts else {
      throw JobRefusal(
        .full, "The host '\(spec.name)' was not taken on.",
        why: "There are \(hostIndex.count) hosts; \(JobsLimits.hosts) are allowed.",
        next: "Remove one: garden host rm NAME")
    }
    let number = hosts.firstIndex { $0 == nil } ?? hosts.count
    if number == hosts.count { hosts.append(nil) }
    hosts[number] = HostState(spec: spec)
    hostIndex[spec.name] = number
    rejoin(host: number)
  }

  /// Has a host take no further jobs, or take them again; calls that run there go on.
  package mutating func drain(host name: String, _ isDraining: Bool, at now: JobTime) throws(JobRefusal) {
    let number = try number(of: name)
    hosts[number]?.isDraining = isDraining
    refresh(host: number)
  }

  /// Has a host take no further jobs, and go when the last call there has ended.
  package mutating func remove(host name: String, at now: JobTime) throws(JobRefusal) {
    let number = try number(of: name)
    hosts[number]?.isDraining = true
    hosts[number]?.isLeaving = true
    if hosts[number]?.used == 0 { dismiss(host: number) } else { refresh(host: number) }
  }

  private func number(of name: String) throws(JobRefusal) -> Int {
    guard let number = hostIndex[name] else {
      throw JobRefusal(
        .unknownHost, "Nothing was changed.", why: "There is no host '\(String.cut(name, bytes: 40))'.",
        next: "See which there are: garden host ls")
    }
    return number
  }

  mutating func dismiss(host number: Int) {
    guard let host = hosts[number] else { return }
    hosts[number]?.isDraining = true
    for lane in host.lanes {
      lanes[lane]?.members[number] = nil
      lanes[lane]?.hosts.set(number, nil)
      refresh(lane: lane)
    }
    hostIndex[host.spec.name] = nil
    timers.set(.host(number), nil)
    hosts[number] = nil
  }

  /// How a host does, as it says itself.
  package mutating func take(_ health: HostHealth, of name: String, at now: JobTime) {
    guard let number = hostIndex[name], let host = hosts[number] else { return }
    hosts[number]?.health = health
    guard health.isUp else {
      hosts[number]?.downs += 1
      if host.downs + 1 >= Self.downsToGone { loseSilent(on: number, why: health.note, at: now) }
      return
    }
    hosts[number]?.downs = 0
    if host.spec.followsLoad {
      hosts[number]?.governor.take(
        health, allInUse: host.used >= host.capacity, atMost: host.spec.slotsAtMost, at: now)
    }
    var free = health.freeSlots ?? 0
    for key in host.calls {
      guard let call = held[key] else { continue }
      switch call.state {
      case .wanted:
        guard let slot = index[key.job], entries[slot]?.record.epoch == key.epoch else { continue }
        entries[slot]?.record.hear(percent: nil, message: nil, at: now)
        wind(slot)
      case .lost where free > 0:
        free -= 1
        letGo(key)
      case .draining, .lost: break
      }
    }
    refresh(host: number)
  }

  private mutating func loseSilent(on number: Int, why: String, at now: JobTime) {
    guard let host = hosts[number], case .connection(let every) = host.spec.kind.liveness else { return }
    for key in host.calls {
      guard held[key]?.state == .wanted, let slot = index[key.job], let heard = entries[slot]?.record.heardAt,
        entries[slot]?.record.epoch == key.epoch, heard.later(every) <= now
      else { continue }
      lose(slot, why: "\(host.spec.name) did not answer \(Self.downsToGone) times: \(why)", at: now)
    }
  }

  /// What a host said when it was asked to let go of a job.
  package mutating func take(_ answer: HostRelease, of job: JobID, host name: String, at now: JobTime) {
    guard answer == .released || answer == .unknown, let number = hostIndex[name], let host = hosts[number]
    else {
      return
    }
    for key in host.calls where key.job == job {
      if case .lost = held[key]?.state { letGo(key) }
    }
  }

  /// A call of a finished job that its host may still be working on, from before the daemon came back.
  package mutating func owe(
    _ job: JobID, epoch: UInt64, remote: String?, host name: String, startToFinish: Int64, at now: JobTime
  ) {
    let key = CallKey(job: job, epoch: epoch)
    guard let number = hostIndex[name], held[key] == nil else { return }
    held[key] = Held(
      host: number, service: 0, startToFinish: startToFinish, since: now, state: .lost(since: now),
      remote: remote)
    hosts[number]?.used += 1
    hosts[number]?.calls.insert(key)
    hosts[number]?.probeAt = now
    refresh(host: number)
  }
}

/// A host as it is now.
package struct HostView: Sendable, Equatable {
  package let spec: HostSpec
  /// How many calls it takes now.
  package let slots: Int
  /// Taken ones, those included that are not known to be free.
  package let used: Int
  package let unsure: Int
  package let isDraining: Bool
  package let breaker: Breaker.State
  /// Until when it asked to be left alone.
  package let busyUntil: JobTime?
  package let busyAnswers: Int
  /// Milliseconds it was left alone.
  package let busyTime: Int64
  package let health: HostHealth?
}

extension Scheduler {
  package func host(_ name: String) -> HostView? {
    guard let number = hostIndex[name], let host = hosts[number] else { return nil }
    let until = host.gates.compactMap { gate -> JobTime? in
      if case .closed(let until) = gate.state { return until }
      return nil
    }
    return HostView(
      spec: host.spec, slots: host.capacity, used: host.used,
      unsure: host.calls.count { held[$0]?.state != .wanted }, isDraining: host.isDraining,
      breaker: host.breaker.state, busyUntil: until.max(),
      busyAnswers: host.gates.reduce(0) { $0 + $1.answers },
      busyTime: host.gates.reduce(0) { $0 + $1.shutTime }, health: host.health)
  }

  /// By name.
  package var allHosts: [HostView] { hostIndex.keys.sorted().compactMap { host($0) } }
}
