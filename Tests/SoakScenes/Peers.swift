import Foundation
import Glibc
import HootWire
import JACKBench

/// One line of `scripts/bench`; lower is better.
package struct PeerFigure: Sendable {
  package let name: String
  package let value: Double
  package let unit: String
  package let against: String
  package let goal: Double
  /// The promise it holds us to, in its words.
  package let proves: String
}

/// Something to compare with is not on this machine.
package struct MissingPeer: Error, CustomStringConvertible {
  package let description: String
}

/// The daemon beside other programs on a JACK server of their own.
package struct Peers: Sendable {
  package let program: String
  package let root: String
  package let largeFont: String

  package init(program: String, root: String, largeFont: String) {
    (self.program, self.root, self.largeFont) = (program, root, largeFont)
  }

  func require(_ isThere: Bool, _ what: String) throws {
    if let obstacle = JACKServer.obstacle { throw MissingPeer(description: obstacle) }
    guard isThere else { throw MissingPeer(description: "\(what) is not there; its figures are left out") }
  }

  func daemon(on server: JACKServer, font: String) throws -> SceneDaemon {
    try SceneDaemon(program, ["--audio", "jack", "--jack-server", server.name, "--soundfont", font])
  }
}

extension Peers {
  private static let commands = 400
  private static let period = 256

  /// Command to landed notice against `/sync` to `/synced`, in turns at 256 frames.
  package func landing() throws -> [PeerFigure] {
    try require(Scsynth.isInstalled, "scsynth")
    let rig = Rig(try JACKServer(period: Self.period))
    defer { rig.end() }
    let folder = rig.hold(try SceneFolder())
    let daemon = rig.hold(try daemon(on: rig.server, font: "\(root)/soundfonts/garden-seed.sf2"))
    let scsynth = rig.hold(try Scsynth(rig.server, log: folder.file("scsynth.log"), seconds: 120))
    let clock = ContinuousClock()
    var ours: [Double] = []
    var theirs: [Double] = []
    for number in 0..<Self.commands {
      var start = clock.now
      try daemon.act("seek", ["position": .string("\(number % 64)")])
      ours.append((clock.now - start).milliseconds)
      // At any moment of a cycle, not in step with it.
      usleep(useconds_t(1000 + (number * 7919) % 5000))
      start = clock.now
      guard scsynth.sync(Int32(number + 10)) else { throw SceneFailure("scsynth does not answer") }
      theirs.append((clock.now - start).milliseconds)
      usleep(useconds_t(1000 + (number * 104_729) % 5000))
    }
    return [(0.5, "p50"), (0.95, "p95"), (0.99, "p99")].map { part, word in
      let peer = Self.quantile(theirs, part)
      return PeerFigure(
        name: "landed_notice_\(word)", value: Self.quantile(ours, part), unit: "ms",
        against: "scsynth's /sync in the same run: \((peer * 100).rounded() / 100) ms",
        goal: 1000 * Double(Self.period) / 48_000 + 1,
        proves: "landed notice against scsynth's /sync: one period and 1 ms")
    }
  }

  private static func quantile(_ samples: [Double], _ part: Double) -> Double {
    let sorted = samples.sorted()
    return sorted[min(sorted.count - 1, Int(part * Double(sorted.count)))]
  }

  /// Kilobytes in memory with the same font and the same MIDI loaded.
  package func memory() throws -> [PeerFigure] {
    try require(Fluidsynth.isInstalled, "fluidsynth")
    let font = "/usr/share/sounds/sf2/TimGM6mb.sf2"
    try require(access(font, R_OK) == 0, font)
    let rig = Rig(try JACKServer())
    defer { rig.end() }
    let folder = rig.hold(try SceneFolder())
    let daemon = rig.hold(try daemon(on: rig.server, font: font))
    for name in ["lead.mid", "chords.mid", "bass.mid", "drums.mid"] {
      try daemon.act("region_add", ["file": .string("\(root)/config/demo/\(name)"), "tempo": "adopt"])
    }
    try daemon.act("play")
    let witness = try rig.recorder()
    let fluidsynth = rig.hold(try Fluidsynth(rig.server, font: font, log: folder.file("log"), seconds: 60))
    guard fluidsynth.ports(witness) != nil else { throw SceneFailure("fluidsynth: \(fluidsynth.said)") }
    sleep(3)
    guard let ours = residentKilobytes(of: daemon.processID),
      let theirs = residentKilobytes(of: fluidsynth.processID)
    else { throw SceneFailure("a program has gone") }
    return [
      PeerFigure(
        name: "resident_memory", value: Double(ours) / 1024, unit: "MiB",
        against:
          "fluidsynth with the same font, \((Double(theirs) / 102.4).rounded() / 10) MiB; 4 tracks here",
        goal: 2 * Double(theirs) / 1024, proves: "RSS against fluidsynth's")
    ]
  }
}

extension Duration {
  var milliseconds: Double { Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15 }
}
