import Jobs
import Testing

@testable import Webhooks

@Suite struct ScheduleTests {
  /// Always the same, so that a wait is what it says.
  private struct Same: RandomNumberGenerator {
    var value: UInt64
    mutating func next() -> UInt64 { value }
  }

  private func next(
    _ tries: Int, _ status: Int?, _ retryAfter: String? = nil, chance: UInt64 = 0, at now: JobTime = 1_000
  ) -> WebhookNext {
    var dice = Same(value: chance)
    return WebhookSchedule().next(
      after: tries, status: status, retryAfter: retryAfter, at: now, using: &dice)
  }

  @Test func `[O14] what is not taken is tried ten times within three to four days`() {
    let seconds: [Int64] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    for (index, wait) in seconds.enumerated() {
      #expect(next(index + 1, 500) == .again(at: 1_000 + wait * 1_000))
    }
    #expect(next(10, 500) == .givenUp)
    // 75 hours without chance, 90 with the most of it.
    #expect(seconds.reduce(0, +) == 272_105)
  }

  @Test func `[O14] chance makes a wait longer by a fifth at most, never shorter`() {
    var seen: Set<JobTime> = []
    for seed in (UInt64(0)..<64).map({ $0 << 47 }) {
      guard case .again(let at) = next(2, nil, chance: seed) else {
        Issue.record("it is not tried again")
        return
      }
      #expect((301_000...361_000).contains(at))
      seen.insert(at)
    }
    #expect(seen.count > 30)
  }

  @Test func `[O14] Retry-After is heeded, in seconds and as a date, and no longer than a day`() {
    #expect(next(1, 429, "60") == .again(at: 61_000))
    #expect(next(1, 503, "1") == .again(at: 6_000))
    // 1994-11-06 08:49:37 is 784111777 s after 1970.
    #expect(
      next(1, 429, "Sun, 06 Nov 1994 08:49:37 GMT", at: 784_111_677_000) == .again(at: 784_111_777_000))
    #expect(next(1, 429, "Sun, 06 Nov 1994 08:49:37 GMT", at: 784_111_877_000) == .again(at: 784_111_882_000))
    #expect(next(1, 429, "999999999999999999999") == .again(at: 86_401_000))
    #expect(next(1, 429, "soon") == .again(at: 6_000))
  }

  @Test(arguments: [(200, WebhookNext.delivered), (204, .delivered), (299, .delivered), (410, .gone)])
  func `[O14] 2xx is the end of it, 410 the end of its URL`(status: Int, expected: WebhookNext) {
    #expect(next(1, status) == expected)
    #expect(next(10, status) == expected)
  }

  @Test(arguments: [nil, 100, 301, 302, 304, 400, 401, 404, 408, 429, 500, 503, 600])
  func `[O14] everything else is tried again`(status: Int?) {
    #expect(next(1, status) == .again(at: 6_000))
  }
}
