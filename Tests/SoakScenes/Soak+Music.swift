import Foundation
import GRDB
import Glibc
import HootWire
import JACKBench

/// What became of regions whose music came while they, and three tracks beside them, were played.
package struct MusicCounts: Sendable {
  package var asked = 0
  package var placed = 0
  package var started = 0
  /// Regions that first sounded elsewhere than where they were due, in beats.
  package var astray: [String] = []
  package var stalls = 0
  package var swallowed = 0
  /// How often the control thread came too late for a line, and took the next.
  package var postponed = 0
  /// Own cycles over budget, and cycles lost for that.
  package var late: Int64 = 0
  package var xruns: Int64 = 0
  package var notes: Int64 = 0
  /// The longest that a reply took, in milliseconds: the disk stood still meanwhile.
  package var slowest = 0.0

  /// Whoever judges timing looks at `late`, too.
  package var isWhole: Bool {
    slowest > 700 && swallowed > 0 && asked > 0 && started == asked && placed == asked && astray.isEmpty
      && notes > 0
  }

  package var words: String {
    "\(asked) regions asked for while three tracks play, \(placed) filled, \(started) started, \(astray.count) not at "
      + "their due frame, \(postponed) put off by a bar; the ledger's disk stood still \(stalls) times (the slowest reply took "
      + "\(slowest.rounded()) ms), \(swallowed) calls into a black hole; \(late) own cycles over budget, \(xruns) own xruns"
      + astray.prefix(5).map { "\n  \($0)" }.joined()
  }
}

extension Soak {
  func music() throws -> Verdict {
    let counts = try musicCounts(regions: times, seconds: Double(seconds))
    return Verdict("music", isGood: counts.isWhole && counts.late == 0 && counts.xruns == 0, counts.words)
  }

  /// Plays three tracks through JACK while so many regions are asked for, evenly over the time, half of them where the
  /// playhead is and half of them two bars ahead. In between the ledger cannot write, and a host swallows its calls.
  package func musicCounts(regions: Int, seconds: Double) throws -> MusicCounts {
    let rig = Rig(try JACKServer(period: 256, seconds: Int(seconds) + 300))
    defer { rig.end() }
    let host = try SceneHost(.steady(0.02...0.4, beats: 64))
    let hole = try SceneHost(.hole)
    defer {
      host.stop()
      hole.stop()
    }
    let daemon = rig.hold(try daemon(on: rig.server))
    try host.join(daemon, as: "gpu", tools: "orpheus_generate", slots: 3)
    try hole.join(daemon, as: "hole", tools: "swallow", slots: 2)
    try playThreeTracks(daemon, beats: Int(seconds * 4) + 400)
    var stage = MusicStage(began: .now)
    try daemon.client.subscribe(topics: ["latent", "region"])
    let before = try daemon.ask("status")["audio"]
    try daemon.act("play", ["from": "0"])
    stage.began = .now
    let stalls = max(1, Int(seconds / 60))
    for number in 0..<regions {
      let due = stage.began + .seconds(seconds * Double(number) / Double(regions))
      while ContinuousClock.now < due { try stage.listen(daemon) }
      try stage.ask(daemon, number)
      if (number + 1) % max(1, regions / (stalls + 1)) == 0, stage.counts.stalls < stalls {
        stage.counts.stalls += 1
        Self.stall(folder: daemon.folder, seconds: 1.5)
        try stage.swallow(daemon)
      }
    }
    let end = ContinuousClock.now + .seconds(60)
    while !stage.isDone, ContinuousClock.now < end { try stage.listen(daemon) }
    let status = try daemon.ask("status")
    var counts = stage.judged()
    func since(_ path: String...) -> Int64 {
      func value(_ audio: JSONValue?) -> Int64 { path.reduce(audio) { $0?[$1] }?.int ?? 0 }
      return value(status["audio"]) - value(before)
    }
    counts.late = since("late_blocks")
    counts.xruns = since("xruns_by_cause", "own")
    counts.notes = status["notes_started"]?.int ?? 0
    counts.swallowed = hole.asked.count
    return counts
  }

  private func playThreeTracks(_ daemon: SceneDaemon, beats: Int) throws {
    try daemon.act("tempo", ["bpm": 240])
    for (number, track) in ["low", "middle", "high"].enumerated() {
      let file = daemon.folder.file("\(track).mid")
      let music = SceneMusic.midi(beats: beats, name: track, key: UInt8(36 + 12 * number))
      guard FileManager.default.createFile(atPath: file, contents: Data(music)) else {
        throw SceneFailure("\(file) cannot be written")
      }
      try daemon.act("region_add", ["file": .string(file), "track": .string(track), "at": "0"])
    }
  }

  /// The ledger's commits wait as they would for a disk that stands still: another connection holds the database.
  private static func stall(folder: SceneFolder, seconds: Double) {
    let path = folder.file("chaosgarden/ledger.db")
    let holder = Thread {
      var configuration = Configuration()
      configuration.busyMode = .timeout(5)
      // A ledger that cannot be held is not stalled: then no reply was slow, and the scene is not good.
      try? DatabaseQueue(path: path, configuration: configuration).inDatabase { database in
        try database.inTransaction(.immediate) {
          usleep(UInt32(seconds * 1e6))
          return .rollback
        }
      }
    }
    holder.start()
  }
}

/// What was asked for and what was heard.
private struct MusicStage {
  var began: ContinuousClock.Instant
  var counts = MusicCounts()
  private var waiting: [UUID: (at: ContinuousClock.Instant, start: Double)] = [:]
  /// Where each region begins; where it is due; where it was first heard, in beats.
  private var starts: [String: Double] = [:]
  private var due: [String: Double] = [:]
  private var heard: [String: Double] = [:]

  init(began: ContinuousClock.Instant) { self.began = began }

  /// The playhead, about, at 240 BPM.
  private var beat: Double {
    let time = (ContinuousClock.now - began).components
    return 4 * (Double(time.seconds) + Double(time.attoseconds) / 1e18)
  }

  mutating func ask(_ daemon: SceneDaemon, _ number: Int) throws {
    let bar = (beat / 4).rounded(.down) * 4
    let start = number % 2 == 0 ? bar : bar + 8
    let id = try daemon.client.send([
      "type": "orpheus_generate", "track": .string("new\(number % 3)"), "at": .string("\(Int(start))"),
      "for": 48, "fresh": true,
    ])
    waiting[id] = (.now, start)
    counts.asked += 1
  }

  mutating func swallow(_ daemon: SceneDaemon) throws {
    for number in 0..<2 {
      _ = try daemon.client.send([
        "type": "generate", "tool": "swallow", "param": [.string("n=\(counts.stalls * 10 + number)")],
        "no_region": true,
      ])
    }
  }

  /// Takes what comes within a moment.
  mutating func listen(_ daemon: SceneDaemon) throws {
    while let reply = try daemon.client.nextReply(timeout: .zero) {
      guard let asked = waiting.removeValue(forKey: reply.id) else { continue }
      guard let region = reply.content["result"]?["region_id"]?.string else {
        throw SceneFailure("refused: \(reply.content.text)")
      }
      starts[region] = asked.start
      let time = (ContinuousClock.now - asked.at).components
      counts.slowest = max(
        counts.slowest, Double(time.seconds) * 1e3 + Double(time.attoseconds) / 1e15)
    }
    guard let event = daemon.client.nextEvent(timeout: .milliseconds(10)) else { return }
    let content = event.content
    switch content["type"] {
    case "placed", "postponed":
      if content["type"] == "postponed" { counts.postponed += 1 }
      guard let region = content["region_id"]?.string else { return }
      due[region] = content["enters"]?["at"]?.string.flatMap(Self.beats) ?? -1
    case "region_started":
      guard let region = content["region"]?.string, let beat = content["beat"]?.double,
        heard[region] == nil
      else { return }
      heard[region] = beat
    default: return
    }
  }

  var isDone: Bool { waiting.isEmpty && starts.keys.allSatisfy { heard[$0] != nil } }

  /// A region is due where it begins, or, when that is over, on the bar that was announced, which is the next. A note's
  /// grid is 64 frames: 0.0053 beats at 240 BPM.
  func judged() -> MusicCounts {
    var counts = counts
    counts.placed = starts.keys.count { due[$0] != nil }
    counts.started = starts.keys.count { heard[$0] != nil }
    for (region, start) in starts {
      guard let due = due[region], let heard = heard[region] else { continue }
      let isOnBar = due >= start && due.truncatingRemainder(dividingBy: 4) == 0
      if !isOnBar || heard < due - 0.0001 || heard > due + 0.006 {
        counts.astray.append("\(region): begins at \(start), due at \(due), heard at \(heard)")
      }
    }
    return counts
  }

  /// `17:1:000` in beats of 4/4.
  private static func beats(_ position: String) -> Double? {
    let parts = position.split(separator: ":").compactMap { Double($0) }
    guard parts.count == 3 else { return nil }
    return (parts[0] - 1) * 4 + parts[1] - 1 + parts[2] / 960
  }
}
