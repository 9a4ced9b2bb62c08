import FoundationEssentials
import Glibc
import HootWire
import HostBench
import JobDispatch
import Jobs
import Ledger
import Testing
import Threading

@testable import HootHostClients

/// The whole way of a job, from its submission through the dispatcher and a client to a scripted host and back.
@Suite struct DispatchedTests {
  private let bench: FactoryBench

  init() throws { bench = try FactoryBench() }

  private typealias Host = ScriptedHootHost

  /// Takes what lies in the store already.
  private struct Shelf: ArtifactShelf {
    func store(
      _ artifacts: [HostArtifact], of job: JobRecord,
      _ answer: @escaping @Sendable (Result<[ArtifactRow], HostFailure>) -> Void
    ) {
      answer(
        .success(
          artifacts.compactMap { artifact in
            guard case .stored(let hash) = artifact.content else { return nil }
            return ArtifactRow(hash: hash, type: artifact.type, bytes: 1, job: job.id, at: 0)
          }))
    }
  }

  private static func clock() -> JobTime {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return 1_700_000_000_000 + Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  private func dispatcher(
    _ path: String, _ bench: FactoryBench, _ host: HostSpec, _ done: Mailbox<JobRecord>
  ) throws -> (Dispatcher, Ledger) {
    let ledger = try Ledger(
      clock: Self.clock, open: { () throws(LedgerError) in try SQLiteLedger(path: path) })
    let factory = bench.factory
    var parts = Dispatcher.Parts(
      ledger: ledger, shelf: Shelf(), makeClient: { factory.make($0) },
      news: { if case .finished(let record, _) = $0 { _ = done.push(record) } })
    parts.policy.busy.usual = 0.2
    parts.policy.backoff.base = 50
    return (try Dispatcher(parts, hosts: [host], clock: Self.clock), ledger)
  }

  private func submit(_ dispatcher: Dispatcher, _ count: UInt64) {
    for number in 1...count {
      var spec = JobSpec(
        id: JobID(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000 | number), tool: "musicgen_generate"
      )
      spec.isFresh = true
      #expect(dispatcher.order(.submit([spec], answer: { _ in })))
    }
  }

  private func finished(_ done: Mailbox<JobRecord>, _ count: Int) -> [JobRecord] {
    var records: [JobRecord] = []
    _ = eventually {
      records += done.drain()
      return records.count >= count
    }
    return records
  }

  @Test
  func
    `[B22][B27][B34] A burst of ten on a service that takes one at a time is done, and nobody fails for busy`()
    throws
  {
    let hash = try bench.store.put(Array("RIFF".utf8)).hash
    let host = try Host { _, _ in
      [.wait(seconds: 0.05), .response("audio_generated", ["content_hash": .string(hash)])]
    }
    defer { host.stop() }
    var spec = bench.host(.hoot01, host.address)
    // More than it has.
    (spec.slots, spec.slotsAtMost) = (2, 2)
    let done = try Mailbox<JobRecord>(capacity: 100)
    let (dispatcher, ledger) = try dispatcher("\(bench.folder)/jobs.db", bench, spec, done)
    defer {
      dispatcher.close()
      ledger.close()
    }
    submit(dispatcher, 10)
    let records = finished(done, 10)
    #expect(records.count == 10 && records.allSatisfy { $0.state == .succeeded && $0.failures == 0 })
    #expect(host.requests.count <= 11 || host.busyAnswers > 0)
    #expect(host.requests.count == 10 + host.busyAnswers)
  }

  @Test func `[B24] A service that crashes at work and comes back does the job once more, and once only`()
    throws
  {
    let hash = try bench.store.put(Array("RIFF".utf8)).hash
    let first = try Host { _, _ in [.wait(seconds: 0.1), .crash] }
    let done = try Mailbox<JobRecord>(capacity: 100)
    let (dispatcher, ledger) = try dispatcher(
      "\(bench.folder)/jobs.db", bench, bench.host(.hoot01, first.address), done)
    defer {
      dispatcher.close()
      ledger.close()
    }
    submit(dispatcher, 1)
    #expect(eventually { first.requests.count == 1 })
    first.stop()
    let second = try Host(folder: first.folder) { _, _ in
      [.response("audio_generated", ["content_hash": .string(hash)])]
    }
    defer { second.stop() }
    let records = finished(done, 1)
    #expect(records.first?.state == .succeeded && records.first?.failures ?? 0 >= 1)
    #expect(second.requests.count == 1)
  }

  @Test(arguments: [HostKind.hoot01, .hootenanny])
  func aJobOutlivesItsDaemonAndIsAttachedOnce(kind: HostKind) throws {
    let hash = try bench.store.put(Array("RIFF".utf8)).hash
    let result: JSONValue = ["audio_generated": ["content_hash": .string(hash)]]
    var behaviour = Host.Behaviour()
    behaviour.isHootenanny = kind == .hootenanny
    let works = Locked(0)
    let host = try Host(behaviour) { _, _ in
      works.withLock { $0 += 1 }
      return kind == .hootenanny
        ? [.begin(job: "a-job"), .wait(seconds: 1), .job("a-job", state: "complete", result: result)]
        : [.wait(seconds: 1), .reply(["tool_response": result])]
    }
    defer { host.stop() }
    let path = "\(bench.folder)/jobs.db"
    let done = try Mailbox<JobRecord>(capacity: 100)
    let (first, before) = try dispatcher(path, bench, bench.host(kind, host.address), done)
    submit(first, 1)
    let started = Locked(false)
    #expect(
      eventually {
        _ = first.order(
          .look { scheduler, _ in
            let job = JobID(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0001)
            let isNamed = scheduler.record(job)?.remote != nil
            started.withLock { $0 = isNamed }
          })
        return started.withLock { $0 }
      })
    // What the client says while it ends is heard by nobody.
    first.close()
    before.close()
    bench.factory.stop()
    let next = try FactoryBench(store: bench.store)
    let (second, after) = try dispatcher(path, next, next.host(kind, host.address), done)
    defer {
      second.close()
      after.close()
    }
    let records = finished(done, 1)
    #expect(records.first?.state == .succeeded && records.first?.artifacts == [hash])
    #expect(works.withLock { $0 } == (kind == .hoot01 && host.busyAnswers == 0 ? 2 : 1))
  }
}
