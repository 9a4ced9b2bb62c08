import Foundation
import Glibc
import HootWire
import Testing

extension EndToEnd {
  /// What is answered from memory: no job, no file, no waiting.
  @Suite struct Asking {
    @Test func `[D07] A thousand quick questions and answers make no job`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let questions: [(String, JSONValue)] = [
          ("status", [:]), ("region_ls", [:]), ("abc_validate", ["abc": "X:1\nK:C\nCDEF|"]),
          ("abc_parse", ["abc": "X:1\nK:C\nCDEF|"]), ("config_get", ["name": "audio.period"]),
          ("graph_find", [:]), ("graph_context", [:]), ("track_ls", [:]),
        ]
        for number in 0..<1_000 {
          let (type, arguments) = questions[number % questions.count]
          try peer.query(type, arguments)
        }
        #expect(try peer.query("job_list")["jobs"]?.array?.isEmpty == true)
        #expect(try peer.query("status")["jobs"] == 0)
      }
    }

    @Test func `[D15] The list of regions is that of the last edit that was answered`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        func listed() throws -> [Double] {
          let reply = try peer.request("get_regions")
          #expect(reply["type"] == "regions")
          return reply["regions"]?.array?.compactMap { $0["position"]?.double } ?? []
        }
        for number in 0..<20 {
          let place = Double(number * 8)
          let made = try peer.query(
            "region_add", ["file": .string(Stage.demo("lead.mid")), "at": .string("\(number * 8)")])
          #expect(try listed() == [place])
          let region = try #require(made["region"]?["id"]?.string)
          try peer.query("region_mv", ["region": .string(region), "at": "4"])
          #expect(try listed() == [4])
          try peer.query("region_rm", ["region": [.string(region)]])
          #expect(try listed().isEmpty)
        }
      }
    }

    @Test
    func
      `[D18] A setting is told with its value and origin: flag over variable over file over what is built in`()
      throws
    {
      try Stage.run { stage in
        let folder = stage.folder + "/home/config/chaosgarden"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("[jobs]\nworkers = 3\n[synth]\nvoices = 200\n[audio]\nperiod = 512\n".utf8).write(
          to: URL(fileURLWithPath: folder + "/config.toml"))
        stage.set("GARDEN_VOICES", "300")
        let peer = try stage.daemon("--period", "128").peer()
        for (name, value, origin) in [
          ("audio.period", 128 as JSONValue, "--period"), ("synth.voices", 300, "GARDEN_VOICES"),
          ("jobs.workers", 3, folder + "/config.toml:2"), ("mixer.limiter", true, "built in"),
        ] {
          let all = try peer.query("config_get", ["name": .string(name)])["settings"]?.array ?? []
          #expect(all.count == 1 && all[0]["value"] == value && all[0]["origin"]?.string == origin, "\(all)")
        }
        let jobs = try peer.query("config_get", ["section": "jobs", "key": "workers"])["settings"]?.array
        #expect(jobs?.count == 1 && jobs?.first?["default"] == 0)
        #expect(try peer.query("config_get")["settings"]?.array?.count ?? 0 > 30)
        #expect(try peer.refusal(of: "config_get", ["name": "jobs.worker"]).lines[1].contains("jobs.workers"))
        #expect(
          try stage.garden("config", "get", "jobs.workers").lines.last?.contains("config.toml:2") == true)
        #expect(try stage.garden("config", "get", "-q", "audio.period").out == "128\n")
      }
    }

    @Test func `[D19] [D20] What there is, and what leads where, is found and said from memory`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        for name in ["lead", "bass", "Lead vocals"] { try peer.query("track_add", ["name": .string(name)]) }
        try peer.query("bus_add", ["name": "hall", "effect": "reverb"])
        try peer.query("send_set", ["strip": "lead", "bus": "hall", "level": -6])
        try peer.query("region_add", ["file": .string(Stage.demo("lead.mid")), "track": "bass"])
        try peer.query("track_set", ["track": "bass", "mute": true])
        func found(_ arguments: JSONValue) throws -> [String] {
          try peer.query("graph_find", arguments)["nodes"]?.array?.compactMap { $0["name"]?.string } ?? []
        }
        #expect(try found(["name": "LEAD"]) == ["lead", "Lead vocals"])
        #expect(try found(["kind": "bus"]) == ["hall"] && found(["kind": "master"]) == ["master"])
        #expect(try found(["name": "nobody"]).isEmpty && found(["kind": "output"]).count == 1)
        let lead = try peer.query("graph_find", ["name": "lead", "kind": "track"])["nodes"]?.array?.first
        #expect(lead?["to"] == ["master", "hall"])
        #expect(try peer.refusal(of: "graph_find", ["kind": "tracks"]).code == "unknown_value")
        let context = try stage.garden("graph", "context").lines
        #expect(
          context.first?.hasPrefix("120.0 BPM, 4/4, stopped at 1:1:000; 1 regions play") == true, "\(context)")
        #expect(context.contains("track lead -> master, hall; 0 regions"))
        #expect(context.contains("track bass -> master; 1 regions; muted"))
        #expect(context.contains("bus hall -> master; reverb"))
      }
    }

    @Test func `[D21] What is known of an artifact is told without its file`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let made = try peer.query("phrase_generate", ["no_region": true, "seed": 3])
        let hash = try #require(try peer.finished(made["job_id"])["artifacts"]?.array?.first)
        let first = try #require(try peer.query("artifact_get", ["hash": hash])["artifact"])
        let path = try #require(first["path"]?.string)
        #expect(unlink(path) == 0)
        #expect(try peer.query("artifact_get", ["hash": hash])["artifact"] == first)
        #expect(first["tool"] == "phrase_generate" && first["type"] == "audio/midi")
      }
    }

    @Test func `[D23] A soundfont is read for its presets once, and again when it has changed`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let font = stage.file("font.sf2")
        try FileManager.default.copyItem(atPath: Stage.font, toPath: font)
        let watch = inotify_init1(Int32(IN_NONBLOCK))
        defer { close(watch) }
        try #require(watch >= 0 && inotify_add_watch(watch, font, UInt32(IN_OPEN | IN_ACCESS)) >= 0)
        func wasRead() -> Bool {
          var bytes = [UInt8](repeating: 0, count: 65_536)
          return read(watch, &bytes, bytes.count) > 0
        }
        let first = try peer.query("soundfont_inspect", ["font": .string(font)])
        #expect(first["soundfont"]?["presets"]?.array?.isEmpty == false)
        #expect(wasRead())
        #expect(try peer.query("soundfont_inspect", ["font": .string(font)]) == first)
        #expect(!wasRead())
        var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
        #expect(utimensat(AT_FDCWD, font, &times, 0) == 0)
        #expect(try peer.query("soundfont_inspect", ["font": .string(font)]) == first)
        #expect(wasRead())
      }
    }
  }
}
