import ControlSocket
import HootWire
import HostClients
import Jobs
import Ledger
import Settings
import Tools

extension AddressRule {
  /// As the configuration has it; what is no address in it allows nothing.
  package init(_ settings: Settings) {
    self.init(
      allowsAll: settings.webhooksPrivate, networks: settings.webhooksAllowed.compactMap { Network($0) })
  }
}

extension Conductor {
  /// Refuses a URL that says by itself that it leads where nothing may lead. What a name leads to is held against the same
  /// rule when it is connected to.
  func checkWebhook(_ url: String) throws(Refusal) {
    guard let why = AddressRule(settings).refusal(url: url) else { return }
    throw Refusal(
      "bad_webhook_url", .badData, "nothing is posted to \(shownText(url))", "\(why).",
      "another URL, or the settings webhooks.private and webhooks.allow of the daemon")
  }

  func listWebhooks(_ incoming: Incoming) throws(Refusal) -> Answer {
    try readLedger(
      { store throws(LedgerError) in try store.webhookEndpoints() },
      then: { [self] result in
        resume(incoming) { () throws(Refusal) in
          finish(incoming, .ok(["webhooks": .array(try result.get().map(\.json))]))
        }
      })
    return .later
  }

  /// Also of a job that is forgotten already, where its whole id is given: a delivery may take longer than that.
  func webhookHistory(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    if let job = arguments.text(.job).flatMap({ JobID($0) }) {
      try showHistory(of: job, incoming)
    } else {
      try find(arguments, incoming) { [self] job throws(Refusal) in try showHistory(of: job, incoming) }
    }
    return .later
  }

  private func showHistory(of job: JobID, _ incoming: Incoming) throws(Refusal) {
    try readLedger(
      { store throws(LedgerError) in (try store.webhooks(of: job), try store.job(job) != nil) },
      then: { [self] (result: Result<([WebhookHistory], Bool), Refusal>) in
        resume(incoming) { () throws(Refusal) in
          let (deliveries, isKnown) = try result.get()
          guard isKnown || !deliveries.isEmpty else {
            throw Refusal(
              "unknown_job", .refused, "\(job.text) means no job", "None has such an id.", "garden job ls")
          }
          finish(
            incoming, .ok(["job_id": .string(job.text), "deliveries": .array(deliveries.map(\.json))]))
        }
      })
  }

  func replayWebhook(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let id = arguments.text(.delivery) ?? ""
    try readLedger(
      { store throws(LedgerError) in
        let delivery = try store.webhook(id)
        let isDisabled = try store.webhookEndpoints().contains {
          $0.url == delivery?.url && $0.disabledAt != nil
        }
        return (delivery, isDisabled)
      },
      then: { [self] (result: Result<(WebhookDelivery?, Bool), Refusal>) in
        resume(incoming) { () throws(Refusal) in
          let (found, isDisabled) = try result.get()
          guard let delivery = found else { throw Self.noDelivery(id) }
          guard !isDisabled else {
            throw Refusal(
              "webhook_disabled", .refused, "nothing is posted to \(shownText(delivery.url))",
              "It answered 410: nobody wants anything there.",
              "garden webhook enable \(shownText(delivery.url))")
          }
          try writeWebhook(.webhookReplay(id), orElse: Self.noDelivery(id), incoming) {
            .ok(["delivery": .string(id), "job_id": .string(delivery.job.text)])
          }
        }
      })
    return .later
  }

  func enableWebhook(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let url = arguments.text(.url) ?? ""
    let refusal = Refusal(
      "not_disabled", .refused, "\(shownText(url)) was not disabled",
      "Only a URL that answered 410 is.", "garden webhook ls")
    try writeWebhook(.webhookEnable(url), orElse: refusal, incoming) { .ok(["enabled": .string(url)]) }
    return .later
  }

  /// Writes, and has the courier look.
  private func writeWebhook(
    _ write: LedgerWrite, orElse refusal: Refusal, _ incoming: Incoming, reply: @escaping () -> JSONValue
  ) throws(Refusal) {
    let ledger = ledger
    let wake = wakeWebhooks
    try ask(
      Result<LedgerAnswer, LedgerError>.self,
      { _, answer in
        ledger.write(write) { result in
          wake()
          answer(result)
        }
      },
      then: { [self] result in
        resume(incoming) { () throws(Refusal) in
          guard try result.mapError(Refusal.init).get() == .done else { throw refusal }
          finish(incoming, reply())
        }
      })
  }

  private static func noDelivery(_ id: String) -> Refusal {
    Refusal(
      "unknown_delivery", .refused, "There is no delivery \(shownText(id))",
      "None has such an id; ended ones are forgotten a day after their end.", "garden webhook history JOB")
  }
}

extension WebhookEndpoint {
  var json: JSONValue {
    [
      "url": .string(url), "every_job": .bool(isConfigured), "enabled": .bool(disabledAt == nil),
      "disabled_at": disabledAt.map { .string(JobView.text($0)) } ?? nil, "reason": JSONValue(reason),
      "pending": .integer(Int64(pending)), "delivered": .integer(Int64(delivered)),
      "failed": .integer(Int64(failed)), "next_at": nextAt.map { .string(JobView.text($0)) } ?? nil,
    ]
  }
}

extension WebhookHistory {
  var json: JSONValue {
    [
      "id": .string(delivery.id), "event": .string(delivery.event), "url": .string(delivery.url),
      "state": .string(delivery.state.word), "tries": .integer(Int64(delivery.tries)),
      "next_at": delivery.state == .pending ? .string(JobView.text(delivery.nextAt)) : nil,
      "created": .string(JobView.text(delivery.createdAt)),
      "ended": delivery.endedAt.map { .string(JobView.text($0)) } ?? nil,
      "attempts": .array(attempts.map(\.json)),
    ]
  }
}

extension WebhookAttempt {
  var json: JSONValue {
    [
      "at": .string(JobView.text(at)), "status": status.map { .integer(Int64($0)) } ?? nil,
      "ms": .integer(milliseconds), "error": JSONValue(error),
    ]
  }
}
