import Ledger
import Testing
import Threading

@testable import JobDispatch
@testable import Jobs

/// Disks that are full, results that are none, and a daemon that is killed.
struct DeskFaultTests {
  @Test func aFullDiskAtAnyStepIsAPlainFailureAndTheDeskGoesOn() throws {
    // One write is the submission, two the lease, three the running, four the completion.
    for room in 0...3 {
      let store = MemoryLedger()
      let bench = try DeskBench(ledger: Door(store))
      bench.host.script = { _ in [.accepted(remote: nil), .made()] }
      store.room = room
      let spec = bench.spec { $0.region = "lead" }
      let result = bench.submit([spec])
      if room == 0 {
        #expect(throws: JobRefusal.self) { try result?.get() }
        #expect(bench.host.calls.isEmpty)
      } else {
        #expect(try result?.get().count == 1)
      }
      bench.pass(400_000)
      #expect(bench.attached.isEmpty && bench.desk.scheduler.liveJobs == 0)
      #expect(bench.desk.scheduler.host("h")?.used == 0)
      store.room = nil
      let next = bench.spec { $0.region = "lead" }
      bench.submit([next])
      bench.pass(400_000)
      #expect(try bench.state(next.id) == .succeeded && bench.attached.count == 1)
    }
  }

  @Test func aResultThatIsTooMuchOrNoTextFailsTheJobAndNothingIsStored() throws {
    let bench = try DeskBench()
    let results = [
      HostResult(value: [UInt8](repeating: 65, count: JobsLimits.valueBytes + 1)), HostResult(value: [0xFF]),
      HostResult(artifacts: (0...64).map { _ in HostArtifact(.bytes([1]), type: "audio/midi") }),
    ]
    for result in results {
      let spec = bench.spec { $0.region = "lead" }
      bench.submit([spec])
      bench.say(.finished(.succeeded(result)), of: spec.id)
      #expect(try bench.state(spec.id) == .failed && bench.ledger.store.job(spec.id)?.error.count == 3)
    }
    #expect(bench.shelf.stored == 0 && bench.attached.isEmpty)
    let bad = bench.spec { $0.parameters = [0xFF] }
    #expect(throws: JobRefusal.self) { try bench.submit([bad])?.get() }
  }

  @Test func anArtifactThatCannotBeStoredFailsTheJobInThePlainWordsOfTheShelf() throws {
    let bench = try DeskBench()
    bench.shelf.failure = HostFailure(
      .permanent, "It is no MIDI.", why: "It begins with 0.", next: "See the host.")
    let spec = bench.spec { $0.region = "lead" }
    bench.submit([spec])
    bench.say(.made(), of: spec.id)
    let job = try bench.ledger.store.job(spec.id)
    #expect(job?.state == .failed && job?.error == ["It is no MIDI.", "It begins with 0.", "See the host."])
    #expect(bench.attached.isEmpty && bench.finished == [spec.id])
  }

  @Test
  func
    `[R24] [R33] a new desk adopts what hosts can be asked for, resends the rest and pays debts`()
    throws
  {
    let hosts = [DeskBench.host("far", kind: .hootenanny), DeskBench.host("near")]
    let old = try DeskBench(hosts)
    old.host.endsOnCancel = false
    for host in hosts { #expect(old.refusal { .setHost(host, answer: $0) } == nil) }
    let specs = ["far", "near", "near"].map { name in
      old.spec {
        $0.host = name
        $0.region = name
      }
    }
    old.submit(specs)
    old.say(.accepted(remote: "job_9"), of: specs[0].id)
    let gone = old.spec { $0.host = "far" }
    old.submit([gone])
    let new = try DeskBench(try old.ledger.store.hosts(), ledger: Door(old.ledger.store))
    #expect(Set(new.host.calls.map(\.job)) == [specs[0].id, specs[1].id])
    #expect(new.host.calls.first { $0.job == specs[0].id }?.opening == .adopt(remote: "job_9"))
    #expect(new.host.calls.first { $0.job == specs[1].id }?.opening == .resend)
    // The old daemon's word does not count any more.
    old.say(.made(3), of: specs[0].id)
    for job in [specs[0].id, specs[1].id] { new.say(.made(9), of: job, epoch: 2) }
    new.say(.made(9), of: specs[2].id)
    #expect(new.attached.map(\.region).sorted() == ["far", "near", "near"])
    #expect(new.attached.allSatisfy { $0.artifact == "hash9" })
    #expect(try new.ledger.store.job(specs[1].id)?.isResent == true)
  }
}
