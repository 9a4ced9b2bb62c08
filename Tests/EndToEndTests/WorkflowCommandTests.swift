import Foundation
import Glibc
import HootWire
import Testing

extension EndToEnd {
  /// Workflows as a person has them who types, and as a program has them over HTTP.
  @Suite struct WorkflowCommands {
    /// The example that is shipped, but for the length of what it renders.
    private static func song() throws -> String {
      let text = try Stage.text("\(Stage.root)/config/workflows/song.toml")
      #expect(text.contains("output = \"song.wav\"\n"))
      return text.replacingOccurrences(
        of: "output = \"song.wav\"\n", with: "output = \"song.wav\"\nfrom = \"4:3\"\nto = \"5:3\"\n")
    }

    @Test func `[O05] [O10] The song that is shipped is composed, placed and bounced by one command`() throws
    {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try stage.write(Array(try Self.song().utf8), "song.toml")
        let run = try stage.garden("workflow", "run", "song.toml", seconds: 90)
        #expect(run.status == 0, "\(run.out) \(run.error)")
        #expect(run.lines.first?.hasSuffix(": 6 tasks in sections, between, mix") == true)
        #expect(run.lines.last?.hasPrefix("succeeded: 6 of 6 tasks, in ") == true)
        let order = ["verse", "bridge", "bounce"].map { name in
          run.lines.firstIndex { $0.contains(" \(name) ") && $0.contains("succeeded") } ?? -1
        }
        #expect(!order.contains(-1) && order == order.sorted(), "\(run.out)")
        // Four sections one behind the other on the lead, and what is under them: at 120 bpm a bar lasts two seconds.
        let lead = try peer.regions().filter { $0["track"] == "lead" }.compactMap { $0["beat"]?.double }
        #expect(lead.sorted() == [0, 16, 32, 48], "\(lead)")
        #expect(try peer.regions().count == 5)
        let samples = try Material.samples(stage.file("song.wav"))
        #expect(samples.left.count == 4 * 24_000)
        // The verse's last beats, and the bridge's first.
        for half in [samples.left.prefix(48_000), samples.left.suffix(48_000)] {
          #expect((half.map { abs($0) }.max() ?? 0) > 0.01)
        }
        let list = try stage.garden("workflow", "ls")
        #expect(list.lines.count == 2 && list.out.contains("song") && list.out.contains("succeeded"))
        let id = try #require(try stage.garden("workflow", "ls", "-q").lines.first)
        #expect(try stage.garden("workflow", "tasks", id).lines.count == 7)
        #expect(try stage.garden("workflow", "show", id).out.contains("bridge: phrase_bridge"))
        #expect(try stage.garden("workflow", "start", id).status == 0)
        #expect(try stage.garden("workflow", "rm", id).status == 0)
        #expect(try stage.garden("workflow", "ls").lines.isEmpty)
      }
    }

    @Test func `[O11] What is wrong with a file is told with its line, and nothing is begun`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let song = try Self.song()
        for (wrong, right, line, code) in [
          ("depends_on = [\"sections\"]", "depends_on = [\"mix\"]", "depends_on = [\"between\"]", 65),
          ("tool = \"phrase_bridge\"", "tool = \"phrase_brige\"", "", 65),
          ("density = 0.75", "density = 75", "density = 75", 65),
          ("${chorus.artifact}", "${chorus.artefact}", "name = \"bridge\"", 65),
          ("program = 33", "programme = 33", "programme = 33", 65),
          ("seed = 31", "seed = ", "", 65),
        ] as [(String, String, String, Int32)] {
          let text = song.replacingOccurrences(of: wrong, with: right)
          try stage.write(Array(text.utf8), "bad.toml")
          let outcome = try stage.garden("workflow", "run", "bad.toml")
          #expect(outcome.status == code && outcome.refusal.count == 3, "\(right): \(outcome.error)")
          guard !line.isEmpty else { continue }
          let lines = text.components(separatedBy: "\n")
          var number = 1 + (try #require(lines.firstIndex { $0.hasPrefix(line) }))
          // Where a reference stands is not told: where its task begins is.
          if right.hasPrefix("$") { number -= 1 }
          #expect(
            outcome.refusal.first?.contains("bad.toml:\(number):") == true, "\(right): \(outcome.error)")
        }
        #expect(try stage.garden("workflow", "run", "nowhere.toml").status == 66)
        #expect(try peer.query("workflow_list")["workflows"] == [])
        #expect(try peer.query("job_list")["jobs"] == [])
      }
    }

    @Test func `Who leaves leaves it running, and a failure ends the command with 3`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try Workflows.agent(
          stage, peer, "agent", "grep -q boom && exit 65\ntest -e \(stage.file("gate")) || sleep 1\necho done"
        )
        func toml(_ word: String) -> [UInt8] {
          Array(
            """
            name = "long"
            [[phase]]
            id = "only"
            [[phase.task]]
            name = "one"
            tool = "agent"
            [phase.task.params]
            word = "\(word)"
            [[phase.task]]
            name = "two"
            tool = "agent"
            dependencies = ["one"]

            """.utf8)
        }
        try stage.write(toml("hello"), "long.toml")
        let left = try stage.garden("workflow", "run", "long.toml", "--timeout", "0.5")
        #expect(left.status == 124 && left.refusal.count == 3, "\(left.out) \(left.error)")
        #expect(left.refusal.last?.hasPrefix("Next: garden workflow status ") == true)
        let id = try peer.query("workflow_list")["workflows"]?.array?.first?["id"] ?? nil
        try stage.write([1], "gate")
        try Workflows.ended(peer, id)
        try stage.write(toml("boom"), "bad.toml")
        let failed = try stage.garden("workflow", "run", "bad.toml")
        #expect(failed.status == 3 && failed.refusal.count == 3, "\(failed.out) \(failed.error)")
        #expect(failed.lines.last?.hasPrefix("failed: 0 of 2 tasks, 1 failed, 1 blocked") == true)
        let detached = try stage.garden("workflow", "run", "long.toml", "--detach")
        #expect(detached.status == 0 && detached.lines.first?.count == 36)
        try Workflows.ended(peer, .string(detached.lines.first ?? ""))
      }
    }

    @Test func `[O43] [O44] [O45] [O46] [O47] [O48] [O49] Workflows over HTTP, with their statuses`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        #expect(eventually(30) { daemon.said.contains("chaosgarden-http") })
        let socket = stage.socketDir + "/chaosgarden-http"
        func ask(_ method: String, _ path: String, _ body: String = "") throws -> (
          status: Int, json: JSONValue
        ) {
          var words = [
            "-s", "--max-time", "60", "-X", method, "--unix-socket", socket, "-w", "\n%{http_code}",
          ]
          if !body.isEmpty { words += ["-H", "Content-Type: application/json", "-d", body] }
          let process = Process()
          process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
          process.arguments = words + ["http://localhost/api/workflows" + path]
          let pipe = Pipe()
          process.standardOutput = pipe
          try process.run()
          let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
          process.waitUntilExit()
          let lines = text.split(separator: "\n")
          let json = lines.count > 1 ? try JSONValue.parse(Array(lines[0].utf8)) : nil
          return (Int(lines.last ?? "") ?? 0, json)
        }
        let made = try ask("POST", "", #"{"name":"song"}"#)
        #expect(made.status == 201)
        let id = "/" + (try #require(made.json["workflow_id"]?.string))
        #expect(try ask("POST", "", #"{"name":""}"#).status == 400)
        for (path, body, status) in [
          ("/phases", #"{"phase_id":"a"}"#, 201), ("/phases", #"{"phase_id":"b","depends_on":["a"]}"#, 201),
          ("/phases", #"{"phase_id":"a","depends_on":["b"]}"#, 422),
          ("/phases", #"{"phase_id":"c","depends_on":["x"]}"#, 422), ("/phases", "{}", 400),
          (
            "/tasks",
            #"{"phase_id":"a","name":"x","tool":"phrase_generate","params":{"seed":1,"no_region":true}}"#, 201
          ),
          ("/tasks", #"{"phase_id":"x","name":"y","tool":"phrase_generate"}"#, 422),
          ("/tasks", #"{"phase_id":"b","name":"y","tool":"phrase_generat"}"#, 422),
          (
            "/tasks",
            #"{"phase_id":"b","name":"y","tool":"phrase_continue","params":{"input_hash":"${z.artifact}"}}"#,
            422
          ),
          (
            "/tasks",
            #"{"phase_id":"b","name":"y","tool":"phrase_continue","params":{"input_hash":"${x.artifact}","no_region":true}}"#,
            201
          ),
          ("/retry", "{}", 409), ("/pause", "{}", 409), ("/start", "", 202), ("/start", "", 202),
          ("/phases", #"{"phase_id":"c"}"#, 409),
          ("/tasks", #"{"phase_id":"a","name":"z","tool":"phrase_generate"}"#, 409),
        ] as [(String, String, Int)] {
          let reply = try ask("POST", id + path, body)
          #expect(reply.status == status, "\(path) \(body): \(reply.status) \(reply.json.text)")
        }
        #expect(
          try eventually(30) {
            try ask("GET", id + "/status").json["workflow"]?["state"] == "succeeded"
          })
        let shown = try ask("GET", id)
        #expect(shown.status == 200 && shown.json["definition"]?["phases"]?.array?.count == 2)
        let tasks = try ask("GET", id + "/tasks?phase=b")
        #expect(tasks.status == 200 && tasks.json["tasks"]?.array?.compactMap { $0["name"] } == ["y"])
        #expect(try ask("GET", "?status=succeeded").json["workflows"]?.array?.count == 1)
        #expect(try ask("DELETE", id).status == 409)
        #expect(try ask("POST", id + "/resume").status == 409)
        for (method, path) in [
          ("GET", ""), ("GET", "/status"), ("GET", "/tasks"), ("DELETE", ""), ("POST", "/start"),
        ] {
          #expect(try ask(method, "/00000000" + path).status == 404, "\(method) \(path)")
        }
        let whole =
          #"{"name":"all","phases":[{"id":"a","tasks":[{"name":"x","tool":"phrase_generate","no_region":true}]}]}"#
        let run = try ask("POST", "", whole)
        #expect(run.status == 202 && run.json["workflow"]?["state"] == "running")
      }
    }
  }
}
