import Glibc
import HootWire
import Testing

extension EndToEnd {
  /// Markers as cue points, and what happens on the next bar.
  struct Cues {
    @Test func `A seek on the next bar lands on its line, and the reply has said so`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon("--period", "256")
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act("tempo", ["bpm": 240])
        try peer.act("marker_add", ["name": "chorus", "at": "33:1"])
        try peer.act("play", ["from": "1:2"])
        for bars in ["@next-bar", "@next-2-bars", "@next-beat"] {
          let reply = try peer.query("seek", ["position": "@chorus", "at": .string(bars)])
          let command = try #require(reply["command"])
          #expect(command["waits_for_playhead"] == true)
          let landed = try #require(peer.landing(of: command["id"]?.int ?? 0))
          // The event tells the place after the jump; how late it was is counted from the line itself.
          #expect(landed["beat"] == 128.0, "\(bars): \(landed.text)")
          #expect(abs(landed["late_frames"]?.int ?? 999) <= 32, "\(bars): \(landed.text)")
          let due = try #require(command["due_frame"]?.int)
          // A busy machine may take a later line than the one that was due, never a place between lines.
          let later = (landed["frame"]?.int ?? 0) - due
          let beyond = (later + 6_000) % 12_000 - 6_000
          #expect(later >= -512 && abs(beyond) <= 512, "\(bars): \(landed.text), due \(due)")
        }
      }
    }

    @Test func `The due place of a raster is its next line`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act("tempo", ["bpm": 20])
        try peer.act("play", ["from": "6:2"])
        func due(_ raster: String) throws -> JSONValue? {
          try peer.query("pause", ["at": .string(raster)])["command"]?["due_position"]
        }
        #expect(try due("@next-bar") == "7:1:000")
        #expect(try due("@next-4-bars") == "9:1:000")
        #expect(try due("@next-beat") == "6:3:000")
      }
    }

    @Test func `Around a loop the next bar is the loop's first, and a loop without one is refused`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon("--period", "256")
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act("tempo", ["bpm": 300])
        try peer.act("loop", ["start": "3:1", "end": "4:1"])
        try peer.act("play", ["from": "3:2"])
        let reply = try peer.query("seek", ["position": "9:1", "at": "@next-bar"])
        #expect(reply["command"]?["due_position"] == "3:1:000")
        let landed = try #require(peer.landing(of: reply["command"]?["id"]?.int ?? 0))
        #expect(landed["beat"] == 32.0 && abs(landed["late_frames"]?.int ?? 999) <= 32, "\(landed.text)")
        try peer.act("loop", ["start": "3:2", "end": "3:4"])
        try peer.act("seek", ["position": "3:2"])
        let refusal = try peer.refusal(of: "seek", ["position": "9:1", "at": "@next-bar"])
        #expect(refusal.code == "bad_position" && refusal.exit == 1)
      }
    }

    @Test func `A playhead that stands jumps and rolls at once`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        #expect(try peer.act("seek", ["position": "5:1", "at": "@next-bar"]).landed["beat"] == 16.0)
        #expect(try peer.act("seek", ["position": "2:2"]).landed["beat"] == 5.0)
        #expect(try peer.act("play", ["at": "@next-bar"]).landed["beat"] == 8.0)
        #expect(try peer.state() == "rolling")
        try peer.act("pause")
        try peer.act("seek", ["position": "4:1"])
        // It stands on a line: that is the one.
        #expect(try peer.act("play", ["at": "@next-bar"]).landed["beat"] == 12.0)
      }
    }

    @Test func `Next, previous and cue go from marker to marker`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        for (name, at) in [("intro", "2:1"), ("verse", "5:1"), ("chorus", "9:1")] {
          try peer.act("marker_add", ["name": .string(name), "at": .string(at)])
        }
        #expect(try peer.act("next").landed["beat"] == 4.0)
        #expect(try peer.act("next").landed["beat"] == 16.0)
        let cues = try peer.query("marker_ls")["markers"]?.array?.map { $0["cue"] ?? nil }
        #expect(cues == ["previous", "here", "next"])
        #expect(try peer.act("cue", ["name": "chorus"]).landed["beat"] == 32.0)
        #expect(try peer.refusal(of: "next").exit == 1)
        #expect(try peer.act("previous").landed["beat"] == 16.0)
        #expect(try peer.refusal(of: "cue", ["name": "bridge"]).code == "unknownMarker")
        // Pressed twice before the first has landed, it goes two markers on.
        try peer.act("seek", ["position": 0])
        _ = try peer.query("next")
        #expect(try peer.act("next").landed["beat"] == 16.0)
      }
    }

    @Test func `A marker moves, takes another name, and none that a position means otherwise`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        try stage.json("marker", "add", "chorus", "--at", "9:1")
        #expect(try stage.json("marker", "mv", "chorus", "--at", "10:1")["marker"]?["beat"] == 36.0)
        #expect(try stage.json("marker", "rename", "chorus", "refrain")["marker"]?["name"] == "refrain")
        #expect(try stage.json("seek", "@refrain")["landed"]?["beat"] == 36.0)
        for refused in [
          ["marker", "add", "next-bar"], ["marker", "add", "end"],
          ["marker", "rename", "refrain", "next-4-bars"],
          ["marker", "mv", "chorus", "--at", "1:1"], ["seek", "@loop-start"],
        ] {
          let outcome = try stage.execute("garden", refused)
          #expect(outcome.status == 1 && outcome.refusal.count == 3, "\(refused): \(outcome.error)")
        }
        try stage.json("marker", "add", "start", "--at", "2:1")
        #expect(try stage.json("seek", "@start")["landed"]?["beat"] == 4.0)
      }
    }

    @Test func `Taps set the tempo and keep the place`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act("seek", ["position": "3:1"])
        let tapped = try peer.act("tap", ["intervals": [0.5, 0.4, 0.4, 0.9]])
        #expect(tapped.result["tempo_bpm"] == 133.33 && tapped.landed["beat"] == 8.0)
        for count in 1...3 {
          let reply = try peer.query("tap")
          #expect(reply["taps"] == .integer(Int64(count)) && reply["command"] == nil && reply["needed"] == 4)
          usleep(250_000)
        }
        let fourth = try peer.act("tap").result
        let bpm = try #require(fourth["tempo_bpm"]?.double)
        // Sleeps are never shorter than they say, and on a busy machine longer.
        #expect(bpm < 241 && bpm > 120, "\(bpm)")
        #expect(try peer.refusal(of: "tap", ["intervals": [0.01]]).exit == 64)
        let line = try stage.garden("tap", "--once")
        #expect(line.status == 0 && !line.out.isEmpty)
        #expect(try stage.garden("loop").out == "no loop\n")
      }
    }
  }
}
