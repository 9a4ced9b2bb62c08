import FoundationEssentials
import GRDB
import Jobs

extension SQLiteLedger {
  private func records(_ sql: String, _ arguments: StatementArguments = []) throws(LedgerError) -> [JobRecord]
  {
    try read { database in
      let statement = try database.cachedStatement(sql: sql)
      return try Row.fetchAll(statement, arguments: arguments).map { try record($0) }
    }
  }

  private func bounded(_ limit: Int) -> Int { min(max(limit, 0), LedgerLimits.page) }

  package func liveJobs() throws(LedgerError) -> [JobRecord] {
    try records("SELECT * FROM job WHERE state < 4 ORDER BY seq")
  }

  package func job(_ id: JobID) throws(LedgerError) -> JobRecord? {
    try records("SELECT * FROM job WHERE id = ?", [id.text]).first
  }

  package func jobs(
    _ filter: JobFilter, before sequence: UInt64?, limit: Int
  ) throws(LedgerError) -> [JobRecord] {
    var conditions = ["seq < ?"]
    var arguments: StatementArguments = [sequence.map { Int64(clamping: $0) } ?? .max]
    if let codes = filter.codes {
      conditions.append("state IN (\(codes.sorted().map(String.init).joined(separator: ",")))")
    }
    if let tool = filter.tool {
      conditions.append("tool = ?")
      arguments += [tool]
    }
    if let host = filter.host {
      conditions.append("host = ?")
      arguments += [host]
    }
    if let since = filter.since {
      conditions.append("created >= ?")
      arguments += [since]
    }
    return try records(
      "SELECT * FROM job WHERE \(conditions.joined(separator: " AND ")) ORDER BY seq DESC LIMIT ?",
      arguments + [bounded(limit)])
  }

  package func lastSequence() throws(LedgerError) -> UInt64 {
    try read { UInt64(clamping: try Int64.fetchOne($0, sql: "SELECT max(seq) FROM job") ?? 0) }
  }

  package func result(of spec: JobSpec) throws(LedgerError) -> JobRecord? {
    let found = try records(
      "SELECT * FROM job WHERE state = 4 AND deterministic = 1 AND fingerprint = ? ORDER BY seq DESC LIMIT 8",
      [Int64(bitPattern: Fingerprint(of: spec).value)]
    )
    for record in found where record.spec.asksTheSame(as: spec) {
      var isWhole = true
      for hash in record.artifacts where try artifact(hash) == nil { isWhole = false }
      if isWhole { return record }
    }
    return nil
  }

  package func events(of job: JobID?, after number: Int64, limit: Int) throws(LedgerError) -> [JobHistory] {
    try read { database in
      let condition = job == nil ? "" : "AND job = ?"
      let statement = try database.cachedStatement(
        sql: "SELECT n, job, state, at, note FROM job_event WHERE n > ? \(condition) ORDER BY n LIMIT ?")
      var arguments: StatementArguments = [number]
      if let job { arguments += [job.text] }
      return try Row.fetchAll(statement, arguments: arguments + [bounded(limit)]).compactMap { row in
        guard let id = JobID(row[1] as String) else { return nil }
        return JobHistory(number: row[0], job: id, state: row[2], at: row[3], note: row[4])
      }
    }
  }

  package func attempts(of job: JobID) throws(LedgerError) -> [AttemptRow] {
    try read { database in
      let statement = try database.cachedStatement(
        sql: "SELECT epoch, attempt, host, began, ended, outcome FROM attempt WHERE job = ? ORDER BY epoch")
      return try Row.fetchAll(statement, arguments: [job.text]).map { row in
        let epoch: Int64 = row[0]
        return AttemptRow(
          epoch: UInt64(clamping: epoch), attempt: row[1], host: row[2], began: row[3], ended: row[4],
          outcome: row[5])
      }
    }
  }

  package func attachments(after number: Int64, limit: Int) throws(LedgerError) -> [AttachmentRow] {
    try read { database in
      let statement = try database.cachedStatement(
        sql: "SELECT n, job, slot, region, artifact, at FROM attachment WHERE n > ? ORDER BY n LIMIT ?")
      return try Row.fetchAll(statement, arguments: [number, bounded(limit)]).compactMap { row in
        guard let id = JobID(row[1] as String) else { return nil }
        var attachment = AttachmentRow(job: id, slot: row[2], region: row[3], artifact: row[4], at: row[5])
        attachment.number = row[0]
        return attachment
      }
    }
  }

  package func hosts() throws(LedgerError) -> [HostSpec] {
    try read { database in
      try String.fetchAll(database, sql: "SELECT spec FROM host ORDER BY name").map { try Self.value($0) }
    }
  }

  package func artifact(_ hash: String) throws(LedgerError) -> ArtifactRow? {
    try read { database in
      let statement = try database.cachedStatement(
        sql: "SELECT hash, type, bytes, label, job, at FROM artifact WHERE hash = ?")
      return try Row.fetchOne(statement, arguments: [hash]).flatMap { row in
        guard let id = JobID(row[4] as String) else { return nil }
        return ArtifactRow(hash: row[0], type: row[1], bytes: row[2], label: row[3], job: id, at: row[5])
      }
    }
  }

  package func debts() throws(LedgerError) -> [Debt] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT job, epoch, host, remote, start_to_finish FROM debt ORDER BY job, host"
      )
      .compactMap { row in
        guard let id = JobID(row[0] as String) else { return nil }
        let epoch: Int64 = row[1]
        return Debt(
          job: id, epoch: UInt64(clamping: epoch), host: row[2], remote: row[3], startToFinish: row[4])
      }
    }
  }

  package func idempotency(
    _ key: String, at now: JobTime
  ) throws(LedgerError) -> (job: JobID, fingerprint: Fingerprint)? {
    try read { database in
      let statement = try database.cachedStatement(
        sql: "SELECT job, fingerprint FROM idem WHERE key = ? AND expires > ?")
      return try Row.fetchOne(statement, arguments: [key, now]).flatMap { row in
        guard let id = JobID(row[0] as String) else { return nil }
        return (id, Fingerprint(value: UInt64(bitPattern: row[1] as Int64)))
      }
    }
  }

  package func prune(before time: JobTime) throws(LedgerError) -> Int {
    do {
      return try queue.inDatabase { database in
        var count = 0
        try database.inTransaction(.immediate) {
          let old = try String.fetchAll(
            database,
            sql: """
              SELECT id FROM job WHERE state >= 4 AND finished < ?
              AND NOT EXISTS (SELECT 1 FROM workflow_task WHERE workflow_task.job = job.id)
              ORDER BY finished LIMIT ?
              """,
            arguments: [time, LedgerLimits.pruned])
          for id in old {
            for table in ["job_event", "attempt", "dep", "idem"] {
              try run("DELETE FROM \(table) WHERE job = ?", [id], database)
            }
            try run("DELETE FROM job WHERE id = ?", [id], database)
          }
          count = old.count
          try pruneWebhooks(before: time, database)
          return .commit
        }
        return count
      }
    } catch {
      throw LedgerError(error, "Nothing was forgotten.", path: path)
    }
  }
}
