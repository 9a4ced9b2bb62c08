import HootWire
import Jobs
import Testing
import Tools

@testable import Commands
@testable import ControlPlane

/// When a request for a job is answered, and with what: every declared tool, on a clock that stands until it is turned.
@Suite struct WaitTests {
  static let delays: [Int64] = [
    1, 900, 1_100, 4_900, 5_100, 29_900, 30_100, 44_900, 45_100, 59_000, 100_000, 600_000,
  ]
  static let limits: [Int64?] = [nil, 5_000, 10_000, 60_000]

  /// How a request is answered whose job takes so long.
  private struct Answered {
    var at: Int64
    var answer: ToolAnswer
  }

  private func ask(_ tool: Tool, takes delay: Int64, clientLimit: Int64?) throws -> Answered {
    let start = ContinuousClock.now
    var record = JobRecord(
      spec: JobSpec(id: JobID(high: 1, low: 2), tool: tool.job?.tool ?? ""), sequence: 1, at: 0)
    var live = [record.id: record]
    let wait = tool.timing.wait(clientLimit: clientLimit)
    let poll = JobPoll(jobs: [record.id], until: start + .milliseconds(wait))
    // The moments at which something happens: the request, the end of the wait, the end of the job.
    for now in [0, wait, delay].sorted() {
      if now >= delay {
        record.apply(.leased(host: "h"), at: 0)
        record.apply(.succeeded(artifacts: [], value: Array(#"{"n":1}"#.utf8)), at: delay)
        live[record.id] = nil
      }
      guard poll.isDue(live, at: start + .milliseconds(now)) else { continue }
      let shown = JobView(record: record).json(at: now)
      let result: JSONValue = ["job_id": .string(record.id.text), "job": shown]
      return Answered(at: now, answer: ToolAnswer(tool, result))
    }
    throw Never()
  }

  private struct Never: Error {}

  @Test(arguments: Catalogue.jobTools.map(\.name))
  func
    `[D03] [D08] [D54] [D57] [D70] [R01] [R09] [R17] Each tool answers within its class and its client's patience, with its value or a handle`(
      name: ToolName
    ) throws
  {
    let tool = Catalogue.tool(name)
    for delay in Self.delays {
      for limit in Self.limits {
        let wait = tool.timing.wait(clientLimit: limit)
        let ceilings = [tool.timing.timingClass.budget, Int64((tool.timing.ownSeconds ?? 1e6) * 1_000)]
        #expect(wait <= TimingClass.longestWait && wait <= limit ?? .max)
        #expect(tool.timing.ownSeconds != nil || wait <= ceilings[0])
        #expect(wait <= ceilings[1])
        let answered = try ask(tool, takes: delay, clientLimit: limit)
        #expect(answered.at == min(wait, delay), "\(name) \(delay) \(limit ?? -1)")
        #expect(answered.answer.kind == (delay <= wait ? "value" : "job"), "\(name) \(delay) \(limit ?? -1)")
        if case .job(let handle) = answered.answer {
          #expect(handle.job == "00000000-0000-0001-0000-000000000002")
        }
        if tool.timing.timingClass == .long { #expect(answered.at == 0) }
      }
    }
  }

  @Test func `[D28] convert_midi_to_wav has 60 s of its own, of which no client is kept for more than 45`() {
    let timing = Catalogue.tool(.renderMIDI).timing
    #expect(timing.timingClass == .short && timing.ownSeconds == 60 && TimingClass.short.budget == 30_000)
    #expect(timing.wait(clientLimit: nil) == 45_000 && timing.wait(clientLimit: 31_000) == 31_000)
    #expect(timing.timingClass.wait(toolBudget: 5_000) == 5_000)
  }

  @Test
  func
    `[D05] [D49] [D50] [D51] [D55] [R47] Every kind of answer survives its encoding, and values pass unchanged`()
    throws
  {
    let value: JSONValue = ["a": [1, 2.5, nil], "b": "é\u{1F3B5}"]
    let job: JSONValue = ["job_id": "7", "job": ["state": "running", "chunks": 0], "x": value]
    let streaming: JSONValue = ["job_id": "7", "job": ["state": "running", "chunks": 3]]
    let answers: [(ToolAnswer, String)] = [
      (ToolAnswer(Catalogue.tool(.jobShow), value), "value"),
      (ToolAnswer(Catalogue.tool(.play), value), "acknowledgement"),
      (ToolAnswer(Catalogue.tool(.musicgenGenerate), job), "job"),
      (ToolAnswer(Catalogue.tool(.musicgenGenerate), streaming), "stream"),
    ]
    for (answer, kind) in answers {
      #expect(answer.kind == kind)
      let read = try JSONValue.parse(answer.content.encode())
      #expect(ToolAnswer(content: read) == answer)
      // Byte for byte what the tool said.
      #expect(ToolAnswer(content: read)?.result.encode() == answer.result.encode())
    }
    for bad: JSONValue in [
      nil, ["type": "error"], ["type": "ok", "result": 1], ["type": "ok", "answer": "job", "result": [:]],
    ] {
      #expect(ToolAnswer(content: bad) == nil)
    }
  }

  @Test func `[D38] A handle is told as a value and in words that agree, and name job_poll`() throws {
    let result: JSONValue = ["job_id": "0198", "job": ["state": "queued"]]
    let content = ToolAnswer(Catalogue.tool(.yueGenerate), result).content
    #expect(content["job_id"] == "0198" && content["timing_class"] == "long" && content["answer"] == "job")
    #expect(content["result"] == result)
    let text = try #require(content["text"]?.string)
    #expect(text.contains("0198") && text.contains(ToolName.jobPoll.rawValue))
  }

  @Test func `[R08] [R42] A result in time has the shape of a call's`() throws {
    let tool = Catalogue.tool(.orpheusClassify)
    let fast = try ask(tool, takes: 1, clientLimit: nil)
    let called = ToolAnswer(Catalogue.tool(.midiInfo), fast.answer.result)
    #expect(fast.answer == called && fast.answer.content.encode() == called.content.encode())
  }

  @Test func `[D39] [O04] Waiting sleeps until something changes or the time is over`() {
    let start = ContinuousClock.now
    var record = JobRecord(spec: JobSpec(id: JobID(high: 1, low: 2), tool: "make"), sequence: 1, at: 0)
    var poll = JobPoll(jobs: [record.id], until: start + .seconds(20))
    poll.since = record.revision
    #expect(!poll.isDue([record.id: record], at: start))
    #expect(poll.isDue([record.id: record], at: start + .seconds(20)))
    record.apply(.leased(host: "h"), at: 1)
    #expect(poll.isDue([record.id: record], at: start))
    poll.since = nil
    #expect(!poll.isDue([record.id: record], at: start) && poll.isDue([:], at: start))
  }

  @Test(arguments: [(JobDetail.minimal, 5), (.standard, 37), (.full, 38)])
  func `[R05] [R39] [R37] [R40] [R41] A job is told in three amounts`(detail: JobDetail, most: Int) throws {
    var record = JobRecord(
      spec: JobSpec(id: JobID(high: 1, low: 2), tool: "orpheus_generate"), sequence: 1, at: 0)
    record.apply(.leased(host: "h"), at: 1)
    record.hear(percent: 40, message: "bar 3", at: 2)
    record.apply(
      .failedOnce(HostFailure(.retryable, "It broke.", why: "b", next: "c"), until: 5_000), at: 3)
    let json = JobView(record: record).json(at: 10, detail)
    #expect((json.object?.members.count ?? 0) <= most)
    #expect(
      json["id"]?.string == record.id.text && json["state"] == "waiting_to_retry" && json["is_final"] == false
    )
    guard detail != .minimal else { return #expect(json["parameters"] == nil && json["expected"] == nil) }
    #expect(json["progress_info"] == ["current": 0.0, "total": 100, "message": "", "percentage": 0.0])
    #expect(json["retry"]?["attempt"] == 2 && json["retry"]?["max_attempts"] == 4)
    #expect(
      json["retry"]?["last_error"] == "It broke."
        && json["retry"]?["next_at"]?.string?.hasPrefix("1970-01-01T00:00:05") == true)
    guard detail == .full else { return #expect(json["expected"] == nil) }
    #expect(json["expected"]?["artifacts"]?["contentMediaType"] == "audio/midi")
    #expect(json["expected"]?["artifacts"]?["minItems"] == 1)
  }
}
