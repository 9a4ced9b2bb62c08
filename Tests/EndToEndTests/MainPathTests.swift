import Foundation
import HootWire
import Testing

extension EndToEnd {
  /// What a person does with `garden`, from the first command to the last.
  struct MainPath {
    @Test func `A daemon starts in the background, plays what it is given, and ends`() throws {
      try Stage.run { stage in
        let up = try stage.garden("up", "--audio", "timer", "--period", "256", "--soundfont", Stage.font)
        try #require(up.status == 0, "\(up.error)")
        #expect(up.out.hasPrefix("stopped, 1:1:000, 120 bpm, timer 48000 Hz/256"))
        let pid = try stage.json("status")["pid"]
        #expect(try stage.json("up")["pid"] == pid)
        try Material.noise(stage.file("take.wav"), frames: 96_000)

        #expect(
          try stage.garden("track", "add", "lead", "--gain", "-3dB").out.hasPrefix("track add: lead, landed"))
        let added = try stage.garden(
          "region", "add", Stage.demo("lead.mid"), "--track", "lead", "--tempo", "adopt")
        #expect(added.out.contains("lead at 1:1:000, landed at frame "), "\(added.error)")
        #expect(try stage.garden("region", "add", "take.wav", "--at", "5:1").status == 0)
        let play = try stage.garden("play", "--from", "5:1")
        #expect(play.out.hasPrefix("rolling from 5:1:000, landed at frame "))
        #expect(try eventually { try stage.json("status")["voices"]?.int ?? 0 > 0 })
        #expect(try eventually { try stage.json("meter")["master"]?["peak_db"]?.double ?? -120 > -60 })
        #expect(try stage.garden("stop").out.hasPrefix("stopped at 1:1:000"))

        #expect(try stage.garden("down").status == 0)
        #expect(try stage.garden("down").status == 0)
        let gone = try stage.garden("status")
        #expect(gone.status == 69)
        #expect(gone.refusal.count == 3)
      }
    }

    @Test func `Every figure of the status is measured`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        let idle = try stage.json("status")
        #expect(idle["transport"]?["state"] == "stopped")
        #expect(idle["transport"]?["frame"] == 0)
        #expect(idle["transport"]?["bar"] == 1)
        #expect((idle["regions"], idle["tracks"], idle["voices"]) == (0, 0, 0))
        try stage.json("region", "add", Stage.demo("chords.mid"), "--tempo", "adopt")
        try stage.json("region", "add", Stage.demo("texture.wav"), "--at", "0")
        try stage.json("play", "--from", "2:1")
        #expect(try eventually { try stage.json("status")["voices"]?.int ?? 0 > 0 })
        let first = try stage.json("status")
        let second = try stage.json("status")
        let (then, now) = (try #require(first["transport"]), try #require(second["transport"]))
        #expect(now["state"] == "rolling")
        #expect(now["tempo_bpm"] == 96.0)
        #expect(now["frame"]?.int ?? 0 > then["frame"]?.int ?? .max)
        #expect(now["beat"]?.double ?? 0 > then["beat"]?.double ?? .infinity)
        // 96 BPM are 30,000 frames a beat.
        #expect(abs(Double(now["frame"]?.int ?? 0) / 30_000 - (now["beat"]?.double ?? 0)) < 0.001)
        #expect(now["bar"] == .integer(Int64((now["beat"]?.double ?? 0) / 4) + 1))
        let audio = try #require(second["audio"])
        #expect((audio["driver"], audio["sample_rate"], audio["period"]) == ("timer", 48_000, 256))
        #expect(audio["callbacks"]?.int ?? 0 > first["audio"]?["callbacks"]?.int ?? .max)
        #expect(audio["load"]?.double ?? 0 > 0)
        #expect(audio["xruns"]?.int != nil && audio["late_blocks"]?.int != nil)
        #expect((second["regions"], second["tracks"], second["audio_voices"]) == (2, 2, 1))
        #expect(second["notes_started"]?.int ?? 0 > 0)
        #expect(second["master"]?["peak_db"]?.double ?? -120 > -60)
        #expect(second["soundfont"] == .string(Stage.font))
      }
    }

    @Test func `A position may be written in every form`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        try stage.write(
          Material.midi([.init(tick: 0, length: 960, key: 60)], lengthTicks: 24 * 960), "long.mid")
        try stage.json("region", "add", "long.mid")
        try stage.json("marker", "add", "chorus", "--at", "3:1")
        let forms = [
          ("16", 16.0), ("-2", 14), ("+4", 18), ("4.5", 4.5), ("5:1", 16), ("5:1:480", 16.5), ("2s", 4),
          ("1:30.5s", 181), ("@chorus", 8), ("50%", 12), ("-2", 10), ("0", 0),
        ]
        for (form, beat) in forms {
          #expect(try stage.json("seek", form)["landed"]?["beat"] == .number(beat), "\(form)")
          #expect(try stage.json("status")["transport"]?["beat"] == .number(beat), "\(form)")
        }
      }
    }

    @Test func `[D40] [D41] [D42] The transport rolls, pauses, stops, loops and halts where it is told`()
      throws
    {
      try Stage.run { stage in
        _ = try stage.daemon()
        try stage.json("tempo", "300")
        try stage.json("play", "--from", "3:1", "--to", "3:3")
        #expect(try eventually { try stage.json("status")["transport"]?["state"] == "paused" })
        #expect(try stage.json("status")["transport"]?["beat"] == 10.0)
        try stage.json("play")
        let paused = try stage.json("pause")["landed"]?["beat"]?.double ?? 0
        #expect(paused > 10)
        #expect(try stage.json("status")["transport"]?["beat"] == .number(paused))
        #expect(try stage.json("stop")["landed"]?["beat"] == 0.0)
        #expect(try stage.json("status")["transport"]?["state"] == "stopped")
        try stage.json("marker", "add", "start", "--at", "2:1")
        #expect(try stage.json("stop")["landed"]?["beat"] == 4.0)

        #expect(try stage.json("loop", "1:1", "2:1")["loop"]?["end_beat"] == 4.0)
        try stage.json("play", "--from", "1:4")
        #expect(try eventually { try stage.json("status")["transport"]?["beat"]?.double ?? 9 < 3 })
        #expect(try stage.json("loop", "off")["loop"] == .null)
        #expect(try eventually { try stage.json("status")["transport"]?["beat"]?.double ?? 0 > 4 })
        #expect(try stage.json("loop", "on")["loop"]?["start_beat"] == 0.0)
        try stage.json("loop", "off")

        let pause = try stage.json("pause", "--at", "+4")
        #expect(pause["command"]?["waits_for_playhead"] == true)
        #expect(try eventually { try stage.json("status")["transport"]?["state"] == "paused" })
        try stage.json("play")
        #expect(try stage.json("panic")["landed"] != nil)
        #expect(try stage.json("status")["transport"]?["state"] == "paused")
      }
    }

    @Test func `Tempo changes at once, at a place and over a ramp`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        #expect(try stage.json("tempo")["tempo_bpm"] == 120.0)
        try stage.json("tempo", "60")
        try stage.json("tempo", "90", "--at", "33:1", "--ramp", "4")
        let segments = try stage.json("tempo")["segments"]?.array
        #expect(segments?.count == 2)
        #expect(segments?.last?["beat"] == 128.0)
        #expect(segments?.last?["ramp_beats"] == 4.0)
        try stage.json("seek", "34:1")
        #expect(try stage.json("tempo")["tempo_bpm"] == 90.0)
        // 128 beats at 60, then the ramp's mean slowness: 4 · ln(90/60) / (90 − 60) minutes.
        let seconds = try stage.json("status")["transport"]?["seconds"]?.double ?? 0
        #expect(abs(seconds - (128 + 4 * log(1.5) / 30 * 60)) < 0.001)
      }
    }
  }
}
