import Jobs
import Ledger
import Testing
import Threading

@testable import JobDispatch

/// The daemon dies at any moment: what it had said to be durable is there, and nothing is there twice.
struct CrashTests {
  private static let ends: [HostOutcome] = [
    .busy(retryAfter: 2), .failed(HostFailure(.retryable, "a", why: "b", next: "c")),
    .failed(HostFailure(.transport, "a", why: "b", next: "c", mayStillRun: true)), .cancelled,
  ]

  @Test(arguments: 1...30)
  func `[R30] [R52] after a dozen deaths every acknowledged job has one end, and one region if it succeeded`(
    seed: UInt64
  ) throws {
    var dice = Dice(seed: seed)
    let store = MemoryLedger()
    let hosts = [DeskBench.host("a", slots: 2), DeskBench.host("b", kind: .hootenanny)]
    let acknowledged = Locked(Set<JobID>())
    var bench = try DeskBench(hosts, ledger: Door(store))
    var number: UInt64 = 0
    for _ in 0..<250 {
      switch Int.random(in: 0..<20, using: &dice) {
      case 0..<6: submit(bench, &number, acknowledged)
      case 6..<12: answer(bench, &dice)
      case 12..<15: bench.pass(Int64.random(in: 1...4_000, using: &dice))
      // Writes are on their way, and may never arrive.
      case 15..<17: bench.ledger.isHeld = true
      case 17..<19:
        bench.ledger.release()
        bench.settle()
      default:
        let now = bench.now
        bench = try DeskBench(hosts, ledger: Door(store), at: now + 100)
      }
    }
    bench.ledger.release()
    bench.settle()
    bench.host.script = { _ in [.made(), .made()] }
    bench = try DeskBench(hosts, ledger: Door(store), scripted: bench.host, at: bench.now + 100)
    bench.pass(9_000_000)
    for job in acknowledged.withLock({ $0 }) {
      let record = try #require(store.job(job))
      let rows = store.attachments(after: 0, limit: 999).filter { $0.job == job }
      #expect(record.state.isFinal && rows.count == (record.state == .succeeded ? 1 : 0))
      #expect(rows.allSatisfy { $0.region == record.spec.region })
    }
    #expect(store.liveJobs().isEmpty && acknowledged.withLock { $0.count } > 20)
    #expect(bench.desk.scheduler.allHosts.allSatisfy { $0.used == 0 } && store.debts().isEmpty)
  }

  private func submit(_ bench: DeskBench, _ number: inout UInt64, _ acknowledged: Locked<Set<JobID>>) {
    number += 1
    var spec = JobSpec(id: JobID(high: 6, low: number), tool: "make")
    spec.isFresh = true
    spec.region = "region \(number)"
    let id = spec.id
    bench.order(
      .submit(
        [spec],
        answer: { answer in
          if case .success = answer { acknowledged.withLock { _ = $0.insert(id) } }
        }))
  }

  /// One of the last calls is answered, perhaps not for the first time.
  private func answer(_ bench: DeskBench, _ dice: inout Dice) {
    guard let call = bench.host.calls.suffix(6).randomElement(using: &dice) else { return }
    var reports: [HostReport] = [.accepted(remote: "far"), .made(), .made()]
    if Int.random(in: 0..<3, using: &dice) == 0 {
      reports = [.finished(Self.ends[Int.random(in: Self.ends.indices, using: &dice)])]
    }
    for report in reports { bench.say(report, of: call.job, epoch: call.epoch) }
  }
}
