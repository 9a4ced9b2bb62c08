import Ledger
import Testing
import Threading

@testable import JobDispatch
@testable import Jobs

/// One step after the other: the daemon dies there, the disk is slow there, or nothing is to be written there.
struct StepTests {
  @Test(arguments: 0...8)
  func `killed before any write of a job's life it has one end and one region in the next daemon`(writes: Int)
    throws
  {
    let store = MemoryLedger()
    let door = Door(store)
    let old = try DeskBench(ledger: door)
    old.host.script = { _ in [.accepted(remote: "far"), .made()] }
    door.mostWrites = writes
    let spec = old.spec { $0.region = "lead" }
    let answer = old.submit([spec])
    // What the old one has not written is never written.
    let host = ScriptedHost()
    host.script = { _ in [.accepted(remote: "far"), .made()] }
    let new = try DeskBench(ledger: Door(store), scripted: host)
    new.pass(400_000)
    guard let job = store.job(spec.id) else {
      // Never kept, so never acknowledged.
      #expect(answer == nil && writes == 0 && store.attachments(after: 0, limit: 9).isEmpty)
      return
    }
    #expect(job.state == .succeeded)
    #expect(store.attachments(after: 0, limit: 9).map(\.region) == ["lead"])
    #expect(new.desk.scheduler.liveJobs == 0 && new.desk.scheduler.host("h")?.used == 0)
  }

  @Test func `heartbeats and progress of a long job write nothing`() throws {
    let door = Door()
    let bench = try DeskBench(ledger: door)
    let spec = bench.spec { $0.limits.startToFinish = 90_000_000 }
    bench.submit([spec])
    bench.say(.accepted(remote: nil), of: spec.id)
    let before = door.writes
    for number in 0..<5_000 {
      bench.now += 1_000
      bench.say(
        number % 2 == 0 ? .heartbeat : .progress(percent: Double(number) / 50, message: "at it"), of: spec.id)
    }
    #expect(door.writes == before, "\(door.writes - before) writes")
    #expect(try bench.state(spec.id) == .running)
  }

  @Test func `a result that takes the disk two hours to keep is no silence: the job is done once`() throws {
    let bench = try DeskBench()
    let spec = bench.spec { $0.region = "lead" }
    bench.submit([spec])
    bench.shelf.isHeld = true
    bench.say(.made(), of: spec.id)
    bench.pass(7_200_000)
    #expect(bench.host.calls.count == 1 && bench.finished.isEmpty)
    bench.shelf.release()
    bench.settle()
    bench.pass(60_000)
    #expect(
      try bench.state(spec.id) == .succeeded && bench.attached.count == 1 && bench.host.calls.count == 1)
  }

  @Test
  func `a ledger that answers nothing for an hour stops no job that runs, and no host hears twice of one`()
    throws
  {
    let bench = try DeskBench([DeskBench.host(slots: 4)])
    let specs = (0..<4).map { _ in bench.spec { $0.region = "lead" } }
    bench.submit(Array(specs.prefix(2)))
    bench.ledger.isHeld = true
    bench.order(.submit(Array(specs.suffix(2)), answer: { _ in }))
    for spec in specs.prefix(2) { bench.say(.made(), of: spec.id) }
    bench.pass(3_600_000)
    #expect(bench.host.calls.count == 2 && bench.finished.isEmpty)
    bench.ledger.release()
    bench.settle()
    bench.host.script = { _ in [.made()] }
    bench.pass(60_000)
    for spec in specs.suffix(2) { bench.say(.made(), of: spec.id) }
    #expect(try specs.allSatisfy { try bench.state($0.id) == .succeeded })
    #expect(bench.host.calls.count == 4 && bench.attached.count == 4)
  }

  @Test(arguments: [HostFailure.Class.transport, .permanent, .retryable])
  func
    `a reply that came by halves, as garbage or without an end is a failure of its class, and keeps nothing`(
      cause: HostFailure.Class
    ) throws
  {
    let bench = try DeskBench()
    let failure = HostFailure(cause, "It was no reply.", why: "It ends at byte 3.", next: "garden job logs")
    let spec = bench.spec { $0.region = "lead" }
    bench.submit([spec])
    bench.say(.finished(.failed(failure)), of: spec.id)
    bench.say(.made(), of: spec.id)
    if cause == .permanent {
      #expect(try bench.state(spec.id) == .failed)
    } else {
      #expect(try bench.state(spec.id)?.isFinal == false)
      bench.pass(5_000)
      #expect(bench.host.calls.count == 2)
      bench.say(.made(9), of: spec.id, epoch: 2)
      #expect(try bench.state(spec.id) == .succeeded && bench.attached.map(\.artifact) == ["hash9"])
    }
    #expect(bench.desk.scheduler.host("h")?.used == 0 && bench.shelf.stored == (cause == .permanent ? 0 : 1))
  }

  @Test func `a disk that is full while a result is stored fails that attempt, and room mends the next`()
    throws
  {
    let bench = try DeskBench()
    bench.shelf.failure = HostFailure(
      .retryable, "The result was not kept: the disk is full.", why: "No room.", next: "df -h")
    let spec = bench.spec { $0.region = "lead" }
    bench.submit([spec])
    bench.say(.made(), of: spec.id)
    #expect(try bench.state(spec.id)?.isFinal == false && bench.attached.isEmpty)
    bench.shelf.failure = nil
    bench.pass(5_000)
    bench.say(.made(), of: spec.id, epoch: 2)
    #expect(try bench.state(spec.id) == .succeeded && bench.attached.count == 1)
  }
}
