import FoundationEssentials
import GRDB
import Jobs

// Workflows as they were defined, and which job each task is. How far they are is told by the jobs.
extension SQLiteLedger {
  func put(_ workflow: Workflow, _ database: Database) throws {
    let id = workflow.id.text
    try run(
      """
      INSERT INTO workflow(id, n, name, about, created, started, paused)
      VALUES(?1, (SELECT coalesce(max(n), 0) + 1 FROM workflow), ?2, ?3, ?4, ?5, ?6)
      ON CONFLICT(id) DO UPDATE SET name = ?2, about = ?3, started = ?5, paused = ?6
      """,
      [id, workflow.name, workflow.about, workflow.createdAt, workflow.startedAt, workflow.isPaused ? 1 : 0],
      database)
    try run("DELETE FROM phase WHERE workflow = ?", [id], database)
    try run("DELETE FROM workflow_task WHERE workflow = ?", [id], database)
    for (place, phase) in workflow.phases.enumerated() {
      try run(
        "INSERT INTO phase(workflow, phase, place, name, depends_on) VALUES(?, ?, ?, ?, ?)",
        [id, phase.id, place, phase.name, try Self.text(phase.dependsOn)], database)
    }
    for (place, task) in workflow.tasks.enumerated() {
      try run(
        "INSERT INTO workflow_task(workflow, task, phase, place, job, spec) VALUES(?, ?, ?, ?, ?, ?)",
        [id, task.name, task.phase, place, workflow.job(of: task).text, try Self.text(task)], database)
    }
  }

  func remove(workflow id: JobID, _ database: Database) throws {
    for (table, column) in [("workflow", "id"), ("phase", "workflow"), ("workflow_task", "workflow")] {
      try run("DELETE FROM \(table) WHERE \(column) = ?", [id.text], database)
    }
  }

  package func workflow(_ id: JobID) throws(LedgerError) -> Workflow? {
    try workflows("WHERE id = ?", [id.text]).first
  }

  package func workflows(before number: UInt64?, limit: Int) throws(LedgerError) -> [Workflow] {
    try workflows(
      "WHERE n < ? ORDER BY n DESC LIMIT ?",
      [number.map { Int64(clamping: $0) } ?? .max, min(max(limit, 0), LedgerLimits.page)])
  }

  package func workflows(beginningWith text: String, limit: Int) throws(LedgerError) -> [JobID] {
    let digits = text.lowercased().filter { $0 != "-" }
    return try read { database in
      try String.fetchAll(
        database,
        sql: "SELECT id FROM workflow WHERE substr(replace(id, '-', ''), 1, ?) = ? ORDER BY id LIMIT ?",
        arguments: [digits.count, digits, min(max(limit, 0), LedgerLimits.page)]
      ).compactMap { JobID($0) }
    }
  }

  package func workflowCount() throws(LedgerError) -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM workflow") ?? 0 }
  }

  static let tasksOfPhase =
    "SELECT spec FROM workflow_task INDEXED BY workflow_phase WHERE workflow = ? AND phase = ?"

  private func workflows(
    _ condition: String, _ arguments: StatementArguments
  ) throws(LedgerError) -> [Workflow] {
    try read { database in
      let sql = "SELECT id, n, name, about, created, started, paused FROM workflow \(condition)"
      return try Row.fetchAll(database.cachedStatement(sql: sql), arguments: arguments).compactMap { row in
        guard let text = String.fromDatabaseValue(row[0]), let id = JobID(text) else { return nil }
        return Workflow(
          id: id, number: UInt64(clamping: Int64.fromDatabaseValue(row[1]) ?? 0),
          name: String.fromDatabaseValue(row[2]) ?? "?", about: String.fromDatabaseValue(row[3]) ?? "",
          createdAt: Int64.fromDatabaseValue(row[4]) ?? 0, startedAt: Int64.fromDatabaseValue(row[5]),
          isPaused: Int64.fromDatabaseValue(row[6]) == 1, phases: try Self.phases(of: text, database),
          tasks: try Self.tasks(of: text, database))
      }
    }
  }

  private static func phases(of id: String, _ database: Database) throws -> [Workflow.Phase] {
    let statement = try database.cachedStatement(
      sql: "SELECT phase, name, depends_on FROM phase WHERE workflow = ? ORDER BY place")
    return try Row.fetchAll(statement, arguments: [id]).map { row in
      Workflow.Phase(id: row[0], name: row[1], dependsOn: try value(row[2]))
    }
  }

  private static func tasks(of id: String, _ database: Database) throws -> [Workflow.Task] {
    let statement = try database.cachedStatement(
      sql: "SELECT spec FROM workflow_task WHERE workflow = ? ORDER BY place")
    return try String.fetchAll(statement, arguments: [id]).map { try value($0) }
  }
}
