import FoundationEssentials
import GRDB
import Jobs

/// A ledger in one SQLite database, which survives the program and, as every commit is synced, the machine's power.
///
/// One connection, used by one thread. Nothing else may write the file; any program may read it.
package final class SQLiteLedger: JobLedger {
  let path: String
  let queue: DatabaseQueue
  private var isClosed = false
  /// Locked as long as the database is open.
  private let folder: LedgerFolder?

  /// Opens the file, or makes it, and brings it up to date.
  ///
  /// - Parameter pages: how many pages of 4 KiB it may have; nil: as many as the disk takes.
  package init(path: String, in folder: LedgerFolder? = nil, pages: Int? = nil) throws(LedgerError) {
    self.path = path
    self.folder = folder
    do {
      var configuration = Configuration()
      configuration.journalMode = .wal
      configuration.busyMode = .timeout(5)
      configuration.foreignKeysEnabled = true
      configuration.label = "ledger"
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.inDatabase { database in
        try Self.arrange(database, path: path, pages: pages)
      }
    } catch {
      throw LedgerError(error, "The ledger was not opened.", path: path)
    }
  }

  private static func arrange(_ database: Database, path: String, pages: Int?) throws {
    try Schema.update(database, path: path)
    // Opening sets NORMAL, after everything that could be set before: only from here on does FULL hold.
    for pragma in [
      "synchronous=FULL", "wal_autocheckpoint=1000", "journal_size_limit=67108864", "temp_store=MEMORY",
      "mmap_size=0",
    ] {
      try database.execute(sql: "PRAGMA \(pragma)")
    }
    if let pages { try database.execute(sql: "PRAGMA max_page_count=\(pages)") }
    let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
    let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode")
    guard synchronous == 2, mode == "wal" else {
      throw LedgerError(
        .failed, "The ledger was not opened.",
        why:
          "\(path) is in mode \(mode ?? "none") with synchronous \(synchronous ?? -1); it must be wal with 2 (FULL).",
        next: "Put it on a local disk.")
    }
    try refuseReadOnly(database, path: path)
  }

  /// A database in a folder that cannot be written opens, and fails with the first write only.
  private static func refuseReadOnly(_ database: Database, path: String) throws {
    try database.inTransaction(.immediate) {
      try database.execute(sql: "DELETE FROM idem WHERE key = ''")
      return .commit
    }
  }

  package func close() {
    guard !isClosed else { return }
    isClosed = true
    // A failure to tidy up loses nothing: all that was acknowledged is in the log.
    try? queue.inDatabase { try $0.execute(sql: "PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)") }
    try? queue.close()
  }

  /// `2` is FULL: the value that is in force.
  package var synchronous: Int? {
    get throws(LedgerError) { try read { try Int.fetchOne($0, sql: "PRAGMA synchronous") } }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
    do { return try queue.inDatabase(body) } catch {
      throw LedgerError(error, "The ledger was not read.", path: path)
    }
  }

  package func apply(_ writes: [LedgerWrite], at now: JobTime) throws(LedgerError) -> [LedgerAnswer] {
    do {
      return try queue.inDatabase { database in
        var answers: [LedgerAnswer] = []
        try database.inTransaction(.immediate) {
          answers = try writes.map { try apply($0, at: now, database) }
          return .commit
        }
        return answers
      }
    } catch {
      throw LedgerError(error, "Nothing was kept.", path: path)
    }
  }

  private func apply(_ write: LedgerWrite, at now: JobTime, _ database: Database) throws -> LedgerAnswer {
    switch write {
    case .submit(let records, let key, let expires):
      return try submit(records, key: key, expires: expires, at: now, database)
    case .update(let record):
      let isLive = try present(record.id, database).map { !$0.isFinal && $0.epoch <= record.epoch } ?? false
      guard isLive else { return .stale }
      try put(record, at: now, database)
    case .complete(let record, let artifacts, let attachments):
      let isLive = try present(record.id, database).map { !$0.isFinal && $0.epoch == record.epoch } ?? false
      guard isLive else { return .stale }
      try put(record, at: now, database)
      for artifact in artifacts { try insert(artifact, database) }
      for attachment in attachments { try insert(attachment, database) }
    case .remark(let job, let state, let note):
      try run(
        "INSERT INTO job_event(job, state, at, note) SELECT id, ?, ?, ? FROM job WHERE id = ?",
        [state, now, note, job.text], database)
    case .attach(let job, let region, let artifact):
      try run(
        """
        INSERT INTO attachment(job, slot, region, artifact, at)
        SELECT ?1, (SELECT coalesce(max(slot), -1) + 1 FROM attachment WHERE job = ?1), ?2, ?3, ?4
        WHERE EXISTS (SELECT 1 FROM job WHERE id = ?1 AND state = 4)
          AND NOT EXISTS (SELECT 1 FROM attachment WHERE job = ?1 AND region = ?2)
        """, [job.text, region, artifact, now], database)
      guard database.changesCount == 1 else { return .stale }
    case .owe(let debt):
      try run(
        "INSERT OR REPLACE INTO debt(job, host, epoch, remote, start_to_finish) VALUES(?, ?, ?, ?, ?)",
        [debt.job.text, debt.host, Int64(clamping: debt.epoch), debt.remote, debt.startToFinish], database)
    case .paid(let job, let host):
      try run("DELETE FROM debt WHERE job = ? AND host = ?", [job.text, host], database)
    case .keepArtifact(let artifact): try insert(artifact, database)
    case .forgetArtifacts(let hashes):
      for hash in hashes { try run("DELETE FROM artifact WHERE hash = ?", [hash], database) }
    case .setHost(let host):
      try run(
        "INSERT OR REPLACE INTO host(name, spec) VALUES(?, ?)", [host.name, try Self.text(host)], database)
    case .removeHost(let name): try run("DELETE FROM host WHERE name = ?", [name], database)
    case .append(let session, let bytes):
      guard bytes.count <= LedgerLimits.entryBytes else {
        throw LedgerError(
          .tooLarge, "Nothing was kept.",
          why: "An edit has \(bytes.count) bytes; \(LedgerLimits.entryBytes) are allowed.",
          next: "Make smaller edits.")
      }
      try run(
        "INSERT INTO journal(session, at, data) VALUES(?, ?, ?)", [session, now, Data(bytes)], database)
      return .entry(database.lastInsertedRowID)
    case .truncate(let session, let through):
      try run("DELETE FROM journal WHERE session = ? AND n <= ?", [session, through], database)
    case .putSession, .removeSession, .note, .setAside: try keep(write, at: now, database)
    case .putWorkflow(let workflow): try put(workflow, database)
    case .removeWorkflow(let id): try remove(workflow: id, database)
    case .setWebhooks, .webhookTried, .webhookReplay, .webhookEnable:
      return try keepWebhook(write, at: now, database)
    }
    return .done
  }

  private func submit(
    _ records: [JobRecord], key: String?, expires: JobTime, at now: JobTime, _ database: Database
  ) throws -> LedgerAnswer {
    if let key {
      let row = try database.cachedStatement(sql: "SELECT job FROM idem WHERE key = ? AND expires > ?")
      if let known = try String.fetchOne(row, arguments: [key, now]).flatMap({ JobID($0) }) {
        return .duplicate(known)
      }
    }
    for record in records where try present(record.id, database) != nil { return .duplicate(record.id) }
    for record in records {
      try put(record, at: record.createdAt, database)
      for parent in Set(record.spec.parents) {
        try run("INSERT INTO dep(job, parent) VALUES(?, ?)", [record.id.text, parent.text], database)
      }
    }
    if let key, let first = records.first {
      try run(
        "INSERT OR REPLACE INTO idem(key, fingerprint, job, expires) VALUES(?, ?, ?, ?)",
        [key, Int64(bitPattern: Fingerprint(of: first.spec).value), first.id.text, expires], database)
    }
    return .done
  }

  private func insert(_ artifact: ArtifactRow, _ database: Database) throws {
    try run(
      "INSERT INTO artifact(hash, type, bytes, label, job, at) VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
      [artifact.hash, artifact.type, artifact.bytes, artifact.label, artifact.job.text, artifact.at], database
    )
  }

  private func insert(_ attachment: AttachmentRow, _ database: Database) throws {
    try run(
      "INSERT INTO attachment(job, slot, region, artifact, at) VALUES(?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
      [attachment.job.text, attachment.slot, attachment.region, attachment.artifact, attachment.at], database)
  }

  func run(_ sql: String, _ arguments: StatementArguments, _ database: Database) throws {
    try database.cachedStatement(sql: sql).execute(arguments: arguments)
  }

  /// What stands in the tables as JSON.
  static func text(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
  }

  static func value<Value: Decodable>(_ text: String, _ type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }
}
