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
        // What plays and what records are two clients: one that does both would be heard a period later by itself.
        let recorder = try #require(JACKRecorder(server: server.name, capacity: 4_000_000))
        let feeder = try #require(JACKRecorder(server: server.name, name: "feeder", capacity: 0))
        let daemon = try stage.daemon("--audio", "jack", "--jack-server", server.name)
        #expect(recorder.connect("chaosgarden:out_left", channel: 0))
        #expect(recorder.connect("feeder:out", channel: 1))
        let peer = try daemon.peer()
        try peer.listen()
        #expect(try peer.query("input_ls")["inputs"]?.array?.contains { $0["name"] == "feeder:out" } == true)
        #expect(try peer.refusal(of: "input_attach", ["device": "nobody"]).exit == 69)
        let attached = try peer.query("input_attach", ["device": "feeder"])["input"]
        #expect(attached?["ports"] == ["feeder:out"])
        #expect(attached?["monitor"] == false)
        try peer.act("input_monitor", ["state": "on", "gain": 0])
        feeder.setFeeding(true)
        // A machine that is too busy loses time, and the grid moves in JACK's block: another stretch is taken. One without a
        // whole tenth of a second in all that time tells nothing.
        for attempt in 0..<80 {
          if try compare(peer, recorder, stage, attempt) { break }
        }
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
      let settled = recorder.frames + 4800
      #expect(eventually(30) { recorder.frames > settled })
      let file = stage.file("input-\(attempt).wav")
      let before = try conditions(peer, recorder)
      try peer.query("capture_start", ["source": "input", "output": .string(file)])
      let first = recorder.frames
      #expect(eventually(30) { recorder.frames > first + 4800 })
      let stopped = try peer.query("capture_stop")["captures"]?.array?.first
      guard try conditions(peer, recorder) == before else { return false }

      let latency = Int(try #require(before["latency"]?.int))
      // The limiter looks a grid block ahead, and the grid may begin anywhere in JACK's block.
      #expect((64..<128).contains(latency))
      let heard = recorder.samples(channel: 0)
      let fed = recorder.samples(channel: 1)
      let wrong = (first..<first + 4800).first { heard[$0] != fed[$0 - latency] }
      #expect(wrong == nil, "the first other sample is number \((wrong ?? 0) - first)")
      #expect(stopped?["lost_frames"] == 0 && (stopped?["peak_db"]?.double ?? -120) > -13)
      // Where the capture's first samples were fed, all that follow were.
      let captured = try Material.samples(file).left
      let place = try #require(
        (max(0, first - 100_000)..<first + 4000).first { frame in
          (0..<8).allSatisfy { fed[frame + $0] == captured[$0] }
        })
      #expect((0..<4800).allSatisfy { captured[$0] == fed[place + $0] })
      return true
    }
  }
}
