import Foundation
import JACKBench
import Testing

extension EndToEnd {
  /// What a second client of a JACK server hears. A process belongs to one JACK server at a time, so nothing that
  /// uses JACK may run beside these.
  @Suite(.enabled(if: JACKServer.obstacle == nil, Comment(rawValue: JACKServer.obstacle ?? "")))
  struct JACK {
    @Test(arguments: [256, 1024]) func `A second client hears what a render gives, sample for sample`(period: Int)
      throws
    {
      for attempt in 1...3 {
        if try compare(period: period, isLast: attempt == 3) { return }
      }
    }

    /// False when the machine was too busy for a whole recording, so that there is nothing to compare.
    private func compare(period: Int, isLast: Bool) throws -> Bool {
      let server = try JACKServer(period: period)
      var isWhole = false
      try Stage.run { stage in
        let recorder = try #require(JACKRecorder(server: server.name))
        let daemon = try stage.daemon("--audio", "jack", "--jack-server", server.name)
        #expect(recorder.connect("chaosgarden:out_left", channel: 0))
        #expect(recorder.connect("chaosgarden:out_right", channel: 1))
        let peer = try daemon.peer()
        try peer.listen()
        try Material.noise(stage.file("noise.wav"), frames: 60_000)
        for name in ["chords", "bass", "drums"] {
          try peer.act("region_add", ["file": .string(Stage.demo("\(name).mid")), "tempo": "adopt"])
        }
        try peer.act("region_add", ["file": .string(stage.file("noise.wav")), "at": "13:1", "name": "noise"])
        try peer.act("track_set", ["track": "noise", "gain": -3.0, "pan": 0.3])
        try peer.act("seek", ["position": "13:1"])
        let before = recorder.frames
        try peer.act("play")
        #expect(eventually { recorder.frames > before + 144_000 + 2 * period })
        let status = try peer.query("status")
        #expect(status["audio"]?["driver"] == "jack")
        #expect(status["audio"]?["period"] == .integer(Int64(period)))
        isWhole = recorder.xruns == 0 && status["audio"]?["xruns"] == 0
        guard isWhole || isLast else { return }

        let outcome = try stage.garden("render", "-o", "render.wav", "--from", "13:1", "--to", "16:1")
        try #require(outcome.status == 0, "\(outcome.error)")
        let rendered = try Material.samples(stage.file("render.wav"))
        let heard = (recorder.samples(channel: 0), recorder.samples(channel: 1))
        try expectEqual(heard, rendered, frames: 144_000)
      }
      return isWhole || isLast
    }

    private func expectEqual(
      _ heard: (left: [Float], right: [Float]), _ rendered: (left: [Float], right: [Float]), frames: Int
    ) throws {
      let start = try #require(heard.left.firstIndex { $0 != 0 })
      let first = try #require(rendered.left.firstIndex { $0 != 0 })
      try #require(heard.left.count >= start + frames)
      for (name, heard, rendered) in [("left", heard.left, rendered.left), ("right", heard.right, rendered.right)] {
        let difference = (0..<frames).first {
          heard[start + $0].bitPattern != rendered[first + $0].bitPattern
        }
        #expect(difference == nil, "\(name): the first other sample is number \(difference ?? 0)")
      }
    }
  }
}
