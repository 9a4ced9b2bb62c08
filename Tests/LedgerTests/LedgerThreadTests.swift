import Jobs
import Testing
import Threading

@testable import Ledger

/// The ledger's thread.
struct LedgerThreadTests {
  @Test func whatQueuesUpDuringACommitGoesIntoTheNextOneTogetherAndAnswersComeInOrder() throws {
    let gate = try Mailbox<Void>(capacity: 1)
    let ledger = try Ledger(clock: { 5 }, open: { MemoryLedger() })
    let answers = Locked([Int]())
    #expect(ledger.read { _ in _ = gate.wait(milliseconds: 30_000) })
    for number in 1...200 {
      let job = LedgerConformanceTests.record(UInt64(number))
      #expect(ledger.write(.submit([job])) { _ in answers.withLock { $0.append(number) } })
    }
    _ = gate.push(())
    ledger.close()
    #expect(answers.withLock { $0 } == Array(1...200))
    // 200 in groups of 64 at most; what was drained with the question may have been a group of its own.
    #expect((4...5).contains(ledger.counts.commits) && ledger.counts.writes == 200)
  }

  @Test func oneWriteThatCannotBeKeptDoesNotTakeTheOthersWithIt() throws {
    let folder = try Folder()
    let gate = try Mailbox<Void>(capacity: 1)
    let ledger = try Ledger(
      clock: { 5 }, open: { () throws(LedgerError) in try SQLiteLedger(path: folder.path + "/jobs.db") })
    let results = Locked([Bool]())
    _ = ledger.read { _ in _ = gate.wait(milliseconds: 30_000) }
    for bytes in [5, LedgerLimits.entryBytes + 1, 6] {
      _ = ledger.write(.append(session: "s", bytes: [UInt8](repeating: 1, count: bytes))) { result in
        var isKept = false
        if case .success = result { isKept = true }
        results.withLock { $0.append(isKept) }
      }
    }
    _ = gate.push(())
    let sizes = try ledger.ask { store throws(LedgerError) in
      try store.journal("s", after: 0, limit: 9).map(\.bytes.count)
    }
    #expect(
      sizes == [5, 6] && results.withLock { $0 } == [true, false, true] && ledger.counts.failures == 1)
    ledger.close()
    #expect(!ledger.write(.truncate(session: "s", through: 1)) { _ in })
  }

  @Test func aStoreThatCannotBeOpenedIsSaidAtOnce() {
    #expect(throws: LedgerError.self) {
      try Ledger(
        clock: { 5 }, open: { () throws(LedgerError) in try SQLiteLedger(path: "/proc/none/jobs.db") })
    }
  }
}
