import Foundation
import HootWire
import JACKBench
import Testing

/// The daemon is another process than the test, because a process belongs to one JACK server at a time.
extension EndToEnd.JACK {
  /// Rounds of a server's end and return: a hundred in `scripts/soak jack`, few where every change is tested.
  private static let rounds = Int(ProcessInfo.processInfo.environment["GARDEN_SOAK_ROUNDS"] ?? "") ?? few
  private static let few = 2

  private func keeper(_ peer: Peer) throws -> JSONValue {
    try peer.query("status")["audio"]?["keeper"] ?? nil
  }

  /// Plays; lets `next` put another server in the place of the first, so often; the daemon must come back each time,
  /// connected, where the running clock is.
  private func survives(
    rounds: Int = rounds, patched: (JACKRecorder) -> Void = { _ in },
    expecting connections: [String: [String]] = [
      "out_left": ["system:playback_1"], "out_right": ["system:playback_2"],
    ],
    _ next: @escaping (JACKServer, Int) throws -> JACKServer
  ) throws {
    var server = try JACKServer(outputs: 4)
    // What is left of a server is cleared away with it, by its name, which its successor has too: not before the end.
    var servers = [server]
    defer { withExtendedLifetime(servers) {} }
    try Stage.run { stage in
      let peer = try stage.daemon(
        "--audio", "jack", "--jack-server", server.name, seconds: 100 + 15 * rounds
      ).peer()
      try peer.listen("command", "audio")
      try peer.act("play")
      #expect(try eventually { try peer.query("status")["audio"]?["driver"] == "jack" })
      do {
        let hand = try witness(of: server)
        patched(hand)
        // Connections are looked at twice before they count as taken apart.
        usleep(500_000)
      }
      let start = ContinuousClock.now
      let before = try peer.framesAhead(of: start)
      var slowest = 0.0
      for round in 1...rounds {
        server = try next(server, round)
        servers.append(server)
        let ready = ContinuousClock.now
        let lost = peer.event { $0.content["type"] == "device_lost" }
        #expect(lost?["reason"]?.string?.isEmpty == false, "round \(round)")
        let back = peer.event { $0.content["type"] == "device_back" }
        slowest = max(slowest, (ContinuousClock.now - ready).seconds)
        #expect(back?["seconds_away"]?.double ?? -1 > 0, "round \(round)")
        #expect(try peer.state() == "rolling")
        try expect(connections, of: server)
      }
      // How long the server had been ready, at most, when sound came back: a figure, held only where it is asked for.
      if rounds > Self.few {
        print("back within \(slowest) s of a ready server, \(rounds) rounds")
        #expect(slowest <= 2)
      }
      // A busy machine may keep a server from calling in between, and may do so now: events are then of other losses.
      #expect(
        try eventually(30) {
          let keeper = try keeper(peer)
          return keeper["returns"] == keeper["losses"] && keeper["driving"] == false
        })
      #expect(try keeper(peer)["losses"]?.int ?? 0 >= rounds)
      #expect(try keeper(peer)["worst_frames_off"] == 0)
      // Seen from outside, too: what was away for seconds is no more than blocks from the clock.
      #expect(try eventually(30) { abs(try peer.framesAhead(of: start) - before) < 9_600 })
    }
  }

  /// A server that has just been made may be too busy for one more client.
  private func witness(of server: JACKServer) throws -> JACKRecorder {
    var client: JACKRecorder?
    _ = eventually(30) {
      client = JACKRecorder(server: server.name, capacity: 1000)
      return client != nil
    }
    return try #require(client)
  }

  private func expect(_ connections: [String: [String]], of server: JACKServer) throws {
    let witness = try witness(of: server)
    for (port, peers) in connections {
      #expect(
        eventually { witness.connections(of: "chaosgarden:\(port)").sorted() == peers },
        "\(port): \(witness.connections(of: "chaosgarden:\(port)"))")
    }
  }

  @Test func `A server that is killed and comes back finds the song where the clock is`() throws {
    try survives { server, _ in
      server.kill9()
      return try JACKServer(name: server.name, outputs: 4)
    }
  }

  @Test func `So does one that is stopped and comes back with another period`() throws {
    try survives { server, round in
      server.quit()
      return try JACKServer(name: server.name, period: [64, 1024][round % 2], outputs: 4)
    }
  }

  @Test func `One that comes back at another rate is resampled for`() throws {
    try survives { server, round in
      server.quit()
      return try JACKServer(name: server.name, rate: [44_100, 96_000][round % 2], outputs: 4)
    }
  }

  @Test func `Connections made and taken apart by hand outlive the server`() throws {
    func patch(_ hand: JACKRecorder) {
      #expect(hand.connect(from: "chaosgarden:click", to: "system:playback_3"))
      #expect(hand.disconnect(from: "chaosgarden:out_right", to: "system:playback_2"))
    }
    let expected = ["out_left": ["system:playback_1"], "out_right": [], "click": ["system:playback_3"]]
    try survives(patched: patch, expecting: expected) { server, _ in
      server.kill9()
      return try JACKServer(name: server.name, outputs: 4)
    }
  }

  @Test func `auto that found nothing moves to a server that appears`() throws {
    let name = JACKServer.uniqueName()
    try Stage.run { stage in
      let peer = try stage.daemon("--audio", "auto", "--jack-server", name).peer()
      #expect(try peer.query("status")["audio"]?["driver"] == "timer")
      let server = try JACKServer(name: name)
      #expect(try eventually { try peer.query("status")["audio"]?["driver"] == "jack" })
      #expect(try peer.query("status")["audio"]?["period"] == 256)
      server.quit()
    }
  }
}

extension Duration {
  fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension Peer {
  /// How far the device's count is ahead of a clock that has run at 48,000 Hz since `start`: the most of several looks,
  /// because a report may be late and never early.
  func framesAhead(of start: ContinuousClock.Instant) throws -> Double {
    var most = -Double.infinity
    for _ in 0..<20 {
      let frame = Double(try deviceFrame())
      most = max(most, frame - (ContinuousClock.now - start).seconds * 48_000)
      usleep(10_000)
    }
    return most
  }
}
