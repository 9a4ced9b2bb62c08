import Foundation
import Glibc
import HootWire
import Testing

@testable import ControlSocket

extension EndToEnd {
  /// What was played, in files.
  @Suite struct Capturing {
    /// Three demo tracks and noise, from bar 13 on: a second and a quarter of everything at once.
    private func prepare(_ stage: Stage, _ flags: String...) throws -> Peer {
      let daemon = try stage.daemon("--capture-minutes", flags.first ?? "1")
      let peer = try daemon.peer()
      try peer.listen("command", "capture", "warning")
      try Material.noise(stage.file("noise.wav"), frames: 60_000)
      for name in ["chords", "drums"] {
        try peer.act("region_add", ["file": .string(Stage.demo("\(name).mid")), "tempo": "adopt"])
      }
      try peer.act("region_add", ["file": .string(stage.file("noise.wav")), "at": "13:1", "name": "noise"])
      try peer.act("track_set", ["track": "noise", "gain": -3.0, "pan": 0.3])
      try peer.act("seek", ["position": "13:1"])
      return peer
    }

    /// Plays until the noise is over.
    private func play(_ peer: Peer, frames: Int64 = 70_000) throws -> Int64 {
      let landed = try peer.act("play").landed["frame"]?.int ?? -1
      #expect(try eventually(60) { try peer.deviceFrame() >= landed + frames })
      return landed
    }

    private func firstDifference(_ captured: [Float], _ rendered: [Float], at offset: Int) -> Int? {
      (0..<60_000).first { captured[offset + $0].bitPattern != rendered[$0].bitPattern }
    }

    @Test func `A capture, and the past, equal an offline render sample for sample`() throws {
      try Stage.run { stage in
        let peer = try prepare(stage)
        let mix = try peer.query("capture_start", ["output": .string(stage.file("mix.wav"))])["capture"]
        let strip = try peer.query(
          "capture_start", ["track": "noise", "output": .string(stage.file("noise-track.wav"))])["capture"]
        #expect(strip?["source"] == "noise")
        let landed = try play(peer)
        let stopped = try peer.query("capture_stop")["captures"]?.array ?? []
        #expect(stopped.count == 2 && stopped.allSatisfy { $0["lost_frames"] == 0 && $0["silent"] == false })
        let last = try peer.query("capture_last", ["last": 60, "output": .string(stage.file("past.wav"))])

        try stage.garden("render", "-o", "render.wav", "--from", "13:1", "--to", "14:3")
        let rendered = try Material.samples(stage.file("render.wav"))
        for (name, first) in [
          ("mix.wav", mix?["first_frame"]), ("past.wav", last["capture"]?["first_frame"]),
        ] {
          let captured = try Material.samples(stage.file(name))
          let offset = Int(landed - (first?.int ?? 0))
          #expect(captured.left[..<offset].allSatisfy { $0 == 0 }, "\(name): silence before the music")
          #expect(firstDifference(captured.left, rendered.left, at: offset) == nil, "\(name), left")
          #expect(firstDifference(captured.right, rendered.right, at: offset) == nil, "\(name), right")
        }
        let outcome = try stage.garden("render", "--stems", "stems", "--from", "13:1", "--to", "14:3")
        try #require(outcome.status == 0, "\(outcome.error)")
        let stem = try Material.samples(stage.file("stems/noise.wav"))
        let captured = try Material.samples(stage.file("noise-track.wav"))
        let offset = Int(landed - (strip?["first_frame"]?.int ?? 0))
        #expect(firstDifference(captured.left, stem.left, at: offset) == nil)
        #expect(firstDifference(captured.right, stem.right, at: offset) == nil)
      }
    }

    @Test func `A capture can be played after the daemon was killed`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        try Material.noise(stage.file("noise.wav"), frames: 400_000)
        try peer.act("region_add", ["file": .string(stage.file("noise.wav"))])
        try peer.act("play")
        try peer.query("capture_start", ["output": .string(stage.file("mix.wav"))])
        // The header of a second ago says so; what came after it is lost with the daemon.
        #expect(eventually(30) { (try? Material.samples(stage.file("mix.wav")).left.count) ?? 0 > 24_000 })
        daemon.kill9()
        let info = try stage.chaosgarden("audio-info", "--json", stage.file("mix.wav"))
        #expect(info.status == 0, "\(info.error)")
        let left = try Material.samples(stage.file("mix.wav")).left
        #expect(left.count > 24_000 && left.contains { $0 != 0 })
      }
    }

    @Test func `Silence is reported as silence`() throws {
      try Stage.run { stage in
        _ = try stage.daemon("--capture-minutes", "1")
        #expect(
          try eventually { try stage.json("capture", "ls")["past"]?["seconds"]?.double ?? 0 > 0.6 })
        let outcome = try stage.garden("capture", "--last", "0.5", "-o", "b.wav")
        #expect(outcome.out.contains("0.5 s of mix (24000 frames, silence) in \(stage.file("b.wav"))"))
        #expect(outcome.error.contains("b.wav is silent: every sample is 0"))
        let again = try stage.garden("capture", "--last", "0.5", "-o", "b.wav")
        #expect(again.status == 1)
        #expect(again.refusal[1] == "it is there already")
        try stage.garden("capture", "start", "-o", "c.wav")
        let stopped = try stage.json("capture", "stop")
        #expect(stopped["captures"]?.array?.first?["silent"] == true)
        #expect(stopped["captures"]?.array?.first?["peak_db"]?.double == -120)
        #expect(try stage.json("capture", "ls")["captures"] == [])
      }
    }

    @Test func `A track that goes ends its capture, and the rest goes on`() throws {
      try Stage.run { stage in
        let peer = try prepare(stage, "0")
        try peer.query("capture_start", ["track": "noise"])
        try peer.query("capture_start")
        try peer.act("track_rm", ["track": "noise"])
        #expect(
          try eventually {
            try peer.query("capture_ls")["captures"]?.array?.map { $0["source"] } == ["mix"]
          })
        #expect(try peer.refusal(of: "capture_stop", ["capture": 1]).code == "unknown_capture")
        #expect(try peer.refusal(of: "capture_start", ["track": "nobody"]).exit == 1)
        #expect(try peer.refusal(of: "capture_start", ["source": "track"]).exit == 64)
        #expect(try peer.refusal(of: "capture_last", ["last": 5]).code == "nothing_kept")
        #expect(try peer.query("capture_stop")["captures"]?.array?.count == 1)
        #expect(try peer.refusal(of: "capture_stop").code == "unknown_capture")
      }
    }

    @Test func `A stream's chunks hold every sample, in order, and each is told when it is full`() throws {
      try Stage.run { stage in
        let peer = try prepare(stage, "0")
        try peer.listen("stream")
        func chunk(_ number: Int) throws -> JSONValue { .string(try stage.write([], "chunk-\(number)")) }
        let definition: JSONValue = [
          "device_identity": "mix", "chunk_size_bytes": 65_536,
          "format": ["type": "audio", "sample_rate": 48_000, "channels": 2, "sample_format": "f32_le"],
        ]
        var start: JSONValue = ["uri": "stream://mix", "definition": definition, "chunk_path": "/nowhere/x"]
        #expect(try peer.refusal(of: "stream_start", start).code == "stream_start_failed")
        start = ["uri": "stream://mix", "definition": definition, "chunk_path": try chunk(0)]
        try peer.query("capture_start", ["output": .string(stage.file("mix.wav"))])
        try peer.query("stream_start", start)
        #expect(try peer.refusal(of: "stream_start", start).lines[0] == "stream already exists: stream://mix")
        try peer.act("play")
        // 65,536 bytes are 8192 frames: the noise begins in the second chunk at the latest.
        for number in 1...10 {
          let full = peer.event(within: 60) { $0.content["type"] == "stream_chunk_full" }
          #expect(full?["path"] == .string(stage.file("chunk-\(number - 1)")))
          #expect(full?["bytes_written"] == 65_536 && full?["samples_written"] == 16_384)
          try peer.query("stream_switch_chunk", ["uri": "stream://mix", "new_chunk_path": try chunk(number)])
        }
        try peer.query("stream_stop", ["uri": "stream://mix"])
        let head = peer.event { $0.content["type"] == "stream_head" && $0.content["waiting_frames"] == 0 }
        #expect(head?["discarded_samples"] == 0)
        #expect(try peer.refusal(of: "stream_stop", ["uri": "stream://mix"]).code == "stream_stop_failed")
        try peer.query("capture_stop")
        var streamed: [Float] = []
        for number in 0..<10 {
          let data = try Data(contentsOf: URL(fileURLWithPath: stage.file("chunk-\(number)")))
          streamed += data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        }
        let captured = try Material.samples(stage.file("mix.wav")).left
        let left = stride(from: 0, to: streamed.count, by: 2).map { streamed[$0] }
        let first = try #require(left.firstIndex { $0 != 0 })
        let place = try #require(captured.firstIndex { $0 != 0 })
        #expect(left.count - first > 40_000)
        let wrong = (first..<left.count).first { left[$0] != captured[place + $0 - first] }
        #expect(wrong == nil)
      }
    }

    // A disk of its own that is small enough takes root.
    @Test(.enabled(if: geteuid() == 0))
    func `A full disk ends the capture with a warning, and the music plays on`() throws {
      try Stage.run { stage in
        let peer = try prepare(stage, "0")
        let small = stage.file("small")
        mkdir(small, 0o700)
        try #require(mount("tmpfs", small, "tmpfs", 0, "size=128k") == 0, "\(errno)")
        defer { umount(small) }
        let id = try peer.query("capture_start", ["output": .string("\(small)/a.wav")])["capture"]?["id"]
        try peer.act("play")
        let stopped = peer.event(within: 60) { $0.content["type"] == "capture_stopped" }
        #expect(stopped?["id"] == id)
        #expect(stopped?["problem"]?.string?.contains("no space is left") == true)
        let warning = peer.event { $0.content["type"] == "warning" }
        #expect(warning?["message"]?.string?.contains("no space is left") == true)
        #expect(try peer.state() == "rolling")
        let before = try peer.deviceFrame()
        #expect(try eventually { try peer.deviceFrame() > before + 1000 })
        // What fitted can be played.
        #expect(try Material.samples("\(small)/a.wav").left.count == Int(stopped?["frames"]?.int ?? -1))
      }
    }
  }
}
