import Foundation
import HootWire
import JACKBench
import Testing

extension EndToEnd {
  /// What a second client of a JACK server hears. A process belongs to one JACK server at a time, so nothing that
  /// uses JACK may run beside these.
  @Suite(.enabled(if: JACKServer.obstacle == nil, Comment(rawValue: JACKServer.obstacle ?? "")))
  struct JACK {
    @Test(arguments: [256, 1024]) func `A second client hears what a render gives, sample for sample`(
      period: Int
    )
      throws
    {
      for isInTime in [true, true, false] {
        if try compare(period: period, isInTime: isInTime) { return }
      }
    }

    /// False when the machine was too busy for a whole recording, so that there is nothing to compare. Out of time, the
    /// server waits for its clients, and every recording is whole.
    private func compare(period: Int, isInTime: Bool) throws -> Bool {
      let server = try JACKServer(period: period)
      var isWhole = false
      try Stage.run { stage in
        let recorder = try #require(JACKRecorder(server: server.name, capacity: 4_000_000))
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
        if !isInTime { #expect(recorder.setFreewheeling(true)) }
        let before = recorder.frames
        try peer.act("play")
        #expect(eventually { recorder.frames > before + 144_000 + 2 * period })
        isWhole = try !isInTime || isUndisturbed(peer, recorder)
        guard isWhole else { return }
        let audio = try peer.query("status")["audio"]
        #expect(audio?["driver"] == "jack")
        #expect(audio?["period"] == .integer(Int64(period)))

        let outcome = try stage.garden("render", "-o", "render.wav", "--from", "13:1", "--to", "16:1")
        try #require(outcome.status == 0, "\(outcome.error)")
        let rendered = try Material.samples(stage.file("render.wav"))
        let heard = (recorder.samples(channel: 0), recorder.samples(channel: 1))
        try expectEqual(heard, rendered, frames: 144_000)
      }
      return isWhole
    }

    /// Whether the machine left the server and the daemon all the time they needed.
    private func isUndisturbed(_ peer: Peer, _ recorder: JACKRecorder) throws -> Bool {
      let audio = try peer.query("status")["audio"]
      return recorder.xruns == 0 && audio?["xruns"] == 0 && audio?["keeper"]?["losses"] == 0
    }

    @Test func `Stop, seek and pause move what sounds, to the sample`() throws {
      for isInTime in [true, true, false] {
        if try moves(isInTime: isInTime) { return }
      }
    }

    private func moves(isInTime: Bool) throws -> Bool {
      let server = try JACKServer(period: 1024)
      var isWhole = false
      try Stage.run { stage in
        let recorder = try #require(JACKRecorder(server: server.name, capacity: 4_000_000))
        let daemon = try stage.daemon("--audio", "jack", "--jack-server", server.name, "--no-limiter")
        #expect(recorder.connect("chaosgarden:out_left", channel: 0))
        let peer = try daemon.peer()
        try peer.listen()
        try Material.noise(stage.file("noise.wav"), frames: 400_000)
        try peer.act("region_add", ["file": .string(stage.file("noise.wav"))])
        // Where each command landed, and the frame of the file that must sound from there on.
        if !isInTime { #expect(recorder.setFreewheeling(true)) }
        var places: [(device: Int64, file: Int)] = []
        func act(_ verb: String, _ arguments: JSONValue = [:], file: (Double) -> Int) throws {
          let landed = try peer.act(verb, arguments).landed
          places.append((landed["frame"]?.int ?? 0, file(landed["beat"]?.double ?? 0)))
          let goal = recorder.frames + 14_000
          #expect(eventually { recorder.frames > goal })
        }
        try act("play") { _ in 0 }
        try peer.act("stop")
        try act("play") { _ in 0 }
        try act("seek", ["position": "2s"]) { _ in 96_000 }
        try peer.act("pause")
        // 120 BPM are 24,000 frames a beat.
        try act("play") { Int(($0 * 24_000).rounded()) }
        isWhole = try !isInTime || isUndisturbed(peer, recorder)
        guard isWhole else { return }

        let heard = recorder.samples(channel: 0)
        let noise = try Material.samples(stage.file("noise.wav")).left
        let start = try #require(heard.firstIndex { $0 != 0 })
        for place in places {
          let first = start + Int(place.device - places[0].device)
          // What is entered midway fades in over 5 ms; what starts keeps its attack.
          let fade = place.file == 0 ? 0 : 256
          // A recording that broke off fails, and takes no other test with it.
          try #require(first >= 0 && first + 8_000 <= heard.count, "\(place): \(heard.count) frames")
          let sounds = Array(heard[first + fade..<first + 8_000])
          #expect(sounds == Array(noise[place.file + fade..<place.file + 8_000]), "from \(place)")
        }
      }
      return isWhole
    }

    @Test func `A server that goes takes the sound with it, not the music`() throws {
      let server = try JACKServer()
      try Stage.run { stage in
        let daemon = try stage.daemon("--audio", "jack", "--jack-server", server.name)
        let peer = try daemon.peer()
        try peer.listen("command", "audio")
        try peer.act("play")
        server.kill9()
        #expect(try eventually { try peer.query("status")["audio"]?["driver"] == "timer" })
        let then = try peer.transport()
        #expect(then["state"] == "rolling")
        #expect(
          try eventually { try peer.transport()["beat"]?.double ?? 0 > then["beat"]?.double ?? .infinity })
        #expect(try stage.json("device", "ls")["drivers"]?.array?.count == 4)
        let refusal = try peer.refusal(of: "device_use", ["driver": "jack"])
        #expect(refusal.exit == 69)
        #expect(try peer.state() == "rolling")
        let other = try JACKServer(name: server.name)
        #expect(try eventually { try peer.query("status")["audio"]?["driver"] == "jack" })
        let reply = try peer.query("device_use", ["driver": "timer"])["audio"]
        #expect(reply?["driver"] == "timer")
        #expect(reply?["period"] == 256)
        #expect(try peer.query("device_use", ["driver": "jack"])["audio"]?["period"] == 256)
        #expect(try peer.state() == "rolling")
        _ = other.name
      }
    }

    @Test func `The server's period may change while it plays`() throws {
      let server = try JACKServer()
      try Stage.run { stage in
        let recorder = try #require(JACKRecorder(server: server.name))
        let peer = try stage.daemon("--audio", "jack", "--jack-server", server.name).peer()
        try peer.listen()
        try peer.act("play")
        for period in [1024, 64, 512] {
          #expect(recorder.setPeriod(period))
          #expect(try eventually { try peer.query("status")["audio"]?["period"] == .integer(Int64(period)) })
        }
        #expect(try peer.state() == "rolling")
        #expect(try peer.act("pause").landed["frame"]?.int ?? 0 > 0)
      }
    }

    @Test func `A pedal on the port midi_in is learnt and does what it has learnt`() throws {
      let server = try JACKServer()
      try Stage.run { stage in
        let pedal = try #require(JACKRecorder(server: server.name, capacity: 0))
        let peer = try stage.daemon("--audio", "jack", "--jack-server", server.name).peer()
        try peer.listen("midi", "command")
        #expect(eventually { pedal.connect(from: "witness:midi_out", to: "chaosgarden:midi_in") })
        // None of these is a channel message of its own.
        for bytes: [UInt8] in [[0xFA], [0xB0], [64, 127], [0xF0, 1, 0xF7]] {
          pedal.send(bytes)
          usleep(30_000)
        }
        try peer.query("learn", ["action": "toggle"])
        pedal.send([0xB2, 64, 127])
        let binding = peer.event { $0.content["type"] == "learned" }?["binding"]
        #expect(binding?["number"] == 64 && binding?["channel"] == 3)
        #expect(try peer.query("status")["midi"]?["messages"] == 1)
        pedal.send([0xB2, 64, 0])
        #expect(try eventually { try peer.query("status")["midi"]?["messages"] == 2 })
        // Two presses count as two when they are further apart than one.
        usleep(100_000)
        pedal.send([0xB2, 64, 127])
        #expect(try eventually { try peer.state() == "rolling" })
        pedal.send([0xC2, 5])
        #expect(try eventually { try peer.query("status")["midi"]?["messages"] == 4 })
      }
    }

    private func expectEqual(
      _ heard: (left: [Float], right: [Float]), _ rendered: (left: [Float], right: [Float]), frames: Int
    ) throws {
      let start = try #require(heard.left.firstIndex { $0 != 0 })
      let first = try #require(rendered.left.firstIndex { $0 != 0 })
      try #require(heard.left.count >= start + frames)
      for (name, heard, rendered) in [
        ("left", heard.left, rendered.left), ("right", heard.right, rendered.right),
      ] {
        let difference = (0..<frames).first {
          heard[start + $0].bitPattern != rendered[first + $0].bitPattern
        }
        #expect(difference == nil, "\(name): the first other sample is number \(difference ?? 0)")
      }
    }
  }
}
