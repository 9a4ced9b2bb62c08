import Foundation
import Glibc
import HootWire
import Testing

@testable import ControlSocket

extension EndToEnd {
  /// What must not take the daemon down, nor keep it from the others.
  struct Survival {
    @Test func `A second daemon on the same sockets is refused, the first is unharmed`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act("play")
        let second = try stage.chaosgarden("--audio", "timer", "--soundfont", Stage.font)
        #expect(second.status == 1)
        #expect(second.refusal.count == 3)
        #expect(second.error.contains("\(daemon.processID)"))
        #expect(try stage.garden("up").status == 0)
        #expect(try peer.state() == "rolling")
        #expect(try stage.json("status")["pid"] == .integer(Int64(daemon.processID)))
        #expect(daemon.quit() == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: stage.socketDir) == [])
      }
    }

    @Test func `A socket path that is too long is refused by both programs`() throws {
      try Stage.run { stage in
        let long = stage.folder + "/" + String(repeating: "d", count: 120)
        for outcome in [
          try stage.chaosgarden("--audio", "timer", "--socket-dir", long),
          try stage.garden("--socket-dir", long, "status"), try stage.garden("--socket-dir", long, "up"),
        ] {
          #expect(outcome.status == 78, "\(outcome.error)")
          #expect(outcome.error.contains("\(long.utf8.count) bytes"))
        }
      }
    }

    @Test func `A killed daemon leaves nothing that keeps the next from starting`() throws {
      try Stage.run { stage in
        for _ in 1...3 {
          let daemon = try stage.daemon()
          #expect(try daemon.peer().state() == "stopped")
          daemon.kill9()
          let gone = try stage.garden("status")
          #expect(gone.status == 69 && gone.refusal.count == 3, "\(gone.error)")
        }
        #expect(try stage.daemon().peer().state() == "stopped")
      }
    }

    @Test func `A configuration with unknown keys is refused by file and line`() throws {
      try Stage.run { stage in
        let folder = stage.folder + "/home/config/chaosgarden"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/config.toml"
        let text = "[audio]\ndriver = \"timer\"\nperoid = 256\n\n[synht]\nvoices = 12\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        for outcome in [
          try stage.garden("status"), try stage.garden("up"), try stage.chaosgarden(),
          try stage.garden("config", "show"),
        ] {
          #expect(outcome.status == 78)
          #expect(outcome.error.contains("\(path):3"), "\(outcome.error)")
          #expect(outcome.error.contains("audio.period"))
          #expect(outcome.error.contains("\(path):6"))
          #expect(outcome.error.contains("synth.voices"))
        }
        let check = try stage.garden("config", "check")
        #expect(check.status == 78)
        #expect(check.lines.count == 2 && check.out.contains("\(path):3"))
        try Data("[audio]\nperiod = \"many\"\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try stage.garden("config", "check").status == 78)
        try Data("[audio\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try stage.garden("config", "check").out.contains("\(path):1"))
        #expect(try stage.garden("config", "check", "/nowhere.toml").status == 66)
      }
    }

    @Test func `A render that cannot be written leaves nothing and disturbs nothing`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen()
        try Material.noise(stage.file("noise.wav"), frames: 48_000)
        try peer.act("region_add", ["file": .string(stage.file("noise.wav"))])
        try peer.act("play")
        let before = try peer.picture()
        try #require(symlink("/dev/full", stage.file("full.wav")) == 0)
        try #require(mkdir(stage.file("folder.wav"), 0o700) == 0)
        for output in ["full.wav", "folder.wav", "missing/out.wav", "/proc/out.wav", "out.xyz", stage.folder]
        {
          for files in [[], ["noise.wav"]] {
            let outcome = try stage.execute("garden", ["render", "-o", output] + files)
            #expect(outcome.status == 73, "\(output): \(outcome.error)")
            #expect(outcome.refusal.count == 3, "\(output): \(outcome.error)")
          }
        }
        #expect(
          try FileManager.default.contentsOfDirectory(atPath: stage.folder + "/work").sorted()
            == ["folder.wav", "full.wav", "noise.wav"])
        #expect(try stage.garden("render", "-o", "x.wav", "missing.mid").status == 66)
        #expect(try stage.garden("render", "-o", "x.wav", stage.folder).status == 65)
        #expect(try stage.garden("render").status == 64)
        #expect(try peer.picture() == before)
        #expect(try peer.state() == "rolling")
      }
    }

    @Test func `A session whose files have changed is not rendered as something else`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try Material.noise(stage.file("noise.wav"), frames: 48_000)
        try peer.query("region_add", ["file": .string(stage.file("noise.wav"))])
        #expect(try stage.garden("render", "-o", "mix.wav", "--from", "9:1", "--to", "5:1").status == 1)
        #expect(try stage.garden("render", "-o", "mix.wav", "--from", "soon").status == 64)
        try Material.noise(stage.file("noise.wav"), frames: 24_000)
        let changed = try stage.garden("render", "-o", "mix.wav")
        #expect(changed.status == 65 && changed.refusal.count == 3, "\(changed.error)")
        unlink(stage.file("noise.wav"))
        #expect(try stage.garden("render", "-o", "mix.wav").status == 66)
        #expect(try FileManager.default.contentsOfDirectory(atPath: stage.folder + "/work") == [])
        #expect(try peer.regions().count == 1)
      }
    }

    @Test func `More commands than may wait are answered busy, and the accepted ones all land`() throws {
      try Stage.run { stage in
        // A long block, in which many more come than may wait to land.
        let daemon = try stage.daemon("--period", "8192")
        let witness = try daemon.peer()
        try witness.listen()
        let flooders = try (0..<8).map { _ in
          try Wire.RawPeer(SocketDirectory(path: stage.socketDir), .shell)
        }
        let request = requestFrame(["type": "pause"]).encode()
        for _ in 0..<700 {
          for flooder in flooders { while flooder.send(request) != .queued { usleep(200) } }
        }
        var accepted = Set<Int64>()
        var refusals = Set<String>()
        for flooder in flooders {
          for _ in 0..<700 {
            let frames = try #require(flooder.receive())
            let content = try JSONBodyCodec.message(HootFrame.parse(frames).body).content
            if let id = content["result"]?["command"]?["id"]?.int {
              #expect(accepted.insert(id).inserted)
            } else {
              refusals.insert(content["detail"]?["code"]?.string ?? content.text)
            }
          }
        }
        #expect(accepted.count > 1000)
        #expect(refusals.isSubset(of: ["busy"]))
        #expect(try eventually { try witness.query("status")["commands_outstanding"] == 0 })
        #expect(try witness.query("status")["notices_dropped"] == 0)
        #expect(daemon.isRunning)
      }
    }

    @Test func `Who watches is told when the daemon has gone`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let watch = stage.started(
          "garden", ["watch", "transport"], out: stage.file("out"), error: stage.file("error"), seconds: 30)
        try watch.run()
        let peer = try daemon.peer()
        #expect(
          try eventually {
            try peer.query("seek", ["position": 0])
            return try !Stage.text(stage.file("out")).isEmpty
          })
        daemon.kill9()
        watch.waitUntilExit()
        #expect(watch.terminationStatus == 69)
        #expect(try Stage.text(stage.file("error")).contains("has gone"))
      }
    }

    @Test func `Settings from the environment and from flags are held to the same ranges`() throws {
      try Stage.run { stage in
        #expect(try stage.chaosgarden("--period", "1").status == 78)
        #expect(try stage.chaosgarden("--audio", "banjo").status == 78)
        #expect(try stage.chaosgarden("--period").status == 64)
        #expect(try stage.chaosgarden("--perod", "256").status == 64)
        #expect(try stage.chaosgarden("nonsense").status == 64)
        stage.set("GARDEN_PEROID", "256")
        #expect(try stage.garden("up", "--audio", "timer").error.contains("Did you mean GARDEN_PERIOD?"))
        #expect(try stage.garden("down").status == 0)
        stage.set("GARDEN_PERIOD", "many")
        let outcome = try stage.garden("up")
        #expect(outcome.status == 78)
        #expect(outcome.error.contains("GARDEN_PERIOD"))
      }
    }

    @Test func `A soundfont that is missing is named, and the music plays`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon("--soundfont", stage.file("missing.sf2"))
        #expect(daemon.said.contains("missing.sf2"))
        let peer = try daemon.peer()
        try peer.listen()
        #expect(try peer.query("status")["soundfont"] == "embedded")
        try stage.write(
          Material.midi([.init(tick: 0, length: 9600, key: 60)], lengthTicks: 9600), "note.mid")
        try peer.act("region_add", ["file": .string(stage.file("note.mid"))])
        try peer.act("play")
        #expect(try eventually { try peer.query("status")["voices"]?.int ?? 0 > 0 })
      }
    }

    @Test func `Two hundred clients at once are all served`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peers = try (0..<200).map { _ in try Wire.RawPeer(SocketDirectory(path: stage.socketDir), .shell)
        }
        var expected: [[UUID]] = []
        for (index, peer) in peers.enumerated() {
          let frames = [
            requestFrame(["type": "seek", "position": .integer(Int64(index))]),
            requestFrame(["type": "status"]),
          ]
          for frame in frames { #expect(peer.send(frame.encode()) == .queued) }
          expected.append(frames.map(\.requestID))
        }
        for (peer, ids) in zip(peers, expected) {
          for id in ids {
            let reply = try HootFrame.parse(try #require(peer.receive()))
            #expect(reply.requestID == id)
            #expect(try JSONBodyCodec.message(reply.body).content["type"] == "ok")
          }
        }
        #expect(daemon.isRunning)
      }
    }

    @Test func `A client that floods and never reads keeps nobody else waiting`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let flooder = try Wire.RawPeer(SocketDirectory(path: stage.socketDir), .shell)
        var sent = 0
        while sent < 5000 {
          // A full queue on this side: the daemon has not taken them yet.
          if flooder.send(requestFrame(["type": "region_ls"]).encode()) == .queued {
            sent += 1
          } else {
            usleep(500)
          }
        }
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act("play")
        #expect(try peer.state() == "rolling")
        #expect(try stage.garden("status").status == 0)
      }
    }

    @Test func `A client beyond its share of requests hears busy, and later is served again`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let other = try daemon.peer()
        try other.listen()
        let greedy = try Wire.RawPeer(SocketDirectory(path: stage.socketDir), .shell)
        // The first keeps the loader busy, so the rest must wait their turn.
        var sent = 0
        for number in 0..<3 {
          let file = try big(stage, number)
          _ = greedy.send(requestFrame(["type": "region_add", "file": .string(file)]).encode())
          sent += 1
        }
        while sent < 1600 {
          if greedy.send(requestFrame(["type": "status"]).encode()) == .queued {
            sent += 1
          } else {
            usleep(500)
          }
        }
        try other.act("play")
        var answers: [String: Int] = [:]
        for _ in 0..<sent {
          guard let frames = greedy.receive() else { break }
          let content = try JSONBodyCodec.message(HootFrame.parse(frames).body).content
          answers[content["type"] == "ok" ? "ok" : content["detail"]?["code"]?.string ?? "?", default: 0] += 1
        }
        #expect(answers["ok", default: 0] >= 1024)
        #expect(answers["busy", default: 0] > 0)
        #expect(answers.count == 2 && answers.values.reduce(0, +) == sent, "\(answers)")
        #expect(try other.state() == "rolling")
      }
    }

    /// Files that take some tenths of a second to load, each: they are resampled.
    private func big(_ stage: Stage, _ number: Int) throws -> String {
      let path = stage.file("big-\(number).wav")
      if number > 0 {
        try FileManager.default.copyItem(atPath: try big(stage, 0), toPath: path)
      } else if access(path, R_OK) != 0 {
        try Material.wav(path, rate: 44_100, frames: 2_000_000) { Float($0 % 7) / 20 }
      }
      return path
    }

    @Test func `[D45] An emergency pause passes every request that waits`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let witness = try daemon.peer()
        try witness.listen("transport")
        try witness.query("play")
        #expect(witness.event { $0.content["type"] == "rolling" } != nil)
        let paths = try (0..<8).map { try big(stage, $0) }
        let busy = try Wire.RawPeer(SocketDirectory(path: stage.socketDir), .shell)
        let loads = paths.map { requestFrame(["type": "region_add", "file": .string($0)]) }
        for load in loads { _ = busy.send(load.encode()) }
        let before = try witness.deviceFrame()
        #expect(try witness.request("emergency_pause", on: .control)["type"] == "ok")
        let paused = try #require(witness.event { $0.content["type"] == "paused" })
        // Two blocks after the request came in; when that was is known only within a status either side of it.
        #expect(paused["frame"]?.int ?? 0 >= before)
        #expect(try witness.state() == "paused")
        // It went past the loads: the last of them is not done yet.
        #expect(try witness.regions().count < loads.count)
        for load in loads {
          #expect(try HootFrame.parse(try #require(busy.receive())).requestID == load.requestID)
        }
        #expect(try witness.regions().count == loads.count)
      }
    }
  }
}
