import ContentStore
import Glibc
import HootWire
import Jobs
import Testing
import Threading

@testable import HootHostClients

/// Services in Python that this program has no part in, as `scripts/python-services` starts them.
private enum Peers {
  static func address(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  static let service = address("GARDEN_PEER_HOOT01")
  static let hootenanny = address("GARDEN_PEER_HOOTENANNY")
  static let flask = address("GARDEN_PEER_HTTP")
  static let store = address("GARDEN_PEER_STORE")
}

@Suite(.enabled(if: Peers.store != nil, "scripts/python-services starts the peers"))
struct PythonPeerTests {
  private let bench: FactoryBench

  init() throws {
    let folder = Peers.store ?? ""
    bench = try FactoryBench(store: ContentStore(folder: folder, stateFolder: folder))
  }

  private func client(_ kind: HostKind, _ address: String?) throws -> any HostClient {
    try bench.factory.client(for: bench.host(kind, try #require(address)))
  }

  private func wave(_ result: HostResult?) throws -> [UInt8] {
    guard case .stored(let hash)? = result?.artifacts.first?.content else { return [] }
    return try bench.store.bytes(.hash(hash), limit: 1 << 24)
  }

  @Test func aServiceMakesAWAVThatLiesInTheStore() throws {
    let client = try client(.hoot01, Peers.service)
    #expect(eventually { bench.health(client)?.isUp == true })
    let call = bench.call("musicgen_generate", #"{"prompt":"a drone","duration":0.5}"#, job: 11)
    let running = try Running(client, call)
    let result = running.outcome()?.result
    // 16,000 frames of two bytes behind 44 bytes of header.
    #expect(try wave(result).count == 44 + 32_000)
    #expect(running.reports.contains(.accepted(remote: "garden-\(call.job.text)-1")))
  }

  @Test func aBusyServiceIsNoFailureAndAnswersHeartbeats() throws {
    let client = try client(.hoot01, Peers.service)
    let first = try Running(client, bench.call("musicgen_generate", #"{"duration":0.1}"#, job: 21))
    #expect(eventually { first.reports.contains { if case .accepted = $0 { true } else { false } } })
    #expect(try bench.outcome(client, bench.call("musicgen_generate", job: 22)) == .busy(retryAfter: nil))
    #expect(bench.health(client)?.isUp == true)
    #expect(first.outcome()?.result != nil)
  }

  @Test func whatTheWireLosesAndWhatTheServiceRefusesIsTold() throws {
    let client = try client(.hoot01, Peers.service)
    let lost = try bench.outcome(client, bench.call("orpheus_generate", job: 31))?.failure
    #expect(lost?.cause == .permanent && lost?.lines[1].contains("carries no hash") == true)
    let invalid = try bench.outcome(client, bench.call("musicgen_generate", #"{"duration":0.0}"#, job: 32))?
      .failure
    #expect(invalid?.cause == .permanent && invalid?.lines[0] == "gpu refused musicgen_generate: validation")
    let unknown = try bench.outcome(client, bench.call("yue_generate", #"{"lyrics":"la"}"#, job: 33))?.failure
    #expect(unknown?.lines[0] == "gpu refused yue_generate: unknown_tool")
  }

  @Test func anInputIsFoundByAServiceOfAnotherLayout() throws {
    let seed = try bench.store.put(Array("MThd of a seed".utf8))
    let input = HostCall.Input(parameter: "midi_hash", hash: seed.hash)
    let client = try client(.hoot01, Peers.service)
    let result = try bench.outcome(client, bench.call("orpheus_classify", inputs: [input], job: 41))?.result
    #expect(result?.value == Array(#"{"classifications":[{"label":"original","confidence":0.75}]}"#.utf8))
  }

  @Test func aCallOfADaemonThatEndedIsAdopted() throws {
    let call = bench.call("musicgen_generate", #"{"duration":0.2}"#, job: 51)
    let first = try Running(try client(.hoot01, Peers.service), call)
    #expect(eventually { first.reports.contains { if case .accepted = $0 { true } else { false } } })
    bench.factory.stop()
    let second = try FactoryBench(store: bench.store)
    let adopted = second.call(
      "musicgen_generate", opening: .adopt(remote: "garden-\(call.job.text)-1"), job: 51)
    let client = try second.factory.client(for: second.host(.hoot01, try #require(Peers.service)))
    #expect(try wave(try second.outcome(client, adopted)?.result).count == 44 + 12_800)
  }

  @Test func hootenannyFollowsItsJobToTheEnd() throws {
    let client = try client(.hootenanny, Peers.hootenanny)
    let running = try Running(client, bench.call("musicgen_generate", #"{"duration":0.25}"#, job: 61))
    #expect(try wave(running.outcome()?.result).count == 44 + 16_000)
    let named = running.reports.contains {
      if case .accepted(let remote?) = $0 { !remote.isEmpty } else { false }
    }
    #expect(named)
    let midi = try bench.outcome(client, bench.call("abc_to_midi", #"{"abc":"X:1\nK:C\nCDE"}"#, job: 62))?
      .result
    #expect(midi?.artifacts.first?.type == "audio/midi")
    let stopped = try Running(client, bench.call("musicgen_generate", job: 63))
    #expect(
      eventually {
        stopped.reports.contains { if case .accepted(_?) = $0 { true } else { false } }
      })
    stopped.handle.cancel()
    #expect(stopped.outcome() == .cancelled)
  }

  @Test func aFlaskServiceMakesMIDIAndSaysWhenItIsBusyInEveryForm() throws {
    let client = try client(.http, Peers.flask)
    let result = try bench.outcome(
      client, bench.call("orpheus_generate", #"{"num_variations":2}"#, job: 71))?.result
    #expect(result?.artifacts.map(\.label) == ["variation 1", "variation 2"])
    guard case .bytes(let midi)? = result?.artifacts.first?.content else {
      Issue.record("no bytes")
      return
    }
    #expect(midi.starts(with: Array("MThd".utf8)))
    let first = try Running(client, bench.call("orpheus_generate", job: 72))
    #expect(eventually { bench.health(client)?.freeSlots == 0 })
    var waits: [Double?] = []
    for number in 73..<76 {
      if case .busy(let wait)? = try bench.outcome(
        client, bench.call("orpheus_generate", job: UInt64(number)))
      {
        waits.append(wait)
      }
    }
    #expect(waits.count == 3 && waits.contains(1) && waits.contains(nil))
    #expect(
      waits.contains { $0.map { $0 >= 0 && $0 <= 2 && $0 != 1 } ?? false } || waits.count { $0 == 1 } == 2)
    #expect(first.outcome()?.result != nil)
  }

  @Test func `[B19] A Flask service answers a second call busy, and the same id with the same result`() throws
  {
    let client = try client(.http, Peers.flask)
    let first = try Running(client, bench.call("orpheus_generate", job: 101))
    #expect(eventually { bench.health(client)?.freeSlots == 0 })
    let second = try bench.outcome(client, bench.call("orpheus_generate", job: 102))
    guard case .busy? = second else {
      Issue.record("\(String(describing: second)) is not busy")
      return
    }
    let made = try #require(first.outcome()?.result?.value)
    let again = try bench.outcome(client, bench.call("orpheus_generate", job: 101))?.result
    #expect(again?.value == made && String(decoding: made, as: UTF8.self).contains("serial"))
    let other = try bench.outcome(client, bench.call("orpheus_generate", job: 103))?.result
    #expect(other != nil && other?.value != made)
  }

  @Test func aFlaskServiceTellsProgressAndPartsAndItsHealth() throws {
    let client = try client(.http, Peers.flask)
    let running = try Running(client, bench.call("orpheus_generate", #"{"stream":true}"#, job: 81))
    #expect(running.outcome()?.result?.artifacts.count == 1)
    #expect(running.reports.contains(.progress(percent: 50, message: "step 1")))
    let chunks = running.reports.filter { if case .chunk = $0 { true } else { false } }
    #expect(chunks.count == 1)
    let health = bench.health(client)
    #expect(health?.gpuLoad == 0.4 && health?.gpuMemory == 0.75)
  }

  @Test func aFlaskServiceRefusesInItsOwnWords() throws {
    let client = try client(.http, Peers.flask)
    func failure(_ parameters: String) throws -> HostFailure? {
      try bench.outcome(client, bench.call("orpheus_generate", parameters, job: 91))?.failure
    }
    let problem = try failure(#"{"temperature":9.0}"#)
    #expect(
      problem?.cause == .permanent && problem?.status == 422 && problem?.lines[1] == "temperature: 0 to 2")
    let moved = try failure(#"{"model":"moved"}"#)
    #expect(moved?.cause == .permanent && moved?.lines[1].contains("redirects are not followed") == true)
    let broken = try failure(#"{"model":"broken"}"#)
    #expect(broken?.cause == .retryable && broken?.status == 500)
    #expect(broken?.lines[1].hasPrefix("Internal Server Error") == true, "a page, without its tags")
  }
}
