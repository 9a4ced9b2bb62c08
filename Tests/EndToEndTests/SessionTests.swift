import Foundation
import Glibc
import HootWire
import Testing

extension EndToEnd {
  @Suite struct Sessions {
    /// A daemon with a noise on a track and a marker, saved to a file.
    private func saved(_ stage: Stage, _ peer: Peer, _ name: String) throws -> String {
      try Material.noise(stage.file("noise.wav"), frames: 96_000)
      try peer.act("region_add", ["file": .string(stage.file("noise.wav")), "track": "hiss", "at": "2"])
      try peer.act("region_add", ["file": .string(Stage.demo("chords.mid")), "track": "keys", "at": "0"])
      try peer.act("track_set", ["track": "hiss", "gain": -3, "pan": 0.25])
      try peer.act("track_set", ["track": "master", "gain": -2])
      try peer.act("tempo", ["bpm": 100])
      try peer.act("marker_add", ["name": "chorus", "at": "4"])
      try peer.query("session_save", ["file": .string(stage.file(name))])
      return stage.file(name)
    }

    @Test func `A session saved and loaded is the session it was`() throws {
      try Stage.run { stage in
        let first = try stage.daemon("--audio", "timer")
        let peer = try first.peer()
        try peer.listen()
        let path = try saved(stage, peer, "set.json")
        let picture = try peer.picture()
        let refused = try peer.refusal(of: "session_save", ["file": .string(stage.file("noise.wav"))])
        #expect(refused.code == "exists")
        #expect(try stage.garden("session", "save", "set.json").status == 0, "its own file")
        #expect(first.quit() == 0)

        let second = try stage.daemon("--audio", "timer").peer()
        try second.listen()
        try second.act("session_load", ["file": .string(path)])
        #expect(try second.picture() == picture)
        #expect(try second.query("status")["master"]?["gain_db"]?.double == -2)
        let rows = try stage.json("session", "ls")["sessions"]?.array ?? []
        // What played before is kept, too.
        #expect(rows.count == 2 && rows[0]["file"]?.string == path && rows[0]["name"] == "set")
        #expect(rows[1]["state"] == "kept" && rows[1]["name"] == "main")
        // An edit of the entered session lands as any other.
        try second.act("region_clear", ["track": "hiss"])
        #expect(try second.regions().count == 1)
      }
    }

    @Test func `The next session is entered where it was told to, while the transport rolls`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon("--audio", "timer")
        let peer = try daemon.peer()
        try peer.listen("command", "session", "transport")
        let path = try saved(stage, peer, "set.json")
        try peer.act("region_clear", ["track": "hiss"])
        try peer.act("track_add", ["name": "only here"])
        try peer.query("session_next", ["file": .string(path)])
        #expect(try peer.query("status")["next_session"]?.string == path)
        #expect(try peer.query("track_ls")["tracks"]?.array?.count == 3)
        try peer.act("play", ["from": "0"])
        let reply = try peer.query("session_enter", ["at": "3"])
        let id = try #require(reply["command"]?["id"]?.int)
        #expect(try peer.refusal(of: "session_next", ["file": .string(path)]).code == "busy")
        let waiting = try peer.query("pause", ["at": "900"])["command"]?["id"]?.int
        let landed = try #require(peer.landing(of: id))
        // The playhead of the new session begins at its start, and rolls on.
        #expect(landed["beat"]?.double == 0)
        #expect(abs(landed["late_frames"]?.int ?? 99) <= 32)
        #expect(try peer.state() == "rolling")
        #expect(
          try peer.query("track_ls")["tracks"]?.array?.compactMap { $0["name"]?.string } == ["hiss", "keys"])
        #expect(try peer.regions().count == 2)
        let failed = peer.event { $0.content["type"] == "failed" }
        #expect(failed?["command"]?.int == waiting || failed == nil)
        #expect(try eventually { try peer.transport()["beat"]?.double ?? 0 > 1 })
        try peer.act("stop")
        #expect(daemon.isRunning)
      }
    }

    @Test func `A session that cannot be prepared is refused by name and changes nothing`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon("--audio", "timer").peer()
        try peer.listen("command", "session")
        let path = try saved(stage, peer, "set.json")
        let picture = try peer.picture()
        unlink(stage.file("noise.wav"))
        let missing = try peer.refusal(of: "session_next", ["file": .string(path)])
        #expect(missing.exit == 66 && missing.lines[1].contains("noise.wav"))
        #expect(try peer.refusal(of: "session_load", ["file": .string(path)]).exit == 66)
        #expect(peer.event { $0.content["type"] == "prepare_failed" } != nil)
        try stage.write(Array("{\"schema\": 3".utf8), "broken.json")
        #expect(try peer.refusal(of: "session_next", ["file": .string(stage.file("broken.json"))]).exit == 65)
        #expect(try peer.refusal(of: "session_next", ["file": .string(stage.file("gone.json"))]).exit == 66)
        #expect(try peer.refusal(of: "session_enter").code == "no_session")
        #expect(try peer.picture() == picture)

        let allowed = try peer.query("session_next", ["file": .string(path), "allow_missing": true])
        #expect(allowed["session"]?["warnings"]?.array?.count == 1)
        try peer.query("session_drop")
        #expect(try peer.refusal(of: "session_enter").code == "no_session")
        #expect(try peer.picture() == picture)
        try peer.query("session_next", ["file": .string(path), "allow_missing": true])
        try peer.query("lock", ["on": true])
        let locked = try peer.refusal(of: "session_load", ["file": .string(path), "allow_missing": true])
        #expect(locked.code == "locked")
        // Behind the last marker the next cue is the next session.
        try peer.act("seek", ["position": "50"])
        try peer.act("next")
        #expect(try peer.regions().count == 2)
      }
    }

    @Test func `Taken back before its place, a session is not entered`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon("--audio", "timer").peer()
        try peer.listen("command", "session")
        let path = try saved(stage, peer, "set.json")
        try peer.query("session_next", ["file": .string(path)])
        try peer.act("track_add", ["name": "only here"])
        try peer.query("session_enter", ["at": "2"])
        try peer.act("session_drop")
        #expect(try eventually { try peer.query("session_ls")["sessions"]?.array?.count == 1 })
        try peer.act("play", ["from": "0"])
        #expect(try eventually { try peer.transport()["beat"]?.double ?? 0 > 3 })
        #expect(try peer.query("track_ls")["tracks"]?.array?.count == 3)
      }
    }
  }
}
