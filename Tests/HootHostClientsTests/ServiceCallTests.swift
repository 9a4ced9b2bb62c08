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

/// Services that speak HOOT01, as their script says.
@Suite struct ServiceCallTests {
  private let bench: FactoryBench

  init() throws { bench = try FactoryBench() }

  private typealias Host = ScriptedHootHost

  @Test
  func `[B03] A request carries the job's id, every usual value and the trace, and its result is taken over`()
    throws
  {
    let digest = try bench.made("RIFF of music")
    let host = try Host { _, _ in
      [
        .wait(seconds: 0.05),
        .response(
          "audio_generated",
          ["content_hash": .string(digest), "duration_seconds": 10.0, "sample_rate": 32000]),
      ]
    }
    defer { host.stop() }
    var call = bench.call("musicgen_generate", #"{"prompt":"a drone","top_k":7,"temperature":null}"#)
    call.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    let running = try Running(try bench.client(host), call)
    let result = try #require(running.outcome()?.result)
    #expect(result.artifacts == [HostArtifact(.stored(hash: String(digest.prefix(32))), type: "audio/wav")])
    let value = try JSONValue.parse(try #require(result.value))
    #expect(value["sample_rate"] == 32000 && value["artifact_id"] == nil, "empty says nothing")
    // Now it lies where hootenanny's files do.
    #expect(access(bench.store.objectPath(String(digest.prefix(32))), R_OK) == 0)
    let request = try #require(host.requests.first)
    #expect(request.id.wireText == call.job.text && request.traceparent == call.traceparent)
    #expect(String(decoding: request.identity, as: UTF8.self) == "garden-\(call.job.text)-1")
    #expect(request.fields["prompt"] == "a drone" && request.fields["top_k"] == 7)
    #expect(
      request.fields["duration"] == 10.0 && request.fields["guidance_scale"] == 3.0
        && request.fields["do_sample"] == true && request.fields["temperature"] == 1.0)
    #expect(running.reports.contains(.accepted(remote: "garden-\(call.job.text)-1")))
    #expect(host.requests.count == 1)
  }

  @Test func anInputIsLentUnderAllItsDigits() throws {
    let stored = try bench.store.put(Array("MThd of a seed".utf8))
    let host = try Host { _, _ in
      [.response("orpheus_classified", ["classifications": [["label": "a", "confidence": 0.0]]])]
    }
    defer { host.stop() }
    let call = bench.call(
      "orpheus_classify", inputs: [HostCall.Input(parameter: "midi_hash", hash: stored.hash)])
    let result = try bench.outcome(try bench.client(host), call)?.result
    #expect(host.requests.first?.fields["midi_hash"]?.string == stored.digest)
    #expect(
      access("\(bench.store.folder)/\(stored.digest.prefix(2))/\(stored.digest)", R_OK) == 0)
    #expect(result?.artifacts.isEmpty == true)
    #expect(result?.value == Array(#"{"classifications":[{"label":"a","confidence":0.0}]}"#.utf8))
  }

  @Test func aReplyThatLostItsHashIsAnErrorAndNoGuess() throws {
    let lost = try bench.play(
      .response("orpheus_generated", ["summary": "done", "total_tokens": 12]), tool: "orpheus_generate")?
      .failure
    #expect(lost?.cause == .permanent && lost?.lines[1].contains("carries no hash") == true)
    let nowhere = String(repeating: "ab", count: 32)
    let missing = try bench.play(.response("audio_generated", ["content_hash": .string(nowhere)]))?.failure
    #expect(missing?.cause == .permanent && missing?.lines[1].contains(nowhere) == true)
    let hostile = try bench.play(.response("audio_generated", ["content_hash": "../../etc/passwd"]))?.failure
    #expect(hostile?.cause == .permanent && hostile?.lines[1].contains("is no hash") == true)
  }

  @Test func severalPartsAreSeveralArtifacts() throws {
    let (drums, bass) = (try bench.made("RIFF drums"), try bench.made("RIFF bass"))
    let result = try bench.play(
      .response(
        "demucs_separated",
        [
          "stems": [
            ["name": "drums", "content_hash": .string(drums)],
            ["name": "bass", "content_hash": .string(bass)],
          ], "model": "htdemucs",
        ]), tool: "demucs_separate")?.result
    #expect(result?.artifacts.map(\.label) == ["drums", "bass"])
    #expect(result?.artifacts.first?.content == .stored(hash: String(drums.prefix(32))))
  }

  @Test func `[B02] Busy is no failure, and its request was the only one`() throws {
    let host = try Host { _, _ in [.hang] }
    defer { host.stop() }
    let client = try bench.client(host)
    let first = try Running(client, bench.call("musicgen_generate"))
    #expect(eventually { host.requests.count == 1 })
    let second = try Running(client, bench.call("musicgen_generate", job: 2))
    #expect(second.outcome() == .busy(retryAfter: nil))
    #expect(!second.reports.contains { if case .accepted = $0 { true } else { false } }, "nobody took it")
    #expect(eventually { first.reports.contains { if case .accepted = $0 { true } else { false } } })
    #expect(host.requests.count == 2 && host.busyAnswers == 1)
  }

  @Test func `[B24] An error is classified by its code`() throws {
    let classes: [(code: String, cause: HostFailure.Class)] = [
      ("validation", .permanent), ("not_found", .permanent), ("unknown_tool", .permanent),
      ("permission", .permanent), ("decode_error", .permanent), ("invalid_content_type", .permanent),
      ("internal", .retryable), ("internal_error", .retryable), ("timeout", .retryable),
      ("cancelled", .retryable), ("service", .retryable), ("a word of its own", .retryable), ("", .retryable),
    ]
    let host = try Host { _, number in [.error(classes[number].code, "CUDA\nwent\u{1b}[31m away")] }
    defer { host.stop() }
    let client = try bench.client(host)
    for (number, (code, cause)) in classes.enumerated() {
      let call = bench.call("musicgen_generate", job: UInt64(number + 1))
      let failure = try bench.outcome(client, call)?.failure
      #expect(failure?.cause == cause, "\(code)")
      #expect(failure?.lines[1] == "CUDA went [31m away", "on one line, without control characters")
    }
  }

  @Test func `[B29] A host that is not there is told within the limit, and was asked nothing`() throws {
    var call = bench.call("musicgen_generate")
    call.limits.connect = 0.2
    let client = try bench.factory.client(for: bench.host(.hoot01, "ipc://\(bench.folder)/nobody"))
    let failure = try bench.outcome(client, call)?.failure
    #expect(failure?.cause == .transport && failure?.mayStillRun == false)
    #expect(failure?.lines[1] == "No connection was made within 0.2 s, the limit.")
  }

  @Test func `[B02] A service that still loads its model is busy, and was asked nothing`() throws {
    var call = bench.call("musicgen_generate")
    call.limits.connect = 0.5
    // It takes the connection and says nothing yet.
    var behaviour = Host.Behaviour()
    behaviour.answersHeartbeats = false
    let mute = try Host(behaviour) { _, _ in [] }
    defer { mute.stop() }
    let client = try bench.client(mute)
    #expect(eventually { (try? bench.outcome(client, call)) == .busy(retryAfter: nil) })
    #expect(mute.requests.isEmpty, "what it is not asked it does not do for nobody later")
    call.opening = .adopt(remote: nil)
    let adopted = try bench.outcome(client, call)?.failure
    #expect(adopted?.cause == .transport && adopted?.mayStillRun == true)
  }

  @Test func `[B29] A host that hangs ends the call at its limit, and may be at work`() throws {
    let failure = try bench.play(.hang, call: bench.call("musicgen_generate", total: 0.4))?.failure
    #expect(failure?.cause == .transport && failure?.mayStillRun == true)
    #expect(failure?.lines[1] == "It has not ended after 0.4 s, the limit.")
  }

  @Test func `[B29] A host that falls silent is lost when its silence is too long`() throws {
    let host = try Host { _, _ in [.hang] }
    defer { host.stop() }
    var call = bench.call("musicgen_generate")
    call.limits.silence = 0.5
    let running = try Running(try bench.client(host), call)
    #expect(eventually { host.requests.count == 1 })
    host.mute(true)
    let failure = running.outcome()?.failure
    #expect(failure?.lines[1] == "Nothing came for 0.5 s, the limit." && failure?.mayStillRun == true)
  }

  @Test func aHostThatCrashesAtWorkEndsTheCallAtOnce() throws {
    let failure = try bench.play(.wait(seconds: 0.05), .crash)?.failure
    #expect(failure?.cause == .transport && failure?.mayStillRun == false)
    #expect(failure?.lines[1].contains("connection broke") == true)
  }

  @Test func aReplyThatComesTooLateChangesNothingAndIsNobodysElse() throws {
    let (late, timely) = (try bench.made("RIFF late"), try bench.made("RIFF timely"))
    let host = try Host { _, number in
      number == 0
        ? [.wait(seconds: 0.5), .response("audio_generated", ["content_hash": .string(late)])]
        : [.response("audio_generated", ["content_hash": .string(timely)])]
    }
    defer { host.stop() }
    let client = try bench.client(host)
    let first = try Running(client, bench.call("musicgen_generate", total: 0.2))
    #expect(first.outcome()?.failure?.mayStillRun == true)
    // The next attempt is turned away until the first is over, and gets its own reply.
    var outcome: HostOutcome?
    #expect(
      eventually {
        outcome = try? bench.outcome(client, bench.call("musicgen_generate", attempt: 2))
        return outcome?.result != nil
      })
    #expect(outcome?.result?.artifacts.first?.content == .stored(hash: String(timely.prefix(32))))
    #expect(first.reports.count { if case .finished = $0 { true } else { false } } == 1)
  }

  @Test func aResultOutlivesTheDaemonThatAskedForIt() throws {
    let digest = try bench.made("RIFF adopted")
    let works = Locked(0)
    let host = try Host { _, _ in
      works.withLock { $0 += 1 }
      return [.wait(seconds: 0.5), .response("audio_generated", ["content_hash": .string(digest)])]
    }
    defer { host.stop() }
    let call = bench.call("musicgen_generate")
    let name = "garden-\(call.job.text)-1"
    let first = try Running(try bench.client(host), call)
    #expect(eventually { first.reports.contains(.accepted(remote: name)) })
    bench.factory.stop()
    #expect(first.outcome()?.failure?.mayStillRun == true)
    let second = try FactoryBench(store: bench.store)
    // A later attempt than the one that is adopted.
    let adopted = second.call("musicgen_generate", opening: .adopt(remote: name), attempt: 2)
    let running = try Running(try second.factory.client(for: second.host(.hoot01, host.address)), adopted)
    #expect(running.outcome()?.result?.artifacts.first?.content == .stored(hash: String(digest.prefix(32))))
    // On a machine that is slow enough it had ended before it was asked again.
    #expect(works.withLock { $0 } == (host.busyAnswers == 0 ? 2 : 1))
    #expect(Set(host.requests.map(\.identity)).count == 1 && Set(host.requests.map(\.id)).count == 1)
  }

  @Test func anAdoptedCallWhoseReplyWentToNobodyIsMadeAnew() throws {
    let digest = try bench.made("RIFF anew")
    let host = try Host { _, _ in [.response("audio_generated", ["content_hash": .string(digest)])] }
    defer { host.stop() }
    let call = bench.call("musicgen_generate", opening: .adopt(remote: nil))
    #expect(try bench.outcome(try bench.client(host), call)?.result != nil)
    #expect(host.requests.count == 1)
  }

  @Test func anAdoptedCallIsAskedForAgainWhileTheServiceIsBusy() throws {
    let schemas = try WireSchemas()
    var talk = HootTalk(
      bench.call("musicgen_generate", total: 100, opening: .adopt(remote: nil)), host: "gpu", kind: .hoot01,
      identity: "garden-x", purpose: .adopt(job: nil, [1]), schemas: schemas, now: 0)
    func frames(_ acts: [HootTalk.Act]) -> [HootFrame] {
      acts.compactMap { if case .send(let frame) = $0 { frame } else { nil } }
    }
    let hello = try #require(frames(talk.turn(now: 0, isConnected: true)).first)
    let asked = frames(talk.take(hello.heartbeatAnswer.encode(), now: 0.1))
    #expect(asked.map(\.command) == [.request, .heartbeat])
    let busy: JSONValue = [
      "id": asked[0].requestID.envelopeID, "traceparent": "",
      "payload": ["error": ["code": "service", "message": "Service is busy processing another request"]],
    ]
    let reply = asked[0].reply(.capnProto, try schemas.write(busy, as: .envelope))
    for round in 1...3 {
      let now = Double(round) * 10
      #expect(talk.take(reply.encode(), now: now).count == 1, "no end")
      #expect(talk.phase == .waiting && talk.nextTime <= now + 5)
      #expect(!frames(talk.turn(now: now + 1, isConnected: true)).contains { $0.command == .request })
      #expect(frames(talk.turn(now: now + 5, isConnected: true)).contains { $0.command == .request })
    }
    guard case .end(.outcome(.failed(let failure)))? = talk.turn(now: 101, isConnected: true).last else {
      Issue.record("it has no end")
      return
    }
    #expect(failure.lines[1] == "Nothing came for 30.0 s, the limit." || failure.lines[1].contains("100.0 s"))
  }

  @Test func cancellingSaysThatTheHostMayBeAtWork() throws {
    let host = try Host { _, _ in [.hang] }
    defer { host.stop() }
    let running = try Running(try bench.client(host), bench.call("musicgen_generate"))
    #expect(eventually { host.requests.count == 1 })
    #expect(eventually { running.reports.count > 0 })
    running.handle.cancel()
    running.handle.cancel()
    let failure = running.outcome()?.failure
    #expect(failure?.cause == .transport && failure?.mayStillRun == true)
    let early = try Running(
      try bench.factory.client(for: bench.host(.hoot01, "ipc://\(bench.folder)/nobody")),
      bench.call("musicgen_generate"))
    early.handle.cancel()
    #expect(early.outcome() == .cancelled)
  }

  @Test(arguments: [
    ("musicgen_generate", #"{"flavour":1}"#), ("musicgen_generate", #"{"prompt":7}"#),
    ("musicgen_generate", "[]"),
    ("musicgen_generate", "{"), ("no_such_tool", "{}"), ("musicgen_generate", #"{"top_k":-1}"#),
    ("musicgen_generate", #"{"top_k":1e300}"#),
  ])
  func parametersThatTheWireHasNoPlaceForAreRefused(tool: String, parameters: String) throws {
    let host = try Host { _, _ in [.hang] }
    defer { host.stop() }
    let failure = try bench.outcome(try bench.client(host), bench.call(tool, parameters))?.failure
    #expect(failure?.cause == .permanent, "\(failure?.lines ?? [])")
    #expect(host.requests.isEmpty)
  }

  @Test func aProbeIsAHeartbeatAndAnsweredDuringAJob() throws {
    let host = try Host { _, _ in [.hang] }
    defer { host.stop() }
    let client = try bench.client(host)
    let running = try Running(client, bench.call("musicgen_generate"))
    #expect(eventually { host.requests.count == 1 })
    #expect(bench.health(client)?.isUp == true)
    running.handle.cancel()
    let release = Locked<HostRelease?>(nil)
    client.release(bench.call("x").job, remote: nil) { answer in release.withLock { $0 = answer } }
    #expect(release.withLock { $0 } == .unsupported)
  }

  @Test(arguments: [
    "", "gpu", "http://gpu:1", "tcp://gpu", "tcp://gpu:0", "tcp://gpu:70000", "tcp://:1", "tcp://*:5",
    "ipc://relative",
    "ipc:///", "inproc://x", "tcp://a:1,tcp://b:2", "tcp://a b:1", "tcp://a;b:1",
    "ipc:///" + String(repeating: "a", count: 200),
  ])
  func anAddressThatIsNoneMakesNoClient(address: String) throws {
    #expect(bench.factory.make(bench.host(.hoot01, address)) == nil)
  }
}
