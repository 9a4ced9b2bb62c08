import Foundation
import Glibc
import HootWire
import Testing

extension EndToEnd {
  /// Work in phases, of the real daemon.
  @Suite struct Workflows {
    /// verse → chorus → bridge of both → the bounce of all.
    private static func piece(_ output: String) -> JSONValue {
      func phrase(_ name: String, _ at: String, _ seed: Int64) -> JSONValue {
        [
          "name": .string(name), "tool": "phrase_generate", "track": "lead", "at": .string(at), "beats": 4,
          "seed": .integer(seed),
        ]
      }
      return [
        "name": "piece",
        "phases": [
          [
            "id": "end", "depends_on": ["middle"],
            "tasks": [["name": "bounce", "tool": "bounce", "output": .string(output), "to": "3:1"]],
          ],
          [
            "id": "middle", "depends_on": ["sections"],
            "tasks": [
              [
                "name": "bridge", "tool": "phrase_bridge", "track": "lead", "at": "2:1", "beats": 4,
                "params": ["section_a_hash": "${verse.artifact}", "section_b_hash": "${chorus.artifact}"],
              ]
            ],
          ],
          [
            "id": "sections",
            "tasks": [
              phrase("verse", "1:1", 1),
              [
                "name": "chorus", "tool": "phrase_continue", "track": "lead", "at": "3:1", "beats": 4,
                "input_hash": "${verse.artifact}", "dependencies": ["verse"], "priority": "high",
              ],
            ],
          ],
        ],
      ]
    }

    /// The workflow once it has ended.
    @discardableResult
    static func ended(_ peer: Peer, _ id: JSONValue, _ state: JSONValue = "succeeded") throws -> JSONValue {
      var shown: JSONValue = nil
      let hasEnded = try eventually(60) {
        shown = try peer.query("workflow_status", ["workflow_id": id])["workflow"] ?? nil
        return ["succeeded", "failed", "cancelled"].contains(shown["state"]?.string)
      }
      #expect(hasEnded && shown["state"] == state, "\(shown.text)")
      return shown
    }

    static func states(_ peer: Peer, _ id: JSONValue) throws -> [String: String] {
      let tasks = try peer.query("workflow_tasks", ["workflow_id": id])["tasks"]?.array ?? []
      return Dictionary(
        tasks.map { ($0["name"]?.string ?? "", $0["state"]?.string ?? "") },
        uniquingKeysWith: { one, _ in one })
    }

    /// A host that runs a script; it fails as long as a file is not there.
    static func agent(_ stage: Stage, _ peer: Peer, _ name: String, _ lines: String) throws {
      let script = try stage.write(Array("#!/bin/sh\n\(lines)\n".utf8), name + ".sh")
      #expect(chmod(script, 0o755) == 0)
      try peer.query(
        "host_add",
        [
          "host": .string(name), "kind": "command", "url": .string(script), "tools": .string(name),
          "slots": 4,
        ])
    }

    static func task(_ name: String, _ tool: String, _ dependencies: [String] = []) -> JSONValue {
      [
        "name": .string(name), "tool": .string(tool), "params": ["n": .string(name)],
        "dependencies": .array(dependencies.map { .string($0) }),
      ]
    }

    @Test func `[O05] [O10] [O12] [O33] [O35] A piece is made of what its parts make, and bounced to a file`()
      throws
    {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let definition = Self.piece(stage.file("piece.wav"))
        let made = try peer.query("workflow_run", ["definition": definition])
        let shown = try Self.ended(peer, made["workflow_id"] ?? nil)
        #expect(shown["counts"]?["succeeded"] == 4 && shown["progress"]?.double == 100)
        #expect(
          shown["phases"]?.array?.compactMap { $0["state"] } == ["succeeded", "succeeded", "succeeded"])
        // Each was placed, once; what was bounced is two bars of them at 120 bpm.
        #expect(try peer.regions().count == 3)
        let samples = try Material.samples(stage.file("piece.wav"))
        #expect(samples.left.count == 4 * 48_000)
        for half in [samples.left.prefix(96_000), samples.left.suffix(96_000)] {
          #expect((half.map { abs($0) }.max() ?? 0) > 0.01)
        }
        // The bridge was asked for with what the others had made.
        let tasks =
          try peer.query("workflow_tasks", ["workflow_id": made["workflow_id"] ?? nil])["tasks"]?.array ?? []
        func find(_ name: String) -> JSONValue { tasks.first { $0["name"]?.string == name } ?? nil }
        let job = try peer.query("job_status", ["job": find("bridge")["job_id"] ?? nil])["job"] ?? nil
        for (parameter, task) in [("section_a_hash", "verse"), ("section_b_hash", "chorus")] {
          #expect(job["parameters"]?[parameter] == find(task)["artifacts"]?.array?.first)
        }
        // The same order of ids is the same run; another under it is refused.
        let id = made["workflow_id"] ?? nil
        #expect(
          try peer.query("workflow_run", ["definition": definition, "workflow_id": id])["how"] == "known")
        #expect(
          try peer.refusal(
            of: "workflow_run", ["definition": Self.piece("/tmp/other.wav"), "workflow_id": id]
          ).code == "id_conflict")
        #expect(try peer.query("workflow_start", ["workflow_id": id])["how"] == "known")
        #expect(try peer.query("workflow_rm", ["workflow_id": id])["workflow_id"] == id)
        #expect(try peer.refusal(of: "workflow_status", ["workflow_id": id]).code == "unknown_workflow")
      }
    }

    @Test func `[O34] [O69] A daemon that is killed again and again goes on with each task once`() throws {
      try Stage.run { stage in
        var daemon = try stage.daemon()
        var peer = try daemon.peer()
        try Self.agent(stage, peer, "slow", "sleep 0.2\necho \"$$\" >> \(stage.file("runs"))\necho done")
        var tasks: [JSONValue] = []
        for index in 0..<4 {
          let name = "t\(index)"
          tasks.append(Self.task(name, "slow", index > 0 ? ["t\(index - 1)"] : []))
        }
        let phrase: JSONValue = [
          "name": "verse", "tool": "phrase_generate", "track": "lead", "at": "1:1", "beats": 4, "seed": 1,
        ]
        let loop: JSONValue = [
          "name": "loop", "tool": "phrase_loops", "seed_hash": "${verse.artifact}", "track": "bass",
          "at": "1:1",
          "beats": 4, "seed": 2, "dependencies": ["verse", "t2"],
        ]
        let made = try peer.query(
          "workflow_run",
          [
            "definition": [
              "name": "long", "phases": [["id": "p", "tasks": .array(tasks + [phrase, loop])]],
            ]
          ])
        let id = made["workflow_id"] ?? nil
        for wait in [0, 150_000, 250_000] as [UInt32] {
          usleep(wait)
          daemon.kill9()
          daemon = try stage.daemon()
          peer = try daemon.peer()
        }
        try Self.ended(peer, id)
        // Each task is one job, and each region is there once.
        let jobs = try peer.query("job_list", ["limit": 100])["jobs"]?.array ?? []
        #expect(jobs.count == 6 && Set(jobs.compactMap { $0["id"]?.string }).count == 6)
        #expect(jobs.allSatisfy { $0["state"] == "succeeded" }, "\(JSONValue.array(jobs).text)")
        #expect(try eventually(30) { try peer.regions().count == 2 })
      }
    }

    @Test func `[O79] A phase is cancelled, the rest goes on, and a retry takes up what failed`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let gate = stage.file("gate")
        try Self.agent(
          stage, peer, "gated", "grep -q '\"stuck\"' && exec sleep 60\ntest -e \(gate) || exit 65\necho done")
        let made = try peer.query(
          "workflow_run",
          [
            "definition": [
              "name": "parts",
              "phases": [
                ["id": "a", "tasks": [Self.task("stuck", "gated")]],
                [
                  "id": "b", "tasks": [Self.task("first", "gated"), Self.task("second", "gated", ["first"])],
                ],
                ["id": "c", "depends_on": ["a", "b"], "tasks": [Self.task("last", "gated")]],
              ],
            ]
          ])
        let id = made["workflow_id"] ?? nil
        #expect(try eventually(30) { try Self.states(peer, id)["first"] == "failed" })
        #expect(try eventually(30) { try Self.states(peer, id)["stuck"] == "running" })
        let shown = try peer.query("workflow_status", ["workflow_id": id])["workflow"] ?? nil
        #expect(shown["state"] == "running" && shown["counts"]?["blocked"] == 2)
        #expect(shown["failures"]?.array?.first?["task"] == "first")
        #expect(shown["failures"]?.array?.first?["error"]?.array?.count == 3)
        #expect(
          try peer.query("workflow_cancel", ["workflow_id": id, "phase": "a"])["cancelled"] == ["stuck"])
        try Self.ended(peer, id, "failed")
        #expect(
          try peer.refusal(of: "workflow_cancel", ["workflow_id": id, "phase": "a"]).code == "already_ended")
        try stage.write([1], "gate")
        #expect(try peer.query("workflow_retry", ["workflow_id": id, "phase": "b"])["retried"] == ["first"])
        try Self.ended(peer, id, "cancelled")
        #expect(
          try Self.states(peer, id) == [
            "stuck": "cancelled", "first": "succeeded", "second": "succeeded", "last": "blocked",
          ])
        #expect(
          try peer.refusal(of: "workflow_retry", ["workflow_id": id, "phase": "b"]).code == "nothing_to_retry"
        )
      }
    }

    @Test func `[O79] A paused workflow begins nothing further until it is resumed`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try Self.agent(stage, peer, "soon", "sleep 0.3; echo done")
        let id =
          try peer.query(
            "workflow_run",
            [
              "definition": [
                "name": "held",
                "phases": [
                  ["id": "p", "tasks": [Self.task("one", "soon"), Self.task("two", "soon", ["one"])]]
                ],
              ]
            ])["workflow_id"] ?? nil
        let held = try peer.query("workflow_pause", ["workflow_id": id])
        #expect(held["workflow"]?["state"] == "paused")
        // What had begun ends; what had not waits.
        usleep(600_000)
        #expect(try Self.states(peer, id)["two"] == "waiting" || Self.states(peer, id)["two"] == "queued")
        #expect(try peer.query("workflow_resume", ["workflow_id": id])["workflow"]?["state"] == "running")
        try Self.ended(peer, id)
      }
    }

    @Test
    func `[O11] [O22] [O31] [O32] [O33] What cannot be run is refused when it is added, and changes nothing`()
      throws
    {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let id =
          try peer.query("workflow_create", ["name": "draft", "description": "to be"])["workflow_id"] ?? nil
        for phase in ["a", "b"] as [JSONValue] {
          let parents: JSONValue = phase == "b" ? ["a"] : []
          var request: JSONValue = ["workflow_id": id, "phase_id": phase]
          if phase == "b" { request = ["workflow_id": id, "phase_id": phase, "depends_on": parents] }
          try peer.query("workflow_add_phase", request)
        }
        try peer.query(
          "workflow_add_task",
          [
            "workflow_id": id, "phase_id": "a", "name": "x", "agent_name": "phrase_generate",
            "agent_instructions": "{\"seed\": 3}", "priority": "high", "timeout_seconds": 60,
          ])
        let before = try peer.query("workflow_show", ["workflow_id": id])
        func add(_ members: JSONValue) -> JSONValue {
          var object = JSONObject([("workflow_id", id), ("phase_id", "b"), ("name", "y")])
          for member in members.object?.members ?? [] { object[member.key] = member.value }
          return .object(object)
        }
        for (type, request, code) in [
          (
            "workflow_add_phase", ["workflow_id": id, "phase_id": "a", "depends_on": ["b"]] as JSONValue,
            "dependency_cycle"
          ),
          (
            "workflow_add_phase", ["workflow_id": id, "phase_id": "c", "depends_on": ["c"]],
            "dependency_cycle"
          ),
          (
            "workflow_add_phase", ["workflow_id": id, "phase_id": "c", "depends_on": ["nowhere"]],
            "bad_parent"
          ),
          ("workflow_add_phase", ["workflow_id": id, "phase_id": "a b"], "bad_name"),
          ("workflow_add_phase", ["workflow_id": "0000", "phase_id": "c"], "unknown_workflow"),
          ("workflow_add_task", add(["tool": "phrase_generat"]), "bad_task"),
          ("workflow_add_task", add(["tool": "tempo"]), "bad_task"),
          ("workflow_add_task", add([:]), "bad_task"),
          ("workflow_add_task", add(["tool": "phrase_generate", "params": ["densty": 1]]), "bad_task"),
          ("workflow_add_task", add(["tool": "phrase_generate", "params": ["density": 7]]), "bad_task"),
          ("workflow_add_task", add(["tool": "phrase_generate", "params": ["job_id": "7"]]), "bad_task"),
          (
            "workflow_add_task", add(["tool": "phrase_generate", "dependencies": ["nobody"]]),
            "bad_dependency"
          ),
          ("workflow_add_task", add(["tool": "phrase_generate", "phase_id": "c"]), "bad_parent"),
          (
            "workflow_add_task", add(["tool": "phrase_continue", "params": ["input_hash": "${z.artifact}"]]),
            "bad_reference"
          ),
          (
            "workflow_add_task",
            add(["tool": "phrase_continue", "params": ["input_hash": "${x.artifact}", "seed": "${x.value}"]]),
            "bad_reference"
          ),
          (
            "workflow_add_task", add(["tool": "phrase_continue", "params": ["input_hash": "${x}"]]),
            "bad_reference"
          ),
          (
            "workflow_add_task", add(["tool": "phrase_continue", "params": "{"]), "bad_task"
          ),
          ("workflow_run", ["definition": ["name": "n", "phases": 7]], "bad_task"),
          ("workflow_run", ["definition": ["name": "n"]], "empty_workflow"),
          ("workflow_run", ["definition": ["nam": "n"]], "bad_task"),
          ("workflow_run", ["definition": "[]"], "bad_task"),
          ("workflow_cancel", ["workflow_id": id], "not_started"),
          ("workflow_cancel", ["workflow_id": id, "phase": "a", "task": "x"], "contradiction"),
        ] {
          #expect(try peer.refusal(of: type, request).code == code, "\(type) \(request.text)")
        }
        #expect(try peer.query("workflow_show", ["workflow_id": id]) == before)
        #expect(try peer.query("workflow_list")["workflows"]?.array?.count == 1)
        #expect(try peer.query("job_list")["jobs"]?.array?.isEmpty == true)
      }
    }
  }
}
