import Foundation
import HootWire
import Testing

extension EndToEnd {
  /// What a performer does to regions that jobs make.
  @Suite struct Latents {
    private func latents(_ peer: Peer) throws -> [JSONValue] {
      try peer.query("region_ls")["latent"]?.array ?? []
    }

    private func shown(_ peer: Peer, _ region: String) throws -> JSONValue {
      try peer.query("region_show", ["region": .string(region)])["region"] ?? nil
    }

    @Test func `Of several variations the first plays, and the others are takes in their order`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen("command", "latent")
        let made = try peer.act(
          "phrase_generate",
          ["track": "lead", "at": "0", "for": 8, "num_variations": 3, "name": "riff", "seed": 1])
        let job = try peer.finished(made.result["job_id"])
        let artifacts = job["artifacts"]?.array?.compactMap(\.string) ?? []
        #expect(artifacts.count == 3)
        #expect(try eventually { try peer.regions().count == 1 })
        let takes = try shown(peer, "riff")["lineage"]?.array ?? []
        #expect(takes.compactMap { $0["content"]?.string } == artifacts)
        #expect(takes.map { $0["playing"] } == [true, false, false])
        #expect(takes.compactMap { $0["label"]?.string } == ["variation 1", "variation 2", "variation 3"])
        let region = try #require(try peer.regions().first)
        #expect(region["take"] == 1 && region["takes"] == 3 && region["tool"] == "phrase_generate")
        // A variation of the take that was chosen, not of the newest.
        try peer.act("approve", ["region": "riff", "take": 3])
        #expect(try eventually { try peer.regions().first?["take"] == 3 })
        let varied = try peer.act("vary", ["region": "riff", "param": ["num_variations=1"]])
        try peer.finished(varied.result["job_id"])
        #expect(try eventually { try peer.regions().first?["take"] == 4 })
        #expect(try shown(peer, "riff")["lineage"]?.array?.last?["variation_of"] == 3)
      }
    }

    @Test func `What comes after another take was chosen is a take, and does not play`() throws {
      try Stage.run { stage in
        let host = try Orpheus(seconds: 0.3)
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try host.join(peer)
        try peer.listen("command", "latent")
        let made = try peer.act("orpheus_generate", ["track": "lead", "at": "0", "for": 400, "name": "riff"])
        try peer.finished(made.result["job_id"])
        #expect(try eventually { try peer.regions().count == 1 })
        let first = try peer.regions().first?["content_hash"]
        let varied = try peer.act("vary", ["region": "riff"])
        try peer.act("approve", ["region": "riff", "take": 1])
        try peer.finished(varied.result["job_id"])
        #expect(try eventually { try shown(peer, "riff")["takes"] == 2 })
        #expect(try peer.regions().first?["content_hash"] == first)
        try peer.act("approve", ["region": "riff", "take": 2])
        #expect(try eventually { try peer.regions().first?["content_hash"] != first })
      }
    }

    @Test func `A region that waits is muted, named, heard of and gone with its track, and nothing else`()
      throws
    {
      try Stage.run { stage in
        let host = try Orpheus(seconds: 1.2)
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try host.join(peer)
        try peer.listen("command", "latent")
        let made = try peer.act(
          "orpheus_generate", ["track": "lead", "at": "0", "for": 400, "name": "one", "fresh": true])
        let other = try peer.act(
          "orpheus_generate", ["track": "bass", "at": "0", "for": 400, "name": "two", "fresh": true])
        try peer.act("region_set", ["region": ["one"], "mute": true, "name": "quiet"])
        for (type, arguments) in [
          ("region_set", ["region": ["quiet"], "gain": -3.0] as JSONValue),
          ("region_split", ["region": "quiet", "at": "4"]), ("region_dup", ["region": "quiet"]),
          ("audition_play", ["region": "quiet"]),
        ] {
          let refusal = try peer.refusal(of: type, arguments)
          #expect(refusal.code == "not_there_yet" && refusal.lines[0].contains("quiet"), "\(type)")
        }
        try peer.act("track_rm", ["track": "bass"])
        #expect(try latents(peer).compactMap { $0["name"]?.string } == ["quiet"])
        #expect(try latents(peer).first?["mute"] == true)
        try peer.finished(made.result["job_id"])
        try peer.finished(other.result["job_id"])
        #expect(try eventually { try peer.regions().count == 1 })
        let region = try #require(try peer.regions().first)
        #expect(region["mute"] == true && region["name"] == "quiet")
        #expect(try latents(peer).isEmpty)
        // Back with its track, and with what has come in the meantime.
        try peer.act("undo")
        #expect(
          try eventually {
            try peer.regions().compactMap { $0["track"]?.string }.sorted() == ["bass", "lead"]
          })
        try peer.act("orpheus_generate", ["track": "lead", "at": "800", "for": 400, "fresh": true])
        let cleared = try peer.act("region_clear", ["track": "lead"])
        #expect(cleared.result["removed"] == 2, "the one that waits, too")
        #expect(try peer.regions().count == 1 && latents(peer).isEmpty)
      }
    }

    @Test func `A region that was cut, moved and put on another track stays so when it is varied`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen("command", "latent")
        let made = try peer.act(
          "phrase_generate", ["track": "lead", "at": "0", "for": 16, "name": "riff", "seed": 1])
        try peer.finished(made.result["job_id"])
        #expect(try eventually { try peer.regions().count == 1 })
        let first = try peer.regions().first?["content_hash"]
        try peer.act("region_split", ["region": "riff", "at": "8"])
        try peer.act("track_add", ["name": "other"])
        try peer.act("region_mv", ["region": "riff", "at": "32", "track": "other"])
        try peer.act("track_rm", ["track": "lead"])
        let varied = try peer.act("vary", ["region": "riff", "param": ["seed=2"]])
        try peer.finished(varied.result["job_id"])
        #expect(try eventually { try peer.regions().first?["content_hash"] != first })
        let region = try #require(try peer.regions().first)
        #expect(
          region["beat"] == 32.0 && region["length_beats"] == 8.0 && region["track"] == "other",
          "\(region.text)")
      }
    }

    @Test func `What waits for a person is heard on the cue, and not in the music`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen("command", "latent", "region")
        try peer.act(
          "phrase_generate",
          ["track": "lead", "at": "0", "for": 8, "num_variations": 2, "name": "riff", "approve": "manual"])
        #expect(peer.event { $0.content["type"] == "held" } != nil)
        for arguments in [["region": "riff"], ["region": "riff", "take": 2]] as [JSONValue] {
          let played = try peer.act("audition_play", arguments).result
          #expect(abs((played["seconds"]?.double ?? 0) - 4) < 0.01, "eight beats at 120")
          #expect(try eventually(30) { try peer.query("status")["cue"]?["peak_db"]?.double ?? -200 > -60 })
          #expect(try peer.query("status")["master"]?["peak_db"]?.double ?? 0 < -100)
          try peer.act("audition_stop")
        }
        #expect(try peer.refusal(of: "audition_play", ["region": "riff", "take": 3]).code == "out_of_range")
        #expect(try peer.regions().isEmpty)
      }
    }

    @Test func `A request that is repeated does not put back the region that somebody removed`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen("command", "latent")
        let request: JSONValue = ["track": "lead", "at": "0", "for": 8, "idempotency_key": "once"]
        let first = try peer.query("phrase_generate", request)
        try peer.finished(first["job_id"])
        #expect(try eventually { try peer.regions().count == 1 })
        try peer.query("region_rm", ["region": [first["region_id"] ?? nil]])
        let second = try peer.query("phrase_generate", request)
        #expect(second["how"] == "known" && second["job_id"] == first["job_id"])
        #expect(second["region_id"] == first["region_id"] && second["region"]?.object == nil)
        daemon.kill9()
        let again = try stage.daemon().peer()
        #expect(try again.query("phrase_generate", request)["how"] == "known")
        let listed = try again.query("region_ls")
        #expect(listed["regions"]?.array?.isEmpty == true && listed["latent"]?.array?.isEmpty == true)
      }
    }

    @Test func `What an undo, a kept session or a job needs is never forgotten`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen("command", "latent")
        let idle = try peer.query("abc_generate", ["abc": "X:1\nK:C\nCDEF|", "no_region": true])
        let spare = try peer.finished(idle["job_id"])["artifacts"]?.array?.first?.string
        let made = try peer.act(
          "phrase_generate", ["track": "lead", "at": "0", "for": 8, "name": "riff", "num_variations": 2])
        try peer.finished(made.result["job_id"])
        #expect(try eventually { try peer.regions().count == 1 })
        try peer.query("session_save", ["file": "copy"])
        try peer.act("region_rm", ["region": ["riff"]])
        func collected() throws -> [String] {
          let gone = try peer.query("artifact_gc", ["older": 0, "force": true])
          return gone["artifacts"]?.array?.compactMap { $0["hash"]?.string } ?? []
        }
        #expect(try collected() == [spare])
        // A job that brought it does not answer for it any more.
        let asked = try peer.query("abc_generate", ["abc": "X:1\nK:C\nCDEF|", "no_region": true])
        #expect(asked["how"] == "created")
        try peer.finished(asked["job_id"])
        #expect(try collected() == [spare])
        try peer.act("undo")
        try peer.act("approve", ["region": "riff", "take": 2])
        #expect(try eventually { try peer.regions().first?["take"] == 2 })
        try peer.act("session_new", ["name": "next"])
        #expect(try collected() == [], "two kept sessions use them")
        try peer.query("session_rm", ["name": "copy"])
        try peer.query("session_rm", ["name": "main"])
        #expect(try collected().count == 2)
        #expect(try peer.refusal(of: "session_rm", ["name": "next"]).code == "in_use")
        #expect(try peer.refusal(of: "session_rm", ["name": "main"]).code == "unknown_session")
      }
    }
  }
}
