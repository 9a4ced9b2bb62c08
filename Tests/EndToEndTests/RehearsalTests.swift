import Foundation
import HootWire
import Testing

extension EndToEnd {
  /// Metronome, count-in and automation, through the doors.
  struct Rehearsal {
    @Test func `The click is off, on a channel of its own, and says where it is not heard`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        let first = try #require(try stage.json("metronome")["metronome"])
        #expect(first["on"] == false && first["output"] == "click" && first["level_db"] == -6.0)
        let on = try stage.json("metronome", "on", "--level", "-12dB", "--subdivide", "2")
        #expect(on["metronome"]?["level_db"] == -12.0 && on["metronome"]?["subdivide"] == 2)
        #expect(on["metronome"]?["heard"] == false && on["landed"] != nil)
        #expect(on["warnings"]?.array?.count == 1)
        #expect(try stage.json("status")["transport"]?["metronome"]?["on"] == true)
        #expect(try stage.garden("status").out.contains("click not heard"))
        // What is not said stays.
        #expect(try stage.json("metronome", "off")["metronome"]?["level_db"] == -12.0)
        for wrong in [
          ["metronome", "on", "off"], ["metronome", "--level", "6"], ["metronome", "--subdivide", "5"],
          ["metronome", "--output", "speakers"],
        ] {
          let outcome = try stage.execute("garden", wrong)
          #expect(outcome.status == 64 && outcome.refusal.count == 3, "\(wrong): \(outcome.error)")
        }
      }
    }

    @Test func `A count-in is answered at once and names the frame of the music`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon("--period", "256")
        let peer = try daemon.peer()
        try peer.listen("command", "transport")
        try peer.act("tempo", ["bpm": 600])
        let counted = try peer.act("play", ["from": "3:1", "count_in": 2])
        #expect(counted.result["count_in_bars"] == 2)
        let start = try #require(counted.landed["frame"]?.int)
        #expect(counted.landed["beat"] == 8.0)
        // Two bars of four beats of 4800 frames, from the block it landed in.
        let status = try peer.transport()
        let isThere = try peer.deviceFrame() >= start
        #expect(isThere || status["state"] == "count-in")
        let rolling = try #require(peer.event { $0.content["type"] == "rolling" })
        #expect(rolling["frame"] == .integer(start) && rolling["beat"] == 8.0)
        #expect(try peer.state() == "rolling")
        #expect(try peer.refusal(of: "play", ["count_in": 1]).code == "rolling")
        try peer.act("pause")
        try peer.act("tempo", ["bpm": 30])
        try peer.act("play", ["count_in": 1])
        let counting = try peer.transport()
        #expect(counting["state"] == "count-in")
        #expect((-4 ... -1).contains(counting["count_in"]?["beat"]?.int ?? 0))
        try peer.act("pause")
        let after = try peer.transport()
        #expect(after["state"] == "paused" && after["count_in"] == .null)
      }
    }

    @Test func `Automation is drawn, listed, heard, kept by edits and taken away`() throws {
      try Stage.run { stage in
        try Material.wav(stage.file("half.wav"), frames: 192_000) { _ in 0.5 }
        _ = try stage.daemon()
        try stage.json("region", "add", "half.wav", "--name", "dc", "--track", "lead")
        let drawn = try stage.json(
          "automation", "set", "gain", "1:1=-inf", "2:1=0:exponential", "3:1=-20:hold", "--track", "lead")
        #expect(drawn["automation"]?.array?.count == 3)
        try stage.json("automation", "set", "pan", "0=0", "4=1", "--region", "dc")
        #expect(
          try stage.garden("automation", "ls", "--track", "lead").out
            == """
            TRACK  REGION  PARAMETER  POSITION  BEAT  VALUE  SHAPE
            lead   -       gain        1:1:000     0   -120  linear
            lead   -       gain        2:1:000     4      0  exponential
            lead   -       gain        3:1:000     8    -20  hold

            """)
        try stage.json("render", "-o", "out.wav", "--no-limiter", "--to", "3:1")
        let sound = try Material.samples(stage.file("out.wav"))
        // Bar 1: from silence to 0.5; its balance goes from the middle to the right.
        for frame in stride(from: 6400, to: 96_000, by: 6400) {
          let x = Double(frame) / 96_000
          #expect(abs(Double(sound.right[frame]) - 0.5 * x) < 1e-4, "frame \(frame)")
          #expect(abs(Double(sound.left[frame]) - 0.5 * x * (1 - x)) < 1e-4, "frame \(frame)")
        }
        // Bar 2: straight in dB to −20.
        #expect(abs(Double(sound.right[144_000]) - 0.5 * pow(10, -0.5)) < 1e-4)
        #expect(sound.left[100_000] == 0)

        let parts = try stage.json("region", "split", "dc", "--at", "1:3")["regions"]?.array
        #expect(parts?.count == 2)
        #expect(
          try stage.json("automation", "ls", "--region", "dc-2")["automation"]?.array?.first?["value"] == 0.5)
        try stage.json("render", "-o", "split.wav", "--no-limiter", "--to", "3:1")
        let split = try Material.samples(stage.file("split.wav"))
        for frame in stride(from: 0, to: 190_000, by: 320) {
          #expect(abs(split.left[frame] - sound.left[frame]) < 1e-4, "frame \(frame)")
        }
        #expect(try stage.json("automation", "clear", "--track", "lead")["removed"] == 1)
        #expect(try stage.json("automation", "ls", "--track", "lead")["automation"] == [])
      }
    }

    @Test func `A lane that cannot be is refused and changes nothing`() throws {
      try Stage.run { stage in
        try Material.wav(stage.file("half.wav"), frames: 4800) { _ in 0.5 }
        let daemon = try stage.daemon()
        try stage.json("region", "add", "half.wav", "--name", "dc", "--track", "lead")
        try stage.json("automation", "set", "gain", "0=-6", "--track", "lead")
        let before = try stage.json("automation", "ls")["automation"]
        let wrong: [([String], Int32)] = [
          (["gain", "0=-6"], 64), (["gain", "0=-6", "--track", "lead", "--region", "dc"], 64),
          (["gain", "--track", "lead"], 64), (["gain", "0", "--track", "lead"], 64),
          (["gain", "0=loud", "--track", "lead"], 64), (["gain", "0=-6:curly", "--track", "lead"], 64),
          (["gain", "0=30", "--track", "lead"], 64), (["gain", "0=nan", "--track", "lead"], 64),
          (["gain", "0=1:s:s", "--track", "lead"], 64), (["volume", "0=1", "--track", "lead"], 64),
          (["pan", "0=2", "--track", "lead"], 1), (["pan", "x=1", "--track", "lead"], 64),
          (["pan", "@nowhere=1", "--track", "lead"], 1), (["pan", "5:1=1", "--region", "dc"], 64),
          (["gain", "0=-6", "--track", "nobody"], 1), (["gain", "0=-6", "--track", "master"], 1),
          (["gain", "0=-6", "--region", "nothing"], 1),
        ]
        for (words, status) in wrong {
          let outcome = try stage.execute("garden", ["automation", "set"] + words)
          #expect(outcome.status == status && outcome.refusal.count == 3, "\(words): \(outcome.error)")
        }
        let peer = try daemon.peer()
        let hostile: [JSONValue] = [
          [["at": 0, "value": "x"]], [["at": 0]], [["value": 0]], [["at": 0, "value": 0, "more": 1]],
          [["at": [0], "value": 0]], [["at": 0, "value": 0, "shape": 7]], [nil], [], "0=", [[0, 0]], 7,
          [["at": 1e300, "value": 0]], [["at": -1, "value": -1e300]],
        ]
        for points in hostile {
          let arguments: JSONValue = ["parameter": "gain", "track": "lead", "points": points]
          _ = try peer.refusal(of: "automation_set", arguments)
        }
        try peer.query(
          "automation_set",
          ["parameter": "gain", "track": "lead", "points": [["at": 0, "value": -6, "shape": "linear"]]])
        #expect(try stage.json("automation", "ls")["automation"] == before)
      }
    }

    @Test func `Automation and its limits are in the exported session`() throws {
      try Stage.run { stage in
        try Material.wav(stage.file("half.wav"), frames: 48_000) { _ in 0.5 }
        _ = try stage.daemon()
        try stage.json("region", "add", "half.wav", "--track", "lead")
        try stage.json("automation", "set", "gain", "0=-6:hold", "1=-12", "--track", "lead")
        let session = try stage.json("session", "export")
        let lane = (session["session"] ?? session)["tracks"]?.array?.first?["automation"]?["gain"]
        #expect(lane?["points"]?.array?.count == 2)
        let limits = try stage.json("status", "--limits")["limits"]?.array ?? []
        #expect(limits.contains { $0["name"] == "points of a lane" && $0["value"] == 10_000.0 })
      }
    }

    @Test func `A render has the click only when asked, on its beats and not behind the end`() throws {
      try Stage.run { stage in
        try Material.wav(stage.file("quiet.wav"), frames: 96_000) { _ in 0 }
        for click in [false, true] {
          let flags = click ? ["--click"] : []
          let outcome = try stage.execute(
            "chaosgarden", ["render", "-o", "\(click).wav", "--no-limiter"] + flags + ["quiet.wav"])
          try #require(outcome.status == 0, "\(outcome.error)")
        }
        #expect(try Material.samples(stage.file("false.wav")).left.allSatisfy { $0 == 0 })
        let heard = try Material.samples(stage.file("true.wav"))
        for beat in 0..<4 {
          #expect(heard.left[beat * 24_000] > 0.3)
          #expect(heard.left[(beat * 24_000 + 2400)..<((beat + 1) * 24_000)].allSatisfy { $0 == 0 })
        }
        #expect(heard.left[96_000...].allSatisfy { $0 == 0 })
      }
    }
  }
}
