import FoundationEssentials
import GRDB
import Jobs

// Sessions, their edits and what else is kept by name. What stands in a damaged file may be of any type: nothing here
// takes it for granted.
extension SQLiteLedger {
  func keep(_ write: LedgerWrite, at now: JobTime, _ database: Database) throws {
    switch write {
    case .putSession(let row):
      guard row.bytes.count <= LedgerLimits.sessionBytes else {
        throw LedgerError(
          .tooLarge, "The session was not kept.",
          why: "It has \(row.bytes.count) bytes; \(LedgerLimits.sessionBytes) are allowed.",
          next: "Remove what it does not need.")
      }
      try run(
        "INSERT OR REPLACE INTO session(name, at, tracks, regions, seconds, data) VALUES(?, ?, ?, ?, ?, ?)",
        [row.name, row.at, row.tracks, row.regions, row.seconds, Data(row.bytes)], database)
    case .removeSession(let name):
      try run("DELETE FROM session WHERE name = ?", [name], database)
      try run("DELETE FROM journal WHERE session = ?", [name], database)
    case .note(let name, let text):
      try run("INSERT OR REPLACE INTO note(name, value) VALUES(?, ?)", [name, text], database)
    case .setAside(let session, let number):
      try run(
        "INSERT INTO aside(n, session, at, data) SELECT n, session, at, data FROM journal"
          + " WHERE session = ? AND n >= ? ON CONFLICT DO NOTHING", [session, number], database)
      try run("DELETE FROM journal WHERE session = ? AND n >= ?", [session, number], database)
    default: break
    }
  }

  package func journal(
    _ session: String, after number: Int64, limit: Int
  ) throws(LedgerError) -> [JournalEntry] {
    try read { database in
      let statement = try database.cachedStatement(
        sql: "SELECT n, at, data FROM journal WHERE session = ? AND n > ? ORDER BY n LIMIT ?")
      let rows = try Row.fetchAll(
        statement, arguments: [session, number, min(max(limit, 0), LedgerLimits.page)])
      return rows.map { row in
        JournalEntry(
          number: Int64.fromDatabaseValue(row[0]) ?? number + 1, at: Int64.fromDatabaseValue(row[1]) ?? 0,
          bytes: Array(Data.fromDatabaseValue(row[2]) ?? Data()))
      }
    }
  }

  package func session(_ name: String) throws(LedgerError) -> SessionRow? {
    try read { database in
      try Row.fetchOne(
        database, sql: "SELECT name, at, tracks, regions, seconds, data FROM session WHERE name = ?",
        arguments: [name]
      ).map { Self.session($0, bytes: Array(Data.fromDatabaseValue($0[5]) ?? Data())) }
    }
  }

  package func sessions() throws(LedgerError) -> [SessionRow] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT name, at, tracks, regions, seconds FROM session ORDER BY name LIMIT ?",
        arguments: [LedgerLimits.page]
      ).map { Self.session($0, bytes: []) }
    }
  }

  private static func session(_ row: Row, bytes: [UInt8]) -> SessionRow {
    SessionRow(
      name: String.fromDatabaseValue(row[0]) ?? "?", at: Int64.fromDatabaseValue(row[1]) ?? 0,
      tracks: Int.fromDatabaseValue(row[2]) ?? 0, regions: Int.fromDatabaseValue(row[3]) ?? 0,
      seconds: Double.fromDatabaseValue(row[4]) ?? 0, bytes: bytes)
  }

  package func note(_ name: String) throws(LedgerError) -> String? {
    try read { database in
      try Row.fetchOne(database, sql: "SELECT value FROM note WHERE name = ?", arguments: [name])
        .flatMap { String.fromDatabaseValue($0[0]) }
    }
  }
}
