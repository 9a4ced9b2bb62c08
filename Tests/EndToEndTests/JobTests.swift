import Foundation
import Glibc
import HootWire
import HostBench
import Testing

extension EndToEnd {
  @Suite struct Jobs {
    @Test func `[D30] What cannot be asked for is refused, and changes nothing`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let before = try peer.picture()
        let hash = String(repeating: "a", count: 32)
        for (type, arguments, code) in [
          ("generate", ["tool": "orpheus_generat"] as JSONValue, "unknown_tool"),
          ("phrase_generate", ["scale": "maj"], "unknown_value"),
          ("phrase_generate", ["densty": 1], "unknown_parameter"),
          ("phrase_generate", ["density": "much"], "wrong_type"),
          ("phrase_generate", ["density": 1.5], "out_of_range"),
          ("phrase_generate", ["at": "@nowhere"], "bad_position"),
          ("phrase_generate", ["host": "nowhere"], "unknown_host"),
          ("phrase_continue", [:], "missing_parameter"),
          ("phrase_continue", ["input_hash": .string(hash)], "content_not_found"),
          ("musicgen_generate", ["prompt": .string(String(repeating: "x", count: 16_385))], "too_long"),
          ("generate", ["tool": "phrase_generate", "param": ["density=much"]], "wrong_type"),
          ("generate", ["tool": "phrase_generate", "param": ["nonsense"]], "bad_parameter"),
          ("phrase_generate", ["job_id": "7"], "bad_id"),
          ("phrase_generate", ["traceparent": "00-1-2-3"], "bad_traceparent"),
          ("job_status", ["job": "0000"], "unknown_job"),
          ("job_cancel", [:], "missing_parameter"),
          ("host_add", ["host": "x", "kind": "http", "url": "ftp://x", "tools": "*"], "bad_host"),
          ("host_rm", ["host": "nobody"], "unknown_host"),
        ] {
          #expect(try peer.refusal(of: type, arguments).code == code, "\(type) \(arguments.text)")
        }
        #expect(try peer.picture() == before)
        #expect(try peer.query("job_list")["jobs"]?.array?.isEmpty == true)
      }
    }

    @Test func `[D16] [D17] Jobs are listed by pages, each once, and shown with what happened to them`()
      throws
    {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        var ids: [String] = []
        for seed in 0..<7 {
          let reply = try peer.query("phrase_generate", ["no_region": true, "seed": .integer(Int64(seed))])
          ids.append(try #require(reply["job_id"]?.string))
        }
        for id in ids { try peer.finished(.string(id)) }
        var found: [String] = []
        var before: JSONValue = nil
        repeat {
          let page = try peer.query("job_list", ["limit": 3, "before": before, "status": "succeeded"])
          found += page["jobs"]?.array?.compactMap { $0["id"]?.string } ?? []
          before = page["next"] ?? nil
        } while before != nil
        #expect(found == ids.reversed())
        let shown = try peer.query("job_status", ["job": .string(String(ids[0].prefix(36)))])
        #expect(shown["job"]?["host"] == "here" && shown["attempts"]?.array?.count == 1)
        let states = try peer.query("job_logs", ["job": .string(ids[0])])["events"]?.array ?? []
        #expect(states.compactMap { $0["state"]?.string } == ["queued", "leased", "running", "succeeded"])
      }
    }

    @Test func `[B22] [B31] A busy host fails nobody: each waits, is shown waiting, and is served`() throws {
      try Stage.run { stage in
        let busy = Busy(answers: 2)
        let host = try ScriptedHost { request, _ in
          guard request.path == "/predict" else { return [.reply(200, "{}")] }
          guard busy.isOver else {
            return [.reply(429, "{\"error\":\"GPU busy\"}", headers: ["Retry-After: 1"])]
          }
          return [.reply(200, "{\"text\":\"done\"}")]
        }
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try peer.query(
          "host_add", ["host": "gpu", "kind": "http", "url": .string(host.url), "tools": "chant"])
        let ids = try (0..<3).map { number in
          try peer.query(
            "generate", ["tool": "chant", "param": [.string("n=\(number)")], "no_region": true])["job_id"]
        }
        #expect(
          try eventually {
            try peer.query("job_list", ["status": "live"])["jobs"]?.array?
              .contains { $0["state"] == "waiting_for_gpu" && $0["next_in"] != nil } == true
          })
        for id in ids {
          let job = try peer.finished(id)
          #expect(job["state"] == "succeeded" && job["failures"] == 0, "\(job.text)")
          #expect(job["value"]?["text"] == "done")
        }
        #expect(host.requests.filter { $0.path == "/predict" }.count == 5, "three calls, two turned away")
      }
    }

    @Test func `[A48] [A51] A cancelled job is final at once, and its region says so`() throws {
      try Stage.run { stage in
        let host = try ScriptedHost { request, _ in
          request.path == "/predict" ? [.hang] : [.reply(200, "{}")]
        }
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try peer.listen("command", "latent")
        try peer.query(
          "host_add",
          ["host": "gpu", "kind": "http", "url": .string(host.url), "tools": "orpheus_generate"])
        let made = try peer.act("orpheus_generate", ["track": "lead", "at": "0"]).result
        #expect(eventually { !host.requests.isEmpty })
        #expect(try peer.query("job_cancel", ["job": [made["job_id"] ?? nil]])["cancelled"] == 1)
        #expect(try peer.finished(made["job_id"])["state"] == "cancelled")
        #expect(peer.event { $0.content["type"] == "latent_failed" } != nil)
        let again = try peer.query("job_retry", ["job": made["job_id"] ?? nil])
        #expect(again["region_id"] == made["region_id"])
        #expect(peer.event { $0.content["type"] == "latent_submitted" } != nil)
        #expect(try peer.query("job_cancel", ["all": true])["cancelled"] == 1)
      }
    }

    @Test func `[B03] The same key or id is the same job, another request under it is refused`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let id = "01890000-0000-7000-8000-000000000001"
        let first = try peer.query("phrase_generate", ["no_region": true, "seed": 1, "job_id": .string(id)])
        #expect(first["job_id"]?.string == id)
        try peer.finished(first["job_id"])
        let same = try peer.query("phrase_generate", ["no_region": true, "seed": 1, "job_id": .string(id)])
        #expect(same["how"] == "known")
        #expect(
          try peer.refusal(of: "phrase_generate", ["no_region": true, "seed": 2, "job_id": .string(id)]).code
            == "id_conflict")
        let key: JSONValue = ["no_region": true, "seed": 3, "idempotency_key": "k"]
        let keyed = try peer.query("phrase_generate", key)
        #expect(try peer.query("phrase_generate", key)["job_id"] == keyed["job_id"])
        #expect(
          try peer.refusal(
            of: "phrase_generate", ["no_region": true, "seed": 4, "idempotency_key": "k"]
          ).code == "id_conflict")
      }
    }

    @Test func `[A27] Hosts are added, changed, drained and forgotten while they work`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let added = try peer.query(
          "host_add",
          [
            "host": "cpu", "kind": "command", "url": "/bin/cat", "tools": "summarize", "slots": 1,
            "label": ["quiet"], "fact": ["VRAM=8 GB"],
          ])
        #expect(added["host"]?["slots"] == 1 && added["host"]?["facts"]?["VRAM"] == "8 GB")
        let job = try peer.finished(
          try peer.query("summarize_task", ["prompt": "a long story", "label": ["quiet"]])["job_id"])
        #expect(job["state"] == "succeeded" && job["host"] == "cpu", "\(job.text)")
        #expect(job["value"]?["prompt"] == "a long story")
        #expect(try peer.query("host_set", ["host": "cpu", "slots": 4])["host"]?["slots"] == 4)
        #expect(try peer.query("host_probe", ["host": "cpu"])["host"]?["up"] == true)
        #expect(try peer.query("host_drain", ["host": "cpu"])["host"]?["draining"] == true)
        let waiting = try peer.query("summarize_task", ["prompt": "x"])
        #expect(waiting["job"]?["is_final"] == false)
        #expect(try peer.query("host_drain", ["host": "cpu", "off": true])["host"]?["draining"] == false)
        #expect(try peer.finished(waiting["job_id"])["state"] == "succeeded")
        #expect(try peer.query("host_rm", ["host": "cpu"])["removed"] == "cpu")
        #expect(try peer.query("host_ls")["hosts"]?.array?.compactMap { $0["name"]?.string } == ["here"])
      }
    }

    @Test func `A dry run says what it would take, and asks for nothing`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let dry = try peer.query("orpheus_generate", ["dry_run": true, "temperature": 1])
        #expect(dry["hosts"]?.array?.isEmpty == true && dry["timing_class"] == "medium")
        let done = try peer.query("phrase_generate", ["no_region": true, "beats": 16, "wait": 20])
        #expect(done["done"] == true && done["job"]?["state"] == "succeeded")
        let known = try peer.query("phrase_generate", ["dry_run": true, "beats": 16])
        #expect(known["takes"]?.double != nil && known["position"] == 1)
        #expect(try peer.query("job_list")["jobs"]?.array?.count == 1)
      }
    }
  }
}

/// Turns away the first calls.
private final class Busy: @unchecked Sendable {
  private let lock = NSLock()
  private var left: Int

  init(answers: Int) { left = answers }

  var isOver: Bool {
    lock.lock()
    defer { lock.unlock() }
    left -= 1
    return left < 0
  }
}
