import FoundationEssentials
import GRDB
import Jobs
import Testing

@testable import Ledger

/// What is to be posted of a job's end, in memory and on disk.
struct WebhookTests {
  typealias Kind = LedgerConformanceTests.Kind

  private static let url = "https://example.org/hook"
  private static let every = "https://example.org/every"

  private static func record(_ number: UInt64, _ change: (inout JobSpec) -> Void = { _ in }) -> JobRecord {
    LedgerConformanceTests.record(number) {
      $0.webhookURL = url
      change(&$0)
    }
  }

  /// A job that ends with an event, as the dispatcher writes it.
  private static func end(_ ledger: any JobLedger, _ number: UInt64, _ event: JobEvent) throws -> JobRecord {
    var record = record(number)
    _ = try ledger.apply([.submit([record])], at: 1)
    record.apply(.leased(host: "h"), at: 10)
    record.apply(.started(remote: nil), at: 11)
    _ = try ledger.apply([.update(record)], at: 11)
    record.apply(event, at: 20)
    let write: LedgerWrite =
      record.state == .succeeded
      ? .complete(record, artifacts: [], attachments: []) : .update(record)
    #expect(try ledger.apply([write], at: 21) == [.done])
    return record
  }

  @Test(arguments: Kind.allCases)
  func `[O13] [O03] every end of a job brings a delivery to its own URL and to those of all jobs`(kind: Kind)
    throws
  {
    let (ledger, _) = try LedgerConformanceTests.make(kind)
    _ = try ledger.apply([.setWebhooks([Self.every])], at: 0)
    for state in [JobState.succeeded, .failed, .cancelled, .timedOut, .dead] {
      var record = Self.record(UInt64(10 + state.code))
      _ = try ledger.apply([.submit([record])], at: 1)
      #expect(try ledger.webhooks(of: record.id).isEmpty)
      record.state = state
      record.finishedAt = 20
      #expect(try ledger.apply([.update(record)], at: 21) == [.done])
      let deliveries = try ledger.webhooks(of: record.id)
      #expect(Set(deliveries.map(\.delivery.url)) == [Self.url, Self.every])
      for delivery in deliveries.map(\.delivery) {
        #expect(delivery.event == "job.\(state.name)")
        #expect(delivery.state == .pending && delivery.nextAt == 21 && delivery.tries == 0)
        let body = try #require(
          try Received.object(delivery.body), "\(String(decoding: delivery.body, as: UTF8.self))")
        #expect(body.type == "job.\(state.name)" && body.data.jobID == record.id.text)
        #expect(body.timestamp == "1970-01-01T00:00:00.021Z")
      }
      #expect(Set(deliveries.map(\.delivery.id)).count == 2)
      // It ends once: what is said of it later brings nothing.
      _ = try ledger.apply([.update(record)], at: 30)
      #expect(try ledger.webhooks(of: record.id).count == 2)
    }
  }

  @Test func `[O13] a commit that fails keeps neither the end nor its delivery`() throws {
    let (ledger, folder) = try LedgerConformanceTests.make(.sqlite)
    var record = Self.record(1)
    _ = try ledger.apply([.submit([record])], at: 1)
    record.state = .cancelled
    let huge = LedgerWrite.append(
      session: "s", bytes: [UInt8](repeating: 0, count: LedgerLimits.entryBytes + 1))
    #expect(throws: LedgerError.self) { try ledger.apply([.update(record), huge], at: 2) }
    #expect(try ledger.job(record.id)?.state == .queued)
    #expect(try ledger.webhooks(of: record.id).isEmpty)
    _ = try ledger.apply([.update(record)], at: 3)
    ledger.close()
    let reopened = try SQLiteLedger(path: folder.path + "/jobs.db")
    #expect(try reopened.job(record.id)?.state == .cancelled)
    #expect(try reopened.dueWebhooks(at: 3, except: [], limit: 9).map(\.job) == [record.id])
    #expect(try reopened.job(record.id)?.spec.webhookURL == Self.url)
  }

  @Test func `[O56] [O16] deliveries, tries and URLs have their tables`() throws {
    let (ledger, folder) = try LedgerConformanceTests.make(.sqlite)
    ledger.close()
    let queue = try DatabaseQueue(path: folder.path + "/jobs.db")
    let names = try queue.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master") }
    #expect(Set(names).isSuperset(of: ["webhook_delivery", "webhook_attempt", "webhook_endpoint"]))
    #expect(Set(names).isSuperset(of: ["job", "job_event"]))
  }

  @Test(arguments: Kind.allCases)
  func `[O15] every try is kept with its status, its time and its error`(kind: Kind) throws {
    let (ledger, _) = try LedgerConformanceTests.make(kind)
    let record = try Self.end(ledger, 1, .succeeded(artifacts: [], value: nil))
    let id = try #require(try ledger.webhooks(of: record.id).first?.delivery.id)
    let tries = [
      WebhookAttempt(at: 30, status: 500, milliseconds: 7, error: "It answered 500."),
      WebhookAttempt(at: 40, status: nil, milliseconds: 20_000, error: "Timeout was reached."),
      WebhookAttempt(at: 50, status: 200, milliseconds: 3, error: nil),
    ]
    let next: [WebhookTry.Next] = [.again(at: 40), .again(at: 50), .delivered]
    for (attempt, next) in zip(tries, next) {
      #expect(
        try ledger.apply(
          [.webhookTried(WebhookTry(delivery: id, attempt: attempt, next: next))], at: attempt.at)
          == [.done])
    }
    let history = try #require(try ledger.webhooks(of: record.id).first)
    #expect(history.attempts == tries)
    #expect(history.delivery.state == .delivered && history.delivery.tries == 3)
    #expect(history.delivery.endedAt == 50)
    // What has ended is not tried.
    let late = WebhookTry(delivery: id, attempt: tries[0], next: .again(at: 99))
    #expect(try ledger.apply([.webhookTried(late)], at: 60) == [.stale])
    #expect(try ledger.nextWebhook(except: []) == nil)
    #expect(try ledger.apply([.webhookReplay("msg_none")], at: 60) == [.stale])
    #expect(try ledger.apply([.webhookReplay(id)], at: 60) == [.done])
    #expect(try ledger.dueWebhooks(at: 60, except: [], limit: 9).map(\.id) == [id])
    #expect(try ledger.webhook(id)?.tries == 0)
    #expect(try ledger.webhooks(of: record.id).first?.attempts == tries)
  }

  @Test(arguments: Kind.allCases)
  func `[O14] a URL that is disabled gets nothing until it is enabled`(kind: Kind) throws {
    let (ledger, _) = try LedgerConformanceTests.make(kind)
    _ = try ledger.apply([.setWebhooks([Self.url, Self.every])], at: 0)
    let first = try Self.end(ledger, 1, .succeeded(artifacts: [], value: nil))
    let second = try Self.end(ledger, 2, .cancelled)
    let gone = try #require(
      try ledger.webhooks(of: first.id).map(\.delivery).first { $0.url == Self.url })
    let attempt = WebhookAttempt(at: 30, status: 410, milliseconds: 1, error: "Gone.")
    let tried = WebhookTry(delivery: gone.id, attempt: attempt, next: .disabled(reason: "It answered 410."))
    _ = try ledger.apply([.webhookTried(tried)], at: 30)
    let third = try Self.end(ledger, 3, .cancelled)
    for job in [first, second, third] {
      for delivery in try ledger.webhooks(of: job.id).map(\.delivery) {
        #expect(delivery.state == (delivery.url == Self.url ? .failed : .pending))
      }
    }
    #expect(try ledger.dueWebhooks(at: 99, except: [], limit: 9).map(\.url) == [Self.every])
    let endpoint = try #require(try ledger.webhookEndpoints().first { $0.url == Self.url })
    #expect(endpoint.disabledAt == 30 && endpoint.reason == "It answered 410." && endpoint.isConfigured)
    #expect(endpoint.failed == 3 && endpoint.pending == 0)
    // The settings are read again at each start, and what was found out stands.
    _ = try ledger.apply([.setWebhooks([Self.url])], at: 40)
    #expect(try ledger.webhookEndpoints().first { $0.url == Self.url }?.disabledAt == 30)
    #expect(try ledger.apply([.webhookEnable(Self.url)], at: 50) == [.done])
    #expect(try ledger.apply([.webhookEnable(Self.url)], at: 50) == [.stale])
    let fourth = try Self.end(ledger, 4, .cancelled)
    #expect(try ledger.webhooks(of: fourth.id).map(\.delivery.state) == [.pending])
  }

  @Test(arguments: Kind.allCases)
  func `of each URL the oldest is due, and none of a busy one`(kind: Kind) throws {
    let (ledger, _) = try LedgerConformanceTests.make(kind)
    for number in 1...3 { _ = try Self.end(ledger, UInt64(number), .cancelled) }
    _ = try ledger.apply([.setWebhooks([Self.every])], at: 0)
    _ = try Self.end(ledger, 4, .cancelled)
    #expect(try ledger.dueWebhooks(at: 20, except: [], limit: 9).isEmpty)
    #expect(try ledger.nextWebhook(except: []) == 21)
    #expect(try ledger.dueWebhooks(at: 21, except: [], limit: 9).count == 2)
    #expect(try ledger.dueWebhooks(at: 21, except: [], limit: 1).count == 1)
    #expect(try ledger.dueWebhooks(at: 21, except: [Self.url], limit: 9).map(\.url) == [Self.every])
    #expect(try ledger.nextWebhook(except: [Self.url, Self.every]) == nil)
    // Those that wait stay when their jobs are forgotten; those that have ended go.
    let waiting = try ledger.dueWebhooks(at: 21, except: [Self.every], limit: 9)[0]
    let ended = try ledger.dueWebhooks(at: 21, except: [Self.url], limit: 9)[0]
    let attempt = WebhookAttempt(at: 22, status: 200, milliseconds: 1, error: nil)
    _ = try ledger.apply(
      [.webhookTried(WebhookTry(delivery: ended.id, attempt: attempt, next: .delivered))], at: 22)
    _ = try ledger.prune(before: 1_000)
    #expect(try ledger.webhook(waiting.id) != nil)
    #expect(try ledger.webhook(ended.id) == nil)
  }

  @Test func `a body stays under 20 KB whatever the job has to say`() throws {
    var record = Self.record(1)
    record.state = .succeeded
    record.value = Array("[\(String(repeating: "1,", count: 20_000))1]".utf8)
    record.artifacts = (0..<64).map { String(repeating: "a", count: 60) + String($0) }
    let body = WebhookBody.of(record, event: "job.succeeded", at: 0)
    #expect(body.count < 20_000)
    #expect(try #require(try Received.object(body)).data.isCut == true)
    record.error = [String(repeating: "\u{1}", count: 10_000), "b", "c"]
    let worst = WebhookBody.of(record, event: "job.failed", at: 0)
    #expect(worst.count < 20_000)
    #expect(try Received.object(worst) != nil)
  }
}

/// A body as a receiver reads it.
private enum Received {
  struct Message: Decodable {
    struct Contents: Decodable {
      var jobID: String
      var isCut: Bool?
      enum CodingKeys: String, CodingKey {
        case jobID = "job_id"
        case isCut = "is_cut"
      }
    }
    var type: String
    var timestamp: String
    var data: Contents
  }

  static func object(_ bytes: [UInt8]) throws -> Message? {
    try JSONDecoder().decode(Message.self, from: Data(bytes))
  }
}
