import Testing

@testable import Jobs

/// What hosts do wrong.
struct FaultTests {
  static let transport = HostFailure(.transport, "a", why: "b", next: "c")
  static let retryable = HostFailure(.retryable, "a", why: "b", next: "c")
  static let permanent = HostFailure(.permanent, "a", why: "b", next: "c")

  /// A host with fewer places than it is said to have, each call 20 s long.
  static func crowded(declared: Int, real: Int, retryAfter: Double?) -> VirtualHouse {
    let house = VirtualHouse([VirtualHouse.host("gpu", slots: declared, kind: .http)])
    var used = 0
    house.script = { _, _ in
      guard used < real else { return [.end(.busy(retryAfter: retryAfter), after: 2)] }
      used += 1
      house.after(20_000) { used -= 1 }
      return [.end(VirtualHouse.done, after: 20_000)]
    }
    return house
  }

  @Test(arguments: [1, 2, 4])
  func `[B22] [B34] [B37] [B38] ten jobs at once on one place all succeed with at most 1.1 calls each`(
    declared: Int
  ) {
    let house = Self.crowded(declared: declared, real: 1, retryAfter: 30)
    let begin = house.now
    let jobs = (0..<10).map { _ in house.submit() }
    house.run()
    #expect(jobs.allSatisfy { house.state($0) == .succeeded && house.finished[$0]?.failures == 0 })
    // One call too many for each place that is declared and not there: how many there are is learnt at once.
    #expect(house.calls.count == 10 + declared - 1)
    if declared <= 2 { #expect(Double(house.calls.count) <= 11) }
    #expect(Double(house.now - begin) <= 1.02 * 200_000)
  }

  @Test func `[B02] a busy host parks the job, burns no attempt, and is tried once in a window`() {
    let house = VirtualHouse([VirtualHouse.host("gpu", slots: 4, kind: .http)])
    var isBusy = true
    house.script = { _, _ in
      isBusy ? [.end(.busy(retryAfter: 30), after: 3)] : [.end(VirtualHouse.done, after: 1_000)]
    }
    let job = house.submit()
    house.run(until: house.now + 10)
    #expect(
      house.state(job) == .parked(.hostBusy) && house.scheduler.record(job)?.state.name == "waiting_for_gpu")
    for _ in 0..<20 { house.submit() }
    house.run(until: house.now + 3_600_000)
    // 3600 / 30 windows, each at most a tenth longer.
    #expect((108...121).contains(house.calls.count))
    let gaps = zip(house.calls, house.calls.dropFirst()).map { $1.at - $0.at }
    #expect(gaps.allSatisfy { $0 >= 30_000 })
    #expect(house.scheduler.host("gpu")?.busyAnswers == house.calls.count)
    isBusy = false
    house.run()
    #expect(house.finished.count == 21 && house.finished.values.allSatisfy { $0.state == .succeeded })
    #expect(house.finished.values.allSatisfy { $0.failures == 0 })
  }

  @Test func `[B35] a job that hosts turn away for too long gives up by a limit of its own`() {
    let house = VirtualHouse([VirtualHouse.host("gpu", kind: .http)])
    house.script = { _, _ in [.end(.busy(retryAfter: nil), after: 1)] }
    let job = house.submit { $0.limits.busy = 60_000 }
    let begin = house.now
    house.run()
    #expect(house.state(job) == .timedOut && house.finished[job]?.finishedAt == begin + 1 + 60_000)
    #expect(house.finished[job]?.error.count == 3 && house.finished[job]?.failures == 0)
    #expect(house.finished[job]?.error[1].contains("60.0 s") == true)
  }

  @Test func aBusyServiceLeavesTheOthersOfItsHostAlone() {
    var spec = VirtualHouse.host("gpu", slots: 2, kind: .http)
    spec.services = [.init(address: "a", tools: ["sing"]), .init(address: "b", tools: ["make"])]
    let house = VirtualHouse([spec])
    house.script = { _, record in
      record.spec.tool == "sing"
        ? [.end(.busy(retryAfter: 600), after: 1)] : [.end(VirtualHouse.done, after: 1_000)]
    }
    let sing = house.submit("sing")
    house.run(until: house.now + 100)
    let make = house.submit("make")
    house.run(until: house.now + 2_000)
    #expect(house.state(make) == .succeeded && house.state(sing) == .parked(.hostBusy))
  }

  @Test
  func
    `[R12] [R34] [R55] [O09] a failure that may pass is tried four times in all, then the job is dead`()
  {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    house.script = { _, _ in [.end(.failed(Self.retryable), after: 10)] }
    let job = house.submit()
    house.run()
    #expect(house.calls.count == 4 && house.state(job) == .dead && house.finished[job]?.failures == 4)
    #expect(house.finished[job]?.epoch == 4 && house.finished[job]?.error == ["a", "b", "c"])
    let gaps = zip(house.calls, house.calls.dropFirst()).map { $1.at - $0.at - 10 }
    for (gap, ceiling) in zip(gaps, [1_000, 2_000, 4_000] as [Int64]) { #expect((0...ceiling).contains(gap)) }
  }

  @Test func `[A22] [A42] a failure for good ends the job at the first call`() {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    house.script = { _, _ in [.end(.failed(Self.permanent), after: 10)] }
    let job = house.submit()
    house.run()
    #expect(house.calls.count == 1 && house.state(job) == .failed)
  }

  @Test func aRetryComesNoSoonerThanTheHostAsked() {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    var failure = Self.retryable
    failure.retryAfter = 90
    house.script = { _, record in
      [.end(record.failures == 0 ? .failed(failure) : VirtualHouse.done, after: 10)]
    }
    let job = house.submit()
    house.run()
    #expect(house.state(job) == .succeeded && house.calls.count == 2)
    #expect(house.calls[1].at - house.calls[0].at >= 90_000)
  }

  @Test func aHostThatIsNotReachedIsTriedByOneCallNowAndThenAndTheOtherDoesTheWork() {
    let house = VirtualHouse([
      VirtualHouse.host("dead", slots: 8, kind: .http), VirtualHouse.host("live", kind: .http),
    ])
    house.script = { host, _ in
      host == "dead" ? [.end(.failed(Self.transport), after: 5)] : [.end(VirtualHouse.done, after: 1_000)]
    }
    for _ in 0..<100 { house.submit { $0.limits.attempts = 16 } }
    house.run()
    #expect(house.finished.values.allSatisfy { $0.state == .succeeded } && house.finished.count == 100)
    // Three to open it, at most a few with them, then one at a time, ever more seldom.
    #expect(house.calls.count { $0.host == "dead" } < 20)
  }

  @Test
  func
    `[A48] [R13] [R22] [R67] [O30] a cancelled job is final at once and its slot free when the host says so`()
    throws
  {
    let house = VirtualHouse([VirtualHouse.host("h")])
    let job = house.submit { $0.size = 600_000 }
    let next = house.submit()
    house.run(until: house.now + 1_000)
    try house.scheduler.cancel(job, at: house.now)
    house.act()
    #expect(
      house.state(job) == .cancelled && house.cancelled == [job] && house.scheduler.host("h")?.used == 1)
    #expect(house.starts(of: next).isEmpty)
    let begin = house.now
    house.run(until: house.now + 100)
    #expect(house.starts(of: next) == [begin + 5])
    #expect(throws: JobRefusal.self) { try house.scheduler.cancel(job, at: house.now) }
  }

  @Test func aHostThatLosesItsServicesWhileACallRunsThereTakesTheCallsEndAllTheSame() {
    var spec = VirtualHouse.host("h", slots: 2, kind: .http)
    spec.services = [.init(address: "a", tools: ["sing"]), .init(address: "b", tools: ["make"])]
    let house = VirtualHouse([spec])
    let make = house.submit()
    for services: [HostSpec.Service] in [[], [.init(address: "c", tools: ["sing"])]] {
      spec.services = services
      house.set(spec)
    }
    let waits = house.submit()
    house.scheduler.setDeadline(.min, of: waits, at: house.now)
    house.run()
    #expect(house.state(make) == .succeeded && house.state(waits) == .queued && house.late.contains(waits))
  }

  @Test func aHostThatIgnoresACancelIsAskedAgainAndItsSlotKeptUntilItIsFree() throws {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    house.cancelTakes = nil
    house.script = { _, record in record.spec.tool == "make" ? [.hang] : [.end(VirtualHouse.done, after: 10)]
    }
    let job = house.submit()
    try house.scheduler.cancel(job, at: house.now)
    let next = house.submit("next")
    let begin = house.now
    house.run(until: begin + 60_000)
    #expect(house.released.count == 12 && house.starts(of: next).isEmpty)
    house.release = .released
    house.run(until: begin + 70_000)
    #expect(house.starts(of: next).count == 1)
  }

  @Test func aHostThatNeverSaysIsGivenUpAfterTheLongestTheCallMayTake() throws {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    house.cancelTakes = nil
    house.script = { _, record in record.spec.tool == "make" ? [.hang] : [.end(VirtualHouse.done, after: 10)]
    }
    let job = house.submit { $0.limits.startToFinish = 120_000 }
    try house.scheduler.cancel(job, at: house.now)
    let next = house.submit("next")
    house.run(until: house.now + 200_000)
    #expect(house.starts(of: next).count == 1 && house.scheduler.host("h")?.used == 0)
  }

  @Test func `[A52] [O26] [O74] each of the three clocks of a job ends it at its limit and says which`() {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    house.script = { _, record in
      record.spec.tool == "talks" ? (1...100).map { .say(.heartbeat, after: Int64($0) * 900) } : [.hang]
    }
    let long = house.submit("talks") {
      $0.limits.startToFinish = 50_000
      $0.limits.silence = 1_000
    }
    let begin = house.now
    let waiting = house.submit { $0.limits.queueToStart = 20_000 }
    house.run(until: begin + 60_000)
    #expect(house.finished[long]?.finishedAt == begin + 50_000 && house.state(long) == .timedOut)
    #expect(house.finished[waiting]?.finishedAt == begin + 20_000)
    let silent = house.submit { $0.limits.silence = 1_000 }
    let then = house.now
    house.run(until: then + 5_000)
    #expect(house.finished[silent]?.finishedAt == then + 1_000)
    let reasons = [long, waiting, silent].compactMap { house.finished[$0]?.error.dropFirst().first }
    #expect(reasons[0].contains("finish it within 50.0 s") && reasons[1].contains("began it within 20.0 s"))
    #expect(reasons[2].contains("last heard of 1.0 s ago"))
  }

  @Test func aLongJobOnASilentHostThatAnswersProbesIsLeftAlone() {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    let job = house.submit {
      $0.size = 2_400_000
      $0.limits.startToFinish = 7_200_000
    }
    house.run()
    #expect(house.state(job) == .succeeded && house.calls.count == 1)
  }

  @Test func aHostThatAnswersNoProbeIsGoneAndItsJobIsNotSentAgainWhileItMayRunThere() {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    house.health = { _ in HostHealth(isUp: false, note: "no route") }
    house.script = { _, record in record.failures == 0 ? [.hang] : [.end(VirtualHouse.done, after: 10)] }
    house.cancelTakes = nil
    let job = house.submit()
    let begin = house.now
    house.run(until: begin + 300_000)
    #expect(house.calls.count == 1 && house.scheduler.record(job)?.failures == 1)
    #expect(house.state(job) == .parked(.backoff))
    house.health = { _ in
      var health = HostHealth(isUp: true)
      health.freeSlots = 1
      return health
    }
    house.run(until: begin + 320_000)
    #expect(house.calls.count == 2 && house.state(job) == .succeeded)
  }

  @Test func whatCanBeAskedForIsAdoptedAfterALostReply() {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .hootenanny)])
    var lost = Self.transport
    lost.mayStillRun = true
    house.script = { _, record in
      record.failures == 0
        ? [.say(.accepted(remote: "job_7"), after: 1), .end(.failed(lost), after: 100)]
        : [.end(VirtualHouse.done, after: 10)]
    }
    let job = house.submit()
    house.run()
    #expect(house.state(job) == .succeeded && house.calls.count == 2)
    #expect(house.calls[1].opening == .adopt(remote: "job_7") && house.released.isEmpty)
  }

  @Test
  func `[D60] [D66] reports that come twice, late or of an earlier lease change nothing and are counted`() {
    let house = VirtualHouse([VirtualHouse.host("h", kind: .http)])
    house.script = { _, record in
      record.failures == 0 ? [.end(.failed(Self.retryable), after: 10)] : [.end(VirtualHouse.done, after: 50)]
    }
    let job = house.submit()
    house.run()
    let before = house.finished[job]
    for epoch: UInt64 in [0, 1, 2, 3] {
      for report: HostReport in [
        .heartbeat, .progress(percent: 5, message: "x"), .finished(VirtualHouse.done), .finished(.cancelled),
      ] {
        house.report(report, job, epoch)
        house.act()
      }
    }
    #expect(house.finished[job] == before && house.scheduler.counts.stale == 16)
    #expect(house.scheduler.host("h")?.used == 0 && house.scheduler.counts.succeeded == 1)
  }

  @Test
  func `[A18] [R24] [R33] what a daemon left behind is adopted, sent once more or waits on`()
    throws
  {
    let hosts = [
      VirtualHouse.host("old", kind: .hootenanny, tools: ["adopt"]),
      VirtualHouse.host("plain", kind: .http, tools: ["send"]),
    ]
    let first = VirtualHouse(hosts)
    first.script = { _, _ in [.say(.accepted(remote: "far"), after: 1)] }
    let adopt = first.submit("adopt")
    let send = first.submit("send")
    let waits = first.submit("send")
    let child = first.submit("adopt") { $0.parents = [send] }
    let gone = first.submit("lost")
    first.run(until: first.now + 10)
    let second = VirtualHouse(hosts)
    second.now = first.now + 500
    second.scheduler.restore(first.scheduler.records, at: second.now)
    second.run()
    #expect(second.calls.first { $0.job == adopt }?.opening == .adopt(remote: "far"))
    #expect(second.calls.first { $0.job == send }?.opening == .resend)
    #expect(second.finished[send]?.isResent == true && second.finished[send]?.failures == 0)
    #expect([adopt, send, waits, child].allSatisfy { second.state($0) == .succeeded })
    #expect(second.state(gone) == .queued && second.calls.count == 4)
    #expect(second.calls.allSatisfy { $0.epoch >= 1 } && second.finished[adopt]?.epoch == 2)
    #expect(second.scheduler.sequence == first.scheduler.sequence)
  }
}
