import Foundation
import HootWire
import HostBench
import Testing

extension EndToEnd {
  /// Results that come in parts, and are heard before the last of them has come.
  @Suite struct Growth {
    @Test func `[D65] [D72] [D63] The first notes sound on their beats while the job still runs, and once`()
      throws
    {
      try Stage.run { stage in
        let host = try PartsHost()
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try host.join(peer)
        try peer.listen("command", "latent", "region", "job")
        try peer.act("tempo", ["bpm": 240])
        let made = try peer.query("orpheus_generate", ["track": "lead", "at": "0", "for": 400])
        let (job, region) = (made["job_id"] ?? nil, try #require(made["region_id"]?.string))
        host.say(PartsHost.notes(0, 0..<8))
        let growing = try #require(peer.event { $0.content["type"] == "growing" })
        #expect(growing["region_id"]?.string == region)
        // Out of turn, twice, of no use, and from before.
        for part in [
          PartsHost.notes(2, 12..<16), PartsHost.notes(1, 8..<12), PartsHost.notes(1, 8..<12),
          "{\"type\":\"chunk\",\"sequence\":3,\"notes\":[{}]}",
        ] { host.say(part) }
        #expect(try eventually(30) { try host.stream(job, peer)?["unused"] == 1 })
        let stream = try #require(try host.stream(job, peer))
        #expect(stream["beats"]?.double == 16 && stream["used"] == 3 && stream["repeated"] == 1)
        let latent = try peer.query("region_show", ["region": .string(region)])["region"]
        #expect(latent?["growing"]?["beats"]?.double == 16 && latent?["growing"]?["of_beats"]?.double == 400)
        try peer.act("play")
        let started = try #require(peer.event { $0.content["type"] == "region_started" })
        #expect(
          started["region"]?.string == region && started["beat"]?.double == 0 && started["midway"] == false)
        #expect(try eventually(30) { try peer.query("status")["notes_started"]?.int ?? 0 >= 2 })
        #expect(try host.job(job, peer)?["state"] == "running", "heard before the end")
        // The same music as a whole, and a part behind it in the same breath.
        host.finish(
          Material.midi(
            (0..<16).map { .init(tick: Int64($0) * 960, length: 480, key: 60) }, lengthTicks: 384_000),
          and: PartsHost.notes(4, 16..<20))
        try peer.finished(job)
        #expect(peer.event { $0.content["type"] == "placed" } != nil)
        #expect(try eventually(60) { try peer.transport()["beat"]?.double ?? 0 > 17 })
        #expect(
          try peer.query("status")["notes_started"] == 16, "each once, though it was exchanged on the way")
        #expect(try peer.regions().count == 1 && peer.regions()[0]["id"]?.string == region)
        // Who comes late is told all of it again, from where they left off.
        let told = try peer.query("job_parts", ["job": job])
        let parts = told["parts"]?.array ?? []
        #expect(parts.count == 6 && parts.compactMap { $0["n"]?.int } == Array(1...6))
        #expect(told["stream"]?["late"] == 1, "[D66] \(told.text)")
        #expect(try peer.query("job_parts", ["job": job, "after": 4])["parts"]?.array?.count == 2)
        let watched = try stage.garden("job", "watch", job.string ?? "")
        #expect(watched.status == 0 && watched.out.contains("up to 16 beats"), "\(watched.out)")
        #expect(watched.out.contains("not used: it came after the end"), "\(watched.out)")
      }
    }

    @Test func `[D65] [D66] Sound grows while it plays, and waits in silence for what has not come`() throws {
      try Stage.run { stage in
        let host = try PartsHost()
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try host.join(peer)
        try peer.listen("command", "latent", "region", "job", "audio")
        try peer.act("tempo", ["bpm": 240])
        let made = try peer.query("orpheus_generate", ["track": "pad", "at": "0", "for": 400])
        let job = made["job_id"] ?? nil
        host.say(PartsHost.sound(0, seconds: 0.5))
        #expect(peer.event { $0.content["type"] == "growing" } != nil)
        try peer.act("play")
        let started = try #require(peer.event { $0.content["type"] == "region_started" })
        #expect(started["beat"]?.double == 0)
        let starving = try #require(peer.event { $0.content["type"] == "starving" })
        #expect(starving["cause"] == "its job has not made it this far")
        #expect(starving["region"] == made["region_id"])
        // Half a second is two beats, less what the change of rate keeps back.
        let beat = try #require(starving["beat"]?.double)
        #expect(beat > 1.7 && beat < 2.05, "\(beat)")
        host.say(PartsHost.sound(1, seconds: 60))
        let starved = try #require(peer.event { $0.content["type"] == "starved" })
        #expect((starved["frames"]?.int ?? 0) > 0)
        #expect(try host.stream(job, peer)?["seconds"]?.double ?? 0 > 60)
        // The job goes back on it: what is heard ends on the next bar, and that is said.
        try peer.query("job_cancel", ["job": .array([job])])
        let given = try #require(peer.event { $0.content["type"] == "given_up" })
        #expect(
          given["at"]?.string?.hasSuffix(":1:000") == true && given["fallback"] == "silence", "\(given.text)")
        #expect(try eventually(30) { try peer.query("status")["streaming"]?["regions_growing"] == 0 })
        #expect(try peer.regions().isEmpty)
        #expect(try peer.state() == "rolling")
      }
    }

    @Test func `A late first part enters by its region's rule, and what lies before it is not played`() throws
    {
      try Stage.run { stage in
        let host = try PartsHost()
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try host.join(peer)
        try peer.listen("command", "latent", "region")
        try peer.act("tempo", ["bpm": 240])
        try peer.act("play")
        let made = try peer.query("orpheus_generate", ["track": "lead", "at": "0", "for": 400])
        #expect(try eventually(30) { try peer.transport()["beat"]?.double ?? 0 > 2 })
        host.say(PartsHost.notes(0, 0..<400))
        let started = try #require(peer.event { $0.content["type"] == "region_started" })
        #expect(started["region"] == made["region_id"])
        let beat = try #require(started["beat"]?.double)
        #expect(beat >= 4 && abs(beat.remainder(dividingBy: 4)) < 0.006, "\(beat)")
        #expect(try eventually(30) { try peer.transport()["beat"]?.double ?? 0 > beat + 2 })
        let notes = try #require(try peer.query("status")["notes_started"]?.int)
        let now = try #require(try peer.transport()["beat"]?.double)
        #expect(notes >= 2 && Double(notes) <= now - beat + 2, "\(notes) notes from \(beat) to \(now)")
      }
    }

    @Test func `[D67] What fails on the way is given up, and the fallback is heard from the line on`() throws
    {
      try Stage.run { stage in
        let host = try PartsHost()
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try host.join(peer)
        try peer.listen("command", "latent", "region")
        let music = Material.midi(
          (0..<4).map { .init(tick: Int64($0) * 960, length: 480, key: 50) }, lengthTicks: 3840)
        try peer.act(
          "region_add", ["file": .string(try stage.write(music, "four.mid")), "track": "lead", "at": "0"])
        try peer.act("tempo", ["bpm": 240])
        let made = try peer.query(
          "orpheus_generate", ["track": "lead", "at": "4", "for": 40, "fallback": "loop"])
        host.say(PartsHost.notes(0, 0..<40))
        #expect(peer.event { $0.content["type"] == "growing" } != nil)
        try peer.act("play", ["from": "4"])
        #expect(try eventually(30) { try peer.query("status")["notes_started"]?.int ?? 0 >= 2 })
        // A result that is none: it is final.
        host.finish(Array("not music".utf8), and: nil)
        let given = try #require(peer.event { $0.content["type"] == "given_up" })
        #expect(given["region_id"] == made["region_id"] && given["fallback"] == "loop", "\(given.text)")
        #expect(try eventually(30) { try peer.query("status")["streaming"]?["regions_growing"] == 0 })
        let before = try #require(try peer.query("status")["notes_started"]?.int)
        #expect(try eventually(30) { try peer.query("status")["notes_started"]?.int ?? 0 >= before + 2 })
      }
    }

    @Test func `[R65] [R11] Killed in the middle of a stream, the region grows anew and fills once`() throws {
      try Stage.run { stage in
        let host = try PartsHost()
        defer { host.stop() }
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try host.join(peer)
        try peer.listen("latent")
        let made = try peer.query("orpheus_generate", ["track": "lead", "at": "0", "for": 16])
        host.say(PartsHost.notes(0, 0..<8))
        #expect(peer.event { $0.content["type"] == "growing" } != nil)
        #expect(try peer.regions().isEmpty, "nothing of it is on the timeline")
        daemon.kill9()
        let after = try stage.daemon().peer()
        try after.listen("latent")
        #expect(eventually(30) { host.calls == 2 })
        host.say(PartsHost.notes(0, 0..<8))
        #expect(try eventually(30) { try host.stream(made["job_id"], after)?["beats"]?.double == 8 })
        host.finish(
          Material.midi(
            (0..<16).map { .init(tick: Int64($0) * 960, length: 480, key: 60) }, lengthTicks: 15_360),
          and: nil)
        let job = try after.finished(made["job_id"])
        #expect(job["state"] == "succeeded" && job["resent"] == true)
        #expect(try eventually(30) { try after.regions().count == 1 })
      }
    }
  }
}

/// A service that answers in parts, as the test says them.
final class PartsHost: Sendable {
  private let host: ScriptedHost
  private let waiting: Said

  private final class Said: @unchecked Sendable {
    // Behind the lock.
    private let lock = NSLock()
    private var words: [[UInt8]] = []
    private var begun = 0

    func begin() { lock.withLock { begun += 1 } }
    var calls: Int { lock.withLock { begun } }
    func say(_ bytes: [UInt8]) { lock.withLock { words.append(bytes) } }
    func next() -> [UInt8]? { lock.withLock { words.isEmpty ? [] : words.removeFirst() } }
  }

  init() throws {
    let said = Said()
    waiting = said
    host = try ScriptedHost { request, _ in
      guard request.path == "/predict" else { return [.reply(200, "{\"status\":\"ok\"}")] }
      said.begin()
      return [.stream, .each { said.next() }]
    }
  }

  var calls: Int { waiting.calls }
  func say(_ json: String) { waiting.say(Array("data: \(json)\n\n".utf8)) }

  /// The last word, and what is said behind it.
  func finish(_ music: [UInt8], and more: String?) {
    let text = Data(music).base64EncodedString()
    let rest = more.map { "data: \($0)\n\n" } ?? ""
    waiting.say(
      Array("event: result\ndata: {\"variations\":[{\"midi_base64\":\"\(text)\"}]}\n\n\(rest)".utf8))
  }

  /// A note on each beat of a range.
  static func notes(_ number: Int, _ beats: Range<Int>) -> String {
    let list = beats.map { "{\"pitch\":60,\"start\":\($0),\"duration\":0.5}" }.joined(separator: ",")
    return "{\"type\":\"chunk\",\"sequence\":\(number),\"notes\":[\(list)],\"beats\":\(beats.upperBound)}"
  }

  static func sound(_ number: Int, seconds: Double) -> String {
    let samples = (0..<Int(seconds * 16_000)).flatMap { index -> [UInt8] in
      let value = Int16(8000 * sin(2 * .pi * 440 * Double(index) / 16_000))
      return [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    }
    let text = Data(samples).base64EncodedString()
    return
      "{\"type\":\"chunk\",\"sequence\":\(number),\"mime_type\":\"audio/pcm;rate=16000\",\"data\":\"\(text)\"}"
  }

  func join(_ peer: Peer) throws {
    try peer.query(
      "host_add",
      ["host": "gpu", "kind": "http", "url": .string(host.url), "tools": "orpheus_generate"])
  }

  func job(_ id: JSONValue?, _ peer: Peer) throws -> JSONValue? {
    try peer.query("job_status", ["job": id ?? nil])["job"]
  }
  func stream(_ id: JSONValue?, _ peer: Peer) throws -> JSONValue? { try job(id, peer)?["stream"] }

  func stop() { host.stop() }
}
