import Foundation
import Glibc
import HootWire
import HostBench
import Testing

extension EndToEnd {
  /// Asking for jobs, waiting for them and giving them up, as scripts and programs do it.
  @Suite struct JobTools {
    /// A host that never answers for `hang`, and at once for everything else.
    private static func stage(_ body: (Stage, Daemon, Peer) throws -> Void) throws {
      try Stage.run { stage in
        let host = try ScriptedHost { request, _ in
          let isPatient = String(decoding: request.body, as: UTF8.self).contains("hang")
          return isPatient ? [.hang] : [.reply(200, #"{"text":"done"}"#)]
        }
        defer { host.stop() }
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.query(
          "host_add",
          ["host": "far", "kind": "http", "url": .string(host.url), "tools": "chant", "slots": 8])
        try body(stage, daemon, peer)
      }
    }

    private static func ask(_ peer: Peer, _ word: String) throws -> JSONValue {
      try #require(
        try peer.query("generate", ["tool": "chant", "param": [.string("how=\(word)")], "no_region": true])[
          "job_id"])
    }

    @Test
    func
      `[B10] [B11] [B12] [B13] [R10] [R44] [R64] Jobs are shown, listed and waited for: one, all or any of several`()
      throws
    {
      try Self.stage { _, _, peer in
        let done = try Self.ask(peer, "now")
        let slow = try Self.ask(peer, "hang")
        let waited = try peer.query("wait_for_job", ["job": [done]])
        #expect(waited["done"] == true && waited["jobs"]?.array?.first?["value"]?["text"] == "done")
        #expect(try peer.query("get_job_status", ["job": done])["job"]?["state"] == "succeeded")
        #expect(try peer.query("get_job_status", ["job": slow])["job"]?["is_final"] == false)
        #expect(try peer.query("list_jobs")["jobs"]?.array?.count == 2)
        #expect(try peer.query("poll", ["job": [slow, done], "any": true])["done"] == true)
        let all = try peer.query("poll", ["job": [slow, done], "all": true, "wait": 0.05])
        #expect(all["done"] == false && all["jobs"]?.array?.count == 2)
        #expect(
          try peer.refusal(of: "poll", ["job": [slow], "any": true, "all": true]).code == "contradiction")
        // A change is waited for too.
        let revision = try #require(
          try peer.query("get_job_status", ["job": done])["job"]?["revision"]?.int)
        #expect(
          try peer.query("job_poll", ["job": [done], "since": .integer(revision - 1)])["done"] == true)
      }
    }

    @Test func `[B14] A sleep ends in time, or when it is told to`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        let slept = try peer.query("sleep", ["seconds": 0.05])
        #expect(slept["woken"] == false && (slept["slept"]?.double ?? 0) >= 0.04)
        let id = try peer.client.send(["type": "sleep", "seconds": 24, "name": "verse"])
        let other = try daemon.peer()
        #expect(try other.query("wake", ["name": "chorus"])["woken"] == 0)
        try #require(try eventually(20) { try other.query("wake", ["name": "verse"])["woken"] == 1 })
        let reply = try #require(try peer.client.nextReply(timeout: .seconds(20)))
        #expect(reply.id == id && reply.content["result"]?["woken"] == true)
        #expect((reply.content["result"]?["slept"]?.double ?? 24) < 24)
        for bad: JSONValue in [[:], ["seconds": -1], ["seconds": 25], ["seconds": "long"]] {
          #expect(try peer.refusal(of: "sleep", bad).exit == 64)
        }
        #expect(try stage.garden("sleep", "0.01").status == 0)
      }
    }

    @Test func `[D02] A script waits in one line with a limit, and whoever stops may take the job along`()
      throws
    {
      try Self.stage { stage, _, peer in
        let done = try stage.garden("generate", "chant", "--param", "how=now", "--no-region", "-q").lines
        let first = try #require(done.first)
        #expect(try stage.garden("job", "wait", first, "--timeout", "30", "--cancel-on-exit").status == 0)
        let kept = try #require(try Self.ask(peer, "hang").string)
        #expect(try stage.garden("job", "wait", kept, "--timeout", "0.2").status == 124)
        #expect(try peer.query("job_status", ["job": .string(kept)])["job"]?["is_final"] == false)
        let gone = try stage.garden("job", "wait", kept, "--timeout", "0.2", "--cancel-on-exit")
        #expect(gone.status == 124 && gone.refusal.count == 3 && gone.error.contains("cancelled"))
        #expect(try peer.query("job_status", ["job": .string(kept)])["job"]?["state"] == "cancelled")
        // A script that is ended while it waits: by `timeout`, which tells its child, and then the group.
        let other = try #require(
          try peer.query(
            "generate", ["tool": "chant", "param": ["how=hang", "n=2"], "no_region": true])["job_id"]?.string)
        let script = Process()
        script.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
        script.arguments = [
          "-k", "30", "2", "\(Stage.programs)/garden", "job", "wait", other, "--cancel-on-exit",
        ]
        script.environment = stage.environment
        script.standardOutput = FileHandle.nullDevice
        try script.run()
        try #require(
          try eventually(30) {
            try peer.query("job_status", ["job": .string(other)])["job"]?["state"] == "cancelled"
          })
        script.waitUntilExit()
      }
    }

    @Test
    func
      `[D34] [D70] A tool that takes long gives its handle at once, and its job survives the daemon`()
      throws
    {
      try Stage.run { stage in
        let host = try ScriptedHost { request, _ in
          request.path == "/predict" ? [.hang] : [.reply(200, "{}")]
        }
        defer { host.stop() }
        let first = try stage.daemon()
        var peer = try first.peer()
        try peer.query(
          "host_add",
          [
            "host": "far", "kind": "http", "url": .string(host.url), "slots": 4,
            "tools": "musicgen_generate,yue_generate",
          ])
        // However long the client would wait.
        let replies = try [
          peer.request("musicgen_generate", ["prompt": "rain", "no_region": true, "wait": 45]),
          peer.request(
            "yue_generate", ["lyrics": "la", "no_region": true, "wait": 45, "time_limit": 604_800]),
        ]
        for reply in replies {
          #expect(reply["answer"] == "job" && reply["timing_class"] == "long", "\(reply.text)")
          #expect(reply["result"]?["done"] == false && reply["job_id"] == reply["result"]?["job_id"])
        }
        try #require(eventually(20) { host.requests.filter { $0.path == "/predict" }.count == 2 })
        first.kill9()
        peer = try stage.daemon().peer()
        for reply in replies {
          let job = try peer.query("job_status", ["job": reply["job_id"] ?? nil])["job"]
          #expect(job?["is_final"] == false, "\(job?.text ?? "")")
          #expect(try peer.query("job_cancel", ["job": [reply["job_id"] ?? nil]])["cancelled"] == 1)
        }
      }
    }

    @Test
    func
      `[D49] [D51] [R59] [R68] [R19] A reply says what kind of answer it is, and what is wrong makes no job`()
      throws
    {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        #expect(try peer.request("status")["answer"] == "value")
        #expect(try peer.request("stop")["answer"] == "acknowledgement")
        #expect(try peer.request("phrase_generate", ["no_region": true])["answer"] == "job")
        #expect(
          try peer.request("phrase_generate", ["no_region": true, "wait": 20])["answer"] == "value")
        #expect(try peer.request("phrase_generate", ["dry_run": true])["answer"] == "value")
        let count = try peer.query("job_list")["jobs"]?.array?.count
        for (type, bad) in [
          ("phrase_generate", ["density": 2]), ("yue_generate", [:]), ("phrase_generate", ["wait": 46]),
          ("sleep", ["minutes": 1]), ("orpheus_continue", ["input_hash": "nothing"]),
        ] as [(String, JSONValue)] { #expect(try peer.refusal(of: type, bad).exit != 0) }
        #expect(try peer.query("job_list")["jobs"]?.array?.count == count)
        let unknown = "01890000-0000-7000-8000-0000000000ff"
        #expect(try peer.refusal(of: "job_status", ["job": .string(unknown)]).code == "unknown_job")
      }
    }

    @Test func `[R49] However many wait for one job, it is looked at once for all of them`() throws {
      try Self.stage { stage, daemon, peer in
        let job = try Self.ask(peer, "hang")
        let waiting = try (0..<24).map { _ in try daemon.peer() }
        for other in waiting { _ = try other.client.send(["type": "job_poll", "job": [job], "wait": 24]) }
        func looks() throws -> Double {
          let metrics = try peer.query("metrics")["metrics"]?.array ?? []
          let looks = metrics.first { $0["name"] == "job_looks_total" }
          return try #require(looks?["samples"]?.array?.first?["value"]?.double)
        }
        // All of them are there: peers counts what each has asked.
        try #require(
          try eventually(20) { (try peer.query("peers")["peers"]?.array?.count ?? 0) >= waiting.count })
        usleep(200_000)
        let before = try looks()
        #expect(try peer.query("job_cancel", ["job": [job]])["cancelled"] == 1)
        for other in waiting {
          let reply = try #require(try other.client.nextReply(timeout: .seconds(20)))
          #expect(reply.content["result"]?["jobs"]?.array?.first?["state"] == "cancelled")
        }
        #expect(try looks() - before <= 2)
      }
    }

    @Test
    func `[R06] [R07] The amount of detail is asked for with a request, and the full one says what comes`()
      throws
    {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let brief = try peer.query("phrase_generate", ["no_region": true, "detail": "minimal"])
        #expect(brief["job"]?.object?.members.count == 5)
        let full = try peer.query(
          "phrase_generate", ["no_region": true, "detail": "full", "wait": 20, "seed": 3])
        let job = try #require(full["job"])
        let expected = try #require(job["expected"]?["artifacts"])
        let artifacts = try #require(job["artifacts"]?.array)
        #expect(artifacts.count >= Int(expected["minItems"]?.int ?? 99))
        let hash = try #require(artifacts.first?.string)
        #expect(hash.wholeMatch(of: try Regex(expected["items"]?["pattern"]?.string ?? "")) != nil)
        let shown = try peer.query("artifact_get", ["hash": .string(hash)])["artifact"]
        #expect(shown?["type"] == expected["contentMediaType"])
        #expect(try peer.refusal(of: "job_status", ["job": job["id"] ?? nil, "detail": "all"]).exit == 64)
      }
    }

    @Test func `[D07] What is answered at once makes no job`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        for number in 0..<300 {
          let type = ["abc_validate", "abc_parse", "status", "region_ls", "job_list", "host_ls"][number % 6]
          let arguments: JSONValue = type.hasPrefix("abc") ? ["abc": "X:1\nK:C\nCDE"] : [:]
          let reply = try peer.request(type, arguments)
          #expect(reply["type"] == "ok" && reply["answer"] == "value", "\(reply.text)")
        }
        #expect(try peer.query("job_list")["jobs"]?.array?.isEmpty == true)
      }
    }

    @Test func `A job whose artifact is larger than allowed fails by that limit's name`() throws {
      try Stage.run { stage in
        let large = String(repeating: "A", count: 1_500_000)
        let host = try ScriptedHost { request, _ in
          [.reply(200, request.path == "/predict" ? "{\"audio_base64\":\"\(large)\"}" : "{}")]
        }
        defer { host.stop() }
        let peer = try stage.daemon("--artifact-size", "1").peer()
        try peer.query(
          "host_add",
          ["host": "far", "kind": "http", "url": .string(host.url), "tools": "chant", "slots": 8])
        let big = try peer.query(
          "generate", ["tool": "chant", "param": ["n=1"], "no_region": true, "wait": 20])
        let why = big["job"]?["error"]?.array?.compactMap(\.string) ?? []
        #expect(big["job"]?["state"] == "failed" && why.count == 3, "\(big.text)")
        #expect(
          why.dropFirst().first == "It has 1125000 bytes; 1048576 are allowed (jobs.artifact_megabytes).")
        let limits = try peer.query("limits")["limits"]?.array ?? []
        for (name, value) in [
          ("live jobs", 1_000_000.0), ("live jobs of a client", 100_000),
          ("artifact of a job (jobs.artifact_megabytes)", 1_048_576),
        ] { #expect(limits.first { $0["name"]?.string == name }?["value"]?.double == value, "\(name)") }
      }
    }

    @Test func `[B01] The services of a machine are taken on at their usual ports with one command`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        let added = try stage.json(
          "host", "add", "gpu", "--kind", "http", "--url", "http://127.0.0.1", "--preset", "usual")
        let services = try #require(added["host"]?["services"]?.array)
        let urls = services.compactMap { $0["url"]?.string }
        #expect(Set((2000...2005).map { "http://127.0.0.1:\($0)" }).isSubset(of: urls))
        let bridge = services.first { $0["url"] == "http://127.0.0.1:2002" }
        #expect(bridge?["tools"] == ["orpheus_bridge"])
        for bad in [
          ["--url", "http://127.0.0.1:2000"], ["--url", "127.0.0.1"], ["--url", "http://h/x"], [],
          ["--url", "http://h", "--tools", "x"],
        ] {
          let refused = try stage.execute(
            "garden", ["host", "add", "x", "--kind", "http", "--preset", "usual"] + bad)
          #expect(refused.status == 64 && refused.refusal.count == 3, "\(bad)")
        }
        #expect(try stage.garden("host", "ls", "-q").lines.sorted() == ["gpu", "here"])
      }
    }
  }
}
