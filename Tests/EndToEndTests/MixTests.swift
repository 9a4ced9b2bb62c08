import Glibc
import HootWire
import Testing

extension EndToEnd {
  /// Buses, sends, the cue and the loudness meter, through the programs.
  struct Mix {
    /// A second of stereo tone.
    private func tone(_ stage: Stage, _ name: String, seconds: Int = 4) throws {
      try Material.wav(stage.file(name), frames: 48_000 * seconds) {
        Float(0.25 * sin(2 * Double.pi * 997 * Double($0) / 48_000))
      }
    }

    @Test func `Buses and sends are made, shown, changed and removed`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        try tone(stage, "tone.wav")
        for line in [
          "region add tone.wav --track lead", "bus add hall --effect reverb --decay 1.5 --gain -3dB",
          "bus add band", "track set lead --output band", "send set lead hall --level -6dB",
          "send set band hall --level -12 --pre true", "bus set band --pan 0.5 --mute true",
        ] {
          let outcome = try stage.execute("garden", line.split(separator: " ").map(String.init))
          #expect(outcome.status == 0, "\(line): \(outcome.error)")
        }
        let buses = try stage.json("bus", "ls")["buses"]?.array ?? []
        #expect(buses.map { $0["name"]?.string } == ["hall", "band"])
        #expect(buses[0]["effect"] == "reverb" && buses[0]["decay_seconds"] == 1.5)
        #expect(buses[0]["inputs"] == 2 && buses[1]["mute"] == true && buses[1]["pan"] == 0.5)
        let track = try stage.json("track", "ls")["tracks"]?.array?.first
        #expect(track?["output"] == "band")
        #expect(track?["sends"]?.array?.first?["level_db"] == -6.0)
        #expect(try stage.json("send", "ls")["sends"]?.array?.count == 2)
        #expect(try stage.json("status")["buses"] == 2)
        try #require(try stage.garden("bus", "rm", "band").status == 0)
        #expect(try stage.json("track", "ls")["tracks"]?.array?.first?["output"] == "main")
        try #require(try stage.garden("send", "rm", "lead", "hall").status == 0)
        #expect(try stage.json("send", "ls")["sends"]?.array?.isEmpty == true)
      }
    }

    @Test func `What cannot be is refused in three lines and changes nothing`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        for name in ["a", "b", "c"] { try #require(try stage.garden("bus", "add", name).status == 0) }
        try #require(try stage.garden("bus", "set", "a", "--output", "b").status == 0)
        try #require(try stage.garden("send", "set", "b", "c").status == 0)
        let before = try stage.json("bus", "ls")["buses"]
        for line in [
          "bus set c --output a", "send set c a", "bus set a --output a", "bus set a --output nowhere",
          "bus add a", "bus add main", "bus add x --decay 99", "send set a b --level 25", "send rm a c",
          "send set nobody a", "bus rm nobody", "bus set a --gain nan", "track set cue --pan 1",
        ] {
          let outcome = try stage.execute("garden", line.split(separator: " ").map(String.init))
          #expect(outcome.status != 0, "\(line)")
          #expect(outcome.refusal.count == 3, "\(line): \(outcome.error)")
        }
        func names(_ value: JSONValue?) -> [String] {
          (value?.array ?? []).map { "\($0["name"]?.string ?? "") \($0["output"]?.string ?? "")" }
        }
        #expect(names(try stage.json("bus", "ls")["buses"]) == names(before))
        for number in 3..<16 { try #require(try stage.garden("bus", "add", "n\(number)").status == 0) }
        #expect(try stage.garden("bus", "add", "more").refusal.contains { $0.contains("16 buses") })
      }
    }

    @Test func `A session with buses renders from its document as it plays`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        try tone(stage, "tone.wav", seconds: 1)
        for line in [
          "region add tone.wav --track lead", "bus add hall --effect reverb --decay 0.5",
          "send set lead hall --level 0dB", "bus add half --gain -6.0206dB", "track set lead --output half",
        ] {
          let outcome = try stage.execute("garden", line.split(separator: " ").map(String.init))
          try #require(outcome.status == 0, "\(line): \(outcome.error)")
        }
        let session = try stage.json("session", "export")["session"]
        #expect(session?["buses"]?.array?.count == 2 && session?["routes"]?.array?.count == 1)
        try stage.write(Array((session ?? nil).text.utf8), "session.json")
        try #require(
          try stage.chaosgarden(
            "render", "--session", stage.file("session.json"), "-o", stage.file("mix.wav")
          )
          .status == 0)
        let (left, _) = try Material.samples(stage.file("mix.wav"))
        // The tone ends after a second and the hall rings on.
        let tail = left[48_100..<60_000].map(abs).max() ?? 0
        #expect(tail > 0.01 && tail < 0.3)
        try #require(try stage.garden("render", "-o", "again.wav").status == 0)
        let isSame = try Material.samples(stage.file("again.wav")).left == left
        #expect(isSame)
      }
    }

    @Test func `The loudness meter tells what EBU R 128 says of a tone, and begins anew`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon("--period", "256")
        let peer = try daemon.peer()
        try tone(stage, "tone.wav", seconds: 30)
        try #require(try stage.garden("region", "add", "tone.wav").status == 0)
        try peer.listen("command", "meter")
        try peer.act("play", ["from": "0"])
        // A stereo sine of −12.04 dB at 1 kHz has −12.04 LUFS: each side −15.05 dB of power and 3.01 for two.
        #expect(
          try eventually {
            abs((try peer.query("meter")["loudness"]?["short_term_lufs"]?.double ?? -99) + 12.04) < 0.1
          })
        let loudness = try #require(try peer.query("meter")["loudness"])
        #expect(abs((loudness["momentary_lufs"]?.double ?? 0) + 12.04) < 0.1)
        #expect(abs((loudness["max_true_peak_db"]?.double ?? 0) + 12.04) < 0.1)
        #expect(loudness["missed_blocks"] == 0)
        let event = try #require(peer.event { $0.topic == "meter" })
        #expect(event["loudness"]?.object != nil)
        try #require(try stage.garden("meter", "reset").status == 0)
        #expect(try eventually { (try peer.query("meter")["loudness"]?["seconds"]?.double ?? 99) < 3 })
        #expect(try peer.query("status")["master"]?["loudness"]?.object != nil)
      }
    }

    @Test func `An audition is heard on the cue and leaves main silent`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon("--period", "256")
        let peer = try daemon.peer()
        try tone(stage, "tone.wav", seconds: 3)
        try stage.write(
          Material.midi([Material.Note(tick: 0, length: 960, key: 60)], lengthTicks: 1920), "riff.mid")
        for file in ["tone.wav", "riff.mid"] {
          let played = try stage.json("audition", "play", file)
          #expect((played["seconds"]?.double ?? 0) > 0.4, "\(played.text)")
          #expect(try eventually { (try peer.query("status")["cue"]?["peak_db"]?.double ?? -120) > -60 })
          #expect(try peer.query("status")["master"]?["peak_db"]?.double == -120)
        }
        try #require(try stage.garden("audition", "stop").status == 0)
        try #require(
          try stage.garden("region", "add", "tone.wav", "--track", "lead", "--gain", "-20").status == 0)
        try #require(try stage.garden("audition", "on", "lead").status == 0)
        #expect(try stage.json("track", "ls")["tracks"]?.array?.first?["audition"] == "before")
        try #require(try stage.garden("audition", "play", "--region", "tone").status == 0)
        try #require(try stage.garden("audition", "off").status == 0)
        #expect(try stage.garden("audition", "play").status == 64)
      }
    }
  }
}
