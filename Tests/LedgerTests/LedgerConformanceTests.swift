import FoundationEssentials
import Jobs
import Testing

@testable import Ledger

/// What every ledger does, in memory and on disk.
struct LedgerConformanceTests {
  enum Kind: String, CaseIterable, Sendable { case memory, sqlite }

  /// A ledger of its own, and where it is on disk.
  static func make(_ kind: Kind) throws -> (ledger: any JobLedger, folder: Folder) {
    let folder = try Folder()
    switch kind {
    case .memory: return (MemoryLedger(), folder)
    case .sqlite: return (try SQLiteLedger(path: folder.path + "/jobs.db"), folder)
    }
  }

  static func record(_ number: UInt64, _ change: (inout JobSpec) -> Void = { _ in }) -> JobRecord {
    var spec = JobSpec(id: JobID(high: 1, low: number), tool: "make")
    change(&spec)
    return JobRecord(spec: spec, sequence: number, at: JobTime(number))
  }

  static func running(_ number: UInt64) -> JobRecord {
    var record = record(number) { $0.region = "r\(number)" }
    record.apply(.leased(host: "h"), at: 10)
    record.apply(.started(remote: "far"), at: 11)
    return record
  }

  static func complete(_ record: JobRecord, artifact: String = "a1") -> LedgerWrite {
    var done = record
    done.apply(.succeeded(artifacts: [artifact], value: Array("{\"n\":1}".utf8)), at: 20)
    return .complete(
      done, artifacts: [ArtifactRow(hash: artifact, type: "audio/midi", bytes: 7, job: done.id, at: 20)],
      attachments: [AttachmentRow(job: done.id, slot: 0, region: "r", artifact: artifact, at: 20)])
  }

  @Test(arguments: Kind.allCases)
  func `[R02] [R03] [R28] [R38] [O52] everything that is known of a job comes back as it was`(kind: Kind)
    throws
  {
    let (ledger, _) = try Self.make(kind)
    var record = Self.record(3) {
      $0.parameters = Array("{\"prompt\":\"naïve\"}".utf8)
      $0.inputs = [.init(parameter: "midi", hash: "ab")]
      $0.priority = 0
      $0.deadline = 99
      $0.notBefore = 5
      $0.parents = [JobID(high: 1, low: 1)]
      $0.host = "h"
      $0.labels = ["gpu", "24g"]
      $0.limits.queueToStart = 7
      $0.limits.silence = 8
      $0.isRestartable = true
      $0.isDeterministic = true
      $0.isFresh = true
      $0.size = 2.5
      $0.region = "lead"
      $0.retryOf = JobID(high: 4, low: 4)
      $0.client = "me"
      $0.traceparent = "00-1-2-01"
    }
    _ = try ledger.apply([.submit([record])], at: 1)
    #expect(try ledger.job(record.id) == record && ledger.liveJobs() == [record])
    record.apply(.leased(host: "h"), at: 10)
    record.apply(.started(remote: "far"), at: 11)
    record.hear(percent: 40, message: "half", chunk: true, at: 12)
    record.apply(.busy(until: 50), at: 13)
    record.sharers = ["x", "y"]
    #expect(try ledger.apply([.update(record)], at: 13) == [.done])
    #expect(try ledger.job(record.id) == record)
    record.apply(.cancelled, at: 14)
    #expect(try ledger.apply([.update(record)], at: 14) == [.done])
    #expect(try ledger.job(record.id) == record && ledger.liveJobs().isEmpty && ledger.lastSequence() == 3)
    #expect(try ledger.job(JobID(high: 9, low: 9)) == nil)
  }

  @Test(arguments: Kind.allCases)
  func `[D22] pages of artifacts give each once, also those of one millisecond, while others come in`(
    kind: Kind
  ) throws {
    let (ledger, _) = try Self.make(kind)
    func keep(_ number: Int, at: JobTime) throws {
      _ = try ledger.apply(
        [
          .keepArtifact(
            ArtifactRow(
              hash: "\(String(number, radix: 16))a", type: number % 2 == 0 ? "audio/midi" : "audio/wav",
              bytes: 1, job: JobID(high: 0, low: 0), at: at))
        ], at: at)
    }
    for number in 0..<90 { try keep(number, at: JobTime(number / 30)) }
    var (seen, place) = ([String](), ArtifactPlace.start)
    while true {
      let page = try ledger.artifacts(type: nil, after: place, limit: 7)
      seen += page.map(\.hash)
      try keep(1_000 + seen.count, at: 99)
      guard page.count == 7, let last = page.last else { break }
      let text = ArtifactPlace(at: last.at, hash: last.hash).text
      place = try #require(ArtifactPlace(text))
    }
    #expect(seen.count == 90 && Set(seen).count == 90)
    #expect(
      try ledger.artifacts(type: "audio/wav", after: .start, limit: 99).allSatisfy { $0.type == "audio/wav" })
    #expect(try ledger.artifacts(type: nil, after: ArtifactPlace(at: 1, hash: ""), limit: 99).count == 30)
    for text in ["", "x", "-1", "1-zz", "1-" + String(repeating: "a", count: 65), "1e3"] {
      #expect(ArtifactPlace(text) == nil, "\(text)")
    }
  }

  @Test(arguments: Kind.allCases)
  func `[R20] [R43] a completion is the job's end, its artifact and its region at once`(kind: Kind)
    throws
  {
    let (ledger, _) = try Self.make(kind)
    let job = Self.running(1)
    #expect(try ledger.apply([.submit([job]), Self.complete(job)], at: 20) == [.done, .done])
    let kept = try #require(try ledger.job(job.id))
    #expect(kept.state == .succeeded && kept.artifacts == ["a1"] && kept.value == Array("{\"n\":1}".utf8))
    #expect(try ledger.artifact("a1")?.bytes == 7)
    #expect(try ledger.attachments(after: 0, limit: 9).map(\.region) == ["r"])
  }

  @Test(arguments: Kind.allCases)
  func `[D60] [D66] completions that come again, late or of another lease change nothing`(kind: Kind) throws {
    let (ledger, _) = try Self.make(kind)
    let job = Self.running(1)
    var older = job
    older.epoch = 0
    var newer = job
    newer.epoch = 2
    _ = try ledger.apply([.submit([job])], at: 1)
    #expect(try ledger.apply([Self.complete(older, artifact: "x")], at: 20) == [.stale])
    #expect(try ledger.apply([Self.complete(newer, artifact: "x")], at: 20) == [.stale])
    #expect(try ledger.apply([Self.complete(job)], at: 20) == [.done])
    let kept = try ledger.job(job.id)
    for _ in 0..<4 {
      for write in [
        Self.complete(job, artifact: "b"), Self.complete(newer, artifact: "c"), .update(job), .update(newer),
      ] {
        #expect(try ledger.apply([write], at: 30) == [.stale])
      }
    }
    #expect(try ledger.job(job.id) == kept && ledger.attachments(after: 0, limit: 9).count == 1)
    #expect(try ledger.artifact("b") == nil && ledger.artifact("x") == nil)
  }

  @Test(arguments: Kind.allCases)
  func `[O37] [O80] an id or a key that is there already gives the job it stands for`(kind: Kind) throws {
    let (ledger, _) = try Self.make(kind)
    let (one, two) = (Self.record(1), Self.record(2))
    #expect(try ledger.apply([.submit([one], key: "k", expires: 100)], at: 1) == [.done])
    #expect(try ledger.apply([.submit([one])], at: 1) == [.duplicate(one.id)])
    #expect(try ledger.apply([.submit([two], key: "k", expires: 100)], at: 2) == [.duplicate(one.id)])
    #expect(try ledger.idempotency("k", at: 99)?.job == one.id && ledger.idempotency("k", at: 100) == nil)
    #expect(try ledger.job(two.id) == nil)
    #expect(try ledger.apply([.submit([two, one])], at: 3) == [.duplicate(one.id)])
    #expect(try ledger.job(two.id) == nil)
    #expect(try ledger.apply([.submit([two], key: "k", expires: 200)], at: 101) == [.done])
  }

  @Test(arguments: Kind.allCases)
  func `[D17] [O42] [O36] pages give each job once while others come, by every filter`(kind: Kind)
    throws
  {
    let (ledger, _) = try Self.make(kind)
    var writes: [LedgerWrite] = []
    for number in 1...250 as ClosedRange<UInt64> {
      var record = Self.record(number) { $0.tool = number.isMultiple(of: 2) ? "even" : "odd" }
      if number > 200 { record.apply(.leased(host: "h"), at: 300) }
      writes.append(.submit([record]))
    }
    _ = try ledger.apply(writes, at: 1)
    var (seen, cursor): ([UInt64], UInt64?) = ([], nil)
    while true {
      let page = try ledger.jobs(JobFilter(), before: cursor, limit: 70)
      guard let last = page.last else { break }
      seen += page.map(\.sequence)
      cursor = last.sequence
      _ = try ledger.apply([.submit([Self.record(1_000 + UInt64(seen.count))])], at: 1)
    }
    #expect(seen == Array((1...250).reversed()))
    var filter = JobFilter()
    filter.tool = "even"
    filter.host = "h"
    filter.codes = [2]
    filter.since = 240
    #expect(
      try ledger.jobs(filter, before: nil, limit: 999).map(\.sequence) == [250, 248, 246, 244, 242, 240])
    #expect(try ledger.jobs(filter, before: nil, limit: -3).isEmpty)
  }

  @Test(arguments: Kind.allCases)
  func `[O71] [O41] [O55] [O60] [A17] the history of a job is its states in order, and each call is in it`(
    kind: Kind
  ) throws {
    let (ledger, _) = try Self.make(kind)
    var job = Self.record(1)
    _ = try ledger.apply([.submit([job])], at: 1)
    let failure = HostFailure(.retryable, "a", why: "b", next: "c")
    let steps: [JobEvent] = [
      .leased(host: "h"), .started(remote: nil), .failedOnce(failure, until: 9), .woken, .leased(host: "i"),
      .started(remote: nil), .succeeded(artifacts: [], value: nil),
    ]
    for (index, event) in steps.enumerated() {
      job.apply(event, at: JobTime(index + 2))
      #expect(try ledger.apply([.update(job)], at: JobTime(index + 2)) == [.done])
    }
    let events = try ledger.events(of: job.id, after: 0, limit: 99)
    #expect(
      events.map(\.state) == [
        "queued", "leased", "running", "waiting_to_retry", "queued", "leased", "running", "succeeded",
      ])
    #expect(
      try ledger.events(of: nil, after: events[5].number, limit: 99).map(\.state) == ["running", "succeeded"])
    let attempts = try ledger.attempts(of: job.id)
    #expect(attempts.map(\.host) == ["h", "i"] && attempts.map(\.attempt) == [1, 2])
    #expect(attempts.map(\.began) == [2, 6] && attempts.map(\.ended) == [4, 8])
    #expect(attempts.map(\.outcome) == ["waiting_to_retry", "succeeded"])
  }

  @Test(arguments: Kind.allCases)
  func
    `[R23] [R50] [R56] what ended long ago is forgotten with its history, its artifacts and regions stay`(
      kind: Kind
    ) throws
  {
    let (ledger, _) = try Self.make(kind)
    var writes: [LedgerWrite] = []
    for number in 1...600 as ClosedRange<UInt64> {
      let job = Self.running(number)
      writes += [.submit([job], key: "k\(number)"), Self.complete(job, artifact: "a\(number)")]
    }
    _ = try ledger.apply(writes, at: 20)
    let live = Self.record(700)
    _ = try ledger.apply([.submit([live])], at: 20)
    #expect(try ledger.prune(before: 20) == 0)
    #expect(
      try ledger.prune(before: 21) == 500 && ledger.prune(before: 21) == 100 && ledger.prune(before: 21) == 0)
    #expect(try ledger.jobs(JobFilter(), before: nil, limit: 999) == [live])
    #expect(try ledger.events(of: nil, after: 0, limit: 999).map(\.job) == [live.id])
    #expect(try ledger.artifact("a600") != nil && ledger.attachments(after: 599, limit: 9).count == 1)
    #expect(try ledger.idempotency("k5", at: 1) == nil)
  }

  @Test(arguments: Kind.allCases)
  func hostsDebtsAndJournalsComeBackInOrder(kind: Kind) throws {
    let (ledger, _) = try Self.make(kind)
    var host = HostSpec(
      name: "b", kind: .http, slots: 3, labels: ["gpu"], services: [.init(address: "u", tools: ["t"])])
    host.startsPerMinute = 6
    host.facts = ["memory": "8 GB"]
    let debt = Debt(job: JobID(high: 1, low: 1), epoch: 4, host: "b", remote: nil, startToFinish: 9)
    let answers = try ledger.apply(
      [
        .setHost(host), .setHost(HostSpec.usual[0]), .owe(debt), .append(session: "s", bytes: [1, 2]),
        .append(session: "t", bytes: [0]), .append(session: "s", bytes: []),
      ], at: 5)
    #expect(try ledger.hosts() == [host, HostSpec.usual[0]] && ledger.debts() == [debt])
    guard case .entry(let first) = answers[3], case .entry(let last) = answers[5] else {
      return #expect(Bool(false), "no entries")
    }
    #expect(
      try ledger.journal("s", after: 0, limit: 9) == [
        JournalEntry(number: first, at: 5, bytes: [1, 2]), JournalEntry(number: last, at: 5, bytes: []),
      ])
    _ = try ledger.apply(
      [.removeHost("b"), .paid(debt.job, host: "b"), .truncate(session: "s", through: first)], at: 6)
    #expect(try ledger.hosts().count == 1 && ledger.debts().isEmpty)
    #expect(try ledger.journal("s", after: 0, limit: 9).map(\.number) == [last])
    #expect(try ledger.journal("t", after: 0, limit: 9).count == 1)
  }

  @Test(arguments: Kind.allCases)
  func aFinishedResultServesTheSameRequestAgainAndOneMoreRegionOnce(kind: Kind) throws {
    let (ledger, _) = try Self.make(kind)
    var job = Self.record(1) {
      $0.isDeterministic = true
      $0.region = "r1"
    }
    job.apply(.leased(host: "h"), at: 2)
    _ = try ledger.apply([.submit([job])], at: 1)
    #expect(try ledger.result(of: job.spec) == nil)
    #expect(try ledger.apply([.attach(job.id, region: "r2", artifact: "a1")], at: 3) == [.stale])
    _ = try ledger.apply([Self.complete(job)], at: 3)
    var other = job.spec
    other.id = JobID(high: 2, low: 2)
    #expect(try ledger.result(of: other)?.id == job.id)
    other.parameters = Array("{\"a\":1}".utf8)
    #expect(try ledger.result(of: other) == nil)
    #expect(try ledger.apply([.attach(job.id, region: "r2", artifact: "a1")], at: 3) == [.done])
    #expect(try ledger.apply([.attach(job.id, region: "r2", artifact: "a1")], at: 3) == [.stale])
    #expect(try ledger.attachments(after: 0, limit: 9).map(\.slot) == [0, 1])
  }
}

/// A folder of a test's own, gone with it.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/ledger-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  // A folder that stays behind harms nobody.
  deinit { try? FileManager.default.removeItem(atPath: path) }
}
