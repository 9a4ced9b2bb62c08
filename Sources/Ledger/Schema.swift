import GRDB

/// How the database looks, as the steps that lead there: a step that was once published does not change.
enum Schema {
  /// `chgL`: what makes the file ours (SQLite's `application_id`).
  static let applicationID: Int64 = 0x6368_674C

  static let steps: [String] = [
    """
    CREATE TABLE job(
      id TEXT PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, tool TEXT NOT NULL, host TEXT,
      state INTEGER NOT NULL CHECK(state BETWEEN 0 AND 8), park_reason INTEGER,
      prio INTEGER NOT NULL CHECK(prio BETWEEN 0 AND 3), next_at INTEGER, deadline INTEGER,
      failures INTEGER NOT NULL, busy_count INTEGER NOT NULL, busy_since INTEGER, epoch INTEGER NOT NULL,
      leased_at INTEGER, started_at INTEGER, heartbeat_at INTEGER,
      fingerprint INTEGER NOT NULL, deterministic INTEGER NOT NULL, region TEXT, client TEXT NOT NULL,
      params TEXT NOT NULL, spec TEXT NOT NULL, sharers TEXT, result TEXT, artifacts TEXT, error TEXT,
      progress REAL NOT NULL, progress_msg TEXT NOT NULL, chunks INTEGER NOT NULL, rev INTEGER NOT NULL,
      remote_id TEXT, resent INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, finished INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX job_live ON job(seq) WHERE state < 4;
    CREATE INDEX job_ready ON job(host, prio, next_at, seq) WHERE state = 0;
    CREATE INDEX job_done ON job(finished) WHERE state >= 4;
    CREATE INDEX job_same ON job(fingerprint, seq) WHERE state = 4 AND deterministic = 1;
    CREATE TABLE dep(job TEXT NOT NULL, parent TEXT NOT NULL, PRIMARY KEY(job, parent)) STRICT, WITHOUT ROWID;
    CREATE TABLE attempt(
      job TEXT NOT NULL, epoch INTEGER NOT NULL, attempt INTEGER NOT NULL, host TEXT NOT NULL,
      began INTEGER NOT NULL, ended INTEGER, outcome TEXT, PRIMARY KEY(job, epoch)) STRICT, WITHOUT ROWID;
    CREATE TABLE job_event(
      n INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL,
      note TEXT NOT NULL) STRICT;
    CREATE INDEX job_event_of ON job_event(job, n);
    CREATE TABLE attachment(
      n INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL, slot INTEGER NOT NULL, region TEXT NOT NULL,
      artifact TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE(job, slot)) STRICT;
    CREATE TABLE artifact(
      hash TEXT PRIMARY KEY, type TEXT NOT NULL, bytes INTEGER NOT NULL, label TEXT NOT NULL, job TEXT NOT NULL,
      at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE idem(
      key TEXT PRIMARY KEY, fingerprint INTEGER NOT NULL, job TEXT NOT NULL, expires INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX idem_job ON idem(job);
    CREATE TABLE host(name TEXT PRIMARY KEY, spec TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE debt(
      job TEXT NOT NULL, host TEXT NOT NULL, epoch INTEGER NOT NULL, remote TEXT, start_to_finish INTEGER NOT NULL,
      PRIMARY KEY(job, host)) STRICT, WITHOUT ROWID;
    CREATE TABLE journal(
      n INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL, at INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
    CREATE INDEX journal_of ON journal(session, n);
    """,
    """
    CREATE TABLE session(
      name TEXT PRIMARY KEY, at INTEGER NOT NULL, tracks INTEGER NOT NULL, regions INTEGER NOT NULL,
      seconds REAL NOT NULL, data BLOB NOT NULL) STRICT;
    CREATE TABLE note(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE aside(
      n INTEGER PRIMARY KEY, session TEXT NOT NULL, at INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
    """,
    """
    CREATE INDEX artifact_at ON artifact(at, hash);
    CREATE INDEX attachment_of ON attachment(artifact, region);
    """,
    """
    CREATE TABLE workflow(
      id TEXT PRIMARY KEY, n INTEGER NOT NULL UNIQUE, name TEXT NOT NULL, about TEXT NOT NULL,
      created INTEGER NOT NULL, started INTEGER, paused INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE phase(
      workflow TEXT NOT NULL, phase TEXT NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL,
      depends_on TEXT NOT NULL, PRIMARY KEY(workflow, phase)) STRICT, WITHOUT ROWID;
    CREATE TABLE workflow_task(
      workflow TEXT NOT NULL, task TEXT NOT NULL, phase TEXT NOT NULL, place INTEGER NOT NULL,
      job TEXT NOT NULL, spec TEXT NOT NULL, PRIMARY KEY(workflow, task)) STRICT, WITHOUT ROWID;
    CREATE INDEX workflow_phase ON workflow_task(workflow, phase);
    CREATE INDEX workflow_job ON workflow_task(job);
    """,
    """
    CREATE TABLE webhook_delivery(
      id TEXT PRIMARY KEY, job TEXT NOT NULL, url TEXT NOT NULL, event TEXT NOT NULL, body TEXT NOT NULL,
      state INTEGER NOT NULL CHECK(state BETWEEN 0 AND 2), tries INTEGER NOT NULL, next_at INTEGER NOT NULL,
      created INTEGER NOT NULL, ended INTEGER) STRICT, WITHOUT ROWID;
    CREATE INDEX webhook_due ON webhook_delivery(url, next_at) WHERE state = 0;
    CREATE INDEX webhook_of ON webhook_delivery(job);
    CREATE INDEX webhook_done ON webhook_delivery(ended) WHERE state > 0;
    CREATE TABLE webhook_attempt(
      n INTEGER PRIMARY KEY AUTOINCREMENT, delivery TEXT NOT NULL, at INTEGER NOT NULL, status INTEGER,
      ms INTEGER NOT NULL, error TEXT) STRICT;
    CREATE INDEX webhook_attempt_of ON webhook_attempt(delivery, n);
    CREATE TABLE webhook_endpoint(
      url TEXT PRIMARY KEY, configured INTEGER NOT NULL, disabled INTEGER, reason TEXT) STRICT, WITHOUT ROWID;
    """,
  ]

  /// Brings a database to the newest step; each is one transaction.
  static func update(_ database: Database, path: String) throws {
    let own = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    let what = "The ledger was not opened."
    guard own == applicationID || (own == 0 && version == 0 && tables == 0) else {
      throw LedgerError(
        .foreign, what,
        why: "\(path) is another program's database: it has the number \(own), not \(applicationID).",
        next: "chaosgarden --ledger ANOTHER_FOLDER")
    }
    guard version <= steps.count else {
      throw LedgerError(
        .newer, what,
        why: "\(path) has version \(version); this program knows versions up to \(steps.count).",
        next: "the newer chaosgarden, or chaosgarden --ledger ANOTHER_FOLDER")
    }
    for number in version..<steps.count {
      try database.inTransaction(.immediate) {
        try database.execute(sql: steps[number])
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(number + 1)")
        return .commit
      }
    }
  }
}
