import Foundation
import Glibc
import HootWire
import Ledger

/// What is left of jobs and edits after the daemon was killed many times.
package struct JobCounts: Sendable {
  package var kills = 0
  /// Acknowledged.
  package var jobs = 0
  package var edits = 0
  /// Acknowledged and not there afterwards.
  package var lostJobs = 0
  package var lostEdits = 0
  /// Regions of a job that succeeded and that do not play what it made.
  package var unfilled = 0
  /// Regions or attachments that are there twice, or markers.
  package var doubled = 0
  /// Ids that the host was asked under and that no job has.
  package var strangers = 0
  package var succeeded = 0
  package var failed = 0
  /// Jobs that the host was asked for more than once.
  package var askedAgain = 0
  /// Milliseconds from each start after a kill until `status` was answered.
  package var answers: [Double] = []

  package var isGood: Bool { lostJobs + lostEdits + unfilled + doubled + strangers == 0 && succeeded > 0 }

  package var words: String {
    "\(kills) kills, \(jobs) acknowledged jobs with regions (\(succeeded) succeeded, \(failed) failed, \(askedAgain) "
      + "asked for more than once), \(edits) acknowledged edits; \(lostJobs) jobs and \(lostEdits) edits lost, "
      + "\(unfilled) regions not filled, \(doubled) doubled, \(strangers) unknown ids at the host; the status answered "
      + SceneTimes(answers).words + " after the start"
  }
}

/// Milliseconds of many tries.
package struct SceneTimes: Sendable {
  package let sorted: [Double]

  package init(_ times: [Double]) { sorted = times.sorted() }

  package var middle: Double { sorted.isEmpty ? 0 : sorted[sorted.count / 2] }
  package var words: String { "\(middle.rounded()) ms, at most \((sorted.last ?? 0).rounded()) ms" }
}

extension Soak {
  func jobs() throws -> Verdict {
    let counts = try jobCounts()
    let rows = times >= 100 ? 100_000 : 10_000
    let empty = SceneTimes(try statusTimes(finished: 0, live: 0, starts: 9))
    let ready = SceneTimes(try statusTimes(finished: rows, live: 1_000, starts: 9))
    return Verdict(
      "jobs", isGood: counts.isGood && ready.middle <= 200,
      counts.words + "; with \(rows) finished and 1000 live jobs it answered \(ready.words) after the start, "
        + "with none \(empty.words)")
  }

  /// The daemon killed with −9 while a client asks for music and edits, and a moody host works: at random points of
  /// submit, run, complete, attach and edit, `times` times.
  package func jobCounts() throws -> JobCounts {
    let folder = try SceneFolder()
    let host = try SceneHost(.moody(0...0.12, beats: 8))
    defer { host.stop() }
    var client = JobClient()
    var counts = JobCounts(kills: times)
    for round in 0..<times {
      let (daemon, milliseconds) = try timed(folder)
      if round == 0 {
        try host.join(daemon, as: "gpu", tools: "orpheus_generate", slots: 4)
      } else {
        counts.answers.append(milliseconds)
      }
      try client.work(daemon, round)
    }
    let daemon = try timed(folder).daemon
    try client.judge(daemon, host, &counts)
    daemon.end()
    counts.doubled += try Self.doubledAttachments(folder)
    return counts
  }

  /// A daemon on what an earlier one left, and the milliseconds until it answered for its status.
  func timed(_ folder: SceneFolder) throws -> (daemon: SceneDaemon, milliseconds: Double) {
    let began = ContinuousClock.now
    let daemon = try SceneDaemon(program, ["--audio", "timer", "--soundfont", "embedded"], in: folder)
    _ = try daemon.ask("status")
    let time = (ContinuousClock.now - began).components
    return (daemon, Double(time.attoseconds) / 1e15 + Double(time.seconds) * 1e3)
  }

  /// Regions that have more than one attachment.
  private static func doubledAttachments(_ folder: SceneFolder) throws -> Int {
    let place = try LedgerFolder(folder.file("chaosgarden"))
    let store = try SQLiteLedger(path: place.database, in: place)
    defer { store.close() }
    var seen: Set<String> = []
    var last: Int64 = 0
    var doubled = 0
    while true {
      let page = try store.attachments(after: last, limit: 1_000)
      guard let end = page.last else { return doubled }
      last = end.number
      doubled += page.count { !seen.insert($0.region).inserted }
    }
  }
}
