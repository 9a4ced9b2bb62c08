import Foundation
import Glibc
import HootWire
import HostBench
import Testing

extension EndToEnd {
  /// What must not be: asked for by hand, answered by hosts, met on disks. Refused or failed in plain lines, with the
  /// timeline and the music as they were.
  @Suite struct BadJobs {
    /// A daemon that plays, and what there is on its timeline.
    private static func playing(_ stage: Stage, _ body: (Peer) throws -> Void) throws {
      let peer = try stage.daemon().peer()
      try peer.query("region_add", ["file": .string(Stage.demo("drums.mid")), "track": "drums", "at": "1:1"])
      try peer.query("play")
      let before = try peer.regions()
      try body(peer)
      #expect(try peer.regions() == before, "the timeline is another one")
      #expect(try peer.state() == "rolling")
    }

    @Test
    func `[D30] What is wrong on the command line is refused in three lines, by the name that is wrong`()
      throws
    {
      try Stage.run { stage in
        try Self.playing(stage) { peer in
          let (nothing, long) = (String(repeating: "f", count: 32), String(repeating: "x", count: 16_385))
          for (words, named, status) in [
            (["generate", "orpheus_generat"], "orpheus_generat", 64),
            (["generate", "phrase_generate", "--densty", "1"], "--densty", 64),
            (["generate", "phrase_generate", "--density", "much"], "density", 64),
            (["generate", "phrase_generate", "--density", "nan"], "density", 64),
            (["generate", "phrase_generate", "--bars", "99999999999999999999"], "bars", 64),
            (["generate", "phrase_continue", "--input-hash", nothing], nothing, 66),
            (["generate", "phrase_continue", "--input-hash", "../etc"], "../etc", 64),
            (["generate", "musicgen_generate", "--prompt", long], "prompt", 64),
            (["generate", "phrase_generate", "--host", "nobody"], "nobody", 1),
            (["generate", "phrase_generate", "--at", "@nowhere"], "nowhere", 1),
            (["job", "show", "ffff"], "ffff", 1), (["job", "cancel"], "jobs", 64),
            (["artifact", "show", nothing], nothing, 1),
            (["artifact", "ls", "--before", "soon"], "soon", 64),
            (["artifact", "add", "/nowhere/at/all.mid"], "/nowhere/at/all.mid", 66),
            (["host", "add", "x", "--kind", "telepathy", "--url", "a", "--tools", "b"], "telepathy", 64),
            (["config", "get", "jobs.worker"], "jobs.worker", 64),
          ] as [([String], String, Int32)] {
            let outcome = try stage.execute("garden", words)
            let shown = words.map { $0.prefix(40) }.joined(separator: " ")
            #expect(
              outcome.status == status && outcome.out.isEmpty, "\(shown): \(outcome.status) \(outcome.error)")
            #expect(outcome.refusal.count == 3, "\(shown): \(outcome.error)")
            #expect(outcome.error.contains(named), "\(shown): \(outcome.error)")
          }
          #expect(try peer.query("job_list")["jobs"]?.array?.isEmpty == true)
        }
      }
    }

    /// Bytes that no MIDI file should be, each in its own way.
    private static var hostile: [(String, [UInt8])] {
      let header = Material.header(division: 480)
      let note: [UInt8] = [0, 0x90, 60, 100, 0x60, 0x80, 60, 64, 0, 0xFF, 0x2F, 0]
      let tempos = (0..<60_000).flatMap { _ in [1, 0xFF, 0x51, 3, 0, 0, 1] as [UInt8] }
      return [
        ("a chunk longer than the file", header + Array("MTrk".utf8) + [0xFF, 0xFF, 0xFF, 0xFF] + note),
        ("a delta that never ends", header + Material.chunk("MTrk", [UInt8](repeating: 0xFF, count: 64))),
        ("no division", Material.header(division: 0) + Material.chunk("MTrk", note)),
        ("a status that runs from nothing", header + Material.chunk("MTrk", [0, 60, 100, 0, 60, 100])),
        ("only its beginning", Array("MThd".utf8)), ("nothing behind its header", header),
        ("sixty thousand tempos", header + Material.chunk("MTrk", tempos + note)),
        (
          "text that is as long as it says",
          header + Material.chunk("MTrk", [0, 0xFF, 1, 0xFF, 0xFF, 0xFF, 0x7F])
        ),
        ("bytes without sense", (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) }),
      ]
    }

    @Test func `A hostile MIDI file as a result sounds at no time by itself, and ends nothing`() throws {
      try Stage.run { stage in
        let host = try Orpheus(seconds: 0)
        defer { host.stop() }
        try Self.playing(stage) { peer in
          try host.join(peer)
          try peer.listen("command", "latent")
          for (what, music) in Self.hostile {
            host.music = music
            let made = try peer.query(
              "orpheus_generate", ["track": "lead", "at": "400", "for": 8, "fresh": true, "attempts": 1])
            let end = peer.event { ["held", "latent_failed"].contains($0.content["type"]?.string ?? "") }
            #expect(end?["region_id"] == made["region_id"], "\(what): \(end?.text ?? "nothing")")
          }
        }
      }
    }

    @Test func `A host that lies about length or type fails its job by name, and nothing of it is kept`()
      throws
    {
      try Stage.run { stage in
        let lies: [[ScriptedHost.Step]] = [
          [.text("HTTP/1.1 200 OK\r\nContent-Type: audio/midi\r\nContent-Length: 5000\r\n\r\nMThd")],
          [.text("HTTP/1.1 200 OK\r\nContent-Type: audio/midi\r\nContent-Length: -1\r\n\r\nMThd")],
          [
            .text(
              "HTTP/1.1 200 OK\r\nContent-Type: audio/midi\r\nContent-Length: 99999999999999999999\r\n\r\nMThd"
            )
          ],
          [.reply(200, "RIFF\u{0}\u{0}\u{0}\u{0}WAVEfmt ", type: "audio/midi")],
          [.reply(200, "MThd\u{0}\u{0}\u{0}\u{6}", type: "audio/wav")],
          [.reply(200, "<html>busy</html>", type: "audio/midi")],
          [.reply(200, #"{"variations":[{"midi_base64":"UklGRgAAAABXQVZF"}]}"#)],
          [.reply(200, #"{"variations":[{"midi_base64":"%%%"}]}"#)],
          [.reply(200, "MThd", type: "application/json")],
        ]
        let host = try ScriptedHost { request, _ in
          guard request.path == "/predict",
            let body = try? JSONValue.parse(request.body), let number = body["max_tokens"]?.int
          else { return [.reply(200, "{}")] }
          return lies[Int(number) - 1]
        }
        defer { host.stop() }
        try Self.playing(stage) { peer in
          try peer.query(
            "host_add",
            [
              "host": "liar", "kind": "http", "url": .string(host.url), "tools": "orpheus_generate",
              "slots": 4,
            ])
          for number in lies.indices {
            let made = try peer.query(
              "orpheus_generate",
              ["track": "lead", "at": "400", "max_tokens": .integer(Int64(number + 1)), "attempts": 1])
            let job = try peer.finished(made["job_id"])
            #expect(job["state"] == "failed" || job["state"] == "dead", "\(number): \(job.text)")
            let error = job["error"]?.array?.compactMap(\.string) ?? []
            #expect(error.count == 3 && error.joined().contains("liar"), "\(number): \(error)")
            #expect(job["artifacts"]?.array?.isEmpty == true)
          }
          #expect(try peer.query("artifact_list")["artifacts"]?.array?.isEmpty == true)
        }
      }
    }

    /// From now on the daemon's files may be so long.
    private func limit(_ daemon: Daemon, fileBytes: String) throws {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
      process.arguments = ["--pid", "\(daemon.processID)", "--fsize=\(fileBytes)"]
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0)
    }

    @Test(.enabled(if: access("/usr/bin/prlimit", X_OK) == 0))
    func `On a disk that takes no more a job is refused or fails in plain lines, and with room it goes on`()
      throws
    {
      try Stage.run { stage in
        let daemon = try stage.daemon("--capture-minutes", "0")
        let peer = try daemon.peer()
        let first = try peer.query("phrase_generate", ["no_region": true, "seed": 1])
        try peer.finished(first["job_id"])
        try peer.query("play")
        // Of the ledger alone: what it writes is longer than this, what a phrase's file takes is not.
        try limit(daemon, fileBytes: "4096:unlimited")
        let refused = try peer.refusal(of: "phrase_generate", ["no_region": true, "seed": 2])
        #expect(
          refused.lines[0].contains("No job was taken on") || refused.lines[0].contains("kept"),
          "\(refused.lines)")
        #expect(try peer.state() == "rolling")
        // And of the store, while the ledger's file is long enough already.
        try limit(daemon, fileBytes: "unlimited:unlimited")
        let made = try peer.query("phrase_generate", ["no_region": true, "seed": 3])
        #expect(try peer.finished(made["job_id"])["state"] == "succeeded")
        try limit(daemon, fileBytes: "0:unlimited")
        let stored = try peer.refusal(of: "cas_upload_file", ["file_path": .string(Stage.demo("lead.mid"))])
        #expect(stored.exit == 73, "\(stored.lines)")
        #expect(try peer.state() == "rolling" && daemon.isRunning)
        try limit(daemon, fileBytes: "unlimited:unlimited")
        let last = try peer.query("phrase_generate", ["no_region": true, "seed": 4])
        #expect(try peer.finished(last["job_id"])["state"] == "succeeded")
      }
    }

    /// Mounting takes root, and in a container more than that.
    private static let canMount: Bool = {
      let folder = "/tmp/garden-mount-\(getpid())"
      mkdir(folder, 0o700)
      defer { rmdir(folder) }
      guard mount("tmpfs", folder, "tmpfs", 0, "size=64k") == 0 else { return false }
      return umount2(folder, Int32(MNT_DETACH)) == 0
    }()
    /// What cannot be written can be made: of another owner's rights, or for root of another disk's.
    private static let canLock = geteuid() != 0 || canMount

    @Test(.enabled(if: canMount), arguments: ["ledger", "store", "files"])
    func
      `A job on a small full disk is refused or fails by name, is done when there is room, and the music plays`(
        which: String
      ) throws
    {
      try Stage.run { stage in
        let small = stage.file("small")
        mkdir(small, 0o700)
        try #require(mount("tmpfs", small, "tmpfs", 0, "size=1m") == 0, "\(errno)")
        defer { umount2(small, Int32(MNT_DETACH)) }
        if which == "ledger" { stage.set("GARDEN_LEDGER", small) }
        if which == "store" { stage.set("GARDEN_CAS_DIR", small) }
        try Self.playing(stage) { peer in
          let filler = small + "/filler"
          if which == "files" {
            let files = stage.socketDir + "/jobs"
            try #require(mount(small, files, nil, UInt(MS_BIND), nil) == 0)
          }
          defer { if which == "files" { umount2(stage.socketDir + "/jobs", Int32(MNT_DETACH)) } }
          let midi = try #require(try stage.json("cas", "put", Stage.demo("lead.mid"))["hash"]?.string)
          // All there is.
          let file = open(filler, O_WRONLY | O_CREAT, 0o600)
          let piece = [UInt8](repeating: 1, count: 4_096)
          while write(file, piece, piece.count) > 0 {}
          close(file)
          let wish: JSONValue =
            which == "files"
            ? ["input_hash": .string(midi), "no_region": true, "attempts": 1]
            : ["no_region": true, "attempts": 1, "beats": 1024, "num_variations": 32]
          let tool = which == "files" ? "convert_midi_to_wav" : "phrase_generate"
          let reply = try peer.request(tool, wish)
          if let id = reply["result"]?["job_id"], which != "ledger" {
            let job = try peer.finished(id)
            #expect(["failed", "dead"].contains(job["state"]?.string ?? ""), "\(job.text)")
            #expect(job["error"]?.array?.count == 3)
          } else {
            let lines = reply["detail"]?["lines"]?.array ?? []
            #expect(reply["type"] == "error" && lines.count == 3, "\(reply.text)")
          }
          unlink(filler)
          var done = false
          for seed in 0..<40 where !done {
            let again = try peer.request(
              "phrase_generate", ["no_region": true, "seed": .integer(Int64(seed))])
            guard let id = again["result"]?["job_id"] else {
              // The ledger looks for room now and then.
              usleep(200_000)
              continue
            }
            done = try peer.finished(id)["state"] == "succeeded"
          }
          #expect(done)
        }
      }
    }

    @Test func `A ledger of a newer version is refused at the start, with what to type`() throws {
      try Stage.run { stage in
        #expect(try stage.daemon().quit() == 0)
        let path = stage.folder + "/home/state/chaosgarden/ledger.db"
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        // The user version, at byte 60 of SQLite's header.
        bytes.replaceSubrange(60..<64, with: [0, 0, 0, 99])
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let outcome = try stage.chaosgarden("--audio", "timer", "--soundfont", Stage.font)
        #expect(outcome.status != 0 && outcome.refusal.count == 3, "\(outcome.error)")
        #expect(outcome.refusal[1].contains("has version 99"), "\(outcome.error)")
        #expect(outcome.refusal[2].contains("chaosgarden --ledger"), "\(outcome.error)")
        // And so it does.
        _ = try stage.daemon("--ledger", "memory")
      }
    }

    /// A folder that nothing can be written to: of another owner's rights, or for root of another disk's.
    private func readOnly(_ path: String) throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      if geteuid() == 0 {
        try #require(mount("tmpfs", path, "tmpfs", UInt(MS_RDONLY), "size=64k") == 0)
      } else {
        #expect(chmod(path, 0o500) == 0)
      }
    }

    private func writable(_ path: String) {
      if geteuid() == 0 { umount2(path, Int32(MNT_DETACH)) } else { chmod(path, 0o700) }
    }

    @Test(.enabled(if: canLock))
    func `A folder for the ledger that cannot be written is refused at the start, with what to type`()
      throws
    {
      try Stage.run { stage in
        let folder = stage.file("ledger")
        try readOnly(folder)
        defer { writable(folder) }
        let outcome = try stage.chaosgarden(
          "--audio", "timer", "--soundfont", Stage.font, "--ledger", folder)
        #expect(outcome.status != 0 && outcome.refusal.count == 3, "\(outcome.error)")
        #expect(
          outcome.refusal[1].contains(folder) && outcome.refusal[2].contains("--ledger"), "\(outcome.error)")
      }
    }

    @Test(.enabled(if: canLock))
    func `A store that cannot be written fails the job by name, and the music plays`() throws {
      try Stage.run { stage in
        let folder = stage.file("cas")
        try readOnly(folder)
        defer { writable(folder) }
        stage.set("GARDEN_CAS_DIR", folder)
        try Self.playing(stage) { peer in
          let made = try peer.query(
            "phrase_generate", ["track": "lead", "at": "400", "for": 4, "attempts": 1])
          let id = try #require(made["job_id"]?.string)
          let job = try peer.finished(.string(id))
          let error = job["error"]?.array?.compactMap(\.string) ?? []
          #expect(["failed", "dead"].contains(job["state"]?.string ?? "") && error.count == 3, "\(job.text)")
          #expect(error.first?.contains(id) == true && error.joined().contains(folder), "\(error)")
          #expect(
            try peer.refusal(of: "artifact_upload", ["file": .string(Stage.demo("lead.mid"))]).exit != 0)
        }
      }
    }
  }
}
