import FoundationEssentials
import GRDB
import Glibc
import Jobs
import Testing

@testable import Ledger

/// The file itself: what is in force, what is refused, what a full disk leaves.
struct SQLiteLedgerTests {
  private func path(_ folder: Folder) -> String { folder.path + "/jobs.db" }

  @Test func `every commit is synced, and what was written is there when it is opened again`()
    throws
  {
    let folder = try Folder()
    let first = try SQLiteLedger(path: path(folder))
    #expect(try first.synchronous == 2)
    let job = LedgerConformanceTests.running(1)
    _ = try first.apply([.submit([job])], at: 1)
    // Not closed: as if killed.
    let second = try SQLiteLedger(path: path(folder))
    #expect(try second.liveJobs() == [job] && second.synchronous == 2)
    first.close()
    second.close()
    #expect(!FileManager.default.fileExists(atPath: path(folder) + "-wal"))
  }

  @Test
  func
    `[O01] [O69] a log that is cut off anywhere holds every commit up to there, whole, and nothing of the next`()
    throws
  {
    let folder = try Folder()
    let ledger = try SQLiteLedger(path: path(folder))
    var sizes: [Int] = []
    for number in 1...40 as ClosedRange<UInt64> {
      let job = LedgerConformanceTests.running(number)
      _ = try ledger.apply(
        [
          .submit([job]), LedgerConformanceTests.complete(job, artifact: "a\(number)"),
          .append(session: "s", bytes: [1]),
        ],
        at: 20)
      sizes.append(try Data(contentsOf: URL(fileURLWithPath: path(folder) + "-wal")).count)
    }
    let file = try Data(contentsOf: URL(fileURLWithPath: path(folder)))
    let log = try Data(contentsOf: URL(fileURLWithPath: path(folder) + "-wal"))
    var dice = Dice(seed: 12)
    for point in 0..<40 {
      // As if killed, or without power, while that byte was written.
      let length = Int.random(in: (sizes[0])...log.count, using: &dice)
      let copy = folder.path + "/copy\(point).db"
      try file.write(to: URL(fileURLWithPath: copy))
      try log.prefix(length).write(to: URL(fileURLWithPath: copy + "-wal"))
      let again = try SQLiteLedger(path: copy)
      let commits = sizes.count { $0 <= length }
      #expect(try again.jobs(JobFilter(), before: nil, limit: 99).count == commits)
      #expect(try again.attachments(after: 0, limit: 99).map(\.artifact) == (1...commits).map { "a\($0)" })
      #expect(try again.journal("s", after: 0, limit: 99).count == commits && again.liveJobs().isEmpty)
      #expect(try again.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
      again.close()
    }
    ledger.close()
  }

  @Test func aNewerDatabaseIsRefusedAndLeftAsItIs() throws {
    let folder = try Folder()
    try SQLiteLedger(path: path(folder)).close()
    let queue = try DatabaseQueue(path: path(folder))
    try queue.inDatabase { try $0.execute(sql: "PRAGMA user_version = 99") }
    try queue.close()
    do throws(LedgerError) {
      _ = try SQLiteLedger(path: path(folder))
      #expect(Bool(false), "opened")
    } catch {
      #expect(error.kind == .newer && error.lines.count == 3)
      #expect(
        error.lines[1].hasSuffix("has version 99; this program knows versions up to \(Schema.steps.count)."))
    }
  }

  @Test func anotherProgramsDatabaseAndAFileThatIsNoneAreRefused() throws {
    let folder = try Folder()
    let queue = try DatabaseQueue(path: path(folder))
    try queue.inDatabase { try $0.execute(sql: "CREATE TABLE theirs(x)") }
    try queue.close()
    #expect(throws: LedgerError.self) { try SQLiteLedger(path: path(folder)) }
    let text = folder.path + "/text"
    try Data(repeating: 65, count: 8_192).write(to: URL(fileURLWithPath: text))
    do throws(LedgerError) {
      _ = try SQLiteLedger(path: text)
      #expect(Bool(false), "opened")
    } catch { #expect(error.kind == .foreign) }
  }

  @Test(arguments: ["/proc/jobs.db", "/nowhere/at/all/jobs.db"])
  func aFolderThatCannotBeWrittenIsRefused(path: String) {
    do throws(LedgerError) {
      _ = try SQLiteLedger(path: path)
      #expect(Bool(false), "opened")
    } catch {
      #expect([.cannotOpen, .readOnly].contains(error.kind) && error.lines[1].contains(path))
    }
  }

  @Test(.enabled(if: geteuid() != 0)) func aReadOnlyFolderIsRefusedAtTheStartAndNotAtTheFirstWrite() throws {
    let folder = try Folder()
    try SQLiteLedger(path: path(folder)).close()
    chmod(folder.path, 0o500)
    defer { chmod(folder.path, 0o700) }
    #expect(throws: LedgerError.self) { try SQLiteLedger(path: path(folder)) }
  }

  @Test func aFullDiskIsAPlainFailureWithNothingHalfDone() throws {
    let folder = try Folder()
    let ledger = try SQLiteLedger(path: path(folder), pages: 60)
    var kept: [JobID] = []
    var failure: LedgerError?
    for number in 1...1_000 as ClosedRange<UInt64> {
      let job = LedgerConformanceTests.running(number)
      do throws(LedgerError) {
        _ = try ledger.apply(
          [.submit([job]), LedgerConformanceTests.complete(job, artifact: "a\(number)")], at: 20)
        kept.append(job.id)
      } catch {
        failure = error
        break
      }
    }
    #expect(failure?.kind == .diskFull && failure?.lines[0] == "Nothing was kept." && kept.count > 10)
    let jobs = try ledger.jobs(JobFilter(), before: nil, limit: 999)
    #expect(jobs.map(\.id) == kept.reversed() && jobs.allSatisfy { $0.state == .succeeded })
    #expect(try ledger.attachments(after: 0, limit: 999).map(\.job) == kept)
    #expect(try ledger.prune(before: 99) > 0)
    #expect(try ledger.apply([.submit([LedgerConformanceTests.record(2_000)])], at: 20) == [.done])
  }

  @Test func `[O77] a job's row is less than 4 KB, however long its sound, and its value beside it`() throws {
    let folder = try Folder()
    let ledger = try SQLiteLedger(path: path(folder))
    let job = LedgerConformanceTests.running(1)
    var done = job
    let hash = String(repeating: "a", count: 32)
    let value = Array(#"{"beats":16,"seed":7}"#.utf8)
    done.apply(.succeeded(artifacts: [hash], value: value), at: 20)
    _ = try ledger.apply(
      [
        .submit([job]),
        .complete(
          done,
          artifacts: [ArtifactRow(hash: hash, type: "audio/wav", bytes: 900 << 20, job: job.id, at: 20)],
          attachments: []),
      ], at: 20)
    #expect(try ledger.job(job.id)?.value == value && ledger.artifact(hash)?.bytes == 900 << 20)
    let bytes = try ledger.read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM job").map { row in
        row.reduce(0) { sum, column in
          switch column.1.storage {
          case .string(let text): sum + text.utf8.count
          case .blob(let data): sum + data.count
          default: sum + 8
          }
        }
      }
    }
    #expect(bytes.count == 1 && bytes[0] < 4_096, "\(bytes)")
  }

  @Test func `[O57] [O59] the working set, the ready, the finished and the same are found by index`()
    throws
  {
    let folder = try Folder()
    let ledger = try SQLiteLedger(path: path(folder))
    let questions = [
      ("SELECT * FROM job WHERE state < 4 ORDER BY seq", "job_live"),
      ("SELECT id FROM job WHERE state >= 4 AND finished < 9 ORDER BY finished LIMIT 5", "job_done"),
      ("SELECT id FROM job WHERE host = 'h' AND state = 0 AND next_at <= 5 ORDER BY prio, seq", "job_ready"),
      (
        "SELECT * FROM job WHERE state = 4 AND deterministic = 1 AND fingerprint = 5 ORDER BY seq DESC",
        "job_same"
      ),
      ("SELECT n FROM job_event WHERE job = 'x' AND n > 5 ORDER BY n", "job_event_of"),
      ("SELECT n FROM journal WHERE session = 'x' AND n > 5 ORDER BY n", "journal_of"),
    ]
    for (sql, index) in questions {
      let plan = try ledger.read {
        try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String }
      }
      #expect(plan.contains { $0.contains(index) }, "\(plan)")
    }
  }
}
