import Foundation
import HootWire
import Testing

extension EndToEnd {
  /// Faults of engines before this one, each held here from outside.
  struct Regressions {
    @Test func `A file's attack was clipped when it did not start on a block`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try Material.noise(stage.file("noise.wav"), frames: 5_000)
        // Tick 961 of 960 a beat at 24,000 frames a beat: frame 24,025, on no grid line.
        try peer.query("region_add", ["file": .string(stage.file("noise.wav")), "at": "1:2:001"])
        let mix = try render(stage, "--no-limiter")
        let noise = try Material.samples(stage.file("noise.wav"))
        #expect(mix.left.prefix(24_025).allSatisfy { $0 == 0 })
        #expect(Array(mix.left[24_025..<29_025]) == noise.left)
        #expect(Array(mix.right[24_025..<29_025]) == noise.right)
        #expect(mix.left.dropFirst(29_025).allSatisfy { $0 == 0 })
      }
    }

    @Test func `A file at another rate lasted another time`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        // One second of a tone that ends with a bang.
        try Material.wav(stage.file("cd.wav"), rate: 44_100, frames: 44_100) { $0 >= 44_000 ? 0.5 : 0.01 }
        let region = try peer.query("region_add", ["file": .string(stage.file("cd.wav"))])["region"]
        #expect(region?["length_beats"] == 2.0)
        let mix = try render(stage, "--no-limiter")
        let bang = try #require(mix.left.firstIndex { $0 > 0.25 })
        // Frame 44,000 of 44,100 a second is frame 47,891 of 48,000.
        #expect(abs(bang - 47_891) < 3)
        #expect(mix.left.lastIndex { abs($0) > 0.25 } == 47_999)
      }
    }

    @Test func `Samples of 32 bit integers came out with the other sign, and a balanced file lost its width`()
      throws
    {
      try Stage.run { stage in
        func little(_ value: Int, _ count: Int) -> [UInt8] {
          (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let frames = (0..<4_800).flatMap { _ in little(0x2000_0000, 4) + little(0, 4) }
        let format =
          little(1, 2) + little(2, 2) + little(48_000, 4) + little(384_000, 4) + little(8, 2) + little(32, 2)
        let body =
          Array("WAVEfmt ".utf8) + little(16, 4) + format + Array("data".utf8) + little(frames.count, 4)
        try stage.write(Array("RIFF".utf8) + little(body.count + frames.count, 4) + body + frames, "left.wav")
        try #require(try stage.garden("render", "-o", "mix.wav", "--no-limiter", "left.wav").status == 0)
        let mix = try Material.samples(stage.file("mix.wav"))
        #expect(mix.left.prefix(4_800).allSatisfy { $0 == 0.25 })
        #expect(mix.right.allSatisfy { $0 == 0 })
      }
    }

    @Test func `A place inside a region was found with the tempo of the timeline's start`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try Material.noise(stage.file("noise.wav"), frames: 200_000)
        try peer.query("tempo", ["bpm": 60, "at": 8])
        try peer.query("region_add", ["file": .string(stage.file("noise.wav")), "at": 8])
        let mix = try render(stage, "--no-limiter", "--from", "10")
        let noise = try Material.samples(stage.file("noise.wav"))
        // Two beats into a stretch of 60 BPM: frame 96,000 of the file, after the fade of what is entered midway.
        #expect(Array(mix.left[256..<50_000]) == Array(noise.left[96_256..<146_000]))
      }
    }

    @Test func `A note that ended with its file never ended`() throws {
      try Stage.run { stage in
        // An organ, which sounds as long as its key is down.
        let note = Material.Note(tick: 0, length: 960, key: 60)
        try stage.write(Material.midi([note], program: 16, lengthTicks: 960), "organ.mid")
        let report = try stage.json("render", "-o", "mix.wav", "organ.mid", "--soundfont", Stage.font)
        #expect(report["notes_started"] == 1)
        #expect(report["silent"] == false)
        #expect(report["seconds"]?.double ?? 99 < 8)
        let mix = try Material.samples(stage.file("mix.wav"))
        #expect(mix.left.suffix(4_800).allSatisfy { abs($0) < 0.001 })
      }
    }

    @Test func `The same project never rendered the same twice`() throws {
      try Stage.run { stage in
        var files: [String] = []
        for index in 0..<3 {
          try Material.noise(stage.file("noise\(index).wav"), frames: 10_000 + index)
          files += [
            stage.file("noise\(index).wav"), Stage.demo(["chords", "bass", "drums"][index] + ".mid"),
          ]
        }
        var first: Data?
        for _ in 1...20 {
          let outcome = try stage.execute(
            "chaosgarden", ["render", "-o", "mix.wav", "--soundfont", Stage.font, "--to", "0.4s"] + files)
          try #require(outcome.status == 0, "\(outcome.error)")
          let data = try Data(contentsOf: URL(fileURLWithPath: stage.file("mix.wav")))
          #expect(data.count > 150_000)
          #expect(first == nil || data == first)
          first = data
        }
      }
    }

    @Test func `A tempo change moved the playhead and did not reach the music`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen()
        try peer.act("seek", ["position": 2])
        try peer.act("tempo", ["bpm": 60])
        let still = try peer.transport()
        #expect((still["beat"], still["frame"], still["tempo_bpm"]) == (2.0, 96_000, 60.0))
        try peer.act("play")
        let fast = try peer.act("tempo", ["bpm": 240]).landed
        let pause = try peer.act("pause").landed
        let frames = Double((pause["frame"]?.int ?? 0) - (fast["frame"]?.int ?? 0))
        let beats = (pause["beat"]?.double ?? 0) - (fast["beat"]?.double ?? 0)
        // 240 BPM are 12,000 frames a beat.
        #expect(frames > 0)
        #expect(abs(beats - frames / 12_000) < 0.001)
        #expect(try peer.transport()["tempo_bpm"] == 240.0)
      }
    }

    @Test func `Pausing and going on sent notes again`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen()
        let notes = (0..<8).map { Material.Note(tick: Int64($0) * 480, length: 60, key: UInt8(60 + $0)) }
        try stage.write(Material.midi(notes, lengthTicks: 8 * 480), "run.mid")
        try peer.act("region_add", ["file": .string(stage.file("run.mid"))])
        try peer.act("tempo", ["bpm": 300])
        for stop in ["0.75", "1.75", "3.25", "5"] {
          try peer.query("play", ["to": .string(stop)])
          #expect(
            try eventually {
              try peer.transport()["beat"] == .number(Double(stop) ?? 0) && peer.state() == "paused"
            })
        }
        #expect(try peer.query("status")["notes_started"] == 8)
        #expect(try eventually { try peer.query("status")["voices"] == 0 })
      }
    }

    @Test func `A file that could not be loaded once was silent for ever`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen("command", "region")
        try peer.act("play")
        let path = JSONValue.string(stage.file("late.wav"))
        #expect(try peer.refusal(of: "region_add", ["file": path]).exit == 66)
        try stage.write([1, 2, 3], "late.wav")
        #expect(try peer.refusal(of: "region_add", ["file": path]).exit == 65)
        try Material.noise(stage.file("late.wav"), frames: 480_000)
        try peer.query("region_add", ["file": path])
        let started = peer.event { $0.content["type"] == "region_started" }
        #expect(started?["name"] == "late")
        #expect(started?["midway"] == true)
        #expect(try eventually { try peer.query("status")["master"]?["peak_db"]?.double ?? -120 > -60 })
      }
    }

    @Test func `A file that changed on the disk is read again`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let path = JSONValue.string(stage.file("take.wav"))
        try Material.noise(stage.file("take.wav"), frames: 24_000)
        #expect(try peer.query("region_add", ["file": path])["region"]?["length_beats"] == 1.0)
        try Material.noise(stage.file("take.wav"), frames: 48_000)
        #expect(try peer.query("region_add", ["file": path])["region"]?["length_beats"] == 2.0)
        #expect(try peer.query("clip_ls")["clips"]?.array?.count == 2)
      }
    }

    @Test func `The reply to a new region said place 0 and length 0, and clearing counted none`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try Material.noise(stage.file("noise.wav"), frames: 48_000)
        let arguments: JSONValue = ["file": .string(stage.file("noise.wav")), "at": "5:1", "for": 3]
        let region = try peer.query("region_add", arguments)["region"]
        #expect((region?["beat"], region?["position"], region?["length_beats"]) == (16.0, "5:1:000", 3.0))
        #expect((region?["end"], region?["kind"], region?["track"]) == ("5:4:000", "audio", "noise"))
        try peer.query("region_add", arguments)
        #expect(try peer.query("region_clear")["removed"] == 2)
      }
    }

    private func render(_ stage: Stage, _ flags: String...) throws -> (left: [Float], right: [Float]) {
      let outcome = try stage.execute("garden", ["render", "-o", "mix.wav"] + flags)
      try #require(outcome.status == 0, "\(outcome.error)")
      return try Material.samples(stage.file("mix.wav"))
    }
  }
}
