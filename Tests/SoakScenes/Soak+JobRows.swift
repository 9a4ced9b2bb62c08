import Glibc
import Jobs
import Ledger

extension Soak {
  /// Milliseconds until a daemon answers for its status, on a ledger that is full of jobs; once for each start. What
  /// lives waits for a host that takes a call and says nothing.
  package func statusTimes(finished: Int, live: Int, starts: Int) throws -> [Double] {
    let folder = try SceneFolder()
    let hole = try SceneHost(.hole)
    defer { hole.stop() }
    try Self.fill(folder, finished: finished, live: live, at: hole.url)
    var times: [Double] = []
    for _ in 0..<starts {
      let (daemon, milliseconds) = try timed(folder)
      times.append(milliseconds)
      guard try holds(within: 30, { try daemon.ask("status")["jobs"]?.int == Int64(live) }) else {
        throw SceneFailure("\(try daemon.ask("status")["jobs"]?.text ?? "no") jobs live")
      }
      daemon.end()
    }
    return times
  }

  static func fill(_ folder: SceneFolder, finished: Int, live: Int, at url: String) throws {
    let place = try LedgerFolder(folder.file("chaosgarden"))
    let store = try SQLiteLedger(path: place.database, in: place)
    defer { store.close() }
    var random = SystemRandomNumberGenerator()
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let now = JobTime(time.tv_sec) * 1_000
    let service = HostSpec.Service(address: url, tools: ["orpheus_generate"])
    _ = try store.apply(
      [.setHost(HostSpec(name: "gpu", kind: .http, slots: 2, services: [service]))], at: now)
    var records: [JobRecord] = []
    for number in 0..<finished + live {
      let began = now - JobTime(finished + live - number)
      let id = JobID.mint(milliseconds: began, using: &random)
      var spec = JobSpec(
        id: id, tool: "orpheus_generate",
        parameters: Array("{\"max_tokens\":\(number),\"temperature\":1}".utf8))
      spec.client = "somebody"
      var record = JobRecord(spec: spec, sequence: UInt64(number + 1), at: began)
      if number < finished {
        record.state = .succeeded
        (record.host, record.epoch, record.finishedAt) = ("gpu", 1, began)
        record.artifacts = [String(id.text.filter { $0 != "-" })]
      }
      records.append(record)
      guard records.count == 2_000 || number == finished + live - 1 else { continue }
      _ = try store.apply([.submit(records)], at: now)
      records.removeAll(keepingCapacity: true)
    }
  }
}
