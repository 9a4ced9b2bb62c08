import ContentStore
import HootWire
import HostBench
import Jobs
import Testing
import Threading

@testable import HootHostClients

/// hootenanny itself, whose jobs have ids of its own.
@Suite struct HootenannyCallTests {
  private let bench: FactoryBench
  private let job = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"

  init() throws { bench = try FactoryBench() }

  private typealias Host = ScriptedHootHost

  private func host(_ script: @escaping @Sendable (Host.Request, Int) -> [Host.Step]) throws -> Host {
    var behaviour = Host.Behaviour()
    behaviour.isHootenanny = true
    behaviour.slots = 8
    return try Host(behaviour, script)
  }

  private func client(_ host: Host) throws -> any HostClient {
    try bench.factory.client(for: bench.host(.hootenanny, host.address))
  }

  private func music(_ text: String = "RIFF of music") throws -> (hash: String, response: JSONValue) {
    let hash = try bench.store.put(Array(text.utf8)).hash
    return (hash, ["audio_generated": ["content_hash": .string(hash), "artifact_id": "artifact_1"]])
  }

  private func outcome(_ steps: [Host.Step], _ call: HostCall? = nil) throws -> HostOutcome? {
    let host = try host { _, _ in steps }
    defer { host.stop() }
    return try bench.outcome(try client(host), call ?? bench.call("musicgen_generate"))
  }

  @Test func aJobIsBegunFollowedByBroadcastAndItsResultTaken() throws {
    let (hash, response) = try music()
    let job = job
    let host = try host { _, _ in
      [
        .begin(job: job), .wait(seconds: 0.2),
        .publish(["progress": ["job_id": .string(job), "percent": 50.0, "message": "half"]]),
        .publish(["job_state_changed": ["job_id": "another", "state": "complete", "result": ""]]),
        .job(job, state: "complete", result: response), .job(job, state: "complete", result: response),
      ]
    }
    defer { host.stop() }
    let running = try Running(try client(host), bench.call("musicgen_generate", #"{"prompt":"x"}"#))
    #expect(running.outcome()?.result?.artifacts.first?.content == .stored(hash: hash))
    #expect(running.reports.contains(.accepted(remote: job)))
    #expect(running.reports.count { if case .finished = $0 { true } else { false } } == 1)
    let request = try #require(host.requests.first)
    #expect(request.tool == "musicgen_generate" && request.service == "hootenanny")
    #expect(host.requests.count { $0.tool == "musicgen_generate" } == 1)
  }

  @Test func aBroadcastThatWasMissedIsMadeUpForByAPoll() throws {
    let (hash, response) = try music()
    let result = try outcome([
      .begin(job: job), .job(job, state: "complete", result: response, isPublished: false),
    ])?.result
    #expect(result?.artifacts.first?.content == .stored(hash: hash))
  }

  @Test func aToolThatIsAnsweredAtOnceNeedsNoJob() throws {
    let stored = try bench.store.put(Array("MThd".utf8))
    let result = try outcome(
      [.response("abc_to_midi", ["content_hash": .string(stored.hash), "artifact_id": "artifact_2"])],
      bench.call("abc_to_midi", #"{"abc":"CDE"}"#))?.result
    #expect(result?.artifacts == [HostArtifact(.stored(hash: stored.hash), type: "audio/midi")])
  }

  @Test func aJobThatFailsIsToldInItsOwnWords() throws {
    let failure = try outcome([
      .begin(job: job), .wait(seconds: 0.05),
      .job(job, state: "failed", result: nil, error: "CUDA out of memory"),
    ])?.failure
    #expect(failure?.cause == .retryable && failure?.lines[1] == "CUDA out of memory")
    #expect(failure?.mayStillRun == false)
  }

  @Test func aJobWithoutAResultIsAnErrorAndNoGuess() throws {
    let failure = try outcome([
      .begin(job: job), .job(job, state: "complete", result: nil, isPublished: false),
    ])?
    .failure
    #expect(failure?.cause == .permanent && failure?.lines[1].contains("has no result") == true)
    let lost = try outcome([
      .begin(job: job),
      .job(
        job, state: "complete", result: ["audio_generated": ["artifact_id": "artifact_1"]], isPublished: false
      ),
    ])?.failure
    #expect(lost?.cause == .permanent && lost?.lines[1].contains("carries no hash") == true)
  }

  @Test func anArtifactThatABroadcastNamedIsEnoughWhenTheJobIsForgotten() throws {
    let hash = try bench.store.put(Array("RIFF named".utf8)).hash
    let id = "artifact_\(hash.prefix(12))"
    let job = job
    let host = try host { _, _ in
      [
        .begin(job: job), .wait(seconds: 0.2), .forget(job: job),
        .publish([
          "job_state_changed": [
            "job_id": .string(job), "state": "complete", "result": .string(#"{"artifact_id":"\#(id)"}"#),
          ]
        ]),
      ]
    }
    defer { host.stop() }
    let running = try Running(try client(host), bench.call("musicgen_generate"))
    let outcome = running.outcome()
    // A poll that came before the broadcast finds nothing: then it is tried again.
    if let result = outcome?.result {
      #expect(result.artifacts.first?.content == .stored(hash: hash))
    } else {
      #expect(outcome?.failure?.cause == .retryable)
    }
  }

  @Test func cancellingReachesTheJobAndIsConfirmed() throws {
    let job = job
    let host = try host { _, _ in [.begin(job: job), .hang] }
    defer { host.stop() }
    let running = try Running(try client(host), bench.call("musicgen_generate"))
    #expect(eventually { running.reports.contains(.accepted(remote: job)) })
    running.handle.cancel()
    #expect(running.outcome() == .cancelled)
    #expect(host.requests.contains { $0.tool == "job_cancel" && $0.fields["job_id"]?.string == job })
    // Cancelled before its id was known, it is cancelled as soon as it is.
    let late = try self.host { _, _ in [.wait(seconds: 0.2), .begin(job: job), .hang] }
    defer { late.stop() }
    let early = try Running(try client(late), bench.call("musicgen_generate", job: 2))
    #expect(eventually { late.requests.count == 1 })
    early.handle.cancel()
    #expect(early.outcome() == .cancelled)
    #expect(late.requests.contains { $0.tool == "job_cancel" })
  }

  @Test func aJobOfADaemonThatDiedIsAdoptedByItsID() throws {
    let (hash, response) = try music()
    let job = job
    let host = try host { _, _ in
      [.begin(job: job), .wait(seconds: 0.3), .job(job, state: "complete", result: response)]
    }
    defer { host.stop() }
    let first = try Running(try client(host), bench.call("musicgen_generate"))
    #expect(eventually { first.reports.contains(.accepted(remote: job)) })
    bench.factory.stop()
    let second = try FactoryBench(store: bench.store)
    let running = try Running(
      try second.factory.client(for: second.host(.hootenanny, host.address)),
      second.call("musicgen_generate", opening: .adopt(remote: job)))
    #expect(running.outcome()?.result?.artifacts.first?.content == .stored(hash: hash))
    #expect(host.requests.count { $0.tool == "musicgen_generate" } == 1, "it was not sent again")
  }

  @Test func aJobThatIsNotKnownAnyMoreIsTriedAgain() throws {
    let failure = try outcome([], bench.call("musicgen_generate", opening: .adopt(remote: job)))?.failure
    #expect(failure?.cause == .retryable && failure?.mayStillRun == false)
    #expect(failure?.lines[1].contains("Job not found") == true)
  }

  @Test func workThatNobodyHoldsIsLetGoByItsID() throws {
    let job = job
    let host = try host { _, _ in [.begin(job: job), .hang] }
    defer { host.stop() }
    let client = try client(host)
    func release(_ remote: String?) -> HostRelease? {
      let answer = Locked<HostRelease?>(nil)
      client.release(bench.call("x").job, remote: remote) { release in answer.withLock { $0 = release } }
      _ = eventually { answer.withLock { $0 != nil } }
      return answer.withLock { $0 }
    }
    #expect(release(job) == .released)
    #expect(release(nil) == .unknown)
    #expect(bench.health(client)?.isUp == true)
  }

  @Test func aHootenannyThatStartsAnewForgetsItsJobs() throws {
    let job = job
    let first = try host { _, _ in [.begin(job: job), .wait(seconds: 0.1), .crash] }
    let running = try Running(try client(first), bench.call("musicgen_generate"))
    #expect(eventually { running.reports.contains(.accepted(remote: job)) })
    first.stop()
    var behaviour = Host.Behaviour()
    behaviour.isHootenanny = true
    let second = try Host(behaviour, folder: first.folder) { _, _ in [] }
    defer { second.stop() }
    #expect(running.outcome()?.failure?.cause == .retryable)
    #expect(second.requests.allSatisfy { $0.tool != "musicgen_generate" })
  }

  @Test func itsBroadcastsStandBesideItUnlessToldElsewhere() throws {
    #expect(try HootAddress("tcp://gpu:5580", .hootenanny).broadcasts == "tcp://gpu:5581")
    #expect(try HootAddress("tcp://[::1]:5580,ipc:///run/pub", .hootenanny).broadcasts == "ipc:///run/pub")
    #expect(try HootAddress("ipc:///run/hoot", .hootenanny).broadcasts == nil)
    #expect(try HootAddress("tcp://gpu:65535", .hootenanny).broadcasts == nil)
  }
}
