extension Scheduler {
  /// Empty lanes beyond so many are forgotten.
  private static var lanesKept: Int { 4_096 }

  mutating func lane(for spec: JobSpec) -> Int {
    let key = Lane.Key(tool: spec.tool, host: spec.host, labels: spec.labels.sorted())
    if let lane = laneIndex[key] { return lane }
    if laneIndex.count >= Self.lanesKept { sweepLanes() }
    let number = lanes.firstIndex { $0 == nil } ?? lanes.count
    if number == lanes.count { lanes.append(nil) }
    lanes[number] = Lane(key: key)
    laneIndex[key] = number
    for host in hosts.indices { join(host: host, lane: number) }
    return number
  }

  private mutating func sweepLanes() {
    for number in lanes.indices {
      guard let lane = lanes[number], lane.jobs == 0 else { continue }
      for host in lane.members.keys { hosts[host]?.lanes.removeAll { $0 == number } }
      laneIndex[lane.key] = nil
      ready.set(number, nil)
      lanes[number] = nil
    }
  }

  /// Makes a host a member of a lane if it can do its jobs.
  private mutating func join(host: Int, lane: Int) {
    guard let spec = hosts[host]?.spec, let key = lanes[lane]?.key else { return }
    guard key.host == nil || key.host == spec.name, spec.labels.isSuperset(of: key.labels),
      let service = spec.service(for: key.tool)
    else { return }
    lanes[lane]?.members[host] = service
    hosts[host]?.lanes.append(lane)
    let preference = preference(host: host, lane: lane)
    lanes[lane]?.hosts.set(host, preference)
  }

  /// After a host came, went or can do other things.
  mutating func rejoin(host: Int) {
    for lane in hosts[host]?.lanes ?? [] {
      lanes[lane]?.members[host] = nil
      lanes[lane]?.hosts.set(host, nil)
      refresh(lane: lane)
    }
    hosts[host]?.lanes = []
    for lane in lanes.indices where lanes[lane] != nil { join(host: host, lane: lane) }
    refresh(host: host)
  }

  private func preference(host number: Int, lane: Int) -> Preference? {
    guard let host = hosts[number], let service = lanes[lane]?.members[number], host.takes(service: service),
      let tool = lanes[lane]?.key.tool
    else { return nil }
    let duration = estimates.duration(tool: tool, host: host.spec.name, size: 1) ?? 0
    return Preference(duration: duration, used: host.used, breadth: host.lanes.count, host: number)
  }

  mutating func refresh(lane: Int) {
    guard let first = lanes[lane]?.waiting.first, let count = lanes[lane]?.hosts.count, count > 0 else {
      return ready.set(lane, nil)
    }
    ready.set(lane, first)
  }

  mutating func refresh(host: Int) {
    for lane in hosts[host]?.lanes ?? [] {
      let preference = preference(host: host, lane: lane)
      lanes[lane]?.hosts.set(host, preference)
      refresh(lane: lane)
    }
    wind(host: host)
  }

  /// Puts a job among those that wait for a slot.
  mutating func enqueue(_ slot: Int) {
    guard let entry = entries[slot] else { return }
    lanes[entry.lane]?.waiting.insert(entry.order)
    refresh(lane: entry.lane)
    if entry.record.spec.priority == 0 { pressed.insert(entry.lane) }
  }

  mutating func withdraw(_ slot: Int) {
    guard let entry = entries[slot] else { return }
    if lanes[entry.lane]?.waiting.remove(entry.order) == true { refresh(lane: entry.lane) }
  }
}
