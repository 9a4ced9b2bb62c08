import GRDB
import Jobs

extension SQLiteLedger {
  package func jobs(beginningWith text: String, limit: Int) throws(LedgerError) -> [JobID] {
    let digits = text.lowercased().filter { $0 != "-" }
    guard digits.count <= 32, digits.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else {
      return []
    }
    // The least and the greatest id that begin so.
    let first = JobID(digits + String(repeating: "0", count: 32 - digits.count))
    let last = JobID(digits + String(repeating: "f", count: 32 - digits.count))
    guard let first, let last else { return [] }
    return try read { database in
      try String.fetchAll(
        database, sql: "SELECT id FROM job WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
        arguments: [first.text, last.text, limit]
      ).compactMap { JobID($0) }
    }
  }

  package func attachments(of job: JobID) throws(LedgerError) -> [AttachmentRow] {
    try read { database in
      let statement = try database.cachedStatement(
        sql: "SELECT n, job, slot, region, artifact, at FROM attachment WHERE job = ? ORDER BY slot")
      return try Row.fetchAll(statement, arguments: [job.text]).map { row in
        var attachment = AttachmentRow(job: job, slot: row[2], region: row[3], artifact: row[4], at: row[5])
        attachment.number = row[0]
        return attachment
      }
    }
  }

  private static let artifact = "SELECT hash, type, bytes, label, job, at FROM artifact"

  private func artifacts(_ rest: String, _ arguments: StatementArguments) throws(LedgerError) -> [ArtifactRow]
  {
    try read { database in
      try Row.fetchAll(database, sql: "\(Self.artifact) \(rest)", arguments: arguments).compactMap { row in
        guard let id = JobID(row[4] as String) else { return nil }
        return ArtifactRow(hash: row[0], type: row[1], bytes: row[2], label: row[3], job: id, at: row[5])
      }
    }
  }

  package func artifacts(
    type: String?, after place: ArtifactPlace, limit: Int
  ) throws(LedgerError) -> [ArtifactRow] {
    try artifacts(
      "WHERE (at, hash) < (?1, ?2) AND (?3 IS NULL OR type = ?3) ORDER BY at DESC, hash DESC LIMIT ?4",
      [place.at, place.hash, type, min(max(limit, 0), LedgerLimits.page)])
  }

  package func artifacts(beginningWith text: String, limit: Int) throws(LedgerError) -> [ArtifactRow] {
    let text = text.lowercased()
    guard text.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else { return [] }
    return try artifacts("WHERE hash >= ? AND hash < ? ORDER BY hash LIMIT ?", [text, text + "g", limit])
  }

  package func regions(of artifact: String) throws(LedgerError) -> [String] {
    try read { database in
      try String.fetchAll(
        database, sql: "SELECT DISTINCT region FROM attachment WHERE artifact = ? ORDER BY region LIMIT 1000",
        arguments: [artifact])
    }
  }
}
