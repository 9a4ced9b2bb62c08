import Foundation
import Glibc
import HootWire
import Threading

/// What the daemon's HTTP costs and takes.
package struct WebCounts: Sendable {
  package var perSecond = 0.0
  package var requests = SceneTimes([])
  package var landings = SceneTimes([])
  package var late = 0
  package var streams = 0
  package var dropped = 0
  package var events = 0
  package var grown = 0.0
}

extension Soak {
  func web() throws -> Verdict {
    let rows = times >= 100 ? 100_000 : 2_000
    let streams = times >= 100 ? 500 : 50
    let counts = try webCounts(rows: rows, streams: streams)
    return Verdict(
      "web", isGood: counts.late == 0 && counts.dropped == streams * 2 / 5 && counts.grown < 32,
      "GET /api/tasks/ID with \(rows) jobs: \(Int(counts.perSecond)) a second, p50 \(counts.requests.text(50)) ms, p99 "
        + "\(counts.requests.text(99)) ms; from POST to its landed event p50 \(counts.landings.text(50)) ms, p99 "
        + "\(counts.landings.text(99)) ms; \(streams) streams, \(counts.dropped) slow ones dropped, \(counts.events) "
        + "events heard, \(counts.late) late blocks, memory grew by \(counts.grown.rounded()) MB")
  }

  package func webCounts(rows: Int, streams: Int) throws -> WebCounts {
    let folder = try SceneFolder()
    try Self.fill(folder, finished: rows, live: 0, at: "http://127.0.0.1:1")
    let (daemon, _) = try timed(folder)
    defer { daemon.end() }
    guard holds(within: 30, { access("\(folder.path)/chaosgarden-http", F_OK) == 0 }) else {
      throw SceneFailure("the daemon serves no HTTP")
    }
    var counts = WebCounts()
    try askForTasks(folder, &counts)
    try playDensely(daemon)
    try measureLandings(folder, &counts)
    try crowd(daemon, streams, &counts)
    return counts
  }

  /// Four clients, each with the next request as soon as it has its reply.
  private func askForTasks(_ folder: SceneFolder, _ counts: inout WebCounts) throws {
    let line = try WebLine(folder.path)
    try line.send("GET /api/tasks?limit=1000")
    let listed = try JSONValue.parse(Array(try line.reply().body.utf8))
    let ids = (listed["jobs"]?.array ?? []).compactMap { $0["id"]?.string }
    guard ids.count > 500 else { throw SceneFailure("\(ids.count) jobs are listed") }
    let all = Locked<[Double]>([])
    let good = Locked(0)
    let began = ContinuousClock.now
    let (path, asked) = (folder.path, ids)
    let clients = try (0..<4).map { number in
      try OwnedThread(name: "web-client") {
        // A client that breaks off is replies that are missing.
        guard let line = try? WebLine(path) else { return }
        var times: [Double] = []
        for turn in 0..<500 {
          let start = ContinuousClock.now
          guard (try? line.send("GET /api/tasks/\(asked[(turn * 7 + number * 131) % asked.count])")) != nil,
            (try? line.reply().status) == 200
          else { return }
          times.append((ContinuousClock.now - start).sceneMilliseconds)
        }
        all.withLock { $0 += times }
        good.withLock { $0 += times.count }
      }
    }
    for client in clients { client.join() }
    guard good.withLock({ $0 }) == 2000 else { throw SceneFailure("requests without a good reply") }
    counts.perSecond = 2000 / ((ContinuousClock.now - began).sceneMilliseconds / 1000)
    counts.requests = SceneTimes(all.withLock { $0 })
  }

  private func playDensely(_ daemon: SceneDaemon) throws {
    try daemon.ask(
      "region_add", ["file": .string("\(root)/config/demo/chords.mid"), "track": "a", "name": "a", "at": "0"])
    try daemon.ask("region_dup", ["region": "a", "times": 200])
    try daemon.ask("play")
  }

  /// From a command's POST to the event that says where it landed.
  private func measureLandings(_ folder: SceneFolder, _ counts: inout WebCounts) throws {
    let stream = try WebLine(folder.path)
    try stream.send("GET /api/events?topics=command")
    _ = try stream.line(with: "event: start")
    let line = try WebLine(folder.path)
    var times: [Double] = []
    for number in 0..<(self.times >= 100 ? 500 : 50) {
      let start = ContinuousClock.now
      try line.send("POST /api/tools/track_set", body: #"{"track":"a","gain":-\#(number % 12)}"#)
      let reply = try JSONValue.parse(Array(try line.reply().body.utf8))
      guard let id = reply["command"]?["id"]?.int else { throw SceneFailure("track_set: \(reply.text)") }
      _ = try stream.line(with: "\"command\":\(id)")
      times.append((ContinuousClock.now - start).sceneMilliseconds)
      usleep(useconds_t(500 + (number * 7919) % 5000))
    }
    counts.landings = SceneTimes(times)
  }

  /// Many streams, two of five of them never read, while the music is dense and edits come.
  private func crowd(_ daemon: SceneDaemon, _ streams: Int, _ counts: inout WebCounts) throws {
    var lines = try (0..<streams).map { number in
      let line = try WebLine(daemon.folder.path, room: number % 5 < 2 ? 4_096 : nil)
      try line.send("GET /api/events")
      return line
    }
    usleep(500_000)
    counts.streams = streams
    let memory = residentKilobytes(of: daemon.processID) ?? 0
    let late = try daemon.audio("late_blocks")
    var buffer = [UInt8](repeating: 0, count: 65_536)
    // A stream that takes nothing is given up after twenty seconds.
    let end = ContinuousClock.now + .seconds(max(30, seconds))
    var turn = 0
    while ContinuousClock.now < end {
      turn += 1
      _ = try daemon.request("track_set", ["track": "a", "gain": .number(-Double(turn % 12))])
      for (number, line) in lines.enumerated() where number % 5 >= 2 {
        guard let count = line.drain(&buffer) else { throw SceneFailure("a stream that is read was ended") }
        counts.events += buffer[..<count].split(separator: 0x0A).count {
          $0.starts(with: Array("event:".utf8))
        }
      }
    }
    counts.late = Int(try daemon.audio("late_blocks") - late)
    counts.grown = Double((residentKilobytes(of: daemon.processID) ?? .max) - memory) / 1024
    // Those that were never read find what was kept for them, and then the end.
    counts.dropped = lines.indices.count { $0 % 5 < 2 && Self.hasEnded(lines[$0], &buffer) }
    lines.removeAll()
  }

  private static func hasEnded(_ line: WebLine, _ buffer: inout [UInt8]) -> Bool {
    while let count = line.drain(&buffer) { if count == 0 { return false } }
    return true
  }
}

extension SceneTimes {
  func text(_ percent: Int) -> String {
    guard !sorted.isEmpty else { return "-" }
    return "\((sorted[min(sorted.count - 1, sorted.count * percent / 100)] * 100).rounded() / 100)"
  }
}

extension Duration {
  fileprivate var sceneMilliseconds: Double {
    Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
  }
}
