import Foundation
import HootWire
import Testing

extension EndToEnd {
  /// `garden`'s own commands about jobs, against a daemon with a host that runs programs.
  struct JobCommands {
    private static func stage(_ body: (Stage) throws -> Void) throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        let script = try stage.write(
          Array("#!/bin/sh\nif grep -q boom; then echo broken >&2; exit 65; fi\necho done\n".utf8), "agent.sh"
        )
        #expect(chmod(script, 0o755) == 0)
        try stage.json(
          "host", "add", "agents", "--kind", "command", "--url", script, "--tools",
          "code,text,reasoning,summarize,general", "--slots", "4")
        try body(stage)
      }
    }

    @Test func `[A36] A job is asked for, waited for and shown, and a failed one ends the wait with 3`()
      throws
    {
      try Self.stage { stage in
        let good = try stage.garden("generate", "code", "--prompt", "hello", "--no-region", "-q").lines
        let bad = try stage.garden("generate", "text", "--prompt", "boom", "--no-region", "-q").lines
        #expect(good.count == 1 && good[0].count == 36)
        let waited = try stage.garden("job", "wait", good[0])
        #expect(waited.status == 0 && waited.lines.last?.contains(" code done on agents") == true)
        let failed = try stage.garden("job", "wait", good[0], bad[0])
        #expect(failed.status == 3 && failed.refusal.count == 3)
        #expect(failed.refusal[0] == "garden: agents failed at text")
        #expect(failed.refusal[1] == "Exit status 65: broken")
        #expect(try stage.garden("job", "wait", good[0], bad[0], "--any").status == 0)
        let listed = try stage.garden("job", "ls").lines
        #expect(listed.count == 3 && listed.allSatisfy { $0.count <= 132 })
        #expect(try stage.garden("job", "show", good[0]).out.contains("\n  done\n"))
        #expect(
          try stage.garden("job", "watch", bad[0]).lines.last?.contains("text failed on agents") == true)
        #expect(try stage.garden("host", "ls").out.contains("agents  command    0/4"))
        #expect(try stage.garden("job", "top").out.contains("0 jobs with hosts, 0 waiting"))
      }
    }

    @Test func `Who stops waiting loses nothing`() throws {
      try Self.stage { stage in
        try stage.json(
          "host", "add", "slow", "--kind", "command", "--url", "/bin/sleep 2", "--tools", "naps")
        let id = try #require(try stage.garden("generate", "naps", "-q").lines.first)
        let early = try stage.garden("job", "wait", id, "--timeout", "0.1")
        #expect(early.status == 124 && early.refusal.last == "Next: garden job wait \(id.prefix(13))")
        #expect(try stage.garden("job", "wait", id, "-q").out == id + "\n")
      }
    }

    @Test func `A region that waits says when it enters, and its artifact is fetched`() throws {
      try Self.stage { stage in
        let asked = try stage.garden(
          "generate", "phrase_generate", "--track", "lead", "--at", "17:1", "--for", "16", "--approve",
          "manual")
        #expect(asked.lines.count == 1 && asked.out.contains(" enters at 17:1:000 (in 16 bars)"))
        let id = try #require(try stage.json("job", "ls")["jobs"]?.array?.first?["id"]?.string)
        #expect(try stage.garden("job", "wait", id).status == 0)
        try #require(
          eventually(30) {
            (try? stage.garden("region", "ls").out.contains("waits for garden approve")) == true
          })
        #expect(try stage.garden("region", "ls").out.contains("in 16 bars"))
        #expect(try stage.garden("status").out.contains("enters at 17:1:000 (in 16 bars)"))
        let hash = try #require(try stage.garden("artifact", "ls", "-q").lines.first)
        #expect(try stage.garden("artifact", "get", String(hash.prefix(12)), "-o", "a.mid").status == 0)
        #expect(
          try Data(contentsOf: URL(fileURLWithPath: stage.file("a.mid"))).starts(with: Array("MThd".utf8)))
      }
    }

    @Test func `[A35] The usual load runs on hosts of its own, and leaves none of them`() throws {
      try Self.stage { stage in
        let done = try stage.json("job", "demo", "6", "--scale", "0.001")
        #expect((done["jobs"], done["succeeded"]) == (6, 6))
        #expect(abs((done["bound_seconds"]?.double ?? 0) - 0.04) < 1e-9)
        #expect((done["seconds"]?.double ?? 0) >= 0.04)
        #expect(try stage.garden("host", "ls", "-q").lines.sorted() == ["agents", "here"])
      }
    }

    @Test func `[A11] [A09] A list of tasks is worked off, and a second run asks for nothing anew`() throws {
      try Self.stage { stage in
        let lines = (0..<40).map { number -> String in
          let title = number == 7 ? "boom" : "Write \(number)"
          return #"{"id":"bd-\#(number)","title":"\#(title)","status":"open","x":1.50,"deps":[]}"#
        }
        let path = try stage.write(Array((lines.joined(separator: "\n") + "\n").utf8), "issues.jsonl")
        let first = try stage.garden("job", "beads", path, "--once", seconds: 120)
        #expect(first.status == 3 && first.lines.last == "39 closed, 1 blocked, 0 cancelled")
        let text = try Stage.text(path)
        #expect(text.split(separator: "\n").count == 40)
        #expect(text.components(separatedBy: #","x":1.50"#).count == 41)
        #expect(text.components(separatedBy: #""status":"closed""#).count == 40)
        #expect(
          text.contains(#""title":"boom","status":"blocked""#) && text.contains("Exit status 65: broken"))
        // As if the last write had been lost: the same jobs answer, and none is made.
        try stage.write(Array((lines.joined(separator: "\n") + "\n").utf8), "issues.jsonl")
        let again = try stage.garden("job", "beads", path, "--once", seconds: 120)
        #expect(again.lines.last == "39 closed, 1 blocked, 0 cancelled")
        #expect(try stage.json("job", "ls")["jobs"]?.array?.count == 40)
      }
    }
  }
}
