import Testing

@testable import Jobs

struct MachineTests {
  static let failure = HostFailure(.retryable, "a", why: "b", next: "c")
  static let events: [JobEvent] = [
    .parked(.paused, until: nil), .woken, .leased(host: "h"), .started(remote: nil), .busy(until: 5),
    .failedOnce(failure, until: 5), .failed(failure), .orphaned(by: JobID(high: 1, low: 1)), .preempted,
    .recalled(resent: true), .succeeded(artifacts: ["a"], value: nil), .cancelled, .timedOut(.silence),
  ]

  static func record() -> JobRecord {
    JobRecord(spec: JobSpec(id: JobID(high: 0, low: 1), tool: "make"), sequence: 1, at: 0)
  }

  @Test func `[A20] [A51] [O29] a job goes queued, leased, running and to one of five ends`() {
    var job = Self.record()
    #expect(job.state == .queued)
    job.apply(.leased(host: "h"), at: 1)
    #expect(job.state == .leased && job.epoch == 1)
    job.apply(.started(remote: "r"), at: 2)
    #expect(job.state == .running && job.remote == "r")
    let ends: [(JobEvent, JobState)] = [
      (.succeeded(artifacts: [], value: nil), .succeeded), (.cancelled, .cancelled),
      (.timedOut(.silence), .timedOut),
      (.failed(HostFailure(.permanent, "a", why: "b", next: "c")), .failed), (.failed(Self.failure), .dead),
    ]
    for (event, state) in ends {
      var job = job
      job.apply(event, at: 3)
      #expect(job.state == state && job.finishedAt == 3)
    }
  }

  @Test func `[D66] [D67] a final job takes nothing more, whatever comes`() {
    for end in Self.events {
      var job = Self.record()
      job.apply(.leased(host: "h"), at: 1)
      guard job.apply(end, at: 2), job.state.isFinal else { continue }
      let before = job
      for event in Self.events {
        let isTaken = job.apply(event, at: 3)
        #expect(!isTaken)
      }
      #expect(job == before)
    }
  }

  @Test func `[R53] no sequence of a million events leaves the table of states`() {
    var dice = Dice(seed: 3)
    var isSound = true
    for _ in 0..<50_000 {
      var job = Self.record()
      var (epoch, failures) = (UInt64(0), 0)
      for step in 0..<20 {
        let (state, revision) = (job.state, job.revision)
        let event = Self.events[Int.random(in: Self.events.indices, using: &dice)]
        let isTaken = job.apply(event, at: JobTime(step))
        if isTaken {
          if case .leased = event { epoch += 1 }
          if case .failedOnce = event { failures += 1 }
          if case .failed = event, state.isOut { failures += 1 }
        }
        // Counted instead of expected one by one, which would take minutes.
        isSound = isSound && (isTaken ? !state.isFinal && job.revision == revision + 1 : job.state == state)
        isSound = isSound && job.epoch == epoch && job.failures == failures
      }
    }
    #expect(isSound)
  }

  @Test func `[B23] a busy answer is counted apart from failures, and begins no attempt`() {
    var job = Self.record()
    for round in 1...10 {
      job.apply(.leased(host: "h"), at: JobTime(round))
      #expect(job.state == .leased && job.attempt == 1)
      job.apply(.busy(until: 99), at: JobTime(round))
      #expect(job.busyAnswers == round)
    }
    #expect(job.failures == 0 && job.epoch == 10 && job.state.name == "waiting_for_gpu" && job.busySince == 1)
  }

  @Test func `[D64] progress goes up only, stays within 0 to 100, and stops at the end`() {
    var job = Self.record()
    job.apply(.leased(host: "h"), at: 0)
    job.apply(.started(remote: nil), at: 0)
    var dice = Dice(seed: 9)
    var last = 0.0
    for time in 0..<1_000 {
      let wild = [Double.nan, .infinity, -5, 1e9, Double.random(in: 0...50, using: &dice)]
      job.hear(
        percent: wild[time % 5] == 1e9 && time < 500 ? 3 : wild[time % 5], message: nil, at: JobTime(time))
      #expect(job.progress.percent >= last && job.progress.percent <= 100)
      last = job.progress.percent
    }
    job.apply(.succeeded(artifacts: [], value: nil), at: 1_000)
    job.hear(percent: 5, message: "late", at: 1_001)
    #expect(job.progress.percent == 100 && job.progress.message.isEmpty)
  }

  @Test func `[R36] each state has its name in three other vocabularies`() {
    let states: [JobState] = [
      .queued, .parked(.hostBusy), .parked(.backoff), .leased, .running, .succeeded, .failed, .cancelled,
      .timedOut,
      .dead,
    ]
    #expect(
      states.map(\.nameOfFive) == [
        "pending", "pending", "pending", "processing", "processing", "complete", "failed", "cancelled",
        "failed",
        "failed",
      ])
    #expect(
      states.map(\.nameInTaskList).suffix(5) == ["closed", "blocked", "cancelled", "blocked", "blocked"])
    #expect(states.map(\.nameOfFour)[3...5] == ["running", "running", "completed"])
    for state in states { #expect(JobState(code: state.code, park: state.park?.rawValue) == state) }
    #expect(JobState(code: 9, park: nil) == nil && JobState(code: 1, park: nil) == nil)
  }

  @Test
  func `[D52] [D53] [D54] waits go by class, tool, client and the longest any client is kept`() {
    #expect(TimingClass.short.budget == 30_000 && TimingClass.medium.budget == 120_000)
    #expect(TimingClass.short.wait() == 30_000 && TimingClass.medium.wait() == 45_000)
    #expect(TimingClass.short.wait(toolBudget: 60_000) == 45_000)
    #expect(TimingClass.short.wait(toolBudget: 60_000, clientLimit: 10_000) == 10_000)
    #expect(TimingClass.long.wait() == 0 && TimingClass.immediate.wait() == 0)
    #expect(TimingClass.medium.wait(clientLimit: -4) == 0)
    #expect(TimingClass.allCases.map(\.answer) == [.value, .job, .job, .job, .acknowledgement])
  }
}
