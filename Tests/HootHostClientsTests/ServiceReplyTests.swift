import ContentStore
import FoundationEssentials
import Glibc
import HootCapnProto
import HootWire
import HostBench
import Jobs
import Testing
import Threading

@testable import HootHostClients

/// What a service that speaks HOOT01 replies, and what is no reply.
@Suite struct ServiceReplyTests {
  private let bench: FactoryBench

  init() throws { bench = try FactoryBench() }

  private typealias Host = ScriptedHootHost

  @Test(arguments: [
    [Array("nothing".utf8)], [], [Array("HOOT01".utf8), [0, 3], [0, 1]],
    [Array("HOOT01".utf8), [0, 9], [0, 1], [UInt8](repeating: 0, count: 16), [], [], []],
    [Array("HOOT01".utf8), [0, 3], [0, 1], [1, 2], [], [], []],
    [Array("HOOT01".utf8), [0, 3], [0, 1], [UInt8](repeating: 0, count: 16), [0xFF], [], []],
  ])
  func framesThatAreNoneAreRefused(frames: [[UInt8]]) throws {
    let failure = try bench.play(.frames(frames.isEmpty ? [[]] : frames))?.failure
    #expect(failure?.cause == .transport && failure?.lines[0] == "gpu does not speak HOOT01")
  }

  @Test(arguments: [
    ScriptedHootHost.Step.body([]), .body([1, 2, 3]), .body([UInt8](repeating: 0xFF, count: 4096)),
    .body(Array("{}".utf8), contentType: .json), .reply(["ping": nil]),
    .reply(["tool_response": ["removed_graph_bind": nil]]),
    .response("job_started", ["job_id": "x"]),
  ])
  func aReplyThatIsNoneFailsForGood(step: ScriptedHootHost.Step) throws {
    let outcome = try bench.play(step)
    // A response without fields is one of a tool that has nothing to say.
    if let value = outcome?.result?.value {
      #expect(value == Array("{}".utf8))
    } else {
      #expect(outcome?.failure?.cause == .permanent, "\(String(describing: outcome))")
    }
  }

  /// Generator of Knuth's (MMIX), so that what fails fails again.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  @Test func damagedRepliesEndTheCallOrSayNothing() throws {
    let schemas = try WireSchemas()
    let call = bench.call("demucs_separate")
    let id = HootRequest.id(of: call.job)
    let whole = try schemas.write(
      [
        "id": id.envelopeID, "traceparent": "",
        "payload": [
          "tool_response": [
            "demucs_separated": ["stems": [["name": "drums", "content_hash": "ab"]], "model": "htdemucs"]
          ]
        ],
      ], as: .envelope)
    var dice = Dice(state: 20)
    for round in 0..<2_000 {
      var talk = HootTalk(
        call, host: "gpu", kind: round % 2 == 0 ? .hoot01 : .hootenanny, identity: "garden-x",
        purpose: .submit([1]), schemas: schemas, now: 0)
      guard case .send(let hello)? = talk.turn(now: 0, isConnected: true).first else { continue }
      _ = talk.take(hello.heartbeatAnswer.encode(), now: 0)
      var frames = HootFrame(command: .reply, contentType: .capnProto, requestID: id, body: whole).encode()
      for _ in 0..<Int.random(in: 1...4, using: &dice) {
        let frame = Int.random(in: round % 8 == 0 ? 0..<7 : 6..<7, using: &dice)
        guard !frames[frame].isEmpty else { continue }
        let place = Int.random(in: 0..<frames[frame].count, using: &dice)
        if round % 3 == 0 {
          frames[frame].removeSubrange(place...)
        } else {
          frames[frame][place] = .random(in: 0...255, using: &dice)
        }
      }
      let acts = talk.take(frames, now: 1)
      let ends = acts.count { if case .end = $0 { true } else { false } }
      #expect(ends == (talk.phase == .over ? 1 : 0))
    }
  }

  @Test func aReplyBeyondTheLimitOfTheCallIsRefused() throws {
    var call = bench.call("musicgen_generate")
    call.limits.replyBytes = 1000
    let failure = try bench.play(
      .response("audio_generated", ["genre": .string(String(repeating: "a", count: 2000))]), call: call)?
      .failure
    #expect(failure?.lines[1] == "It has more than 1000 bytes, the limit.")
  }

  @Test func strayAndDoubledRepliesChangeNothing() throws {
    let (right, wrong) = (try bench.made("RIFF right"), try bench.made("RIFF wrong"))
    @Sendable func reply(_ digest: String) -> JSONValue {
      ["tool_response": ["audio_generated": ["content_hash": .string(digest)]]]
    }
    let host = try Host { _, _ in
      [
        .stray(reply(wrong)), .wait(seconds: 0.02), .reply(reply(right)), .reply(reply(wrong)),
        .reply(reply(right)),
      ]
    }
    defer { host.stop() }
    let running = try Running(try bench.client(host), bench.call("musicgen_generate"))
    #expect(running.outcome()?.result?.artifacts.first?.content == .stored(hash: String(right.prefix(32))))
    // The next call at the same host is answered by its own.
    let next = try Running(try bench.client(host), bench.call("musicgen_generate", job: 2))
    #expect(next.outcome()?.result != nil)
    #expect(running.reports.count { if case .finished = $0 { true } else { false } } == 1)
  }
}
