import Ledger
import Testing
import Threading

@testable import JobDispatch
@testable import Jobs

/// What is kept of hosts and jobs, and how long.
struct DeskKeepingTests {
  @Test func aCancelledCallIsRememberedForItsHostOverARestart() throws {
    let old = try DeskBench()
    old.host.endsOnCancel = false
    let spec = old.spec()
    old.submit([spec])
    _ = old.refusal { .cancel(spec.id, answer: $0) }
    let host = ScriptedHost()
    host.answer = .unreachable
    let new = try DeskBench(ledger: Door(old.ledger.store), scripted: host)
    new.pass(6_000)
    #expect(new.host.released.contains(spec.id) && new.desk.scheduler.host("h")?.used == 1)
    new.host.answer = .released
    new.pass(6_000)
    #expect(try new.desk.scheduler.host("h")?.used == 0 && new.ledger.store.debts().isEmpty)
  }

  @Test func `[A27] hosts are set, drained and removed while jobs run, and are there again after a restart`()
    throws
  {
    let bench = try DeskBench([])
    #expect(bench.refusal { .setHost(DeskBench.host(slots: 1), answer: $0) } == nil)
    bench.submit((0..<4).map { _ in bench.spec() })
    #expect(bench.host.calls.count == 1)
    #expect(
      bench.refusal { .setHost(DeskBench.host(slots: 3), answer: $0) } == nil && bench.host.calls.count == 3)
    #expect(try bench.ledger.store.hosts().map(\.slots) == [3])
    #expect(bench.refusal { .drain(host: "h", true, answer: $0) } == nil)
    bench.say(.made(), of: bench.host.calls[0].job)
    #expect(bench.host.calls.count == 3)
    var bad = DeskBench.host("x")
    bad.labels = ["nobody"]
    #expect(bench.refusal { .setHost(bad, answer: $0) }?.kind == .badHost)
    bad = DeskBench.host("x", slots: 100_000)
    #expect(bench.refusal { .setHost(bad, answer: $0) }?.kind == .badHost)
    #expect(bench.refusal { .removeHost("x", answer: $0) }?.kind == .unknownHost)
    #expect(bench.refusal { .removeHost("h", answer: $0) } == nil)
    #expect(try bench.ledger.store.hosts().isEmpty)
  }

  @Test func `[R46] of two thousand finished jobs nothing is left in memory`() throws {
    let bench = try DeskBench([DeskBench.host(slots: 8)])
    bench.host.script = { call in
      call.job.low % 3 == 0 ? [.finished(.failed(DeskTests.transport)), .made()] : [.made()]
    }
    for _ in 0..<20 {
      bench.submit(
        (0..<100).map { _ in
          bench.spec {
            $0.client = "c"
            $0.limits.attempts = 1
          }
        })
      bench.pass(100_000)
    }
    let scheduler = bench.desk.scheduler
    #expect(bench.finished.count == 2_000 && scheduler.liveJobs == 0 && scheduler.records.isEmpty)
    #expect(scheduler.held.isEmpty && scheduler.inFlight.isEmpty && scheduler.perClient.isEmpty)
    #expect(scheduler.index.isEmpty && scheduler.restartable.isEmpty && bench.desk.handles.isEmpty)
    // Places are used again: there are as many as jobs lived at once.
    #expect(scheduler.entries.count <= 101 && scheduler.lanes.count <= 2)
    #expect(scheduler.host("h")?.used == 0)
  }

  @Test func `[R56] finished jobs are forgotten after a day`() throws {
    let bench = try DeskBench()
    let spec = bench.spec()
    bench.submit([spec])
    bench.say(.made(), of: spec.id)
    bench.pass(23 * 3_600_000)
    #expect(try bench.state(spec.id) == .succeeded)
    bench.now += 2 * 3_600_000
    bench.desk.turn(at: bench.now)
    #expect(try bench.state(spec.id) == nil && bench.ledger.store.artifact("hash4") != nil)
  }
}
