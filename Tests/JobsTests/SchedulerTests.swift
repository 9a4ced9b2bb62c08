import Testing

@testable import Jobs

/// Which job goes where and when, on a clock that is turned by hand.
struct SchedulerTests {
  /// 10 tasks of code at 30 s, 10 of text at 20 s, 10 of reasoning at 40 s.
  static func seedLoad(_ house: VirtualHouse) -> [JobID] {
    (0..<10).flatMap { _ in
      [("code", 30_000.0), ("text", 20_000), ("reasoning", 40_000)].map { tool, size in
        house.submit(tool) { $0.size = size }
      }
    }
  }

  @Test func `[A03] [A04] [A05] [A06] [A13] [A23] [A25] thirty tasks on seven slots take 200 s`() {
    let house = VirtualHouse(HostSpec.usual)
    #expect(HostSpec.usual.map(\.slots) == [2, 3, 2])
    let begin = house.now
    let jobs = Self.seedLoad(house)
    house.run()
    #expect(jobs.allSatisfy { house.state($0) == .succeeded })
    #expect(house.now - begin == 200_000 && house.peak == 7 && house.calls.count == 30)
    let hosts = Set(house.calls.map { "\(house.finished[$0.job]?.spec.tool ?? "") \($0.host)" })
    #expect(hosts == ["code skadi-code", "text fenrir-chat", "reasoning surtr-reasoning"])
  }

  @Test func `[A02] [A01] [A14] [A21] no host ever has more calls than slots, and all slots come back`() {
    let house = VirtualHouse((1...4).map { VirtualHouse.host("h\($0)", slots: $0, kind: .http) })
    var dice = Dice(seed: 11)
    var open: [String: Int] = [:]
    house.script = { host, record in
      open[host, default: 0] += 1
      #expect(open[host, default: 0] <= Int(host.dropFirst()) ?? 0)
      let failure = HostFailure(.retryable, "a", why: "b", next: "c")
      let ends: [HostOutcome] = [
        VirtualHouse.done, .failed(failure), .busy(retryAfter: 1), VirtualHouse.done,
      ]
      let delay = Int64.random(in: 1...400, using: &dice)
      house.after(delay) { open[host, default: 1] -= 1 }
      return [.end(ends[Int.random(in: 0..<4, using: &dice)], after: delay)]
    }
    for number in 0..<400 {
      house.after(Int64(number) * 10) { house.submit { $0.priority = number % 4 } }
    }
    house.run()
    #expect(house.finished.count == 400 && house.scheduler.liveJobs == 0)
    #expect(house.scheduler.allHosts.allSatisfy { $0.used == 0 })
    #expect(house.finished.values.allSatisfy { [.succeeded, .dead].contains($0.state) })
  }

  @Test(arguments: [1, 4, 6])
  func `[O62] [O66] [O02] so many workers have jobs at once over all hosts, by priority, and no more`(
    most: Int
  ) {
    var policy = Scheduler.Policy()
    policy.mostCalls = most
    let house = VirtualHouse(
      [VirtualHouse.host("a", slots: 3), VirtualHouse.host("b", slots: 3)], policy: policy)
    for _ in 0..<6 { house.submit { $0.priority = 3 } }
    let low = (0..<12).map { _ in house.submit { $0.priority = 2 } }
    let high = (0..<4).map { _ in house.submit { $0.priority = 0 } }
    house.run()
    #expect(house.finished.count == 22 && house.finished.values.allSatisfy { $0.state == .succeeded })
    #expect(house.peak == most && house.scheduler.liveJobs == 0)
    let lastHigh = high.compactMap { house.starts(of: $0).first }.max() ?? .max
    let firstLow = low.compactMap { house.starts(of: $0).first }.min() ?? 0
    #expect(lastHigh <= firstLow)
  }

  @Test func `[R61] retries, a rate and a number at once are all a host's or a job's own, and hold together`()
  {
    var host = VirtualHouse.host("h", slots: 2, kind: .http)
    host.startsPerMinute = 6
    let house = VirtualHouse([host])
    house.script = { _, record in
      record.spec.priority == 0
        ? [.end(.failed(FaultTests.retryable), after: 10)] : [.end(VirtualHouse.done, after: 60_000)]
    }
    let fails = house.submit {
      $0.priority = 0
      $0.limits.attempts = 2
    }
    let works = (0..<6).map { _ in house.submit() }
    house.run()
    #expect(house.state(fails) == .dead && house.starts(of: fails).count == 2)
    #expect(works.allSatisfy { house.state($0) == .succeeded } && house.peak == 2)
    let starts = house.calls.map(\.at)
    #expect(zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 >= 10_000 })
  }

  @Test func `[A07] [A08] [A10] [O73] [O59] waiting jobs go by priority, musical deadline, age`() {
    for seed in 1...20 {
      let house = VirtualHouse([VirtualHouse.host("h")])
      var dice = Dice(seed: UInt64(seed))
      house.submit()
      var waiting: [(priority: Int, deadline: JobTime, age: Int, id: JobID)] = []
      for age in 0..<100 {
        let priority = Int.random(in: 0...3, using: &dice)
        let deadline =
          Bool.random(using: &dice) ? JobTime.random(in: 9_000_000...9_000_009, using: &dice) : nil
        let id = house.submit(["make", "bake"][age % 2]) {
          $0.priority = priority
          $0.deadline = deadline
        }
        waiting.append((priority, deadline ?? .max, age, id))
      }
      house.run()
      let expected = waiting.sorted {
        ($0.priority, $0.deadline, $0.age) < ($1.priority, $1.deadline, $1.age)
      }
      #expect(Array(house.calls.map(\.job).dropFirst()) == expected.map(\.id))
    }
  }

  @Test func `[A16] a critical job that comes late overtakes all that wait`() {
    let house = VirtualHouse([VirtualHouse.host("h")])
    for _ in 0..<20 { house.submit { $0.priority = 3 } }
    house.run(until: house.now + 2_500)
    let critical = house.submit("other") { $0.priority = 0 }
    house.run()
    #expect(house.calls.firstIndex { $0.job == critical } == 3)
  }

  @Test func ageingLetsALowJobThroughOnlyWhereItIsSwitchedOn() {
    for ageing: Int64? in [nil, 10_000] {
      var policy = Scheduler.Policy()
      policy.ageing = ageing
      let house = VirtualHouse([VirtualHouse.host("h")], policy: policy)
      house.submit()
      let low = house.submit { $0.priority = 3 }
      for second in 0..<60 { house.after(Int64(second) * 1_000) { house.submit { $0.priority = 1 } } }
      house.run()
      let place = house.calls.firstIndex { $0.job == low } ?? 0
      // Two steps of 10 s outweigh the priority: it goes before what came 20 s after it.
      #expect(ageing == nil ? place == 61 : (20...24).contains(place))
    }
  }

  @Test func `[A13] a host without the label or the tool is never chosen, and a named host alone is`() {
    let house = VirtualHouse([
      VirtualHouse.host("plain", slots: 9), VirtualHouse.host("big", labels: ["gpu", "24g"]),
      VirtualHouse.host("other", slots: 9, tools: ["sing"]),
    ])
    let big = (0..<3).map { _ in house.submit { $0.labels = ["gpu"] } }
    let named = house.submit("sing") { $0.host = "plain" }
    let nowhere = house.submit { $0.labels = ["tpu"] }
    house.run()
    #expect(big.allSatisfy { id in house.calls.contains { $0.job == id && $0.host == "big" } })
    #expect(house.calls.first { $0.job == named }?.host == "plain" && house.state(nowhere) == .queued)
    #expect(house.scheduler.outlook(nowhere, at: house.now)?.hosts == 0)
  }

  @Test func theQuickerOfTwoFreeHostsIsChosenOnceBothAreKnown() {
    let house = VirtualHouse([VirtualHouse.host("slow"), VirtualHouse.host("quick")])
    house.script = { host, _ in [.end(VirtualHouse.done, after: host == "slow" ? 9_000 : 1_000)] }
    for _ in 0..<2 { house.submit() }
    house.run()
    for _ in 0..<3 {
      house.submit()
      house.run()
      #expect(house.calls.last?.host == "quick")
    }
  }

  @Test func `[A27] slots changed while it runs count at once, and fewer take effect as calls end`() {
    let house = VirtualHouse([VirtualHouse.host("h", slots: 2)])
    for _ in 0..<12 { house.submit() }
    house.run(until: house.now + 500)
    #expect(house.calls.count == 2)
    house.set(VirtualHouse.host("h", slots: 4))
    #expect(house.calls.count == 4)
    house.set(VirtualHouse.host("h", slots: 1))
    house.run(until: house.now + 1_600)
    #expect(house.calls.count == 5 && house.scheduler.host("h")?.used == 1)
    house.run()
    #expect(house.finished.count == 12)
  }

  @Test func aDrainedHostTakesNothingMoreAndOneThatIsRemovedGoesWithItsLastCall() throws {
    let house = VirtualHouse([VirtualHouse.host("h"), VirtualHouse.host("i")])
    house.submit()
    try house.scheduler.drain(host: "i", true, at: house.now)
    let waiting = house.submit()
    #expect(house.state(waiting) == .queued)
    try house.scheduler.remove(host: "h", at: house.now)
    #expect(house.scheduler.host("h")?.used == 1)
    house.run()
    #expect(house.scheduler.host("h") == nil && house.calls.count == 1)
    try house.scheduler.drain(host: "i", false, at: house.now)
    house.run()
    #expect(house.state(waiting) == .succeeded)
    #expect(throws: JobRefusal.self) { try house.scheduler.drain(host: "gone", true, at: house.now) }
  }

  @Test func `[O05] [O08] [R63] [O10] jobs wait for those they name, and fail with them`() throws {
    let house = VirtualHouse([VirtualHouse.host("h", slots: 3)])
    var dice = Dice(seed: 21)
    var jobs: [JobSpec] = []
    for _ in 0..<60 {
      let parents =
        jobs.isEmpty ? [] : (0..<3).map { _ in jobs[Int.random(in: jobs.indices, using: &dice)].id }
      jobs.append(house.spec { $0.parents = parents })
    }
    let broken = jobs[10].id
    house.script = { _, record in
      let failure = HostFailure(.permanent, "a", why: "b", next: "c")
      return [.end(record.id == broken ? .failed(failure) : VirtualHouse.done, after: 100)]
    }
    _ = try house.scheduler.submit(jobs.shuffled(using: &dice), at: house.now)
    house.run()
    #expect(house.finished.count == 60)
    for job in jobs {
      let parents = job.parents.map { house.state($0) }
      if job.id == broken { continue }
      #expect(house.state(job.id) == (parents.allSatisfy { $0 == .succeeded } ? .succeeded : .failed))
      let start = house.starts(of: job.id).first
      for parent in job.parents {
        guard let end = house.finished[parent]?.finishedAt, let start else { continue }
        #expect(end <= start)
      }
    }
  }

  @Test func `[O11] a job that waits for itself through others is refused, and so are all handed in with it`()
  {
    let house = VirtualHouse([VirtualHouse.host("h")])
    var jobs = (0..<5).map { _ in house.spec() }
    for index in 0..<4 { jobs[index].parents = [jobs[(index + 1) % 4].id] }
    #expect(throws: JobRefusal.self) { try house.scheduler.submit(jobs, at: house.now) }
    jobs[3].parents = [JobID(high: 9, low: 9)]
    #expect(throws: JobRefusal.self) { try house.scheduler.submit(jobs, at: house.now) }
    #expect(house.scheduler.liveJobs == 0)
  }

  @Test func `[O27] [O80] the same id again is the same job, and another's id is refused`() throws {
    let house = VirtualHouse()
    let spec = house.spec()
    _ = try house.scheduler.submit([spec], at: house.now)
    let again = try house.scheduler.submit([spec], at: house.now)
    #expect(again == [.known(spec.id)])
    var other = spec
    other.tool = "sing"
    #expect(throws: JobRefusal.self) { try house.scheduler.submit([other], at: house.now) }
    #expect(house.scheduler.liveJobs == 1)
  }

  @Test func equalRequestsInFlightShareOneJobUnlessTheyAreToBeFresh() throws {
    let house = VirtualHouse([VirtualHouse.host("h")])
    var first = house.spec { $0.region = "a" }
    first.isFresh = false
    var second = house.spec {
      $0.region = "b"
      $0.priority = 0
    }
    second.isFresh = false
    let third = house.spec { $0.region = "c" }
    _ = try house.scheduler.submit([first], at: house.now)
    guard case .shared(let record)? = try house.scheduler.submit([second], at: house.now).first else {
      return #expect(Bool(false), "not shared")
    }
    #expect(record.id == first.id && record.sharers == ["b"] && record.spec.priority == 0)
    _ = try house.scheduler.submit([third], at: house.now)
    #expect(house.scheduler.liveJobs == 2)
    house.run()
    #expect(house.finished[first.id]?.sharers == ["b"])
    // Nothing is in flight any more.
    second.id = JobID(high: 5, low: 5)
    guard case .created? = try house.scheduler.submit([second], at: house.now).first else {
      return #expect(Bool(false), "shared with a finished job")
    }
  }

  @Test func `[A49] a critical job has a restartable one stopped, once, where that is switched on`() {
    var policy = Scheduler.Policy()
    policy.preempts = true
    let house = VirtualHouse([VirtualHouse.host("h")], policy: policy)
    let low = house.submit {
      $0.priority = 3
      $0.isRestartable = true
      $0.size = 60_000
    }
    house.run(until: house.now + 5_000)
    let begin = house.now
    let critical = house.submit { $0.priority = 0 }
    house.run()
    #expect(house.starts(of: critical) == [begin + 5] && house.starts(of: low).count == 2)
    #expect(house.state(low) == .succeeded && house.finished[low]?.failures == 0)
    #expect(house.finished[low]?.epoch == 2 && house.scheduler.counts.preempted == 1)
  }

  @Test func aJobSaysOnceThatItCannotArriveAndAgainOnlyForAnotherDeadline() {
    let house = VirtualHouse([VirtualHouse.host("h")])
    house.submit { $0.size = 10_000 }
    house.run()
    house.submit { $0.size = 20_000 }
    let job = house.submit {
      $0.size = 10_000
      $0.deadline = house.now + 30_000
    }
    house.run(until: house.now + 19_000)
    #expect(house.late.isEmpty)
    house.scheduler.setDeadline(house.now + 2_000, of: job, at: house.now)
    house.act()
    #expect(house.late == [job] && house.state(job) == .queued)
    house.run()
    #expect(house.late == [job] && house.state(job) == .succeeded)
  }

  @Test func `[B31] [B30] a waiting job knows its place and when it comes to its turn`() {
    let house = VirtualHouse([VirtualHouse.host("h", slots: 2)])
    house.submit { $0.size = 10_000 }
    house.run()
    let jobs = (0..<6).map { _ in house.submit { $0.size = 10_000 } }
    #expect(jobs.map { house.scheduler.outlook($0, at: house.now)?.ahead } == [nil, nil, 0, 1, 2, 3])
    let last = house.scheduler.outlook(jobs[5], at: house.now)
    #expect(last?.startsIn == 20_000 && last?.endsIn == 30_000)
    house.run(until: house.now + 4_000)
    #expect(house.scheduler.outlook(jobs[0], at: house.now)?.endsIn == 6_000)
  }

  @Test func `a decision among many thousand jobs and hosts looks at few of them`() throws {
    // Counted by what is left, not by a clock: all go, in order, whatever their number.
    let house = VirtualHouse((0..<1_000).map { VirtualHouse.host("h\($0)", labels: ["l\($0 % 10)"]) })
    for start in stride(from: 0, to: 20_000, by: 1_000) {
      let specs = (start..<start + 1_000).map { number in
        house.spec {
          $0.priority = number % 4
          $0.labels = ["l\(number % 10)"]
        }
      }
      _ = try house.scheduler.submit(specs, at: house.now)
    }
    house.scheduler.decide(at: house.now)
    let leases = house.scheduler.takeActions().compactMap { action -> JobRecord? in
      if case .lease(let record, _) = action { return record }
      return nil
    }
    #expect(leases.count == 1_000 && leases.allSatisfy { $0.spec.priority <= 1 })
  }
}
