import Foundation
import HootWire
import HostBench
import JACKBench
import SoakScenes
import Testing

extension EndToEnd {
  /// Jobs and restarts. The scenes are those of `scripts/soak jobs music` with counts that fit here; the full ones are 300
  /// kills, and 1000 regions in ten minutes.
  @Suite struct JobScenes {
    private func soak(seconds: Int, times: Int) -> Soak {
      Soak(program: "\(Stage.programs)/chaosgarden", root: Stage.root, seconds: seconds, times: times)
    }

    @Test func `[A18] Killed while jobs run, it loses no job and no edit, and doubles none`() throws {
      let counts = try soak(seconds: 5, times: 3).jobCounts()
      #expect(counts.isGood && counts.kills == 3 && counts.jobs > 0, "\(counts.words)")
    }

    /// Late cycles are not judged here: a debug build has another budget.
    @Test(.enabled(if: JACKServer.obstacle == nil, Comment(rawValue: JACKServer.obstacle ?? "")))
    func `[D62] Regions that are filled while the music plays first sound where they are due`() throws {
      let counts = try soak(seconds: 6, times: 12).musicCounts(regions: 12, seconds: 6)
      #expect(counts.isWhole, "\(counts.words)")
    }

    @Test func `[A18] [B03] What ran at a kill is sent once more under its id, and fills once`() throws {
      try Stage.run { stage in
        let host = try Answering()
        defer { host.stop() }
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.query(
          "host_add",
          ["host": "gpu", "kind": "http", "url": .string(host.url), "tools": "orpheus_generate"])
        let made = try peer.query("orpheus_generate", ["track": "lead", "at": "16", "for": 8])
        let (job, region) = (made["job_id"] ?? nil, try #require(made["region_id"]?.string))
        #expect(eventually(30) { host.ids.count == 1 })
        daemon.kill9()
        host.answers = true
        let second = try stage.daemon()
        let after = try second.peer()
        let shown = try after.finished(job)
        #expect(shown["state"] == "succeeded" && shown["resent"] == true && shown["failures"] == 0)
        #expect(host.ids == [job.string ?? "", job.string ?? ""])
        #expect(try eventually(30) { try after.regions().count == 1 })
        #expect(try after.regions().first?["id"]?.string == region)
        #expect(try after.regions().first?["content_hash"] == shown["artifacts"]?.array?.first)
        // A third daemon finds it as it is, and asks nobody.
        second.kill9()
        let third = try stage.daemon().peer()
        #expect(try third.regions().count == 1 && host.ids.count == 2)
      }
    }

    @Test func `[B03] A request that is repeated after a kill has one job and one region`() throws {
      try Stage.run { stage in
        let host = try Answering()
        defer { host.stop() }
        host.answers = true
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.query(
          "host_add",
          ["host": "gpu", "kind": "http", "url": .string(host.url), "tools": "orpheus_generate"])
        let wish: JSONValue = [
          "track": "lead", "at": "16", "for": 8, "job_id": "01890000-0000-7000-8000-000000000002",
        ]
        let first = try peer.query("orpheus_generate", wish)
        daemon.kill9()
        let after = try stage.daemon().peer()
        let again = try after.query("orpheus_generate", wish)
        #expect(again["how"] == "known" && again["region_id"] == first["region_id"])
        try after.finished(again["job_id"])
        #expect(try eventually(30) { try after.regions().count == 1 })
        #expect(try after.regions().first?["id"] == first["region_id"])
      }
    }
  }
}

/// A host that says nothing until it is told to answer.
private final class Answering: @unchecked Sendable {
  // Behind the lock.
  private let lock = NSLock()
  private var isAnswering = false
  private var asked: [String] = []
  private var host: ScriptedHost?

  init() throws {
    host = try ScriptedHost { [self] request, _ in
      guard request.path == "/predict" else { return [.reply(200, "{}")] }
      // What is no JSON counts as an id that nobody has.
      let id = (try? JSONValue.parse(request.body))?["client_job_id"]?.string ?? "none"
      lock.lock()
      defer { lock.unlock() }
      asked.append(id)
      guard isAnswering else { return [.hang] }
      let notes = (0..<16).map { Material.Note(tick: $0 * 480, length: 240, key: 60) }
      let music = Data(Material.midi(notes, lengthTicks: 7_680)).base64EncodedString()
      return [.reply(200, "{\"variations\":[{\"midi_base64\":\"\(music)\",\"num_tokens\":12}]}")]
    }
  }

  var url: String { host?.url ?? "" }
  func stop() { host?.stop() }

  var ids: [String] {
    lock.lock()
    defer { lock.unlock() }
    return asked
  }

  var answers: Bool {
    get { false }
    set {
      lock.lock()
      defer { lock.unlock() }
      isAnswering = newValue
    }
  }
}
