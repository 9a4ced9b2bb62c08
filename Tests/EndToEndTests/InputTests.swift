import Foundation
import HootWire
import JACKBench
import Testing

extension EndToEnd {
  /// What comes in at the daemon's own JACK ports.
  @Suite(.enabled(if: JACKServer.obstacle == nil, Comment(rawValue: JACKServer.obstacle ?? "")))
  struct Listening {
    @Test(arguments: [128, 1024])
    func `What is monitored is what was fed, later by the latency that is told`(period: Int) throws {
      let server = try JACKServer(period: period)
      try Stage.run { stage in
        let recorder = try #require(JACKRecorder(server: server.name, capacity: 12_000_000))
        let daemon = try stage.daemon("--audio", "jack", "--jack-server", server.name)
        #expect(recorder.connect("chaosgarden:out_left", channel: 0))
        #expect(recorder.connect("chaosgarden:out_right", channel: 1))
        let peer = try daemon.peer()
        try peer.listen()
        #expect(try peer.query("input_ls")["inputs"]?.array?.contains { $0["name"] == "witness:out" } == true)
        #expect(try peer.refusal(of: "input_attach", ["device": "nobody"]).exit == 69)
        let attached = try peer.query("input_attach", ["device": "witness"])["input"]
        #expect(attached?["ports"] == ["witness:out"])
        #expect(attached?["monitor"] == false)
        try peer.act("input_monitor", ["state": "on", "gain": 0])
        recorder.setFeeding(true)
        // A machine that is too busy loses time, and the grid moves in JACK's block. Out of time the server waits for its
        // clients: then a stretch is whole.
        var isWhole = false
        for attempt in 0..<12 where !isWhole {
          if attempt == 6 { #expect(recorder.setFreewheeling(true)) }
          isWhole = try compare(peer, recorder, stage, attempt)
        }
        #expect(isWhole, "no stretch was whole")
        try peer.query("input_detach")
        #expect(try peer.query("input_status")["input"]?["attached"] == false)
      }
    }

    /// What must not change while a stretch is recorded.
    private func conditions(_ peer: Peer, _ recorder: JACKRecorder) throws -> JSONValue {
      let audio = try peer.query("status")["audio"]
      return [
        "latency": try peer.query("input_status")["input"]?["latency_frames"] ?? nil,
        "lost": audio?["lost_frames"] ?? nil, "resyncs": audio?["keeper"]?["resyncs"] ?? nil,
        "losses": audio?["keeper"]?["losses"] ?? nil, "own": .integer(Int64(recorder.xruns)),
        "xruns": audio?["xruns"] ?? nil,
      ]
    }

    /// False when the machine was too busy, so that there is nothing to compare.
    private func compare(
      _ peer: Peer, _ recorder: JACKRecorder, _ stage: Stage, _ attempt: Int
    ) throws -> Bool {
      let settled = recorder.frames + 9600
      #expect(eventually(30) { recorder.frames > settled })
      let file = stage.file("input-\(attempt).wav")
      let before = try conditions(peer, recorder)
      let first = recorder.frames
      try peer.query("capture_start", ["source": "input", "output": .string(file)])
      #expect(eventually(30) { recorder.frames > first + 24_000 })
      let stopped = try peer.query("capture_stop")["captures"]?.array?.first
      guard try conditions(peer, recorder) == before else { return false }

      let latency = Int(try #require(before["latency"]?.int))
      // The limiter looks a grid block ahead, and the grid may begin anywhere in JACK's block.
      #expect((64..<128).contains(latency))
      let left = recorder.samples(channel: 0)
      let right = recorder.samples(channel: 1)
      let wrong = (first..<first + 24_000).first { frame in
        let fed = JACKRecorder.noise(frame - latency)
        return left[frame] != fed || right[frame] != fed
      }
      #expect(wrong == nil, "the first other sample is number \((wrong ?? 0) - first)")
      #expect(stopped?["lost_frames"] == 0 && (stopped?["peak_db"]?.double ?? -120) > -13)
      // Where in the noise the capture's first samples are found, all that follow are found.
      let captured = try Material.samples(file).left
      let place = try #require(
        (max(0, first - 20_000)..<first + 200_000).first { frame in
          (0..<8).allSatisfy { JACKRecorder.noise(frame + $0) == captured[$0] }
        })
      #expect((0..<12_000).allSatisfy { captured[$0] == JACKRecorder.noise(place + $0) })
      return true
    }
  }
}
