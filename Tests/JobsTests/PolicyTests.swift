import Testing

@testable import Jobs

struct PolicyTests {
  @Test func `[R35] [R66] [O70] waits double from 1 s to 60 s and fall evenly below that`() {
    let backoff = Backoff()
    #expect((1...8).map(backoff.ceiling) == [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
    var dice = Dice(seed: 5)
    for failures in [1, 3, 7, 1_000_000] {
      let ceiling = Double(backoff.ceiling(failures: failures))
      let waits = (0..<4_000).map { _ in Double(backoff.delay(failures: failures, using: &dice)) / ceiling }
      #expect(waits.allSatisfy { (0...1).contains($0) })
      // The mean of an even spread is 0.5, give or take 0.0046 for 4000 of them: seven of that.
      #expect(abs(waits.reduce(0, +) / 4_000 - 0.5) < 0.032)
      #expect(waits.count { $0 < 0.25 } > 850 && waits.count { $0 > 0.75 } > 850)
    }
  }

  // 2025-11-22 12:00:00 GMT.
  static let now: JobTime = 1_763_812_800_000

  @Test(arguments: [
    ("30", 30.0), ("0", 0), ("3600", 3_600), ("3601", 3_600), ("99999999999999999999999", 3_600), (" 7\t", 7),
    ("Sat, 22 Nov 2025 12:00:30 GMT", 30), ("Saturday, 22-Nov-25 12:01:00 GMT", 60),
    ("Sat Nov 22 12:00:05 2025", 5), ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
    ("Sat, 22 Nov 2031 12:00:30 GMT", 3_600),
    ("Sat, 22 Nov 2025 11:59:59 GMT", 0), ("Sun, 29 Feb 2032 00:00:00 GMT", 3_600),
  ])
  func `[B16] Retry-After is read as seconds and as a date in three forms, within 0 to 3600`(
    text: String, seconds: Double
  ) {
    #expect(RetryAfter.seconds(text, now: Self.now) == seconds)
  }

  @Test(arguments: [
    "", " ", "-1", "+5", "1.5", "5s", "soon", "0x10", "１２", "Sat, 22 Nov 2025 12:00:30",
    "Sat, 31 Nov 2025 12:00:30 GMT",
    "Sat, 22 Nov 2025 24:00:30 GMT", "Sat, 22 Nov 2025 12:00 GMT", "Xyz, 22 Nov 2025 12:00:30 GMT",
    "Sun, 29 Feb 2031 00:00:00 GMT", "Sat, 22 November 2025 12:00:30 GMT",
  ])
  func `[B17] what is no Retry-After is the usual 5 s, with jitter that only adds`(text: String) {
    #expect(RetryAfter.seconds(text, now: Self.now) == nil)
    var dice = Dice(seed: 2)
    let windows = (0..<200).map { _ in BusyPolicy().window(retryAfter: nil, using: &dice) }
    #expect(windows.allSatisfy { (5_000...5_500).contains($0) } && Set(windows).count > 50)
  }

  @Test func aWindowStaysWithinTheHour() {
    var dice = Dice(seed: 2)
    var policy = BusyPolicy()
    policy.jitter = 0
    #expect(policy.window(retryAfter: -4, using: &dice) == 0)
    #expect(policy.window(retryAfter: 1e300, using: &dice) == 3_600_000)
    #expect(policy.window(retryAfter: .nan, using: &dice) == 5_000)
  }

  @Test func `[B24] a status says whether to try again`() {
    for status in [408, 425, 429, 500, 502, 503, 504, 599] {
      #expect(HostFailure.Class(status: status) == .retryable)
    }
    for status in [300, 400, 401, 404, 409, 410, 413, 422, 600] {
      #expect(HostFailure.Class(status: status) == .permanent)
    }
  }

  @Test func `[R45] an estimate leans on the pace the further the job is`() {
    #expect(Estimates.remaining(elapsed: 50, percent: 50, usual: nil) == 50)
    #expect(Estimates.remaining(elapsed: 10, percent: 0, usual: 100) == 90)
    #expect(Estimates.remaining(elapsed: 10, percent: 0, usual: nil) == nil)
    // Seven eighths by its pace (2 * 60), one by history (100): 117.5 in all.
    #expect(Estimates.remaining(elapsed: 60, percent: 50, usual: 100) == 57)
    #expect(Estimates.remaining(elapsed: 500, percent: 0, usual: 100) == 0)
    // Runs of 8 to 12 s whose pace is steady: within a quarter at half-way.
    var (dice, estimates) = (Dice(seed: 8), Estimates())
    for _ in 0..<200 {
      let took = Int64.random(in: 8_000...12_000, using: &dice)
      let left = Estimates.remaining(
        elapsed: took / 2, percent: 50, usual: estimates.duration(tool: "t", host: "h", size: 1))
      #expect(abs(Double(left ?? 0) - Double(took) / 2) < 0.25 * Double(took) / 2)
      estimates.learn(tool: "t", host: "h", size: 1, milliseconds: took)
    }
  }

  @Test func `[D36] [D37] a duration is learnt for each host, and goes with the size`() {
    var estimates = Estimates()
    #expect(estimates.duration(tool: "t", host: "fast", size: 1) == nil)
    for _ in 0..<10 {
      estimates.learn(tool: "t", host: "fast", size: 2, milliseconds: 200)
      estimates.learn(tool: "t", host: "slow", size: 2, milliseconds: 800)
    }
    #expect(estimates.duration(tool: "t", host: "fast", size: 10) == 1_000)
    #expect(estimates.duration(tool: "t", host: "slow", size: 10) == 4_000)
    #expect((1_000...4_000).contains(estimates.duration(tool: "t", host: "new", size: 10) ?? 0))
  }

  @Test func aBreakerOpensAfterThreeFailuresTriesOnceAndForgetsOnSuccess() {
    var (breaker, dice) = (Breaker(), Dice(seed: 1))
    for time in [0, 10] { breaker.failed(at: JobTime(time), using: &dice) }
    #expect(breaker.state == .closed)
    breaker.failed(at: 20, using: &dice)
    guard let opens = breaker.opensAt else { return #expect(Bool(false), "not open") }
    #expect((20 + 2_000...20 + 4_000).contains(opens) && !breaker.allows)
    breaker.tick(at: opens)
    #expect(breaker.allows)
    breaker.begin()
    #expect(!breaker.allows)
    breaker.failed(at: opens, using: &dice)
    #expect((opens + 4_000...opens + 8_000).contains(breaker.opensAt ?? 0))
    breaker.tick(at: .max)
    breaker.begin()
    breaker.reached()
    #expect(breaker == Breaker())
  }

  @Test func `[A29] [A30] [A55] [A46] slots follow what the host reports`() {
    var governor = SlotGovernor(slots: 2)
    var health = HostHealth(isUp: true)
    health.gpuLoad = 0.6
    governor.take(health, allInUse: false, atMost: 4, at: 0)
    #expect(governor.slots == 2)
    governor.take(health, allInUse: true, atMost: 4, at: 0)
    #expect(governor.slots == 3)
    governor.take(health, allInUse: true, atMost: 4, at: 9_999)
    #expect(governor.slots == 3)
    governor.take(health, allInUse: true, atMost: 4, at: 10_000)
    governor.take(health, allInUse: true, atMost: 4, at: 30_000)
    #expect(governor.slots == 4)
    health.gpuMemory = 0.96
    for slots in [3, 2, 1, 1] {
      governor.take(health, allInUse: true, atMost: 4, at: 30_001)
      #expect(governor.slots == slots)
    }
  }
}
