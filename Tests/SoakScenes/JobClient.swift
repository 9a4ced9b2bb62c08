import ControlSocket
import Foundation
import Glibc
import HootWire

/// Asks for music and edits, and remembers what was acknowledged.
struct JobClient {
  struct Wish {
    var job: String
    var region: String
  }

  private enum Asked {
    case marker(String)
    case music(JSONValue)
  }

  private var wishes: [Wish] = []
  private var markers: Set<String> = []
  /// Sent under an id of the client's own and not answered: asked again, until it is.
  private var open: [JSONValue] = []
  /// Jobs with an id of the client's own: nobody shares them.
  private var fresh: Set<String> = []
  private var place = 0

  /// Works without waiting for replies until the daemon is killed at some moment.
  mutating func work(_ daemon: SceneDaemon, _ round: Int) throws {
    let process = daemon.processID
    let pause = round % 5 == 4 ? UInt32.random(in: 0...30_000) : UInt32.random(in: 1_000...400_000)
    let killer = Thread {
      usleep(pause)
      if process > 0 { kill(process, SIGKILL) }
    }
    killer.start()
    var waiting: [UUID: Asked] = [:]
    var music = open
    open = []
    music += (0..<Int.random(in: 1...5)).map { _ in newWish() }
    var edits = (0..<12).map { "m\(round)-\($0)" }
    if round == 0 { _ = try daemon.client.send(["type": "play"]) }
    while process > 0, kill(process, 0) == 0, daemon.isRunning {
      while waiting.count < 6, !(music.isEmpty && edits.isEmpty) {
        if let wish = music.last, edits.isEmpty || Bool.random() {
          music.removeLast()
          waiting[try daemon.client.send(wish)] = .music(wish)
        } else if let name = edits.popLast() {
          let edit: JSONValue = ["type": "marker_add", "name": .string(name), "at": "2:1"]
          waiting[try daemon.client.send(edit)] = .marker(name)
        } else {
          break
        }
      }
      guard let reply = try daemon.client.nextReply(timeout: .milliseconds(20)) else { continue }
      guard let asked = waiting.removeValue(forKey: reply.id) else { continue }
      try take(reply.content, asked)
    }
    for asked in waiting.values {
      if case .music(let wish) = asked, wish["job_id"] != nil { open.append(wish) }
    }
    open += music.filter { $0["job_id"] != nil }
  }

  /// Half of them have an id of the client's own, so that they can be asked for again; the others may be shared.
  private mutating func newWish() -> JSONValue {
    place += 1
    var wish = JSONObject([
      ("type", "orpheus_generate"), ("track", .string("t\(place % 3)")), ("at", .string("\(place * 4)")),
      ("for", 8), ("temperature", .number(Double(Int.random(in: 1...4)) / 4)),
    ])
    if Bool.random() {
      wish["job_id"] = .string(UUID().uuidString.lowercased())
      wish["fresh"] = true
    }
    return .object(wish)
  }

  private mutating func take(_ reply: JSONValue, _ asked: Asked) throws {
    guard reply["type"] == "ok" else { throw SceneFailure("refused: \(reply.text)") }
    switch asked {
    case .marker(let name): markers.insert(name)
    case .music(let wish):
      guard let job = reply["result"]?["job_id"]?.string, let region = reply["result"]?["region_id"]?.string
      else { throw SceneFailure("no job or region: \(reply.text)") }
      if wish["job_id"] != nil { fresh.insert(job) }
      wishes.append(Wish(job: job, region: region))
    }
  }

  /// When everything has come to its end.
  mutating func judge(_ daemon: SceneDaemon, _ host: SceneHost, _ counts: inout JobCounts) throws {
    for wish in open {
      var arguments = wish.object ?? JSONObject([])
      arguments["type"] = nil
      let result = try daemon.request("orpheus_generate", .object(arguments))
      try take(result, .music(wish))
    }
    guard try holds(within: 300, { try Self.liveJobs(daemon) == 0 }) else {
      throw SceneFailure("\(try Self.liveJobs(daemon)) jobs do not end")
    }
    // What came last is still being loaded.
    _ = try holds(within: 30) { try unfilled(daemon) == 0 }
    counts.jobs = wishes.count
    counts.unfilled = try unfilled(daemon)
    counts.edits = markers.count
    let names = try daemon.ask("marker_ls")["markers"]?.array?.compactMap { $0["name"]?.string } ?? []
    counts.lostEdits = markers.subtracting(names).count
    counts.doubled = names.count - Set(names).count
    let regions = try Self.regions(daemon)
    counts.doubled += regions.count - Set(regions.map(\.id)).count
    var known: Set<String> = []
    for (job, wishes) in Dictionary(grouping: wishes, by: \.job) {
      guard let shown = try Self.job(job, daemon) else {
        counts.lostJobs += 1
        continue
      }
      known.insert(job)
      guard shown["state"] == "succeeded", let artifact = shown["artifacts"]?.array?.first?.string else {
        counts.failed += 1
        continue
      }
      counts.succeeded += 1
      guard fresh.contains(job) else { continue }
      counts.doubled += max(0, regions.count { $0.content == artifact } - 1) + wishes.count - 1
    }
    counts.askedAgain = host.asked.values.count { $0 > 1 }
    for id in host.asked.keys where !known.contains(id) {
      if try Self.job(id, daemon) == nil { counts.strangers += 1 }
    }
  }

  /// Acknowledged regions of jobs that succeeded, which do not play what the job made.
  private func unfilled(_ daemon: SceneDaemon) throws -> Int {
    let playing = Dictionary(
      try Self.regions(daemon).map { ($0.id, $0.content) }, uniquingKeysWith: { first, _ in first })
    return try wishes.count { wish in
      guard let job = try Self.job(wish.job, daemon) else { return false }
      let artifact = job["artifacts"]?.array?.first?.string
      return job["state"] == "succeeded"
        ? playing[wish.region] == nil || playing[wish.region] != artifact : playing[wish.region] != nil
    }
  }

  private static func liveJobs(_ daemon: SceneDaemon) throws -> Int {
    try daemon.ask("job_list", ["status": "live"])["jobs"]?.array?.count ?? 0
  }

  private static func job(_ id: String, _ daemon: SceneDaemon) throws -> JSONValue? {
    try daemon.request("job_status", ["job": .string(id)])["result"]?["job"]
  }

  private static func regions(_ daemon: SceneDaemon) throws -> [(id: String, content: String)] {
    var found: [(id: String, content: String)] = []
    while true {
      let page = try daemon.ask("region_ls", ["limit": 1_000, "skip": .integer(Int64(found.count))])
      let rows = page["regions"]?.array ?? []
      found += rows.map { ($0["id"]?.string ?? "", $0["content_hash"]?.string ?? "") }
      guard !rows.isEmpty, found.count < page["total"]?.int ?? 0 else { return found }
    }
  }
}
