import GRDB
import Jobs
import Testing

@testable import Ledger

/// Workflows at rest.
struct WorkflowLedgerTests {
  static func workflow(_ number: UInt64) throws -> Workflow {
    var workflow = Workflow(id: JobID(high: 9, low: number), name: "song \(number)", about: "naïve", at: 5)
    try workflow.add(
      [Workflow.Phase(id: "b", name: "B", dependsOn: ["a"]), Workflow.Phase(id: "a")],
      [
        Workflow.Task(
          "x", phase: "b", tool: "t", parameters: "{\"seed\":1}", dependencies: ["y"], uses: ["y"],
          webhookURL: "https://example.org/"),
        Workflow.Task("y", phase: "a", tool: "t"),
      ])
    return workflow
  }

  @Test(arguments: LedgerConformanceTests.Kind.allCases)
  func `[O53] [O54] everything that is known of a workflow comes back as it was`(
    kind: LedgerConformanceTests.Kind
  ) throws {
    let (ledger, _) = try LedgerConformanceTests.make(kind)
    var one = try Self.workflow(1)
    let two = try Self.workflow(2)
    _ = try ledger.apply([.putWorkflow(one), .putWorkflow(two)], at: 1)
    one.number = 1
    #expect(try ledger.workflow(one.id) == one)
    _ = try one.start(at: 7)
    one.isPaused = true
    one.refuse("y", ["what", "why", "next"], tries: 0)
    _ = try ledger.apply([.putWorkflow(one)], at: 2)
    #expect(try ledger.workflow(one.id) == one)
    #expect(try ledger.workflows(before: nil, limit: 9).map(\.name) == ["song 2", "song 1"])
    #expect(try ledger.workflows(before: 2, limit: 9).map(\.name) == ["song 1"])
    #expect(try ledger.workflows(beginningWith: String(one.id.text.prefix(16)), limit: 9).count == 2)
    #expect(try ledger.workflows(beginningWith: one.id.text.uppercased(), limit: 9) == [one.id])
    _ = try ledger.apply([.removeWorkflow(one.id)], at: 3)
    #expect(try ledger.workflow(one.id) == nil)
    #expect(try ledger.workflowCount() == 1)
  }

  @Test(arguments: LedgerConformanceTests.Kind.allCases)
  func `[O12] a workflow's jobs are not forgotten before it, so that its status can be told from them`(
    kind: LedgerConformanceTests.Kind
  ) throws {
    let (ledger, _) = try LedgerConformanceTests.make(kind)
    let workflow = try Self.workflow(1)
    let task = try #require(workflow.task("y"))
    for (number, id) in [(1, workflow.job(of: task)), (2, JobID(high: 1, low: 2))] as [(UInt64, JobID)] {
      var record = JobRecord(spec: JobSpec(id: id, tool: "t"), sequence: number, at: 1)
      record.apply(.leased(host: "h"), at: 2)
      record.apply(.started(remote: nil), at: 3)
      _ = try ledger.apply([.submit([record]), LedgerConformanceTests.complete(record)], at: 4)
    }
    _ = try ledger.apply([.putWorkflow(workflow)], at: 5)
    #expect(try ledger.prune(before: 1_000) == 1)
    #expect(try ledger.job(workflow.job(of: task))?.state == .succeeded)
    #expect(try ledger.job(JobID(high: 1, low: 2)) == nil)
    _ = try ledger.apply([.removeWorkflow(workflow.id)], at: 6)
    #expect(try ledger.prune(before: 1_000) == 1)
  }

  @Test func `[O58] a workflow's tasks, and those of one of its phases, are found by index`() throws {
    let folder = try Folder()
    let ledger = try SQLiteLedger(path: folder.path + "/jobs.db")
    for (sql, index) in [
      (SQLiteLedger.tasksOfPhase.replacing("?", with: "'x'"), "workflow_phase"),
      ("SELECT spec FROM workflow_task WHERE workflow = 'x' ORDER BY place", "workflow"),
      ("SELECT 1 FROM workflow_task WHERE job = 'x'", "workflow_job"),
    ] {
      let plan = try ledger.read {
        try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String }
      }
      #expect(plan.contains { $0.contains("SEARCH") && $0.contains(index) }, "\(plan)")
      #expect(!plan.contains { $0.contains("SCAN") }, "\(plan)")
    }
  }

  @Test func `[O16] [O53] [O54] a ledger of the version before gets its tables, and keeps what it has`()
    throws
  {
    let folder = try Folder()
    let path = folder.path + "/jobs.db"
    let job = LedgerConformanceTests.running(1)
    let first = try SQLiteLedger(path: path)
    _ = try first.apply([.submit([job])], at: 1)
    first.close()
    let queue = try DatabaseQueue(path: path)
    try queue.inDatabase { database in
      for table in ["workflow", "phase", "workflow_task"] { try database.execute(sql: "DROP TABLE \(table)") }
      let step = try #require(Schema.steps.firstIndex { $0.contains("CREATE TABLE workflow(") })
      // What came behind that step would be made twice.
      for table in try String.fetchAll(
        database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'webhook%'")
      {
        try database.execute(sql: "DROP TABLE \(table)")
      }
      try database.execute(sql: "PRAGMA user_version = \(step)")
    }
    try queue.close()
    let again = try SQLiteLedger(path: path)
    #expect(try again.liveJobs() == [job])
    let workflow = try Self.workflow(1)
    _ = try again.apply([.putWorkflow(workflow)], at: 1)
    #expect(try again.workflow(workflow.id)?.tasks == workflow.tasks)
  }
}
