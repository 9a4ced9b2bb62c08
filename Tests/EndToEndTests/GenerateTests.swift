import Foundation
import Glibc
import HootWire
import HostBench
import Testing

extension EndToEnd {
  /// From a request to what sounds, with hosts that do as they are told.
  @Suite struct Generate {
    @Test func `[D29] [A31] [A47] What the machine makes by itself is on the timeline and plays`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen("command", "latent", "region")
        let reply = try peer.act(
          "phrase_generate",
          ["track": "lead", "at": "1:1", "for": 8, "key": "A", "scale": "minor", "seed": 7])
        let region = try #require(reply.result["region_id"]?.string)
        try peer.finished(reply.result["job_id"])
        let placed = try #require(peer.event { $0.content["type"] == "placed" })
        #expect(placed["region_id"]?.string == region)
        let regions = try peer.regions()
        #expect(regions.count == 1 && regions[0]["id"]?.string == region)
        #expect(regions[0]["track"] == "lead" && regions[0]["length_beats"]?.double == 8)
        try peer.act("play")
        let started = try #require(peer.event { $0.content["type"] == "region_started" })
        #expect(started["region"]?.string == region && started["beat"]?.double == 0)
      }
    }

    @Test func `[D33] A tool whose result depends on nothing else is asked once`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen()
        let request: JSONValue = ["abc": "X:1\nK:C\nCDEF|", "track": "lead", "at": "1:1"]
        let first = try peer.act("abc_generate", request).result
        try peer.finished(first["job_id"])
        let second = try peer.act("abc_generate", request).result
        #expect(second["how"] == "shared" && second["job_id"] == first["job_id"])
        #expect(try eventually { try peer.regions().count == 2 })
        #expect(Set(try peer.regions().compactMap { $0["content_hash"]?.string }).count == 1)
        let third = try peer.query(
          "abc_generate", ["abc": "X:1\nK:C\nCDEF|", "fresh": true, "no_region": true])
        #expect(third["how"] == "created")
      }
    }

    @Test func `What comes while its region is played enters on the next bar`() throws {
      try Stage.run { stage in
        let host = try Orpheus(seconds: 1.3)
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try host.join(peer)
        try peer.listen("command", "latent", "region")
        try peer.act("tempo", ["bpm": 240])
        try peer.act("play")
        let reply = try peer.act("orpheus_generate", ["track": "lead", "at": "0", "for": 400]).result
        let placed = try #require(peer.event { $0.content["type"] == "placed" })
        #expect(placed["enters"]?["in_bars"]?.int == 1, "\(placed.text)")
        let started = try #require(peer.event { $0.content["type"] == "region_started" })
        #expect(started["region"] == reply["region_id"])
        let beat = try #require(started["beat"]?.double)
        #expect(beat >= 4, "not at once")
        // A note's grid is 64 frames: 0.0054 beats at 240 bpm.
        #expect(abs(beat.remainder(dividingBy: 4)) < 0.006, "\(beat)")
      }
    }

    @Test func `What is to enter at the next pass waits for the loop to come around`() throws {
      try Stage.run { stage in
        let host = try Orpheus(seconds: 0.7)
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try host.join(peer)
        try peer.listen("command", "latent", "region", "transport")
        try peer.act("tempo", ["bpm": 240])
        try peer.act("loop", ["start": "0", "end": "16"])
        try peer.act("play")
        try peer.act("orpheus_generate", ["track": "lead", "at": "0", "for": 400, "enter": "next-pass"])
        #expect(peer.event { $0.content["type"] == "placed" } != nil)
        let started = try #require(peer.event { $0.content["type"] == "region_started" })
        #expect(abs(started["beat"]?.double ?? 9) < 0.006 && started["midway"] == false, "\(started.text)")
        // It plays in every pass from now on.
        let again = try #require(peer.event { $0.content["type"] == "region_started" })
        #expect(again["region"] == started["region"] && abs(again["beat"]?.double ?? 9) < 0.006)
      }
    }

    @Test func `A variation takes the place of what plays, and the take before can be had again`() throws {
      try Stage.run { stage in
        let host = try Orpheus(seconds: 0.05)
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try host.join(peer)
        try peer.listen("command", "latent", "region")
        try peer.act("tempo", ["bpm": 240])
        let made = try peer.act(
          "orpheus_generate", ["track": "lead", "at": "0", "for": 400, "temperature": 0.5])
        try peer.finished(made.result["job_id"])
        let region = try #require(made.result["region_id"]?.string)
        #expect(try eventually { try peer.regions().count == 1 })
        let first = try peer.regions().first?["content_hash"]
        try peer.act("play")
        #expect(peer.event { $0.content["type"] == "region_started" } != nil)
        let varied = try peer.act(
          "vary", ["region": .string(region), "param": ["temperature=1.5"], "crossfade": 2])
        #expect(varied.result["job"]?["tool"] == "orpheus_generate")
        try peer.finished(varied.result["job_id"])
        #expect(peer.event { $0.content["type"] == "region_started" && $0.content["midway"] == false } != nil)
        #expect(try peer.regions().count == 1)
        #expect(try peer.regions().first?["content_hash"] != first)
        #expect(host.bodies.last?["temperature"]?.double == 1.5)
        try peer.act("approve", ["region": .string(region), "take": 1])
        #expect(try eventually { try peer.regions().first?["content_hash"] == first })
      }
    }

    @Test func `A region that nothing has come for plays the one before it as its fallback`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen()
        let music = Material.midi(
          (0..<4).map { .init(tick: Int64($0) * 960, length: 480, key: 60) }, lengthTicks: 3840)
        try peer.act(
          "region_add", ["file": .string(try stage.write(music, "four.mid")), "track": "lead", "at": "0"])
        // No host has the tool, so it waits for ever.
        try peer.act("orpheus_generate", ["track": "lead", "at": "4", "for": 8, "fallback": "loop"])
        try peer.act("tempo", ["bpm": 480])
        try peer.act("play")
        #expect(try eventually { try peer.transport()["beat"]?.double ?? 0 > 14 })
        #expect(try peer.query("status")["notes_started"] == 12, "four, and twice four in its place")
      }
    }

    @Test func `What is to be approved waits, and what is rejected never sounds`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen("command", "latent")
        let made = try peer.act(
          "phrase_generate", ["track": "lead", "at": "0", "for": 8, "approve": "manual"])
        let region = try #require(made.result["region_id"]?.string)
        #expect(peer.event { $0.content["type"] == "held" } != nil)
        #expect(try peer.regions().isEmpty)
        let approved = try peer.act("approve")
        #expect(approved.result["approved"] == [.string(region)])
        #expect(try eventually { try peer.regions().count == 1 })
        #expect(try peer.refusal(of: "approve").code == "nothing_waits")

        let other = try peer.act(
          "phrase_generate", ["track": "lead", "at": "16", "for": 8, "approve": "manual"])
        let second = try #require(other.result["region_id"]?.string)
        #expect(peer.event { $0.content["type"] == "held" } != nil)
        try peer.act("reject", ["region": .string(second), "reason": "too busy"])
        #expect(try peer.refusal(of: "approve", ["region": .string(second)]).code == "wrongState")
        #expect(try peer.regions().count == 1)
      }
    }

    @Test func `What is silent, empty, too long or broken does not sound by itself`() throws {
      try Stage.run { stage in
        let host = try Orpheus(seconds: 0.01)
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try host.join(peer)
        try peer.listen("command", "latent")
        for (music, type) in [
          (Material.midi([], lengthTicks: 960), "held"),
          (Material.midi([.init(tick: 0, length: 96, key: 60)], lengthTicks: 96_000), "held"),
          (Array("MThd".utf8) + [0, 0, 0, 6, 0, 1, 255, 255, 0, 0, 77], "latent_failed"),
        ] {
          host.music = music
          try peer.act("orpheus_generate", ["track": "lead", "at": "0", "for": 8, "fresh": true])
          #expect(
            peer.event { $0.content["type"] == .string(type) } != nil, "\(music.count) bytes: no \(type)")
        }
        #expect(try peer.regions().isEmpty)
        try peer.act("play")
        #expect(try peer.state() == "rolling")
      }
    }

    @Test func `[D47] What comes for a region that has gone attaches nothing, and is kept`() throws {
      try Stage.run { stage in
        let host = try Orpheus(seconds: 0.6)
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try host.join(peer)
        try peer.listen("command", "latent")
        let made = try peer.act("orpheus_generate", ["track": "lead", "at": "0", "for": 400]).result
        try peer.act("region_clear")
        let job = try peer.finished(made["job_id"])
        #expect(job["state"] == "succeeded")
        let artifact = try #require(job["artifacts"]?.array?.first?.string)
        #expect(try peer.regions().isEmpty)
        let rows = try peer.query("artifact_list")["artifacts"]?.array ?? []
        #expect(rows.contains { $0["hash"]?.string == artifact })
      }
    }

    @Test func `[D48] A region that was moved while its job ran is filled where it is then`() throws {
      try Stage.run { stage in
        let host = try Orpheus(seconds: 0.6)
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try host.join(peer)
        try peer.listen("command", "latent")
        let made = try peer.act("orpheus_generate", ["track": "lead", "at": "0", "for": 400]).result
        let region = made["region_id"]
        try peer.act("region_mv", ["region": region ?? nil, "at": "32"])
        try peer.finished(made["job_id"])
        #expect(try eventually { try peer.regions().first?["beat"]?.double == 32 })
      }
    }
  }
}

extension Peer {
  /// Waits for a job's end; its record.
  @discardableResult
  func finished(_ job: JSONValue?, source: SourceLocation = #_sourceLocation) throws -> JSONValue {
    let id = try #require(job?.string, sourceLocation: source)
    for _ in 0..<3 {
      let reply = try query("job_poll", ["job": [.string(id)], "wait": 20], source: source)
      if reply["done"] == true {
        return try #require(reply["jobs"]?.array?.first, sourceLocation: source)
      }
    }
    throw StageError("the job \(id) does not end")
  }
}

/// A service in the shape of Orpheus, which takes its time.
final class Orpheus: Sendable {
  private let host: ScriptedHost
  private let script: Script

  private final class Script: @unchecked Sendable {
    // Behind the lock.
    private let lock = NSLock()
    private var current: [UInt8]?
    private var count: UInt8 = 0

    var music: [UInt8] {
      get {
        lock.lock()
        defer { lock.unlock() }
        count += 1
        return current
          ?? Material.midi(
            (0..<800).map {
              .init(tick: Int64($0) * 480, length: 240, key: 40 + count % 16 + UInt8($0 % 16))
            }, lengthTicks: 384_000)
      }
      set {
        lock.lock()
        defer { lock.unlock() }
        current = newValue
      }
    }
  }

  init(seconds: Double) throws {
    let script = Script()
    self.script = script
    host = try ScriptedHost { request, _ in
      guard request.path == "/predict" else { return [.reply(200, "{\"status\":\"ok\"}")] }
      let music = Data(script.music).base64EncodedString()
      let body = "{\"variations\":[{\"midi_base64\":\"\(music)\",\"num_tokens\":12}]}"
      return [.wait(seconds: seconds), .reply(200, body)]
    }
  }

  /// What it answers with from now on.
  var music: [UInt8] {
    get { script.music }
    set { script.music = newValue }
  }

  /// The requests it got.
  var bodies: [JSONValue] {
    host.requests.filter { $0.path == "/predict" }.compactMap { try? JSONValue.parse($0.body) }
  }

  func join(_ peer: Peer) throws {
    try peer.query(
      "host_add",
      [
        "host": "gpu", "kind": "http", "url": .string(host.url), "slots": 2,
        "tools": "orpheus_generate,orpheus_continue,orpheus_loops",
      ])
  }

  func stop() { host.stop() }
}
