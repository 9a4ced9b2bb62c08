import GRDB
import Jobs

extension SQLiteLedger {
  /// In the commit of a job's end: one delivery for each URL that is to hear of it.
  func announce(_ record: JobRecord, at now: JobTime, _ database: Database) throws {
    let statement = try database.cachedStatement(
      sql: "SELECT url, disabled FROM webhook_endpoint WHERE configured = 1 OR url = ?")
    var held: [String: Bool] = [:]
    if let url = record.spec.webhookURL { held[url] = false }
    for row in try Row.fetchAll(statement, arguments: [record.spec.webhookURL]) {
      let (url, disabled): (String, JobTime?) = (row[0], row[1])
      held[url] = disabled != nil
    }
    for (url, isHeld) in held {
      let delivery = WebhookDelivery(record, to: url, isHeld: isHeld, at: now)
      try run(
        """
        INSERT INTO webhook_delivery(id, job, url, event, body, state, tries, next_at, created, ended)
        VALUES(?, ?, ?, ?, ?, ?, 0, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        [
          delivery.id, delivery.job.text, url, delivery.event, String(decoding: delivery.body, as: UTF8.self),
          delivery.state.rawValue, now, now, delivery.endedAt,
        ], database)
    }
  }

  func keepWebhook(_ write: LedgerWrite, at now: JobTime, _ database: Database) throws -> LedgerAnswer {
    switch write {
    case .setWebhooks(let urls):
      try run("UPDATE webhook_endpoint SET configured = 0", [], database)
      for url in urls {
        try run(
          "INSERT INTO webhook_endpoint(url, configured) VALUES(?, 1) ON CONFLICT DO UPDATE SET configured = 1",
          [url], database)
      }
      try run("DELETE FROM webhook_endpoint WHERE configured = 0 AND disabled IS NULL", [], database)
    case .webhookTried(let tried): return try take(tried, at: now, database)
    case .webhookReplay(let id):
      try run(
        "UPDATE webhook_delivery SET state = 0, tries = 0, next_at = ?, ended = NULL WHERE id = ?",
        [now, id],
        database)
      return database.changesCount == 1 ? .done : .stale
    case .webhookEnable(let url):
      try run(
        "UPDATE webhook_endpoint SET disabled = NULL, reason = NULL WHERE url = ? AND disabled IS NOT NULL",
        [url], database)
      guard database.changesCount == 1 else { return .stale }
      try run("DELETE FROM webhook_endpoint WHERE configured = 0 AND disabled IS NULL", [], database)
    default: break
    }
    return .done
  }

  private func take(_ tried: WebhookTry, at now: JobTime, _ database: Database) throws -> LedgerAnswer {
    let (state, next): (WebhookDelivery.State, JobTime?) =
      switch tried.next {
      case .delivered: (.delivered, nil)
      case .again(let at): (.pending, at)
      case .givenUp, .disabled: (.failed, nil)
      }
    try run(
      """
      UPDATE webhook_delivery SET state = ?, tries = tries + 1, next_at = coalesce(?, next_at), ended = ?
      WHERE id = ? AND state = 0
      """, [state.rawValue, next, state == .pending ? nil : now, tried.delivery], database)
    guard database.changesCount == 1 else { return .stale }
    let attempt = tried.attempt
    try run(
      "INSERT INTO webhook_attempt(delivery, at, status, ms, error) VALUES(?, ?, ?, ?, ?)",
      [tried.delivery, attempt.at, attempt.status, attempt.milliseconds, attempt.error], database)
    if case .disabled(let reason) = tried.next {
      let url = "(SELECT url FROM webhook_delivery WHERE id = ?3)"
      try run(
        """
        INSERT INTO webhook_endpoint(url, configured, disabled, reason) VALUES(\(url), 0, ?1, ?2)
        ON CONFLICT DO UPDATE SET disabled = ?1, reason = ?2
        """, [now, reason, tried.delivery], database)
      try run(
        "UPDATE webhook_delivery SET state = 2, ended = ?1 WHERE state = 0 AND url = (SELECT url FROM webhook_delivery WHERE id = ?2)",
        [now, tried.delivery], database)
    }
    return .done
  }

  private static let columns = "id, job, url, event, body, state, tries, next_at, created, ended"

  private func delivery(_ row: Row) throws -> WebhookDelivery {
    let (id, job, state): (String, String, Int) = (row["id"], row["job"], row["state"])
    guard let job = JobID(job), let state = WebhookDelivery.State(rawValue: state) else {
      throw LedgerError(
        .damaged, "The ledger was not read.", why: "The delivery '\(id)' is in state \(state).",
        next: "sqlite3 \(path) 'PRAGMA integrity_check'")
    }
    let body: String = row["body"]
    return WebhookDelivery(
      id: id, job: job, url: row["url"], event: row["event"], body: Array(body.utf8), state: state,
      tries: row["tries"], nextAt: row["next_at"], createdAt: row["created"], endedAt: row["ended"])
  }

  private func isNone(of busy: Set<String>) -> (sql: String, arguments: StatementArguments) {
    guard !busy.isEmpty else { return ("", []) }
    let places = busy.map { _ in "?" }.joined(separator: ", ")
    return (" AND url NOT IN (\(places))", StatementArguments(busy.sorted()))
  }

  package func dueWebhooks(
    at now: JobTime, except busy: Set<String>, limit: Int
  ) throws(LedgerError) -> [WebhookDelivery] {
    let others = isNone(of: busy)
    return try read { database in
      // Beside min() SQLite gives the columns of the row that it comes from.
      let statement = try database.cachedStatement(
        sql: """
          SELECT \(Self.columns), min(next_at) FROM webhook_delivery
          WHERE state = 0 AND next_at <= ?\(others.sql) GROUP BY url ORDER BY min(next_at) LIMIT ?
          """)
      let rows = try Row.fetchAll(statement, arguments: [now] + others.arguments + [max(0, limit)])
      return try rows.map(delivery)
    }
  }

  package func nextWebhook(except busy: Set<String>) throws(LedgerError) -> JobTime? {
    let others = isNone(of: busy)
    return try read { database in
      let statement = try database.cachedStatement(
        sql: "SELECT min(next_at) FROM webhook_delivery WHERE state = 0\(others.sql)")
      return try Int64.fetchOne(statement, arguments: others.arguments)
    }
  }

  package func webhook(_ id: String) throws(LedgerError) -> WebhookDelivery? {
    try read { database in
      try Row.fetchOne(
        database, sql: "SELECT \(Self.columns) FROM webhook_delivery WHERE id = ?", arguments: [id]
      ).map(delivery)
    }
  }

  package func webhooks(of job: JobID) throws(LedgerError) -> [WebhookHistory] {
    try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: "SELECT \(Self.columns) FROM webhook_delivery WHERE job = ? ORDER BY created, id LIMIT ?",
        arguments: [job.text, LedgerLimits.page])
      return try rows.map { row in
        let delivery = try delivery(row)
        let tries = try Row.fetchAll(
          database,
          sql: "SELECT at, status, ms, error FROM webhook_attempt WHERE delivery = ? ORDER BY n LIMIT ?",
          arguments: [delivery.id, LedgerLimits.page])
        return WebhookHistory(
          delivery: delivery,
          attempts: tries.map {
            WebhookAttempt(at: $0[0], status: $0[1], milliseconds: $0[2], error: $0[3])
          })
      }
    }
  }

  package func webhookEndpoints() throws(LedgerError) -> [WebhookEndpoint] {
    try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT coalesce(e.url, d.url) AS url, e.configured, e.disabled, e.reason, d.pending, d.delivered, d.failed, d.next
          FROM (SELECT url FROM webhook_endpoint UNION SELECT url FROM webhook_delivery) AS u
          LEFT JOIN webhook_endpoint AS e ON e.url = u.url
          LEFT JOIN (
            SELECT url, sum(state = 0) AS pending, sum(state = 1) AS delivered, sum(state = 2) AS failed,
              min(CASE WHEN state = 0 THEN next_at END) AS next
            FROM webhook_delivery GROUP BY url) AS d ON d.url = u.url
          ORDER BY u.url LIMIT ?
          """, arguments: [LedgerLimits.page])
      return rows.map { row in
        let isConfigured: Bool? = row["configured"]
        var endpoint = WebhookEndpoint(
          row["url"], isConfigured: isConfigured ?? false, disabledAt: row["disabled"], reason: row["reason"])
        let (pending, delivered, failed): (Int?, Int?, Int?) = (
          row["pending"], row["delivered"], row["failed"]
        )
        (endpoint.pending, endpoint.delivered, endpoint.failed) = (pending ?? 0, delivered ?? 0, failed ?? 0)
        endpoint.nextAt = row["next"]
        return endpoint
      }
    }
  }

  /// Deliveries that ended before a time, at most so many.
  func pruneWebhooks(before time: JobTime, _ database: Database) throws {
    let old = "SELECT id FROM webhook_delivery WHERE state > 0 AND ended < ? ORDER BY ended LIMIT ?"
    try run(
      "DELETE FROM webhook_attempt WHERE delivery IN (\(old))", [time, LedgerLimits.pruned], database)
    try run("DELETE FROM webhook_delivery WHERE id IN (\(old))", [time, LedgerLimits.pruned], database)
  }
}
