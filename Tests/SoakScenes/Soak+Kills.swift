import Glibc
import HootWire
import JACKBench

extension Soak {
  /// jackd killed with −9 during a song and started again, `times` times: sound is back within 2 s of the server, and
  /// the playhead is where a clock that never stopped would be.
  func kills() throws -> Verdict {
    let name = JACKServer.uniqueName()
    // One that has died is cleared away when it is let go, and must not take its successor's things along.
    var servers = [try JACKServer(name: name, period: 256, seconds: seconds + 30 * times + 300)]
    defer { while !servers.isEmpty { servers.removeLast() } }
    let daemon = try daemon(on: servers[0])
    try load(daemon, tempo: "keep")
    try daemon.act("play", ["from": "1:1"])
    var slowest = 0.0
    var worst = 0.0
    var back = 0
    for _ in 0..<times {
      try daemon.act("seek", ["position": "1:1"])
      // Until a report is newer than the landing, the two clocks are not of one moment.
      usleep(200_000)
      let before = try offset(daemon)
      servers[servers.count - 1].kill9()
      _ = try holds(within: 5) { try daemon.ask("status")["audio"]?["driver"] != "jack" }
      servers.append(try JACKServer(name: name, period: 256, seconds: seconds + 30 * times + 300))
      let start = ContinuousClock.now
      guard try holds(within: 10, { try isBack(daemon) }) else { continue }
      back += 1
      let time = ContinuousClock.now - start
      slowest = max(slowest, Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18)
      worst = max(worst, abs(try offset(daemon) - before))
    }
    let off = try daemon.ask("status")["audio"]?["keeper"]?["worst_frames_off"]?.int ?? .max
    return Verdict(
      "kills", isGood: back == times && slowest <= 2 && off == 0 && worst < Self.gridFrames,
      "back \(back) of \(times) times, the slowest after \((slowest * 100).rounded() / 100) s, at most \(off) frames "
        + "off the running clock; playhead and device moved by at most \(worst.rounded()) frames against each other"
    )
  }

  /// The playhead is told for the next line of the renderer's grid, the device's clock for its own last frame: what a
  /// device has lost moves the one against the other by less than this.
  private static let gridFrames = 64.0

  private func isBack(_ daemon: SceneDaemon) throws -> Bool {
    let status = try daemon.ask("status")
    return status["audio"]?["driver"] == "jack" && status["audio"]?["alive"] == true
      && status["transport"]?["state"] == "rolling"
  }

  /// Frames between the device's clock and the timeline's at 120 BPM; it stays as it is while the music rolls on.
  private func offset(_ daemon: SceneDaemon) throws -> Double {
    guard let transport = try daemon.ask("status")["transport"], let device = transport["device_frame"]?.int,
      let beat = transport["beat"]?.double
    else { throw SceneFailure("status has no frames") }
    return beat * 24_000 - Double(device)
  }
}
