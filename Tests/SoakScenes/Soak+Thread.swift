import Glibc
import HootWire
import JACKBench

/// What the system and the daemon have counted over a stretch of time.
package struct RealtimeCounts: Sendable {
  package var cycles: Int64
  package var edits: Int
  /// Voluntary switches a cycle.
  package var switches: Double
  /// Minor and major.
  package var faults: Int64
  /// Cycles of our own over half a period of processor time.
  package var late: Int64
  /// What JACK told of: anybody's.
  package var xruns: Int64

  /// One switch a cycle; but a cycle that the machine begins late finds the next one due, and does not wait for it.
  package var wakesOnceACycle: Bool {
    let excused = Double(xruns) / Double(max(1, cycles))
    return switches >= 0.98 - excused && switches <= 1.02
  }
}

extension Soak {
  /// JACK's thread while a client edits: one voluntary switch a cycle, no page fault once everything has been played
  /// once, and no cycle of our own over budget. The machine may be busy: other clients' xruns are told, not judged.
  func thread() throws -> Verdict {
    let counts = try threadCounts()
    let isGood =
      counts.cycles > 100 && counts.wakesOnceACycle && counts.faults == 0 && counts.late == 0
    return Verdict(
      "thread", isGood: isGood,
      "\(counts.cycles) cycles of 256 frames, \(counts.edits) edits, "
        + "\((counts.switches * 1000).rounded() / 1000) voluntary switches a cycle, \(counts.faults) page faults, "
        + "\(counts.late) own cycles over budget; JACK told of \(counts.xruns) xruns")
  }

  /// Plays the demonstration piece in a loop on JACK at 256 frames and edits it, for as long as the soak lasts.
  package func threadCounts() throws -> RealtimeCounts {
    let rig = Rig(try JACKServer(period: 256, seconds: seconds + 300))
    defer { rig.end() }
    let daemon = rig.hold(try daemon(on: rig.server))
    try load(daemon)
    try daemon.act("loop", ["start": "1:1", "end": "9:1"])
    try daemon.act("play", ["from": "1:1"])
    // Every kind of edit once, and each bar once: what comes in for the first time comes in here.
    _ = try edit(daemon, until: ContinuousClock.now + .seconds(min(20, max(4, seconds / 5))))
    let before = try Moment(daemon)
    let edits = try edit(daemon, until: ContinuousClock.now + .seconds(seconds))
    let after = try Moment(daemon)
    let counts = after.counts - before.counts
    let cycles = after.cycles - before.cycles
    return RealtimeCounts(
      cycles: cycles, edits: edits, switches: Double(counts.voluntarySwitches) / Double(max(1, cycles)),
      faults: counts.minorFaults + counts.majorFaults, late: after.late - before.late,
      xruns: after.xruns - before.xruns)
  }

  /// What is known at one time.
  private struct Moment {
    let cycles: Int64
    let late: Int64
    let xruns: Int64
    let counts: ThreadCounts

    init(_ daemon: SceneDaemon) throws {
      guard let audio = try daemon.ask("status")["audio"], let cycles = audio["callbacks"]?.int,
        let late = audio["late_blocks"]?.int, let xruns = audio["xruns"]?.int,
        let thread = audio["thread"]?.int,
        let counts = ThreadCounts(process: daemon.processID, thread: pid_t(thread))
      else { throw SceneFailure("the realtime thread has gone") }
      (self.cycles, self.late, self.xruns, self.counts) = (cycles, late, xruns, counts)
    }
  }

  /// Up to forty edits a second: the mixer, regions, tempo, the playhead. Gives their number.
  private func edit(_ daemon: SceneDaemon, until end: ContinuousClock.Instant) throws -> Int {
    var count = 0
    let edits: [(String, JSONValue)] = [
      ("track_set", ["track": "lead", "gain": -3.0]), ("region_set", ["region": "bass", "gain": -6.0]),
      ("track_set", ["track": "drums", "pan": 0.3]), ("region_mv", ["region": "chords", "at": "1:2"]),
      ("tempo", ["bpm": 133.0]), ("region_set", ["region": "lead", "transpose": 2]),
      ("track_set", ["track": "lead", "gain": 0.0]), ("region_set", ["region": "bass", "gain": 0.0]),
      ("region_mv", ["region": "chords", "at": "1:1"]), ("seek", ["position": "4:3"]),
      ("region_set", ["region": "lead", "transpose": 0]), ("tempo", ["bpm": 120.0]),
    ]
    while ContinuousClock.now < end {
      let edit = edits[count % edits.count]
      try daemon.act(edit.0, edit.1)
      count += 1
      usleep(25_000)
    }
    return count
  }
}
