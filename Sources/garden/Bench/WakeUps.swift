import Glibc
import Threading

/// How late a paced realtime thread wakes on this machine: what a sound card's thread would see.
///
/// The thread sleeps until absolute times a period apart, as the timer driver does, and keeps for each how late it was.
/// Everything it touches is allocated and written to before.
struct WakeUps: Sendable {
  var period: Int
  var sampleRate: Int
  var seconds: Double
  var priority: Int

  /// What was measured; nothing in it is estimated.
  struct Result: Sendable {
    /// Nanoseconds, sorted.
    var lateness: [Int64]
    var minorFaults: Int
    var majorFaults: Int
    /// Wake-ups that the next period's had already passed.
    var missed: Int
    /// Nil when realtime scheduling was granted.
    var refusal: String?
    var grantedPriority: Int?

    func percentile(_ part: Double) -> Int64 {
      lateness.isEmpty ? 0 : lateness[min(lateness.count - 1, Int(Double(lateness.count) * part))]
    }

    var mean: Double {
      lateness.isEmpty ? 0 : lateness.reduce(0) { $0 + Double($1) } / Double(lateness.count)
    }
  }

  private var periodNanoseconds: Int64 { Int64(Double(period) / Double(sampleRate) * 1e9) }
  private var count: Int { max(1, Int(seconds * 1e9 / Double(periodNanoseconds))) }

  /// Measures on a thread of its own, for `seconds`.
  func measure() throws(ThreadingError) -> Result {
    let outcome = Locked<Result?>(nil)
    let wish = self
    let thread = try OwnedThread(name: "garden-bench") {
      let result = wish.run()
      outcome.withLock { $0 = result }
    }
    thread.join()
    return outcome.withLock { $0 }
      ?? Result(lateness: [], minorFaults: 0, majorFaults: 0, missed: 0, refusal: "it did not run")
  }

  private func run() -> Result {
    let samples = UnsafeMutablePointer<Int64>.allocate(capacity: count)
    samples.initialize(repeating: 0, count: count)
    defer { samples.deallocate() }
    let answer = RealtimePriority.request(priority)
    var granted: Int?
    if case .granted(let value) = answer { granted = value }
    // Two wake-ups that do not count bring the code itself into memory.
    _ = pace(samples, count: min(2, count))
    let before = PageFaults.own
    let missed = pace(samples, count: count)
    let after = PageFaults.own
    return Result(
      lateness: UnsafeBufferPointer(start: samples, count: count).sorted(),
      minorFaults: after.minor - before.minor, majorFaults: after.major - before.major, missed: missed,
      refusal: answer.refusal, grantedPriority: granted)
  }

  private func pace(_ samples: UnsafeMutablePointer<Int64>, count: Int) -> Int {
    let period = periodNanoseconds
    var due = Self.now()
    var missed = 0
    for index in 0..<count {
      due += period
      var time = timespec(tv_sec: Int(due / 1_000_000_000), tv_nsec: Int(due % 1_000_000_000))
      while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
      let late = Self.now() - due
      samples[index] = max(0, late)
      if late > period {
        missed += 1
        due += late / period * period
      }
    }
    return missed
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

extension WakeUps.Result {
  /// The shortest period whose half was longer than the latest wake-up: the other half is left for rendering. nil when
  /// none was.
  func safePeriod(sampleRate: Int) -> Int? {
    let worst = Double(lateness.last ?? 0) / 1e9
    return [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192].first {
      Double($0) / Double(sampleRate) / 2 > worst
    }
  }
}
