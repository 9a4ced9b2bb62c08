import JACKBench

/// What every scene needs to know. The tests play the same scenes as `scripts/soak` with smaller counts.
package struct Soak: Sendable {
  /// The path of `chaosgarden`.
  package var program: String
  /// The package's folder.
  package var root: String
  /// How long the scenes that last may last.
  package var seconds: Int
  /// How often what is repeated is repeated.
  package var times: Int

  package init(program: String, root: String, seconds: Int, times: Int) {
    self.program = program
    self.root = root
    self.seconds = seconds
    self.times = times
  }

  /// In the order they are played.
  package enum Scene: String, CaseIterable, Sendable {
    /// What the system counts of JACK's thread while a client edits.
    case thread
    /// Where notes begin, beside the peers.
    case onsets
    /// jackd killed, again and again, during a song.
    case kills
    /// Everything that begins, ends or replaces sound, at every phase of a signal.
    case clicks
    /// Four clients that ask two thousand times a second each.
    case traffic
    /// Clients that come and go.
    case visits
    /// The daemon killed, again and again, while a client edits.
    case journal
    /// The daemon killed, again and again, while jobs run.
    case jobs
    /// Music that comes from hosts while the music plays.
    case music
    /// Clients of HTTP, and a crowd of streams.
    case web

    var needsJACK: Bool {
      switch self {
      case .thread, .onsets, .kills, .music: true
      case .clicks, .traffic, .visits, .journal, .jobs, .web: false
      }
    }
  }

  package func play(_ scene: Scene) -> Verdict {
    if scene.needsJACK, let obstacle = JACKServer.obstacle {
      return Verdict(scene.rawValue, .skipped, obstacle)
    }
    do {
      switch scene {
      case .thread: return try thread()
      case .onsets: return try onsets()
      case .kills: return try kills()
      case .clicks: return try clicks()
      case .traffic: return try traffic()
      case .visits: return try visits()
      case .journal: return try journal()
      case .jobs: return try jobs()
      case .music: return try music()
      case .web: return try web()
      }
    } catch { return Verdict(scene.rawValue, .bad, "it could not be played: \(error)") }
  }

  var font: String { "\(root)/soundfonts/garden-seed.sf2" }

  func daemon(on server: JACKServer, _ flags: [String] = []) throws -> SceneDaemon {
    try SceneDaemon(
      program, ["--audio", "jack", "--jack-server", server.name, "--soundfont", font] + flags,
      seconds: seconds + 300)
  }

  /// Puts the demonstration piece on the timeline.
  ///
  /// - Parameter tempo: `adopt` for the piece's own, `keep` for 120 BPM throughout.
  func load(_ daemon: SceneDaemon, tempo: String = "adopt") throws {
    for name in ["lead.mid", "chords.mid", "bass.mid", "drums.mid"] {
      let file = "\(root)/config/demo/\(name)"
      try daemon.act("region_add", ["file": .string(file), "tempo": .string(tempo)])
    }
    try daemon.act("region_add", ["file": .string("\(root)/config/demo/texture.wav")])
  }
}
