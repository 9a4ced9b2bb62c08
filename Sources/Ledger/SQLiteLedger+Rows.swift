import FoundationEssentials
import GRDB
import Jobs

extension SQLiteLedger {
  /// Of a job's description what no column is needed for.
  struct Rest: Codable {
    var inputs: [HostCall.Input]?
    var notBefore: JobTime
    var parents: [String]?
    var host: String?
    var labels: [String]?
    var limits: JobSpec.Limits
    var isRestartable: Bool
    var isFresh: Bool
    var size: Double
    var retryOf: String?
    var traceparent: String?
    var webhookURL: String?

    enum CodingKeys: String, CodingKey {
      case inputs, notBefore, parents, host, labels, limits, isRestartable, isFresh, size, retryOf,
        traceparent
      case webhookURL = "webhook_url"
    }

    init(_ spec: JobSpec) {
      inputs = spec.inputs.isEmpty ? nil : spec.inputs
      notBefore = spec.notBefore
      parents = spec.parents.isEmpty ? nil : spec.parents.map(\.text)
      host = spec.host
      labels = spec.labels.isEmpty ? nil : spec.labels.sorted()
      limits = spec.limits
      (isRestartable, isFresh, size) = (spec.isRestartable, spec.isFresh, spec.size)
      retryOf = spec.retryOf?.text
      traceparent = spec.traceparent
      webhookURL = spec.webhookURL
    }

    func fill(_ spec: inout JobSpec) {
      spec.inputs = inputs ?? []
      spec.notBefore = notBefore
      spec.parents = (parents ?? []).compactMap { JobID($0) }
      spec.host = host
      spec.labels = Set(labels ?? [])
      spec.limits = limits
      (spec.isRestartable, spec.isFresh, spec.size) = (isRestartable, isFresh, size)
      spec.retryOf = retryOf.flatMap { JobID($0) }
      spec.traceparent = traceparent
      spec.webhookURL = webhookURL
    }
  }

  struct Present {
    let state: Int
    let epoch: UInt64
    var isFinal: Bool { state >= JobState.succeeded.code }
  }

  func present(_ id: JobID, _ database: Database) throws -> Present? {
    let statement = try database.cachedStatement(sql: "SELECT state, epoch FROM job WHERE id = ?")
    return try Row.fetchOne(statement, arguments: [id.text]).map { row in
      let epoch: Int64 = row[1]
      return Present(state: row[0], epoch: UInt64(clamping: epoch))
    }
  }

  /// Writes a job as it is, and where its state or its lease is another, what happened.
  func put(_ record: JobRecord, at now: JobTime, _ database: Database) throws {
    let before = try present(record.id, database)
    if before == nil { try insert(record, database) } else { try update(record, database) }
    guard before?.state != record.state.code || before?.epoch != record.epoch else { return }
    try run(
      "INSERT INTO job_event(job, state, at, note) VALUES(?, ?, ?, ?)",
      [record.id.text, record.state.name, now, record.note], database)
    if record.state.isOut, before?.epoch != record.epoch {
      try run(
        "INSERT OR IGNORE INTO attempt(job, epoch, attempt, host, began) VALUES(?, ?, ?, ?, ?)",
        [record.id.text, Int64(clamping: record.epoch), record.attempt, record.host ?? "", now], database)
    } else if !record.state.isOut, record.epoch > 0 {
      try run(
        "UPDATE attempt SET ended = ?, outcome = ? WHERE job = ? AND epoch = ? AND ended IS NULL",
        [now, record.state.name, record.id.text, Int64(clamping: record.epoch)], database)
    }
    if record.state.isFinal, before?.isFinal != true { try announce(record, at: now, database) }
  }

  private func insert(_ record: JobRecord, _ database: Database) throws {
    let spec = record.spec
    try run(
      """
      INSERT INTO job(id, seq, tool, fingerprint, deterministic, client, params, spec, created, host, remote_id, state,
        park_reason, prio, next_at, deadline, failures, busy_count, busy_since, epoch, leased_at, started_at,
        heartbeat_at, region, sharers, result, artifacts, error, progress, progress_msg, chunks, rev, resent, updated,
        finished)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        record.id.text, Int64(clamping: record.sequence), spec.tool,
        Int64(bitPattern: Fingerprint(of: spec).value), spec.isDeterministic, spec.client,
        String(decoding: spec.parameters, as: UTF8.self), try Self.text(Rest(spec)), record.createdAt,
      ] + (try changing(record)), database)
  }

  private func update(_ record: JobRecord, _ database: Database) throws {
    try run(
      """
      UPDATE job SET host = ?, remote_id = ?, state = ?, park_reason = ?, prio = ?, next_at = ?, deadline = ?,
        failures = ?, busy_count = ?, busy_since = ?, epoch = ?, leased_at = ?, started_at = ?, heartbeat_at = ?,
        region = ?, sharers = ?, result = ?, artifacts = ?, error = ?, progress = ?, progress_msg = ?, chunks = ?,
        rev = ?, resent = ?, updated = ?, finished = ? WHERE id = ?
      """, (try changing(record)) + [record.id.text], database)
  }

  /// The columns that change, in the order of both statements.
  private func changing(_ record: JobRecord) throws -> StatementArguments {
    let spec = record.spec
    let place: StatementArguments = [
      record.host, record.remote, record.state.code, record.state.park?.rawValue, spec.priority,
      record.nextAt,
      spec.deadline, record.failures, record.busyAnswers, record.busySince, Int64(clamping: record.epoch),
      record.leasedAt, record.startedAt, record.heardAt,
    ]
    let result: StatementArguments = [
      spec.region, record.sharers.isEmpty ? nil : try Self.text(record.sharers),
      record.value.map { String(decoding: $0, as: UTF8.self) },
      record.artifacts.isEmpty ? nil : try Self.text(record.artifacts),
      record.error.isEmpty ? nil : record.error.joined(separator: "\n"),
    ]
    let course: StatementArguments = [
      record.progress.percent, record.progress.message, record.progress.chunks,
      Int64(clamping: record.revision),
      record.isResent, record.updatedAt, record.finishedAt,
    ]
    return place + result + course
  }

  /// A job as its row says; throws for a row that no version of this program writes.
  func record(_ row: Row) throws -> JobRecord {
    let (id, code, park): (String, Int, Int?) = (row["id"], row["state"], row["park_reason"])
    guard let job = JobID(id), let state = JobState(code: code, park: park) else {
      throw LedgerError(
        .damaged, "The ledger was not read.", why: "The job '\(id)' is in state \(code).",
        next: "sqlite3 \(path) 'PRAGMA integrity_check'")
    }
    let (tool, parameters, rest): (String, String, String) = (row["tool"], row["params"], row["spec"])
    var spec = JobSpec(id: job, tool: tool, parameters: Array(parameters.utf8))
    try Self.value(rest, Rest.self).fill(&spec)
    spec.priority = row["prio"]
    spec.deadline = row["deadline"]
    spec.isDeterministic = row["deterministic"]
    spec.region = row["region"]
    spec.client = row["client"]
    let (sequence, created): (Int64, JobTime) = (row["seq"], row["created"])
    var record = JobRecord(spec: spec, sequence: UInt64(clamping: sequence), at: created)
    record.state = state
    fill(&record, from: row)
    if let text: String = row["sharers"] { record.sharers = try Self.value(text) }
    if let text: String = row["artifacts"] { record.artifacts = try Self.value(text) }
    return record
  }

  private func fill(_ record: inout JobRecord, from row: Row) {
    record.host = row["host"]
    record.remote = row["remote_id"]
    let (epoch, revision): (Int64, Int64) = (row["epoch"], row["rev"])
    record.epoch = UInt64(clamping: epoch)
    record.revision = UInt64(clamping: revision)
    record.failures = row["failures"]
    record.busyAnswers = row["busy_count"]
    record.busySince = row["busy_since"]
    record.nextAt = row["next_at"]
    record.leasedAt = row["leased_at"]
    record.startedAt = row["started_at"]
    record.heardAt = row["heartbeat_at"]
    record.progress = JobProgress(percent: row["progress"], message: row["progress_msg"])
    record.progress.chunks = row["chunks"]
    record.isResent = row["resent"]
    record.updatedAt = row["updated"]
    record.finishedAt = row["finished"]
    let (error, result): (String?, String?) = (row["error"], row["result"])
    record.error = error?.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) ?? []
    record.value = result.map { Array($0.utf8) }
  }
}
