import Foundation
import Glibc
import HootWire
import Testing

@testable import ControlSocket

extension EndToEnd {
  /// Edits outlive the daemon.
  @Suite struct JournalTests {
    private func export(_ peer: Peer) throws -> JSONValue {
      try peer.query("session_export")["session"] ?? nil
    }

    private func markers(_ peer: Peer) throws -> [String] {
      try peer.query("marker_ls")["markers"]?.array?.compactMap { $0["name"]?.string } ?? []
    }

    private func session(_ peer: Peer) throws -> JSONValue { try peer.query("status")["session"] ?? nil }

    @Test func `After a kill everything is as it was`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.query("track_add", ["name": "keys", "gain": -4.0])
        try peer.query("bus_add", ["name": "room", "effect": "reverb"])
        try peer.query("send_set", ["strip": "keys", "bus": "room", "level": -9.0])
        try peer.query("region_add", ["file": .string(Stage.demo("lead.mid")), "track": "keys", "at": "3:1"])
        try peer.query("region_add", ["file": .string(Stage.demo("texture.wav")), "track": "pad"])
        try peer.query("region_mv", ["region": "texture", "at": "5:1"])
        try peer.query("tempo", ["bpm": 133.0])
        try peer.query("tempo", ["bpm": 90.0, "at": "9:1"])
        try peer.query("marker_add", ["name": "chorus", "at": "5:1"])
        try peer.query("loop", ["start": "1:1", "end": "9:1"])
        try peer.query("track_set", ["track": "master", "gain": -2.0])
        try peer.query("track_set", ["track": "cue", "gain": -7.0])
        try peer.query("metronome", ["on": true, "level": -11.0])
        let latent = UUID().uuidString.lowercased()
        let created = try peer.request(
          "create_region",
          [
            "position": 4.0, "duration": 2.0,
            "behavior": ["latent": ["job_id": .string(latent)]],
          ])
        let id = created["region_id"] ?? nil
        #expect(id.string != nil, "\(created.text)")
        let resolved = try peer.request(
          "update_latent_resolved",
          [
            "region_id": id, "content_hash": "00000000000000000000000000000000", "artifact_id": "a1",
            "content_type": "midi",
          ])
        #expect(resolved["type"] == "ok", "\(resolved.text)")
        let before = try export(peer)
        #expect(before["latents"]?.array?.first?["status"] == "resolved")
        daemon.kill9()
        let after = try stage.daemon().peer()
        #expect(try export(after).text == before.text)
        let status = try after.query("status")
        #expect(status["cue"]?["gain_db"]?.double == -7)
        #expect(status["transport"]?["metronome"]?["on"] == true)
        #expect(status["transport"]?["metronome"]?["level_db"]?.double == -11)
        // What it plays is there, too: both kinds sound.
        try after.listen("command", "region")
        try after.act("play", ["from": "5:1"])
        let names = Set((0..<2).compactMap { _ in after.event { $0.topic == "region" }?["name"]?.string })
        #expect(names.contains("texture"))
      }
    }

    /// The whole count is a scene of `scripts/soak`.
    @Test func `Killed while a client edits, it keeps what it acknowledged, once`() throws {
      try Stage.run { stage in
        var acknowledged: [String] = []
        var pending: String?
        for round in 0..<4 {
          let daemon = try stage.daemon()
          let peer = try daemon.peer()
          let present = try markers(peer)
          #expect(Set(present).isSuperset(of: acknowledged) && Set(present).count == present.count)
          #expect(Set(present).subtracting(acknowledged).subtracting([pending ?? ""]).isEmpty)
          acknowledged = present
          let number = daemon.processID
          let pause = UInt32(20_000 + 37_000 * round)
          let killer = Thread {
            usleep(pause)
            kill(number, SIGKILL)
          }
          killer.start()
          for index in 0... {
            let name = "m\(round)-\(index)"
            pending = name
            var timeouts = ClientTimeouts()
            timeouts.reply = .milliseconds(300)
            guard daemon.isRunning || kill(number, 0) == 0,
              let reply = try? peer.client.request(
                ["type": "marker_add", "name": .string(name), "at": "1:1"], timeout: .milliseconds(800)),
              reply["type"] == "ok"
            else { break }
            acknowledged.append(name)
            pending = nil
          }
          #expect(eventually { !daemon.isRunning })
        }
        #expect(acknowledged.count > 4)
        let peer = try stage.daemon().peer()
        #expect(Set(try markers(peer)).isSuperset(of: acknowledged))
      }
    }

    @Test(arguments: [false, true])
    func `Killed while it rolls, it stands at that bar, or plays on`(resumes: Bool) throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        try peer.query("region_add", ["file": .string(Stage.demo("lead.mid")), "track": "keys"])
        try peer.act("play", ["from": "7:1"])
        #expect(try eventually(30) { try peer.transport()["beat"]?.double ?? 0 > 25 })
        // The note of the start is on the disk once an edit after it is.
        #expect(eventually { (try? peer.query("marker_add", ["name": "here"])) != nil })
        daemon.kill9()
        let after = try resumes ? stage.daemon("--resume").peer() : stage.daemon().peer()
        if resumes {
          #expect(try eventually(30) { try after.state() == "rolling" })
          #expect(try after.transport()["bar"]?.int ?? 0 >= 7)
        } else {
          #expect(try eventually(30) { try after.transport()["bar"]?.int == 7 })
          #expect(try after.state() == "stopped" && after.transport()["beat"]?.double == 24)
        }
      }
    }

    @Test func `A damaged edit ends the restoring at the last good state, once`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        for name in ["one", "two", "three"] {
          try peer.query("marker_add", ["name": .string(name), "at": "2:1"])
        }
        #expect(daemon.quit() == 0)
        let path = stage.folder + "/home/state/chaosgarden/ledger.db"
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let word = Array("\"three\"".utf8)
        var hits = 0
        for index in bytes.indices.dropLast(word.count) where Array(bytes[index..<index + word.count]) == word
        {
          bytes[index + 2] ^= 1
          hits += 1
        }
        try #require(hits > 0)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let second = try stage.daemon()
        let mended = try second.peer()
        #expect(try markers(mended).sorted() == ["one", "two"])
        let warnings = try session(mended)["warnings"]?.array?.compactMap(\.string) ?? []
        #expect(warnings.contains { $0.contains("cannot be used") && $0.contains("kept aside") })
        try mended.query("marker_add", ["name": "four", "at": "2:1"])
        second.kill9()
        let third = try stage.daemon().peer()
        #expect(try markers(third).sorted() == ["four", "one", "two"])
        #expect(try session(third)["warnings"]?.array?.isEmpty == true)
      }
    }

    @Test func `Each client takes back its own edits, and is told who stands in the way`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let (ada, bob) = (try daemon.peer(), try daemon.peer())
        (ada.client.name, bob.client.name) = ("ada", "bob")
        try ada.query("track_add", ["name": "keys"])
        try bob.query("marker_add", ["name": "bobs", "at": "2:1"])
        try ada.query("marker_add", ["name": "adas", "at": "3:1"])
        try bob.query("track_set", ["track": "keys", "gain": -6.0])
        // Ada's last, not the last of all.
        try ada.query("undo")
        #expect(try markers(ada) == ["bobs"])
        let refusal = try ada.refusal(of: "undo")
        #expect(refusal.code == "conflict" && refusal.lines[1].contains("bob (track_set)"))
        #expect(refusal.lines[1].contains("the track keys"))
        try ada.query("redo")
        #expect(try markers(ada) == ["bobs", "adas"])
        daemon.kill9()
        let again = try stage.daemon()
        let (ada2, bob2) = (try again.peer(), try again.peer())
        (ada2.client.name, bob2.client.name) = ("ada", "bob")
        try bob2.query("undo", ["times": 2])
        #expect(try markers(ada2) == ["adas"])
        try ada2.query("undo", ["times": 2])
        #expect(try ada2.query("track_ls")["tracks"]?.array?.isEmpty == true)
        let nothing = try ada2.refusal(of: "undo")
        #expect(nothing.code == "nothing_to_undo")
        try bob2.query("redo")
        #expect(try markers(ada2) == ["bobs"])
      }
    }

    @Test func `A region that was removed sounds again when it is back`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen("command", "region")
        try peer.act("region_add", ["file": .string(Stage.demo("lead.mid")), "track": "keys"])
        try peer.act("track_rm", ["track": "keys"])
        try peer.act("undo")
        try peer.act("play", ["from": "0"])
        #expect(peer.event { $0.content["type"] == "region_started" }?["name"] == "lead")
        #expect(try eventually(30) { try peer.query("status")["notes_started"]?.int ?? 0 > 0 })
      }
    }

    @Test func `Sessions are kept by name, and the last one plays after a restart`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.query("marker_add", ["name": "of main", "at": "2:1"])
        #expect(try peer.query("session_save", ["file": "before"])["name"] == "before")
        #expect(try peer.refusal(of: "session_save", ["file": "before"]).code == "exists")
        try peer.query("session_new", ["name": "encore"])
        #expect(try markers(peer).isEmpty)
        try peer.query("marker_add", ["name": "of encore", "at": "2:1"])
        #expect(try peer.refusal(of: "session_new", ["name": "main"]).code == "exists")
        #expect(try peer.refusal(of: "session_load", ["file": "none"]).code == "no_session")
        daemon.kill9()
        let second = try stage.daemon()
        let after = try second.peer()
        #expect(try markers(after) == ["of encore"] && session(after)["name"] == "encore")
        let names = try after.query("session_ls")["sessions"]?.array?.compactMap { $0["name"]?.string }
        #expect(names == ["encore", "before", "main"])
        try after.query("session_load", ["file": "main"])
        #expect(try markers(after) == ["of main"])
        #expect(second.quit() == 0)
        let third = try stage.daemon("--session", "before").peer()
        #expect(try markers(third) == ["of main"] && session(third)["name"] == "before")
      }
    }

    @Test func `Replies come in the order of the requests, edits or not`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        var sent: [UUID] = []
        for index in 0..<120 {
          let content: JSONValue =
            switch index % 3 {
            case 0: ["type": "marker_add", "name": .string("m\(index)"), "at": "2:1"]
            case 1: ["type": "status"]
            default: ["type": "seek", "position": "3:1"]
            }
          sent.append(try peer.client.send(content))
        }
        for id in sent {
          let reply = try #require(try peer.client.nextReply(timeout: .seconds(30)))
          #expect(reply.id == id && reply.content["type"] == "ok", "\(reply.content.text)")
        }
      }
    }

    @Test func `One ledger is for one daemon, and for this program`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let ledger = stage.folder + "/home/state/chaosgarden"
        let second = try stage.chaosgarden(
          "--audio", "timer", "--socket-dir", stage.folder + "/other", "--ledger", ledger)
        #expect(second.status == 1 && second.refusal.count == 3)
        #expect(second.refusal[1].contains("Another daemon uses"))
        #expect(daemon.quit() == 0)
        let foreign = stage.folder + "/foreign"
        mkdir(foreign, 0o700)
        try Data(repeating: 0x41, count: 8_192).write(to: URL(fileURLWithPath: foreign + "/ledger.db"))
        let third = try stage.chaosgarden("--audio", "timer", "--ledger", foreign)
        #expect(third.status != 0 && third.refusal.count == 3, "\(third.error)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: foreign + "/ledger.db")).count == 8_192)
      }
    }
  }
}
