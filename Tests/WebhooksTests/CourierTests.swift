import Glibc
import HostBench
import HostClients
import Jobs
import Ledger
import Testing
import Threading

@testable import Webhooks

/// The courier with a clock that a test turns, and a receiver that does what a script says.
@Suite struct CourierTests {
  /// What a courier is tested with; nothing of it runs when `run` returns.
  private final class Round: Sendable {
    let ledger: Ledger
    let host: ScriptedHost
    let now = Locked<JobTime>(1_700_000_000_000)
    let secrets = Locked<[[UInt8]]>([[UInt8](repeating: 7, count: 24)])
    let warnings = Locked<[String]>([])
    private let worker: HTTPWorker
    let courier: WebhookCourier

    init(_ script: @escaping @Sendable (ScriptedHost.Request, Int) -> [ScriptedHost.Step]) throws {
      let now = now
      ledger = try Ledger(clock: { now.withLock { $0 } }, open: { () throws(LedgerError) in MemoryLedger() })
      host = try ScriptedHost(script)
      let worker = try HTTPWorker()
      self.worker = worker
      let (secrets, warnings) = (secrets, warnings)
      var parts = WebhookCourier.Parts(
        ledger: ledger, clock: { now.withLock { $0 } }, secrets: { secrets.withLock { $0 } },
        post: { worker.deliver($0, answer: $1) })
      parts.rule = AddressRule(allowsAll: true)
      parts.schedule.jitter = 0
      parts.seconds = 0.3
      parts.warn = { line in warnings.withLock { $0.append(line) } }
      courier = try WebhookCourier(parts)
    }

    func stop() {
      courier.close()
      worker.stop()
      ledger.close()
      host.stop()
    }

    /// A job that has ended and is to be told of at a path of the receiver's.
    func end(_ number: UInt64, _ path: String) throws -> JobID {
      var spec = JobSpec(id: JobID(high: 9, low: number), tool: "make")
      spec.webhookURL = host.url + path
      var record = JobRecord(spec: spec, sequence: number, at: now.withLock { $0 })
      record.apply(.cancelled, at: now.withLock { $0 })
      let submitted = record
      let done = try Mailbox<Bool>(capacity: 1)
      _ = ledger.write(.submit([submitted])) { _ in _ = done.push(true) }
      #expect(done.wait(milliseconds: 30_000) == [true])
      courier.wake()
      return spec.id
    }

    func history(_ job: JobID) throws -> WebhookHistory {
      try #require(try ledger.ask { store throws(LedgerError) in try store.webhooks(of: job) }.first)
    }

    /// Waits until so many tries of a delivery were kept.
    func history(_ job: JobID, tries: Int) throws -> WebhookHistory {
      for _ in 0..<3_000 {
        let history = try history(job)
        if history.attempts.count >= tries { return history }
        usleep(10_000)
      }
      return try history(job)
    }

    func pass(seconds: Double) {
      now.withLock { $0 += Int64(seconds * 1_000) }
      courier.wake()
    }
  }

  private func run(
    _ script: @escaping @Sendable (ScriptedHost.Request, Int) -> [ScriptedHost.Step],
    _ body: (Round) throws -> Void
  ) throws {
    let round = try Round(script)
    defer { round.stop() }
    try body(round)
  }

  @Test func `[O14] [O15] a receiver that fails in every way hears of it until it takes it`() throws {
    let script: @Sendable (ScriptedHost.Request, Int) -> [ScriptedHost.Step] = { _, number in
      switch number {
      case 0: [.reply(500, "no")]
      case 1: [.reply(302, "", headers: ["Location: /elsewhere"])]
      case 2: [.hang]
      case 3: [.reset]
      case 4: [.reply(429, "", headers: ["Retry-After: 20000"])]
      default: [.reply(204, "")]
      }
    }
    try run(script) { round in
      let job = try round.end(1, "/hook")
      let waits: [Double] = [5, 300, 1_800, 7_200, 20_000]
      for (tries, wait) in waits.enumerated() {
        let history = try round.history(job, tries: tries + 1)
        #expect(history.delivery.state == .pending && history.delivery.tries == tries + 1)
        #expect(history.delivery.nextAt == round.now.withLock { $0 } + Int64(wait * 1_000))
        // A moment before it is due nothing goes out.
        round.pass(seconds: wait - 0.001)
        _ = try round.history(job)
        #expect(round.host.requests.count == tries + 1)
        round.pass(seconds: 0.001)
      }
      let history = try round.history(job, tries: 6)
      #expect(history.delivery.state == .delivered)
      #expect(history.attempts.map(\.status) == [500, 302, nil, nil, 429, 204])
      #expect(history.attempts.map { $0.error == nil } == [false, false, false, false, false, true])
      let requests = round.host.requests
      #expect(requests.map(\.path) == Array(repeating: "/hook", count: 6))
      #expect(Set(requests.compactMap { $0.headers["webhook-id"] }) == [history.delivery.id])
      #expect(Set(requests.compactMap { $0.headers["webhook-timestamp"] }).count == 6)
      #expect(Set(requests.map(\.body)) == [history.delivery.body])
      for request in requests {
        let seconds = try #require(request.headers["webhook-timestamp"].flatMap { Int64($0) })
        #expect(
          request.headers["webhook-signature"]
            == WebhookSignature.of(
              id: history.delivery.id, seconds: seconds, body: request.body,
              secrets: round.secrets.withLock { $0 }))
      }
    }
  }

  @Test func `[O14] after the last try it is given up, and a replay begins anew`() throws {
    try run { _, number in
      [.reply(number < 10 ? 503 : 200, "")]
    } _: { round in
      let job = try round.end(1, "/hook")
      for tries in 1...10 {
        let history = try round.history(job, tries: tries)
        #expect(history.delivery.state == (tries == 10 ? .failed : .pending))
        round.pass(seconds: 86_400)
      }
      #expect(round.warnings.withLock { $0.contains { $0.contains("given up after 10 tries") } })
      let id = try round.history(job).delivery.id
      let kept = try Mailbox<Bool>(capacity: 1)
      _ = round.ledger.write(.webhookReplay(id)) { _ in _ = kept.push(true) }
      #expect(kept.wait(milliseconds: 30_000) == [true])
      round.courier.wake()
      #expect(try round.history(job, tries: 11).delivery.state == .delivered)
      #expect(round.host.requests.last?.headers["webhook-id"] == id)
    }
  }

  @Test func `[O14] 410 disables its URL and no other`() throws {
    try run { request, _ in
      [.reply(request.path == "/gone" ? 410 : 200, "")]
    } _: { round in
      let gone = try round.end(1, "/gone")
      #expect(try round.history(gone, tries: 1).delivery.state == .failed)
      let held = try round.end(2, "/gone")
      let other = try round.end(3, "/here")
      #expect(try round.history(other, tries: 1).delivery.state == .delivered)
      #expect(try round.history(held).delivery.state == .failed)
      round.pass(seconds: 400_000)
      #expect(round.host.requests.filter { $0.path == "/gone" }.count == 1)
    }
  }

  @Test func `while a secret is changed both sign, and a receiver of either takes it`() throws {
    try run { _, _ in
      [.reply(200, "")]
    } _: { round in
      let (old, new) = ([UInt8](repeating: 7, count: 24), [UInt8](repeating: 8, count: 32))
      round.secrets.withLock { $0 = [new, old] }
      let job = try round.end(1, "/hook")
      _ = try round.history(job, tries: 1)
      let request = try #require(round.host.requests.first)
      let seconds = try #require(request.headers["webhook-timestamp"].flatMap { Int64($0) })
      let id = try #require(request.headers["webhook-id"])
      let signatures = try #require(request.headers["webhook-signature"]).split(separator: " ").map(
        String.init)
      #expect(
        signatures
          == [new, old].map {
            WebhookSignature.of(id: id, seconds: seconds, body: request.body, secrets: [$0])
          })
    }
  }

  @Test func `a receiver that is slow keeps no other waiting, and gets one at a time`() throws {
    let opened = Locked(false)
    let script: @Sendable (ScriptedHost.Request, Int) -> [ScriptedHost.Step] = { request, _ in
      guard request.path == "/slow" else { return [.reply(200, "")] }
      // Until the other was heard, well within the limit of a post or not at all.
      return [.each { opened.withLock { $0 } ? nil : [] }]
    }
    try run(script) { round in
      let slow = try round.end(1, "/slow")
      let slower = try round.end(2, "/slow")
      let quick = try round.end(3, "/quick")
      #expect(try round.history(quick, tries: 1).delivery.state == .delivered)
      #expect(try round.history(slow, tries: 1).delivery.state == .pending)
      #expect(try round.history(slower, tries: 1).attempts.count == 1)
      opened.withLock { $0 = true }
    }
  }

  @Test func `[O78] without a secret nothing is posted`() throws {
    try run { _, _ in
      [.reply(200, "")]
    } _: { round in
      round.secrets.withLock { $0 = [] }
      let job = try round.end(1, "/hook")
      #expect(try round.history(job, tries: 1).attempts.first?.error?.contains("secret") == true)
      #expect(round.host.requests.isEmpty)
    }
  }
}
