import Foundation
import HootWire
import JACKBench
import Testing

extension EndToEnd {
  /// PipeWire in JACK's place: a server of the test's own, which has to be installed.
  @Suite(.enabled(if: PipeWireServer.obstacle == nil, Comment(rawValue: PipeWireServer.obstacle ?? "")))
  struct PipeWire {
    @Test func `It plays through PipeWire, and follows every change of quantum and rate`() throws {
      let server = try PipeWireServer()
      try Stage.run(on: server) { stage in
        let peer = try stage.daemon("--audio", "jack", "--no-limiter").peer()
        try peer.listen()
        let outputs = ["out_left", "out_right", "cue_left", "cue_right", "click"].map { "chaosgarden:\($0)" }
        #expect(Set(try server.ports("chaosgarden:", isOutput: true)) == Set(outputs))
        let inputs = ["midi_in", "in_left", "in_right"].map { "chaosgarden:\($0)" }
        #expect(Set(try server.ports("chaosgarden:", isOutput: false)) == Set(inputs))
        #expect(try eventually { try peer.audio("device") == "PipeWire, 2 outputs connected" })
        #expect(try server.connections(of: outputs[0]) == ["Speakers:playback_FL"])
        #expect(try server.connections(of: outputs[1]) == ["Speakers:playback_FR"])

        try Material.noise(stage.file("noise.wav"), frames: 2_000_000)
        try peer.act("region_add", ["file": .string(stage.file("noise.wav"))])
        let recorder = server.recorder(Array(outputs.prefix(2)), to: stage.file("heard.wav"), seconds: 4)
        try recorder.run()
        #expect(try eventually { try server.connections(of: outputs[0]).count == 2 })
        let start = try #require(try peer.act("play").landed["frame"]?.int)
        let began = ContinuousClock.now
        let ahead = try peer.framesAhead(of: began)
        for quantum in [256, 1024, 64, 256] {
          try server.forceQuantum(quantum)
          #expect(try eventually { try peer.audio("period") == .integer(Int64(quantum)) })
          try rolls(on: peer, frames: 24_000)
        }
        recorder.waitUntilExit()
        for rate in [44_100, 48_000] {
          try server.forceRate(rate)
          // Of one moment: where the machine is busy the timer may drive in between, and tell of itself.
          #expect(
            try eventually {
              let audio = try peer.query("status")["audio"]
              return audio?["sample_rate"] == .integer(Int64(rate)) && audio?["session_rate"] == 48_000
                && audio?["resampling"] == .bool(rate != 48_000)
            })
          try rolls(on: peer, frames: 24_000)
        }
        #expect(try eventually(30) { abs(try peer.framesAhead(of: began) - ahead) < 9_600 })
        // 120 BPM are 24,000 frames a beat: where it stops is where so many rendered frames lead.
        let end = try peer.act("pause").landed
        let beat = try #require(end["beat"]?.double)
        #expect(Int64((beat * 24_000).rounded()) == (end["frame"]?.int ?? 0) - start)
        #expect(try peer.audio("keeper")?["worst_frames_off"] == 0)
        let (xruns, blocks) = (try peer.audio("xruns")?.int ?? 0, try peer.audio("callbacks")?.int ?? 0)
        #expect(xruns * 4 < blocks, "\(xruns) interruptions in \(blocks) blocks")

        let runs = Self.runs(
          of: try Material.samples(stage.file("noise.wav")).left,
          in: try Material.samples(stage.file("heard.wav")).left)
        // On a busy machine many a block comes late, and what is left of four seconds is short.
        #expect(runs.reduce(0) { $0 + $1.count } > 8_000)
        for (run, next) in zip(runs, runs.dropFirst()) { #expect(next.lowerBound >= run.upperBound) }
      }
    }

    private func rolls(on peer: Peer, frames: Int64) throws {
      let goal = try peer.deviceFrame() + frames
      #expect(try eventually { try peer.deviceFrame() > goal })
      #expect(try peer.state() == "rolling")
    }

    /// Where in `file` the stretches of `heard` are from that are it, sample for sample, in the order they were heard.
    private static func runs(of file: [Float], in heard: [Float]) -> [Range<Int>] {
      // The recording is of integers, whose last bit is worth this much.
      func same(_ a: Float, _ b: Float) -> Bool { abs(a - b) <= 0x1p-31 }
      func key(_ sample: Float) -> Int32 { Int32(sample * 0x1p24) }
      let places = Dictionary(
        stride(from: 0, to: file.count, by: 64).map { (key(file[$0]), $0) }, uniquingKeysWith: { $1 })
      var runs: [Range<Int>] = []
      var index = 0
      while index < heard.count {
        var length = 0
        if let place = places[key(heard[index])] {
          while index + length < heard.count, place + length < file.count,
            same(heard[index + length], file[place + length])
          { length += 1 }
          if length >= 256 { runs.append(place..<place + length) }
        }
        index += max(1, length)
      }
      return runs
    }

    @Test func `A PipeWire without outputs is played through, and connected when it has some`() throws {
      let server = try PipeWireServer(hasOutputs: false)
      try Stage.run(on: server) { stage in
        let peer = try stage.daemon("--audio", "jack").peer()
        #expect(try eventually { try peer.audio("device") == "PipeWire, no output connected" })
        #expect(try eventually { try peer.audio("connected") == 0 })
        #expect(try eventually { try stage.garden("status").out.contains("no output connected") })
        try server.addOutputs()
        #expect(try eventually { try peer.audio("connected") == 2 })
        let left = "chaosgarden:out_left"
        #expect(try eventually { try server.connections(of: left) == ["Speakers:playback_FL"] })
        #expect(
          try eventually {
            let on = try stage.json("metronome", "on")
            let warning = on["warnings"]?.array?.first?.string ?? ""
            return on["metronome"]?["heard"] == false && warning.contains("nothing is connected to click")
          })
        try server.run("pw-link", ["chaosgarden:click", "Speakers:playback_RL"])
        #expect(try eventually { try stage.json("metronome")["metronome"]?["heard"] == true })
      }
    }

    /// A hundred in `scripts/soak servers`, few where every change is tested.
    private static let rounds = Int(ProcessInfo.processInfo.environment["GARDEN_SOAK_ROUNDS"] ?? "") ?? 2

    /// Loads PipeWire's library beside jackd's, which FluidSynth has brought into the process.
    @Test func `A PipeWire that is killed and comes back finds the song where the clock is`() throws {
      let server = try PipeWireServer()
      try Stage.run(on: server) { stage in
        stage.set("LD_LIBRARY_PATH", "")
        let peer = try stage.daemon("--audio", "pipewire", seconds: 100 + 15 * Self.rounds).peer()
        try peer.listen("command", "audio")
        try peer.act("play")
        #expect(try eventually { try peer.audio("connected") == 2 })
        try server.run("pw-link", ["chaosgarden:click", "Speakers:playback_RL"])
        try server.run("pw-link", ["-d", "chaosgarden:out_right", "Speakers:playback_FR"])
        // Connections are looked at twice before they count as taken apart.
        usleep(1_000_000)
        let start = ContinuousClock.now
        let ahead = try peer.framesAhead(of: start)
        for round in 1...Self.rounds {
          server.kill9()
          #expect(peer.event { $0.content["type"] == "device_lost" } != nil, "round \(round)")
          try server.start()
          #expect(peer.event { $0.content["type"] == "device_back" } != nil, "round \(round)")
          let expected = [("out_left", ["playback_FL"]), ("out_right", []), ("click", ["playback_RL"])]
          for (port, peers) in expected {
            let wanted = peers.map { "Speakers:\($0)" }
            #expect(try eventually { try server.connections(of: "chaosgarden:\(port)") == wanted }, "\(port)")
          }
        }
        #expect(try peer.state() == "rolling")
        #expect(
          try eventually(30) {
            let keeper = try peer.audio("keeper")
            return keeper?["returns"] == keeper?["losses"] && keeper?["driving"] == false
          })
        let keeper = try peer.audio("keeper")
        #expect(keeper?["losses"]?.int ?? 0 >= Self.rounds)
        #expect(keeper?["worst_frames_off"] == 0)
        #expect(try eventually(30) { abs(try peer.framesAhead(of: start) - ahead) < 9_600 })
      }
    }
  }
}

extension PipeWireServer {
  /// Full names of the ports that begin so.
  fileprivate func ports(_ start: String, isOutput: Bool) throws -> [String] {
    try run("pw-link", [isOutput ? "-o" : "-i"]).split(separator: "\n").map(String.init)
      .filter { $0.hasPrefix(start) }
  }
}

extension Stage {
  /// What it starts are clients of this server, by its own libjack.
  static func run(on server: PipeWireServer, _ body: (Stage) throws -> Void) throws {
    try withExtendedLifetime(server) {
      try run { stage in
        for (name, value) in server.environment { stage.set(name, value) }
        try body(stage)
      }
    }
  }
}

extension Peer {
  func audio(_ member: String) throws -> JSONValue? { try query("status")["audio"]?[member] }
}
