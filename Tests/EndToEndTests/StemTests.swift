import Foundation
import Glibc
import HootWire
import Testing

extension EndToEnd {
  @Suite struct Stems {
    @Test func `The stems add up to the mix without limiter, aligned and of one length`() throws {
      try Stage.run { stage in
        try Material.noise(stage.file("noise.wav"), frames: 30_000)
        let outcome = try stage.chaosgarden(
          "render", "-o", "mix.wav", "--stems", "stems", "--no-limiter", "--to", "2:1", "--soundfont",
          Stage.font, Stage.demo("chords.mid"), Stage.demo("drums.mid"), stage.file("noise.wav"))
        try #require(outcome.status == 0, "\(outcome.error)")
        let mix = try Material.samples(stage.file("mix.wav"))
        let stems = try ["chords", "drums", "noise"].map {
          try Material.samples(stage.file("stems/\($0).wav"))
        }
        #expect(Set(stems.map(\.left.count) + [mix.left.count]).count == 1)
        #expect((mix.left.max() ?? 0) > 0.1)
        var error: Float = 0
        for frame in mix.left.indices {
          error = max(error, abs(mix.left[frame] - stems.reduce(0) { $0 + $1.left[frame] }))
          error = max(error, abs(mix.right[frame] - stems.reduce(0) { $0 + $1.right[frame] }))
        }
        #expect(error < 1e-6)
      }
    }

    @Test
    func `With buses, sends, solos, the master's fader and the click the stems still add up to the mix`()
      throws
    {
      try Stage.run { stage in
        for (index, name) in ["kick", "bass", "lead"].enumerated() {
          try Material.noise(stage.file("\(name).wav"), frames: 20_000 + 3000 * index)
        }
        let peer = try stage.daemon().peer()
        for name in ["kick", "bass", "lead"] {
          try peer.query("region_add", ["file": .string(stage.file("\(name).wav"))])
        }
        try peer.query("bus_add", ["name": "drums", "gain": -3])
        try peer.query("bus_add", ["name": "hall", "effect": "reverb"])
        try peer.query("track_set", ["track": "kick", "output": "drums"])
        try peer.query("send_set", ["strip": "lead", "bus": "hall", "level": -6])
        try peer.query("send_set", ["strip": "drums", "bus": "hall", "level": -9])
        try peer.query("track_set", ["track": "master", "gain": -4])
        let done = try stage.json(
          "render", "-o", "mix.wav", "--stems", "stems", "--no-limiter", "--click", "--to", "2:1")
        let paths = (done["stems"]?.array ?? []).compactMap { $0["path"]?.string }
        #expect(
          paths.map { $0.split(separator: "/").last ?? "" } == [
            "bass.wav", "lead.wav", "drums.wav", "hall.wav", "click.wav",
          ])
        #expect(done["in_buses"] == [["name": "kick", "bus": "drums"]])
        let mix = try Material.samples(stage.file("mix.wav"))
        let stems = try paths.map { try Material.samples($0) }
        #expect(stems.allSatisfy { ($0.left.max() ?? 0) > 0.001 })
        var error: Float = 0
        for frame in mix.left.indices {
          error = max(error, abs(mix.left[frame] - stems.reduce(0) { $0 + $1.left[frame] }))
          error = max(error, abs(mix.right[frame] - stems.reduce(0) { $0 + $1.right[frame] }))
        }
        #expect((mix.left.max() ?? 0) > 0.1 && error < 1e-6)
      }
    }

    @Test func `Each track's stem is behind its fader, and names make safe, distinct files`() throws {
      try Stage.run { stage in
        try Material.wav(stage.file("half.wav"), frames: 4800) { _ in 0.5 }
        _ = try stage.daemon("--audio", "timer")
        for name in ["../up", "a/b", "Lead", "lead", "-rf", "..."] {
          try stage.json("track", "add", "--", name)
        }
        try stage.json("track", "set", "Lead", "--gain", "-6")
        try stage.json("region", "add", "half.wav", "--track", "Lead")
        let done = try stage.json("render", "--stems", "out", "--to", "0:0.05s")
        let names = Set(try FileManager.default.contentsOfDirectory(atPath: stage.file("out")))
        #expect(names == ["up.wav", "a-b.wav", "Lead.wav", "lead-2.wav", "rf.wav", "track.wav"])
        #expect(done["stems"]?.array?.count == 6)
        // 0.5 at −6 dB is 0.5 × 10^(−6/20).
        let lead = try Material.samples(stage.file("out/Lead.wav"))
        #expect(lead.left.count == 2400)
        #expect(abs(lead.left[1000] - 0.250_594) < 1e-5)
        #expect(try Material.samples(stage.file("out/up.wav")).left.allSatisfy { $0 == 0 })
      }
    }

    @Test func `Stems overwrite nothing unless told to, and a refused render leaves no folder`() throws {
      try Stage.run { stage in
        try Material.wav(stage.file("one.wav"), frames: 480) { _ in 0.5 }
        mkdir(stage.file("stems"), 0o700)
        try stage.write([1, 2, 3], "stems/one.wav")
        let refused = try stage.chaosgarden("render", "--stems", "stems", "one.wav")
        #expect(refused.status == 1)
        #expect(refused.refusal[0].contains("is there already"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: stage.file("stems/one.wav"))).count == 3)
        #expect(try stage.chaosgarden("render", "--stems", "stems", "--force", "one.wav").status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: stage.file("stems/one.wav"))).count > 1000)
        let float = try stage.chaosgarden(
          "render", "--stems", "other", "--format", "flac", "--bits", "float", "one.wav")
        #expect(float.status == 64)
        #expect(access(stage.file("other"), F_OK) != 0)
        let nowhere = try stage.chaosgarden("render", "one.wav")
        #expect(nowhere.status == 64)
      }
    }

    // A disk of its own that is small enough takes root.
    @Test(.enabled(if: geteuid() == 0))
    func `A full disk leaves neither stems nor their folder's half files`() throws {
      try Stage.run { stage in
        // 8 MB for each stem, and room for a part of one.
        try Material.wav(stage.file("long.wav"), frames: 1_000_000) { Float($0 % 100) / 200 }
        let small = stage.file("small")
        mkdir(small, 0o700)
        try #require(mount("tmpfs", small, "tmpfs", 0, "size=3m") == 0, "\(errno)")
        defer { umount(small) }
        let outcome = try stage.chaosgarden("render", "--stems", "small/stems", "long.wav")
        #expect(outcome.status == 73)
        #expect(outcome.refusal[0].contains("no space is left"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: small).isEmpty)
      }
    }
  }
}

extension EndToEnd {
  @Suite struct Loudness {
    private func quiet(_ stage: Stage) throws {
      try Material.wav(stage.file("tone.wav"), frames: 144_000) { frame in
        Float(sin(Double(frame) * 2 * .pi * 997 / 48_000)) * 0.05
      }
    }

    @Test func `A bounce comes to the loudness asked for`() throws {
      try Stage.run { stage in
        try quiet(stage)
        for (bits, name) in [("float", "a.wav"), ("24", "b.wav"), ("16", "c.flac")] {
          let outcome = try stage.chaosgarden(
            "render", "--json", "-o", name, "--bits", bits, "--lufs", "-16", "--to", "0:3s", "tone.wav")
          try #require(outcome.status == 0, "\(outcome.error)")
          let report = try outcome.json
          #expect(report["normalised"]?["held_by_ceiling"] == false)
          // 0.05 on both sides is −26.02 dBFS peak and, at 997 Hz, −26.0 LUFS; so the gain is 10 dB.
          #expect(abs((report["normalised"]?["gain_db"]?.double ?? 0) - 10) < 0.2)
          let info = try stage.chaosgarden("audio-info", "--json", stage.file(name))
          #expect(abs((try info.json["integrated_lufs"]?.double ?? 0) + 16) < 0.1)
        }
      }
    }

    @Test func `A ceiling that keeps the target away is named with the figures`() throws {
      try Stage.run { stage in
        try quiet(stage)
        let outcome = try stage.chaosgarden(
          "render", "--json", "--no-limiter", "-o", "a.wav", "--lufs", "-3", "--ceiling", "-6", "tone.wav")
        let plan = try outcome.json["normalised"]
        #expect(plan?["held_by_ceiling"] == true)
        // From −26.02 dBTP to −6.
        #expect(abs((plan?["gain_db"]?.double ?? 0) - 20.02) < 0.1)
        let info = try stage.chaosgarden("audio-info", "--json", stage.file("a.wav")).json
        #expect((info["true_peak_db"]?.double ?? 0) <= -5.99)
        let words = try stage.chaosgarden(
          "render", "--no-limiter", "-o", "a.wav", "--lufs", "-3", "--ceiling", "-6", "tone.wav")
        #expect(words.out.contains("allows 20"))
      }
    }

    @Test func `Silence has no loudness to be brought to, and nothing is written`() throws {
      try Stage.run { stage in
        try Material.wav(stage.file("nothing.wav"), frames: 96_000) { _ in 0 }
        let outcome = try stage.chaosgarden("render", "-o", "a.wav", "--lufs", "-14", "nothing.wav")
        #expect(outcome.status == 1)
        #expect(outcome.refusal[0].contains("nothing to bring to -14"))
        #expect(access(stage.file("a.wav"), F_OK) != 0)
      }
    }
  }
}
