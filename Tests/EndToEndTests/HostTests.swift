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
        #expect(eventually { second.said.contains("2 hosts, 0 jobs to do") })
      }
    }

    /// Takes connections, and answers nothing.
    private final class Holding: Sendable {
      private let listener: Int32
      let port: UInt16

      init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        // The kernel completes connections for as long as this queue has room: nobody need take them.
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            bind(descriptor, address, length) == 0 && listen(descriptor, 1_024) == 0
              && getsockname(descriptor, address, &length) == 0
          }
        }
        guard isBound else { throw StageError("no port is left") }
        port = UInt16(bigEndian: address.sin_port)
      }

      deinit { close(listener) }
    }

    private func kilobytes(_ process: pid_t) throws -> Int {
      let status = try Stage.text("/proc/\(process)/status")
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
      return Int(line.split(separator: " ").dropFirst().first { Int($0) != nil } ?? "") ?? 0
    }

    private func threads(_ process: pid_t) throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task").count
    }

    @Test func `[A19] Two hundred calls in flight hold up nobody, and take less than 10 MB`() throws {
      try Stage.run { stage in
        let holding = try Holding()
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.query(
          "host_add",
          [
            "host": "far", "kind": "http", "url": .string("http://127.0.0.1:\(holding.port)"),
            "tools": "dream",
            "slots": 250,
          ])
        func dream(_ number: Int) throws {
          try peer.query("generate", ["tool": "dream", "param": [.string("n=\(number)")], "no_region": true])
        }
        for number in 0..<8 { try dream(number) }
        func out() throws -> Int64 {
          try peer.query("host_ls")["hosts"]?.array?.first { $0["name"] == "far" }?["used"]?.int ?? 0
        }
        #expect(try eventually(30) { try out() == 8 })
        let (before, crew) = (try kilobytes(daemon.processID), try threads(daemon.processID))
        for number in 8..<200 { try dream(number) }
        #expect(try eventually(30) { try out() == 200 })
        #expect(try kilobytes(daemon.processID) - before < 10_240)
        #expect(try threads(daemon.processID) <= crew)
        let made = try peer.query("phrase_generate", ["no_region": true])
        #expect(try peer.finished(made["job_id"])["state"] == "succeeded")
        #expect(try peer.query("job_cancel", ["all": true])["cancelled"] == 200)
      }
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
        #expect(failed["job_id"] == made["job_id"], "\(failed.text)")
        #expect(try peer.finished(made["job_id"])["state"] == "failed")
      }
    }

    @Test
    func `[D01] [D10] While jobs fail and a host hangs, what plays is what a render gives, to the sample`()
      throws
    {
      try Stage.run { stage in
        let host = try ScriptedHost { request, number in
          switch (request.path, number % 4) {
          case ("/predict", 0): [.reply(400, #"{"error":"no"}"#)]
          case ("/predict", 1): [.hang]
          case ("/predict", 2): [.text("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")]
          case ("/predict", _): [.reply(200, "{}")]
          default: [.hang]
          }
        }
        defer { host.stop() }
        let peer = try stage.daemon("--capture-minutes", "1").peer()
        try peer.listen("command", "capture")
        try Self.join(peer, host, tools: "orpheus_generate", slots: 8)
        try Material.noise(stage.file("noise.wav"), frames: 96_000)
        try peer.act("region_add", ["file": .string(stage.file("noise.wav")), "at": "1:1"])
        try peer.act("region_add", ["file": .string(Stage.demo("drums.mid")), "at": "1:1"])
        let capture = try peer.query("capture_start", ["output": .string(stage.file("mix.wav"))])["capture"]
        let landed = try peer.act("play").landed["frame"]?.int ?? -1
        for number in 0..<60 {
          try peer.query(
            "orpheus_generate",
            [
              "track": "lead", "at": .string("\(number * 4)"), "for": 4, "seed": .null, "attempts": 1,
              "max_tokens": .integer(Int64(number + 1)), "time_limit": 0.5,
            ])
        }
        #expect(try eventually(60) { try peer.deviceFrame() >= landed + 96_000 })
        let stopped = try peer.query("capture_stop")["captures"]?.array ?? []
        #expect(stopped.count == 1 && stopped[0]["lost_frames"] == 0)
        try peer.query("stop")
        try stage.garden("render", "-o", "render.wav", "--from", "1:1", "--to", "5:1")
        let (played, rendered) = (
          try Material.samples(stage.file("mix.wav")), try Material.samples(stage.file("render.wav"))
        )
        let offset = Int(landed - (capture?["first_frame"]?.int ?? 0))
        let wrong = (0..<90_000).first { played.left[offset + $0] != rendered.left[$0] }
        #expect(wrong == nil)
        #expect(rendered.left[..<90_000].contains { $0 != 0 })
      }
    }

    @Test func `[A33] Between two looks at a list of tasks passes the time that was set`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        try stage.json(
          "host", "add", "agents", "--kind", "command", "--url", "/bin/cat", "--tools", "code", "--slots", "1"
        )
        #expect(try stage.garden("job", "beads", "issues.jsonl", "--interval", "0").status == 64)
        func task(_ id: String) -> String {
          #"{"id":"\#(id)","title":"Write","type":"code","labels":["code"],"status":"open"}"# + "\n"
        }
        let path = try stage.write(Array(task("bd-1").utf8), "issues.jsonl")
        let follower = stage.started(
          "garden", ["job", "beads", path, "--interval", "0.2"], out: stage.file("out"),
          error: stage.file("error"), seconds: 90)
        try follower.run()
        defer {
          follower.terminate()
          follower.waitUntilExit()
        }
        func closed() -> Int {
          // It may be being replaced.
          ((try? Stage.text(path)) ?? "").components(separatedBy: #""status":"closed""#).count - 1
        }
        #expect(eventually(30) { closed() == 1 })
        // Nobody tells it of what stands in the file from now on.
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(task("bd-2").utf8))
        try handle.close()
        #expect(eventually(30) { closed() == 2 })
      }
    }
  }
}
