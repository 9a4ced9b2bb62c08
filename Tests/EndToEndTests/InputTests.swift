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
      for isInTime in [true, true, false] {
        if try compare(period: period, isInTime: isInTime) { return }
      }
    }

    /// False when the machine was too busy for a whole recording. Out of time, the server waits for its clients, and every
    /// recording is whole.
    private func compare(period: Int, isInTime: Bool) throws -> Bool {
      let server = try JACKServer(period: period)
      var isWhole = false
      try Stage.run { stage in
        let recorder = try #require(JACKRecorder(server: server.name, capacity: 8_000_000))
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
        let capture = try peer.query(
          "capture_start", ["source": "input", "output": .string(stage.file("input.wav"))])["capture"]
        if !isInTime { #expect(recorder.setFreewheeling(true)) }
        recorder.setFeeding(true)
        let before = recorder.frames
        #expect(eventually(30) { recorder.frames > before + 96_000 })
        let status = try peer.query("input_status")["input"]
        let audio = try peer.query("status")["audio"]
        isWhole = !isInTime || recorder.xruns == 0 && audio?["xruns"] == 0
        guard isWhole else { return }

        let latency = try #require(status?["latency_frames"]?.int)
        // The limiter looks a grid block ahead, and the grid may begin anywhere in JACK's block.
        #expect((64..<128).contains(latency))
        let heard = (recorder.samples(channel: 0), recorder.samples(channel: 1))
        let first = before + 4800
        let wrong = (first..<first + 48_000).first { frame in
          let fed = JACKRecorder.noise(frame - Int(latency))
          return heard.0[frame] != fed || heard.1[frame] != fed
        }
        #expect(wrong == nil, "the first other sample is number \((wrong ?? 0) - first)")
        #expect((status?["peak_db"]?.double ?? 0) > -13)
        #expect(status?["missed_frames"] == 0)
        try expectCaptured(peer, capture, stage)
        try peer.query("input_detach")
        #expect(try peer.query("input_status")["input"]?["attached"] == false)
      }
      return isWhole
    }

    /// The capture of the input holds what was fed, without a gap.
    private func expectCaptured(_ peer: Peer, _ capture: JSONValue?, _ stage: Stage) throws {
      let stopped = try peer.query("capture_stop")["captures"]?.array?.first
      #expect(stopped?["id"] == capture?["id"])
      #expect(stopped?["lost_frames"] == 0)
      let left = try Material.samples(stage.file("input.wav")).left
      // Where in the noise the first sample of it is found, all that follow are found.
      let start = try #require(left.firstIndex { $0 != 0 })
      let place = try #require(
        (0..<8_000_000).first { frame in
          (0..<8).allSatisfy { JACKRecorder.noise(frame + $0) == left[start + $0] }
        })
      #expect((0..<48_000).allSatisfy { left[start + $0] == JACKRecorder.noise(place + $0) })
    }
  }
}
