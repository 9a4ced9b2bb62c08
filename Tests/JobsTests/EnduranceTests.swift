import Testing

@testable import Jobs

/// What queues of this kind are known to get wrong after hours, days, or one unlucky moment; on a clock by hand.
struct EnduranceTests {
  private static let minute: Int64 = 60_000
  private static let day: Int64 = 24 * 60 * minute

  @Test func `where nothing is to be done nothing is due, and jobs that run cost few looks`() {
    let house = VirtualHouse((0..<10).map { VirtualHouse.host("h\($0)", slots: 5, kind: .http) })
    house.run()
    #expect(house.scheduler.nextTime == nil, "an idle scheduler is never woken")
    house.script = { _, _ in [.hang] }
    for _ in 0..<50 { house.submit { $0.limits.startToFinish = 6 * Self.day } }
    house.act()
    #expect(house.calls.count == 50)
    let end = house.now + 10 * Self.minute
    var looks = 0
    while let next = house.scheduler.nextTime, next <= end {
      house.run(until: next + 2)
      looks += 1
    }
    // Each is asked about once in 15 s of its silence: 40 times in ten minutes, and those of a moment together.
    #expect(looks <= 50 * 41, "\(looks)")
    #expect(house.calls.count == 50 && house.scheduler.liveJobs == 50)
  }

  @Test(arguments: 1...6)
  func `after thirty days of faults of every kind it still gives every job to a host, and every slot is free`(
    seed: UInt64
  ) {
    let house = VirtualHouse(
      [
        VirtualHouse.host("a", slots: 2, kind: .http), VirtualHouse.host("b", slots: 1, kind: .hoot01),
        VirtualHouse.host("c", slots: 1, kind: .hootenanny), VirtualHouse.host("d", slots: 2, kind: .command),
      ], seed: seed)
    var dice = Dice(seed: seed)
    var lost = FaultTests.transport
    lost.mayStillRun = true
    let isAway = { [unowned house] in house.now / (6 * 60 * Self.minute) % 4 == 3 }
    house.health = { name in
      var health = HostHealth(isUp: !(name == "a" && isAway()))
      health.freeSlots = 8
      return health
    }
    house.script = { host, record in
      if host == "a", isAway() { return [.end(.failed(FaultTests.transport), after: 5)] }
      let delay = Int64.random(in: 1...200_000, using: &dice)
      switch Int.random(in: 0..<9, using: &dice) {
      case 0: return [.end(.failed(FaultTests.retryable), after: delay)]
      case 1: return [.end(.failed(lost), after: delay)]
      case 2: return [.end(.busy(retryAfter: Double(delay % 90)), after: 3)]
      case 3:
        return [.end(VirtualHouse.done, after: delay), .end(VirtualHouse.done, after: delay + 1)]
      case 4: return [.say(.accepted(remote: "far"), after: 1), .hang]
      case 5: return [.end(.cancelled, after: delay)]
      default:
        return [
          .say(.progress(percent: 50, message: nil), after: delay / 2), .end(VirtualHouse.done, after: delay),
        ]
      }
    }
    let begin = house.now
    var jobs: [JobID] = []
    for hour in 0..<720 {
      house.after(Int64(hour) * 60 * Self.minute) {
        jobs.append(
          house.submit {
            $0.priority = hour % 4
            $0.limits.attempts = 16
            $0.limits.startToFinish = 30 * Self.minute
          })
      }
    }
    house.run(until: begin + 30 * Self.day, most: 2_000_000)
    house.script = { _, _ in [.end(VirtualHouse.done, after: 10)] }
    let last = (0..<6).map { _ in house.submit() }
    house.run(until: house.now + Self.day, most: 2_000_000)
    #expect(jobs.count == 720 && jobs.allSatisfy { house.finished[$0] != nil })
    #expect(last.allSatisfy { house.state($0) == .succeeded })
    #expect(house.scheduler.liveJobs == 0 && house.scheduler.held.isEmpty)
    #expect(house.scheduler.allHosts.allSatisfy { $0.used == 0 })
  }

  @Test func `a job that comes at any moment beside a free slot is begun in that moment`() {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    var dice = Dice(seed: 9)
    house.script = { _, _ in [.end(VirtualHouse.done, after: Int64.random(in: 0...3, using: &dice))] }
    for _ in 0..<500 {
      let job = house.submit()
      #expect(house.starts(of: job) == [house.now])
      house.run()
      house.now += Int64.random(in: 0...2, using: &dice)
    }
  }

  @Test func `a host that crashed at work is given the job again within its backoff, not after a silence`() {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    house.script = { _, record in
      record.failures == 0
        ? [.end(.failed(FaultTests.transport), after: 500)] : [.end(VirtualHouse.done, after: 10)]
    }
    let job = house.submit()
    house.run()
    #expect(house.state(job) == .succeeded && house.calls.count == 2)
    #expect(house.calls[1].at - house.calls[0].at <= 500 + 1_000)
  }

  @Test func `a host that was away for a day has work a minute after it is back`() {
    let house = VirtualHouse([VirtualHouse.host("h", slots: 2, kind: .http)])
    let back = house.now + Self.day
    house.script = { [unowned house] _, _ in
      house.now < back
        ? [.end(.failed(FaultTests.transport), after: 5)] : [.end(VirtualHouse.done, after: 10)]
    }
    for number in 0..<20 {
      house.submit {
        $0.limits.attempts = 16
        $0.size = Double(number + 1)
      }
    }
    house.run(until: back)
    let waiting = (0..<4).map { _ in house.submit() }
    house.run(until: back + Self.minute + 5_000)
    #expect(waiting.allSatisfy { house.state($0) == .succeeded })
    // A day of trying now and then, and not of knocking.
    #expect(house.calls.count < 20 * 16 + 30)
  }

  @Test(arguments: [nil, 0, -5, 0.5, 30, 3_600, 1e300, Double.nan, -Double.infinity] as [Double?])
  func `busy in any form parks the job for a window of 0 to 3600 s, and spends no attempt`(
    retryAfter: Double?
  ) {
    let house = VirtualHouse([VirtualHouse.host("gpu", kind: .http)])
    var left = 3
    house.script = { _, _ in
      left -= 1
      return [.end(left >= 0 ? .busy(retryAfter: retryAfter) : VirtualHouse.done, after: 2)]
    }
    let job = house.submit()
    house.run()
    #expect(house.state(job) == .succeeded && house.calls.count == 4 && house.finished[job]?.failures == 0)
    let gaps = zip(house.calls, house.calls.dropFirst()).map { $1.at - $0.at }
    #expect(gaps.allSatisfy { (0...3_960_002).contains($0) }, "\(gaps)")
    if retryAfter == 30 { #expect(gaps.allSatisfy { (30_000...33_002).contains($0) }) }
    if retryAfter == nil { #expect(gaps.allSatisfy { (5_000...5_502).contains($0) }) }
  }

  @Test func `a host that is busy and then gone leaves its jobs to the others, and has them back when it is`()
  {
    let house = VirtualHouse([VirtualHouse.host("busy", kind: .http)])
    var isGone = false
    house.script = { host, _ in
      guard host == "busy" else { return [.end(VirtualHouse.done, after: 1_000)] }
      return [.end(isGone ? .failed(FaultTests.transport) : .busy(retryAfter: 20), after: 2)]
    }
    let jobs = (0..<4).map { _ in house.submit { $0.limits.attempts = 16 } }
    house.run(until: house.now + 5_000)
    #expect(jobs.contains { house.state($0) == .parked(.hostBusy) })
    isGone = true
    house.run(until: house.now + 60_000)
    #expect(jobs.allSatisfy { house.scheduler.record($0) != nil })
    house.set(VirtualHouse.host("other", kind: .http))
    house.run(until: house.now + 5 * Self.minute)
    #expect(jobs.allSatisfy { house.state($0) == .succeeded })
    #expect(jobs.allSatisfy { id in house.calls.last { $0.job == id }?.host == "other" })
    #expect(house.scheduler.host("busy")?.used == 0)
  }

  @Test func `a host that is removed and comes back under its name while a call runs there is one host`()
    throws
  {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    let first = house.submit { $0.size = 10_000 }
    house.run(until: house.now + 100)
    try house.scheduler.remove(host: "h", at: house.now)
    house.set(VirtualHouse.host("h", slots: 2, kind: .http))
    let second = house.submit { $0.size = 10_000 }
    house.run(until: house.now + 100)
    #expect(house.scheduler.host("h")?.used == 2 && house.starts(of: second).count == 1)
    house.run()
    #expect(house.state(first) == .succeeded && house.state(second) == .succeeded)
    #expect(house.scheduler.host("h")?.used == 0 && house.calls.count == 2)
  }

  @Test(arguments: 0..<24)
  func `what a host says in any order is one end, and no more`(order: Int) {
    var reports: [HostReport] = [
      .accepted(remote: "far"), .progress(percent: 40, message: "x"),
      .chunk(HostChunk(sequence: 5, type: "audio/wav", bytes: [1])), .finished(VirtualHouse.done),
    ]
    var (shuffled, code) = ([HostReport](), order)
    for count in stride(from: 4, to: 0, by: -1) {
      shuffled.append(reports.remove(at: code % count))
      code /= count
    }
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    house.script = { _, _ in shuffled.enumerated().map { .say($1, after: Int64($0) + 1) } }
    let job = house.submit()
    house.run()
    #expect(house.state(job) == .succeeded && house.finishOrder == [job])
    #expect(house.scheduler.host("h")?.used == 0 && house.scheduler.held.isEmpty)
  }

  @Test(arguments: [-Self.day, -1, 365 * Self.day])
  func `a clock that was set while the daemon was away loses no job and starts none twice`(jump: Int64) {
    let hosts = [VirtualHouse.host("h", slots: 2, kind: .http)]
    let first = VirtualHouse(hosts)
    first.script = { _, record in
      record.spec.priority == 0 ? [.hang] : [.end(.failed(FaultTests.retryable), after: 10)]
    }
    let jobs = (0..<4).map { number in
      first.submit { $0.priority = number == 0 ? 0 : 2 }
    }
    first.run(until: first.now + 20)
    let second = VirtualHouse(hosts)
    second.now = first.now + jump
    second.scheduler.restore(first.scheduler.records, at: second.now)
    second.run()
    #expect(jobs.allSatisfy { second.state($0) == .succeeded }, "\(jobs.map { second.state($0) })")
    #expect(second.calls.count == 4 && Set(second.calls.map(\.job)).count == 4)
  }

  @Test func `a clock that goes back or stands at its end while it runs stops nothing`() {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    let first = house.submit()
    house.scheduler.decide(at: house.now - Self.day)
    house.scheduler.decide(at: .min)
    house.run()
    #expect(house.state(first) == .succeeded)
    let second = house.submit()
    house.scheduler.decide(at: house.now - 5_000)
    house.run()
    #expect(house.state(second) == .succeeded)
    house.now = .max - 10
    house.submit()
    house.scheduler.decide(at: .max)
    #expect(house.scheduler.liveJobs <= 1)
  }

  @Test(arguments: ["queued", "busy", "backoff", "dependency", "leased", "running", "lost"])
  func `a cancel in any state ends the job once, and its slot comes back`(state: String) throws {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    house.health = { _ in
      var health = HostHealth(isUp: true)
      health.freeSlots = 1
      return health
    }
    var lost = FaultTests.transport
    lost.mayStillRun = true
    house.script = { _, _ in
      switch state {
      case "busy": [.end(.busy(retryAfter: 60), after: 1)]
      case "backoff": [.end(.failed(FaultTests.retryable), after: 1)]
      case "lost": [.end(.failed(lost), after: 1)]
      case "running": [.say(.accepted(remote: nil), after: 1), .hang]
      default: [.hang]
      }
    }
    var job: JobID
    switch state {
    case "queued", "dependency":
      let first = house.submit()
      job = house.submit { if state == "dependency" { $0.parents = [first] } }
      house.run(until: house.now + 3)
      try house.scheduler.cancel(job, at: house.now)
      house.act()
      #expect(house.cancelled.isEmpty, "nobody was called for it")
      try house.scheduler.cancel(first, at: house.now)
      house.act()
    default:
      job = house.submit()
      house.run(until: house.now + (state == "leased" ? 0 : 3))
      try house.scheduler.cancel(job, at: house.now)
      house.act()
    }
    #expect(house.state(job) == .cancelled)
    #expect(throws: JobRefusal.self) { try house.scheduler.cancel(job, at: house.now) }
    house.run(until: house.now + Self.minute)
    #expect(house.finishOrder.count { $0 == job } == 1 && house.scheduler.host("h")?.used == 0)
  }
}
