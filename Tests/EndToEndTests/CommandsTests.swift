import Foundation
import HootWire
import Testing

extension EndToEnd {
  /// Each command of `garden` against a daemon of its own.
  struct Commands {
    @Test func `Markers are added, listed and removed`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        #expect(try stage.json("marker", "add", "verse", "--at", "5:1")["marker"]?["beat"] == 16.0)
        #expect(try stage.json("marker", "ls")["markers"]?.array?.count == 1)
        #expect(try stage.garden("marker", "ls", "-q").out == "verse\n")
        try stage.json("marker", "rm", "verse")
        #expect(try stage.json("marker", "ls")["markers"]?.array == [])
      }
    }

    @Test func `Regions are moved, shaped, copied, cut and removed`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        let clip = Material.midi([.init(tick: 0, length: 960, key: 60)], lengthTicks: 8 * 960)
        try stage.write(clip, "riff.mid")
        let added = try stage.json("region", "add", "riff.mid", "--track", "lead", "--at", "5:1")
        #expect(added["region"]?["beat"] == 16.0)
        #expect(added["region"]?["length_beats"] == 8.0)
        #expect(try stage.json("region", "mv", "riff", "--at", "1:1")["region"]?["beat"] == 0.0)
        let set = try stage.json(
          "region", "set", "riff", "--gain", "-3dB", "--mute", "true", "--transpose", "-2", "--fade-in",
          "0.25",
          "--curve", "linear", "--velocity", "0.5", "--program", "33", "--channel", "2", "--bank", "1")
        let shaped = try #require(set["regions"]?.array?.first)
        #expect((shaped["gain_db"], shaped["mute"], shaped["transpose"]) == (-3.0, true, -2))
        #expect((shaped["fade_in_seconds"], shaped["curve"], shaped["velocity"]) == (0.25, "linear", 0.5))
        #expect((shaped["program"], shaped["channel"], shaped["bank"]) == (33, 2, 1))
        let copies = try stage.json("region", "dup", "riff", "--times", "2")["regions"]?.array
        #expect(copies?.compactMap { $0["beat"]?.double } == [8, 16])
        let parts = try stage.json("region", "split", "riff", "--at", "2:1")["regions"]?.array
        #expect(parts?.compactMap { $0["length_beats"]?.double } == [4, 4])
        #expect(try stage.json("region", "show", "riff")["region"]?["length_beats"] == 4.0)
        let id = try #require(parts?.last?["id"]?.string)
        #expect(try stage.json("region", "show", String(id.prefix(6)))["region"]?["id"] == .string(id))
        #expect(try stage.json("region", "ls", "--from", "5:1")["regions"]?.array?.count == 1)
        #expect(try stage.garden("region", "ls", "-q").lines.count == 4)
        #expect(try stage.json("region", "rm", "riff-2", id)["removed"] == 2)
        #expect(try stage.json("region", "clear", "--track", "lead")["removed"] == 2)
        #expect(try stage.json("region", "clear")["removed"] == 0)
        #expect(try stage.json("region", "ls")["regions"]?.array == [])
      }
    }

    @Test func `A file that is added again gets a name of its own`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let names = try (0..<3).map { _ in
          try peer.query("region_add", ["file": .string(Stage.demo("lead.mid")), "track": "lead"])["region"]?[
            "name"]
        }
        #expect(names == ["lead", "lead-2", "lead-3"])
        #expect(try peer.query("clip_ls")["clips"]?.array?.count == 1)
      }
    }

    @Test func `Tracks are shaped and removed with their regions`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        try stage.json("track", "add", "lead", "--pan", "-0.5", "--interpolation", "linear")
        try stage.json("region", "add", Stage.demo("lead.mid"), "--track", "lead")
        let set = try stage.json("track", "set", "lead", "--gain", "-6", "--mute", "true", "--name", "flute")
        #expect(
          (set["track"]?["gain_db"], set["track"]?["name"], set["track"]?["pan"]) == (-6.0, "flute", -0.5))
        try stage.json("track", "set", "flute", "--solo", "true", "--soundfont", Stage.font)
        let track = try #require(try stage.json("track", "ls")["tracks"]?.array?.first)
        #expect((track["solo"], track["mute"], track["regions"]) == (true, true, 1))
        #expect((track["soundfont"], track["interpolation"]) == (.string(Stage.font), "linear"))
        try stage.json("track", "set", "master", "--gain", "-1")
        #expect(try stage.json("status")["master"]?["gain_db"] == -1.0)
        try stage.json("track", "rm", "flute")
        #expect(try stage.json("track", "ls")["tracks"]?.array == [])
        #expect(try stage.json("status")["regions"] == 0)
      }
    }

    @Test func `Clips, soundfonts and devices are shown and chosen`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        try stage.json("region", "add", Stage.demo("lead.mid"))
        try stage.json("region", "add", Stage.demo("texture.wav"))
        #expect(try stage.json("clip", "ls")["clips"]?.array?.count == 2)
        #expect(try stage.json("clip", "show", "lead.mid")["clip"]?["notes"] == 220)
        #expect(try stage.json("clip", "show", "texture.wav")["clip"]?["frames"] == 360_000)
        #expect(
          try stage.json("soundfont", "ls")["fonts"]?.array?.contains { $0["name"] == "embedded" } == true)
        #expect(try stage.json("soundfont", "use", "embedded")["soundfont"] == "embedded")
        #expect(try stage.json("status")["soundfont"] == "embedded")
        #expect(
          try stage.json("soundfont", "use", Stage.font, "--track", "lead")["soundfont"]
            == .string(Stage.font))
        let presets = try stage.json("soundfont", "inspect", Stage.font)["presets"]?.array
        #expect(presets?.contains { $0["bank"] == 0 && $0["program"] == 0 } == true)
        let drivers = try stage.json("device", "ls")["drivers"]?.array
        #expect(drivers?.first { $0["name"] == "timer" }?["current"] == true)
        let rolling = try stage.json("play")["landed"]?["frame"]?.int ?? 0
        let device = try stage.json("device", "use", "timer", "--period", "1024")
        #expect(try stage.json("status")["audio"]?["period"] == 1024)
        #expect(device["landed"]?["frame"]?.int ?? 0 > rolling)
        #expect(try stage.json("status")["transport"]?["state"] == "rolling")
      }
    }

    @Test func `The running session is rendered as it stands`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        try Material.noise(stage.file("noise.wav"), frames: 24_000)
        try stage.json("region", "add", "noise.wav", "--at", "2:1", "--gain", "-6")
        let report = try stage.json("render", "-o", "mix.wav", "--to", "3:1", "--no-limiter")
        #expect((report["frames"], report["regions_started"], report["silent"]) == (192_000, 1, false))
        let mix = try Material.samples(stage.file("mix.wav"))
        // The region's first sample, 0.25 less 6 dB, on its exact frame.
        #expect(mix.left.firstIndex { $0 != 0 } == 96_000)
        #expect(abs(mix.left[96_000] - 0.25 * pow(10, -0.3)) < 1e-6)
        let files = try stage.json("render", "-o", "file.wav", "noise.wav", "--rate", "44100", "--no-effects")
        #expect((files["sample_rate"], files["regions"]) == (44_100, 1))
      }
    }

    @Test func `What happens is told in its order, each command by its number`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let watch = stage.started(
          "garden", ["watch", "command", "transport", "--json"], out: stage.file("events"),
          error: "/dev/null",
          seconds: 30)
        try watch.run()
        defer { watch.terminate() }
        let peer = try daemon.peer()
        // Seen by the watcher only once it has subscribed.
        #expect(
          try eventually {
            try peer.query("seek", ["position": 0])
            return try !events(stage).isEmpty
          })
        var numbers: [Int64] = []
        for verb in ["play", "seek", "pause", "seek", "stop"] {
          let result = try peer.query(verb, verb == "seek" ? ["position": "5:1"] : [:])
          numbers.append(try #require(result["command"]?["id"]?.int))
        }
        #expect(try eventually { try events(stage).contains { $0["command"]?.int == numbers.last } })
        let told = try events(stage)
        let landed = told.filter { $0["type"] == "landed" && ($0["command"]?.int ?? 0) >= numbers[0] }
        #expect(landed.compactMap { $0["command"]?.int } == numbers)
        #expect(landed.compactMap { $0["tool"]?.string } == ["play", "seek", "pause", "seek", "stop"])
        #expect(told.allSatisfy { $0["schema"] == "chaosgarden.event/1" })
        let frames = told.compactMap { $0["frame"]?.int }
        #expect(frames == frames.sorted())
        let moves = told.filter { $0["topic"] == "transport" }.compactMap { $0["type"]?.string }
        #expect(
          moves.filter { $0 != "position" }.suffix(5) == [
            "rolling", "located", "paused", "located", "stopped",
          ])
      }
    }

    private func events(_ stage: Stage) throws -> [JSONValue] {
      try Stage.text(stage.file("events")).split(separator: "\n", omittingEmptySubsequences: true).compactMap
      {
        try? JSONValue.parse(Array($0.utf8))  // The last line may still be on its way.
      }
    }

    @Test func `What needs no daemon works without one`() throws {
      try Stage.run { stage in
        let midi = try stage.json("midi", "info", Stage.demo("lead.mid"))
        #expect((midi["notes"], midi["beats"]) == (220, 231.0))
        #expect(try stage.json("audio", "info", Stage.demo("texture.wav"))["frames"] == 360_000)
        #expect(try stage.json("config", "show")["settings"]?.array?.count ?? 0 > 10)
        #expect(try stage.json("config", "check")["problems"]?.array == [])
        #expect(try stage.json("version")["version"] == "0.1.0")
        #expect(try stage.json("--version")["version"] == "0.1.0")
        for shell in ["bash", "zsh", "fish"] {
          let script = try stage.garden("completion", shell)
          #expect(script.status == 0 && script.out.contains("garden"))
        }
        #expect(try stage.garden("man").out.hasPrefix(".TH"))
        #expect(try stage.garden("man", "region", "add").out.contains(".SH EXAMPLES"))
        #expect(try stage.garden("help", "exit-codes").out.contains("78"))
        #expect(try stage.garden("region", "add", "--help").out.contains("--fade-in"))
        #expect(try stage.chaosgarden("--help").out.contains("--socket-dir"))
        let doctor = try stage.garden("doctor", "--json")
        #expect([0, 69].contains(doctor.status))
        #expect(try doctor.json["checks"]?.array?.count ?? 0 > 10)
      }
    }

    @Test func `The doctor and the limits speak of the running daemon`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        let checks = try stage.json("doctor")["checks"]?.array ?? []
        #expect(checks.contains { $0["name"] == "audio device" && $0["state"] == "ok" })
        #expect(checks.allSatisfy { $0["state"] == "ok" || $0["fix"]?.string?.isEmpty == false })
        #expect(try stage.json("status", "--limits")["limits"]?.array?.count ?? 0 > 30)
        #expect(try stage.json("session", "export")["session"]?["schema"] == "chaosgarden.session/1")
        #expect(try stage.garden("__complete", "track").out == "master\n")
      }
    }
  }
}
