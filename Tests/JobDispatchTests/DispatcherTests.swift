import FoundationEssentials
import Glibc
import Jobs
import Ledger
import Testing
import Threading

@testable import JobDispatch

/// The thread itself, with a database on disk and hosts that answer on threads of their own.
struct DispatcherTests {
  /// Answers every call on a thread of its own.
  struct Echo: HostClient {
    let kind = HostKind.builtin
    let calls: Locked<Int>

    func start(_ call: HostCall, report: @escaping @Sendable (HostReport) -> Void) -> any HostCallHandle {
      calls.withLock { $0 += 1 }
      let made = HostReport.finished(
        .succeeded(HostResult(artifacts: [HostArtifact(.stored(hash: call.job.text), type: "audio/midi")])))
      do {
        _ = try OwnedThread(name: "echo") {
          report(.accepted(remote: nil))
          report(made)
          report(made)
        }
      } catch { report(made) }
      return Nothing()
    }

    func probe(_ answer: @escaping @Sendable (HostHealth) -> Void) { answer(HostHealth(isUp: true)) }

    func release(_ job: JobID, remote: String?, _ answer: @escaping @Sendable (HostRelease) -> Void) {
      answer(.released)
    }
  }

  struct Nothing: HostCallHandle { func cancel() {} }

  struct Shelf: ArtifactShelf {
    func store(
      _ artifacts: [HostArtifact], of job: JobRecord,
      _ answer: @escaping @Sendable (Result<[ArtifactRow], HostFailure>) -> Void
    ) {
      answer(.success([ArtifactRow(hash: job.id.text, type: "audio/midi", bytes: 1, job: job.id, at: 0)]))
    }
  }

  private static func clock() -> JobTime {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return 1_700_000_000_000 + Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  @Test
  func
    `[A15] two hundred jobs from four threads are each done and attached once, and wait for no poll`()
    throws
  {
    let path = FileManager.default.temporaryDirectory.path + "/dispatch-\(UUID().uuidString).db"
    // A file that stays behind harms nobody.
    defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
    let ledger = try Ledger(
      clock: Self.clock, open: { () throws(LedgerError) in try SQLiteLedger(path: path) })
    let calls = Locked(0)
    let done = try Mailbox<[AttachmentRow]>(capacity: 1_000)
    let parts = Dispatcher.Parts(
      ledger: ledger, shelf: Shelf(), makeClient: { _ in Echo(calls: calls) },
      news: { if case .finished(_, let attachments) = $0 { _ = done.push(attachments) } })
    var host = HostSpec(name: "h", kind: .builtin, slots: 4, services: [.init(address: "", tools: ["*"])])
    host.labels = ["here"]
    let dispatcher = try Dispatcher(parts, hosts: [host], clock: Self.clock)
    let threads = try (0..<4).map { part in
      try OwnedThread(name: "asks") {
        for number in 0..<50 {
          var spec = JobSpec(id: JobID(high: UInt64(part), low: UInt64(number)), tool: "make")
          spec.isFresh = true
          spec.region = "\(part) \(number)"
          while !dispatcher.order(.submit([spec], answer: { _ in })) { usleep(1_000) }
        }
      }
    }
    for thread in threads { thread.join() }
    var regions: [String] = []
    while regions.count < 200 {
      let news = done.wait(milliseconds: 30_000)
      guard !news.isEmpty else { break }
      regions += news.joined().map(\.region)
    }
    #expect(regions.count == 200 && Set(regions).count == 200 && calls.withLock { $0 } == 200)
    dispatcher.close()
    let rows = try ledger.ask { store throws(LedgerError) in try store.attachments(after: 0, limit: 999).count
    }
    let live = try ledger.ask { store throws(LedgerError) in try store.liveJobs().count }
    #expect(rows == 200 && live == 0)
    #expect(!dispatcher.order(.cancelAll(client: nil, answer: { _ in })))
    ledger.close()
  }
}
