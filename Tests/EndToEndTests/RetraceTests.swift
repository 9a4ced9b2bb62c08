import Foundation
import HootWire
import Testing

@testable import ControlSocket

extension EndToEnd {
  /// Undo and redo of edits that jobs have made something of.
  @Suite struct Retracing {
    private func ada(_ daemon: Daemon) throws -> Peer {
      let peer = try daemon.peer()
      peer.client.name = "ada"
      try peer.listen("command", "latent", "region")
      return peer
    }

    private func contents(_ peer: Peer) throws -> [String] {
      try peer.regions().compactMap { $0["content_hash"]?.string }
    }

    private func lineage(_ peer: Peer, _ region: String) throws -> [JSONValue] {
      try peer.query("region_show", ["region": .string(region)])["region"]?["lineage"]?.array ?? []
    }

    @Test func `What a job has brought goes with the generate that is undone, and comes back with it`() throws
    {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try ada(daemon)
        let made = try peer.act(
          "phrase_generate", ["track": "lead", "at": "1:1", "for": 8, "name": "riff", "seed": 7])
        try peer.finished(made.result["job_id"])
        #expect(try eventually { try peer.regions().count == 1 })
        let hash = try contents(peer)
        let undone = try peer.act("undo").result
        #expect(undone["edits"]?.array?.compactMap { $0["tool"]?.string } == ["generate"])
        let gone = try peer.query("region_ls")
        #expect(gone["regions"]?.array?.isEmpty == true && gone["latent"]?.array?.isEmpty == true)
        #expect(try peer.query("track_ls")["tracks"]?.array?.isEmpty == true)
        let kept = try peer.query("artifact_list")["artifacts"]?.array ?? []
        #expect(kept.compactMap { $0["hash"]?.string } == hash)
        try peer.act("redo")
        #expect(try contents(peer) == hash)
        try peer.act("play", ["from": "0"])
        #expect(try eventually(30) { try peer.query("status")["notes_started"]?.int ?? 0 > 0 })
        try peer.act("stop")

        // Over a kill, and by somebody who is called the same.
        daemon.kill9()
        let again = try ada(try stage.daemon())
        try again.act("undo")
        #expect(try again.regions().isEmpty)
        try again.act("redo")
        #expect(try contents(again) == hash)
      }
    }

    @Test func `A generate that is undone while its job runs is filled when it is made again`() throws {
      try Stage.run { stage in
        let host = try Orpheus(seconds: 0.4)
        defer { host.stop() }
        let peer = try ada(try stage.daemon())
        try host.join(peer)
        let made = try peer.act("orpheus_generate", ["track": "lead", "at": "0", "for": 400]).result
        try peer.act("undo")
        let job = try peer.finished(made["job_id"])
        #expect(job["state"] == "succeeded")
        #expect(try peer.regions().isEmpty)
        try peer.act("redo")
        #expect(try eventually(30) { try contents(peer) == job["artifacts"]?.array?.compactMap(\.string) })
        // Once more, with what came after the redo.
        try peer.act("undo")
        #expect(try peer.query("track_ls")["tracks"]?.array?.isEmpty == true)
      }
    }

    @Test func `A vary, an approval and a choice of takes are undone each by itself, by who made them`()
      throws
    {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try ada(daemon)
        let bob = try daemon.peer()
        bob.client.name = "bob"
        let made = try peer.act(
          "phrase_generate",
          ["track": "lead", "at": "1:1", "for": 8, "name": "riff", "approve": "manual"])
        #expect(peer.event { $0.content["type"] == "held" } != nil)
        try peer.act("approve", ["region": "riff"])
        #expect(try eventually { try peer.regions().count == 1 })
        let first = try contents(peer)
        let varied = try peer.act("vary", ["region": "riff", "param": ["seed=9"]]).result
        try peer.finished(varied["job_id"])
        #expect(peer.event { $0.content["type"] == "held" } != nil)
        #expect(try contents(peer) == first, "the variation waits for a person")
        try peer.act("approve", ["region": "riff"])
        #expect(try eventually { try contents(peer) != first })
        let second = try contents(peer)
        try peer.act("approve", ["region": "riff", "take": 1])
        #expect(try eventually { try contents(peer) == first })

        for (tool, hashes) in [("approve", second), ("approve", first), ("vary", first), ("approve", [])] {
          let undone = try peer.act("undo").result
          #expect(undone["edits"]?.array?.first?["tool"]?.string == tool)
          #expect(try contents(peer) == hashes, "\(tool)")
        }
        try peer.act("redo", ["times": 4])
        #expect(try contents(peer) == first)
        #expect(try lineage(peer, "riff").map { $0["variation_of"]?.int } == [nil, 1])

        // What another has done to the region stands in the way, and it is said who.
        try bob.query("region_set", ["region": "riff", "gain": -6.0])
        let refusal = try peer.refusal(of: "undo", ["times": 5])
        #expect(refusal.code == "conflict" && refusal.lines[1].contains("bob (region_set)"), "\(refusal)")
        try bob.query("undo")
        try peer.act("undo", ["times": 5])
        #expect(try peer.regions().isEmpty)
        #expect(try peer.refusal(of: "undo").code == "nothing_to_undo")
        #expect(try bob.refusal(of: "undo").code == "nothing_to_undo", "what jobs do is nobody's edit")
        _ = made
      }
    }

    @Test func `A tempo that a region has brought goes with it`() throws {
      try Stage.run { stage in
        let peer = try ada(try stage.daemon())
        let made = try peer.act(
          "abc_generate", ["abc": "X:1\nQ:1/4=90\nK:C\nCDEF|", "track": "lead", "at": "0", "fit": "adopt"])
        try peer.finished(made.result["job_id"])
        // MIDI keeps whole microseconds of a beat.
        func tempo() throws -> Double? {
          try peer.query("tempo")["segments"]?.array?.first?["tempo_bpm"]?.double
        }
        #expect(try eventually { try abs((tempo() ?? 0) - 90) < 0.01 })
        try peer.act("undo")
        #expect(try tempo() == 120)
        try peer.act("redo")
        #expect(try abs((tempo() ?? 0) - 90) < 0.01)
        // Somebody's own tempo stays.
        try peer.act("tempo", ["bpm": 100])
        try peer.act("undo")
        #expect(try abs((tempo() ?? 0) - 90) < 0.01)
        let other = try Peer(stage.socketDir)
        other.client.name = "bob"
        try other.query("tempo", ["bpm": 77])
        try peer.act("undo")
        #expect(try peer.regions().isEmpty)
        #expect(try tempo() == 77)
      }
    }
  }
}
