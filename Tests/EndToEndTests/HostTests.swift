import Foundation
import Glibc
import HootWire
import HostBench
import Testing

extension EndToEnd {
  /// What hosts are, what they are asked for, and what that costs the daemon.
  @Suite struct Hosts {
    private static func join(_ peer: Peer, _ host: ScriptedHost, tools: String = "*", slots: Int64 = 1) throws
    {
      try peer.query(
        "host_add",
        [
          "host": "gpu", "kind": "http", "url": .string(host.url), "tools": .string(tools),
          "slots": .integer(slots),
        ])
    }

    @Test func `[D24] A classification is answered at once, or becomes a job when its host is slow`() throws {
      try Stage.run { stage in
        let host = try ScriptedHost { request, number in
          guard request.path == "/predict" else { return [.reply(200, "{}")] }
          let isSlow = String(decoding: request.body, as: UTF8.self).contains("\"slow\"")
          return (isSlow ? [.wait(seconds: 3)] : []) + [.reply(200, #"{"label":"human","confidence":0.9}"#)]
        }
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try Self.join(peer, host, tools: "orpheus_classify")
        let hash = try #require(
          try stage.json("cas", "put", Stage.demo("lead.mid"))["hash"]?.string)
        let quick = try peer.query("orpheus_classify", ["midi_hash": .string(hash), "wait": 24])
        #expect(quick["done"] == true && quick["job"]?["value"]?["label"] == "human", "\(quick.text)")
        #expect(quick["region_id"] == .null)
        // It is known by now, and answered without being asked for a wait.
        let again = try peer.query("orpheus_classify", ["midi_hash": .string(hash)])
        #expect(again["done"] == true && again["job"]?["value"]?["label"] == "human")
        let slow = try peer.query(
          "generate", ["tool": "orpheus_classify", "param": [.string("midi_hash=\(hash)")], "fresh": true])
        #expect(slow["job_id"]?.string != nil)
        #expect(try peer.finished(slow["job_id"])["state"] == "succeeded")
      }
    }

    @Test func `[D24] A classification that its host is slow with is handed over after a second`() throws {
      try Stage.run { stage in
        let host = try ScriptedHost { request, _ in
          request.path == "/predict"
            ? [.wait(seconds: 4), .reply(200, #"{"label":"model"}"#)] : [.reply(200, "{}")]
        }
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try Self.join(peer, host, tools: "orpheus_classify")
        let hash = try #require(try stage.json("cas", "put", Stage.demo("lead.mid"))["hash"]?.string)
        let slow = try peer.query("orpheus_classify", ["midi_hash": .string(hash)])
        #expect(slow["done"] == false && slow["job"]?["is_final"] == false)
        let job = try peer.finished(slow["job_id"])
        #expect(job["value"]?["label"] == "model" && host.requests.count { $0.path == "/predict" } == 1)
      }
    }

    @Test func `[D31] [D32] A bridge takes two artifacts, a loop a seed, and what is missing makes no job`()
      throws
    {
      try Stage.run { stage in
        let music = Data(Material.midi([.init(tick: 0, length: 480, key: 60)], lengthTicks: 1_920))
        let reply = "{\"variations\":[{\"midi_base64\":\"\(music.base64EncodedString())\"}]}"
        let host = try ScriptedHost { request, _ in
          request.path == "/predict" ? [.reply(200, reply)] : [.reply(200, "{}")]
        }
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try Self.join(peer, host, tools: "orpheus_bridge,orpheus_loops")
        let hashes = try ["lead.mid", "bass.mid"].map { name in
          try #require(try stage.json("cas", "put", Stage.demo(name))["hash"]?.string)
        }
        let missing = JSONValue.string(String(repeating: "e", count: 32))
        for wish: JSONValue in [
          ["section_a_hash": missing], ["section_a_hash": .string(hashes[0]), "section_b_hash": missing],
        ] {
          #expect(try peer.refusal(of: "orpheus_bridge", wish).code == "content_not_found")
        }
        #expect(try peer.query("job_list")["jobs"]?.array?.isEmpty == true)
        let dry = try peer.query(
          "orpheus_bridge", ["section_a_hash": .string(hashes[0]), "dry_run": true])
        #expect(dry["timing_class"] == "medium" && dry["hosts"] == ["gpu"])
        let bridge = try peer.query(
          "orpheus_bridge",
          [
            "section_a_hash": .string(hashes[0]), "section_b_hash": .string(hashes[1]), "no_region": true,
            "wait": 20,
          ])
        #expect(bridge["done"] == true && bridge["job"]?["artifacts"]?.array?.count == 1)
        let loop = try peer.query(
          "orpheus_loops", ["seed_hash": .string(hashes[1]), "no_region": true, "wait": 20])
        #expect(loop["done"] == true)
        let asked = try host.requests.filter { $0.path == "/predict" }.map { try JSONValue.parse($0.body) }
        func file(_ name: String) throws -> String {
          try Data(contentsOf: URL(fileURLWithPath: Stage.demo(name))).base64EncodedString()
        }
        #expect(asked[0]["section_a"]?.string == (try file("lead.mid")))
        #expect(asked[0]["section_b"]?.string == (try file("bass.mid")))
        #expect(asked[1]["seed"]?.string == (try file("bass.mid")))
      }
    }

    @Test
    func `[A28] [A39] A host's memory, load and facts are shown, and the start says which hosts there are`()
      throws
    {
      try Stage.run { stage in
        let host = try ScriptedHost { _, _ in
          [.reply(200, #"{"status":"ok","gpu":{"utilization":62,"memory":{"used":6,"total":8}}}"#)]
        }
        defer { host.stop() }
        let daemon = try stage.daemon()
        #expect(eventually { daemon.said.contains("host here: builtin, slots: 2") })
        try stage.json(
          "host", "add", "gpu", "--kind", "http", "--url", host.url, "--tools", "sing", "--slots", "3",
          "--label", "big", "--fact", "VRAM=8 GB")
        try stage.json("host", "probe", "gpu")
        let line = try #require(try stage.garden("host", "ls").lines.first { $0.hasPrefix("gpu ") })
        for part in ["0/3", "GPU 62.0 %", "memory 75.0 %", "big", "VRAM 8 GB", "sing"] {
          #expect(line.contains(part), "\(line)")
        }
        daemon.kill9()
        let second = try stage.daemon()
        #expect(eventually { second.said.contains("host gpu: http, slots: 3, sing") })
      }
    }

    private func threads(_ process: pid_t) throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task").count
    }

    @Test func `[A50] [R27] However much is made and stored at once, the threads are as many as before`()
      throws
    {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.query("host_set", ["host": "here", "slots": 32])
        let first = try peer.query("phrase_generate", ["no_region": true, "seed": 1])
        try peer.finished(first["job_id"])
        let crew = try threads(daemon.processID)
        var most = 0
        var jobs: [JSONValue] = []
        for seed in 2..<62 {
          let made = try peer.query(
            "phrase_generate",
            ["no_region": true, "seed": .integer(Int64(seed)), "num_variations": 8, "beats": 512])
          jobs.append(made["job_id"] ?? nil)
          most = max(most, try threads(daemon.processID))
        }
        for job in jobs {
          #expect(try peer.finished(job)["artifacts"]?.array?.count == 8)
          most = max(most, try threads(daemon.processID))
        }
        #expect(most <= crew, "\(most) threads, \(crew) before")
      }
    }

    @Test func `[D46] A region has its id before the renderer knows of it`() throws {
      try Stage.run { stage in
        // A block of 0.37 s: what is asked between two of them lands with the next.
        let peer = try stage.daemon("--period", "8192", "--rate", "22050").peer()
        var early = 0
        for number in 0..<12 {
          let made = try peer.query(
            "phrase_generate", ["track": "lead", "at": .string("\(number * 16)"), "for": 8])
          let region = try #require(made["region_id"]?.string)
          let due = try #require(made["command"]?["due_frame"]?.int)
          if try peer.deviceFrame() < due { early += 1 }
          let listed = try peer.request("get_regions")["regions"]?.array ?? []
          #expect(listed.contains { $0["region_id"]?.string == region })
        }
        #expect(early > 0, "every reply waited for the renderer")
      }
    }

    @Test func `[D09] What is wrong is refused at once, what fails later is told by an event`() throws {
      try Stage.run { stage in
        let host = try ScriptedHost { _, _ in [.reply(400, #"{"error":"no such model"}"#)] }
        defer { host.stop() }
        let peer = try stage.daemon().peer()
        try peer.listen("command", "latent", "job")
        #expect(try peer.refusal(of: "tempo", ["bpm": 5_000]).code == "out_of_range")
        try Self.join(peer, host, tools: "orpheus_generate")
        let made = try peer.query("orpheus_generate", ["track": "lead", "at": "16"])
        #expect(made["job_id"]?.string != nil && made["command"] != nil)
        let failed = try #require(peer.event { $0.content["type"] == "latent_failed" })
        #expect(failed["region_id"] == made["region_id"], "\(failed.text)")
        #expect(try peer.finished(made["job_id"])["state"] == "failed")
      }
    }
  }
}
