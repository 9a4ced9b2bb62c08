import Foundation
import Glibc
import HootWire
import Testing

extension EndToEnd {
  /// The content store through the doors.
  struct Content {
    private static let example = Array("Concurrent Data".utf8)
    private static let hash = "5c735d76fe3537a0f35cf4a4eb14a532"
    private static let digest = "5c735d76fe3537a0f35cf4a4eb14a532a81018de6e00aa903da9f5f9ed88c02c"

    private func store(_ stage: Stage) -> String { stage.folder + "/home/.hootenanny/cas" }

    private func place(_ bytes: [UInt8], _ path: String) throws {
      let folder = (path as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    private func put(_ stage: Stage, _ path: String) throws -> String {
      try #require(try stage.json("cas", "put", path)["hash"]?.string)
    }

    @Test func `[D26] A file goes in, is listed, and comes out again`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        let file = try stage.write(Self.example, "data.txt")
        let stored = try stage.json("cas", "put", file, "--mime-type", "text/plain")
        #expect(stored["hash"]?.string == Self.hash && stored["digest"]?.string == Self.digest)
        #expect(stored["new"] == true)
        #expect(try stage.json("cas", "put", "data.txt")["new"] == false)
        #expect(try stage.garden("cas", "put", "-q", "data.txt").out == Self.hash + "\n")
        let path = "\(store(stage))/objects/5c/735d76fe3537a0f35cf4a4eb14a532"
        #expect(try Stage.text(path) == "Concurrent Data")
        #expect(
          try Stage.text("\(store(stage))/metadata/5c/735d76fe3537a0f35cf4a4eb14a532.json")
            == "{\"mime_type\":\"text/plain\",\"size\":15}")
        #expect(try stage.garden("cas", "get", Self.hash.uppercased()).out == "Concurrent Data")
        let copied = try stage.garden("cas", "get", "artifact_5c735d76fe35", "-o", "copy.txt")
        #expect(copied.status == 0)
        #expect(try Stage.text(stage.file("copy.txt")) == "Concurrent Data")
        let again = try stage.garden("cas", "get", Self.hash, "-o", "copy.txt")
        #expect(again.status == 1 && again.refusal[0].contains("is there already"))
        let list = try stage.json("cas", "ls")
        #expect(list["total"] == 1 && list["total_bytes"] == 15)
        #expect(list["blobs"]?.array?.first?["mime_type"] == "text/plain")
        #expect(try stage.json("cas", "info", Self.hash)["preview"] == "Concurrent Data")
        #expect(try stage.json("cas", "stats")["total_items"] == 1)
        #expect(try stage.json("cas", "verify")["checked"] == 1)
        let unknown = try stage.garden("cas", "get", String(repeating: "f", count: 32))
        #expect(unknown.status == 66 && unknown.refusal[0].hasSuffix(String(repeating: "f", count: 32)))
        #expect(try stage.garden("cas", "get", "5c73").status == 64)
        #expect(try stage.garden("cas", "get", "../../etc/passwd").status == 64)
      }
    }

    @Test func `Whatever takes a file takes content`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen()
        let song = try put(stage, Stage.demo("lead.mid"))
        let sound = try put(stage, Stage.demo("texture.wav"))
        let added = try peer.act("region_add", ["file": .string(song), "track": "lead"])
        #expect(added.result["region"]?["content_hash"]?.string == song)
        #expect(added.result["region"]?["name"]?.string == String(song.prefix(12)))
        let artifact = JSONValue.string("artifact_" + sound.prefix(12))
        let second = try peer.act("region_add", ["file": artifact, "track": "air", "at": "4"])
        #expect(second.result["region"]?["kind"] == "audio")
        try peer.act("audition_play", ["file": .string(sound)])
        // Once loaded, it is the same clip.
        try peer.act("region_add", ["file": .string(sound.uppercased()), "track": "air", "at": "40"])
        #expect(try peer.query("clip_ls")["clips"]?.array?.count == 2)
        let font = try put(stage, Stage.font)
        try peer.act("track_set", ["track": "lead", "soundfont": .string(font)])
        #expect(try stage.json("soundfont", "inspect", font)["presets"]?.array?.isEmpty == false)
        #expect(try stage.json("midi", "info", song)["schema"] != nil)
        #expect(try stage.json("audio", "info", sound)["schema"] != nil)
      }
    }

    @Test func `A session's content is found where the store is now`() throws {
      try Stage.run { stage in
        let first = try stage.daemon()
        let song = try put(stage, Stage.demo("lead.mid"))
        #expect(try stage.garden("region", "add", song).status == 0)
        #expect(try stage.garden("session", "save", "set.json").status == 0)
        let session = try put(stage, stage.file("set.json"))
        #expect(first.quit() == 0)
        try FileManager.default.moveItem(atPath: store(stage), toPath: stage.folder + "/moved")
        stage.set("HOOTENANNY_CAS_PATH", stage.folder + "/moved")
        _ = try stage.daemon()
        #expect(try stage.json("session", "load", session)["landed"] != nil)
        let clip = try #require(try stage.json("clip", "ls")["clips"]?.array?.first)
        #expect(clip["content_hash"]?.string == song)
        #expect(clip["path"]?.string?.hasPrefix(stage.folder + "/moved/objects/") == true)
      }
    }

    @Test func `Content renders to the same sound as its file`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let song = try put(stage, Stage.demo("lead.mid"))
        #expect(daemon.quit() == 0)
        for (name, file) in [("file.wav", Stage.demo("lead.mid")), ("hash.wav", song)] {
          let outcome = try stage.garden("render", "-o", name, "--soundfont", Stage.font, "--to", "4", file)
          #expect(outcome.status == 0, "\(outcome.error)")
        }
        #expect(
          try Data(contentsOf: URL(fileURLWithPath: stage.file("file.wav")))
            == Data(contentsOf: URL(fileURLWithPath: stage.file("hash.wav"))))
      }
    }

    @Test func `A blob that is not what its name says is refused and changes nothing`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        let song = try put(stage, Stage.demo("lead.mid"))
        let path = "\(store(stage))/objects/\(song.prefix(2))/\(song.dropFirst(2))"
        let before = try peer.picture()
        // As the other side's writes may leave it: cut off.
        try #require(truncate(path, 100) == 0)
        for (type, field) in [("region_add", "file"), ("audition_play", "file"), ("cas_get", "hash")] {
          let refusal = try peer.refusal(of: type, .object(JSONObject([(field, .string(song))])))
          #expect(refusal.code == "content_damaged" && refusal.exit == 65)
          #expect(refusal.lines[1].contains(song) && refusal.lines[1].contains("bytes were to come"))
        }
        #expect(try peer.picture() == before)
        let check = try stage.garden("cas", "verify")
        #expect(check.status == 65 && check.out.contains("1 damaged"))
        // Written anew, it is sound again.
        #expect(try stage.json("cas", "put", Stage.demo("lead.mid"))["mended"] == true)
        #expect(try stage.garden("cas", "verify").status == 0)
        unlink(path)
        try #require(symlink(Stage.demo("lead.mid"), path) == 0)
        #expect(try peer.refusal(of: "cas_get", ["hash": .string(song)]).code == "not_a_file")
      }
    }

    @Test func `What a service has stored plays by either of its names`() throws {
      try Stage.run { stage in
        let peer = try stage.daemon().peer()
        try peer.listen()
        let stored = try stage.json("cas", "put", Stage.demo("lead.mid"))
        let song = try #require(stored["hash"]?.string)
        let digest = try #require(stored["digest"]?.string)
        // As the Python side keeps it: no level of objects, all digits, no metadata.
        try FileManager.default.removeItem(atPath: store(stage))
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: Stage.demo("lead.mid"))))
        try place(bytes, "\(store(stage))/\(song.prefix(2))/\(digest)")
        for (index, name) in [song, digest, "artifact_" + song.prefix(12)].enumerated() {
          let added = try peer.act("region_add", ["file": .string(name), "at": .string("\(300 * index)")])
          #expect(added.result["region"]?["content_hash"]?.string == song)
        }
        #expect(try stage.json("cas", "ls")["blobs"]?.array?.first?["kept_by"] == "service")
      }
    }

    @Test func `The store and its list are where hootenanny's configuration says`() throws {
      try Stage.run { stage in
        let folder = stage.folder + "/srv"
        try place(
          Array("[paths]\nstate_dir = \"~/state\"\ncas_dir = \"/nowhere\"\n".utf8),
          stage.folder + "/home/.config/hootenanny/config.toml")
        // The one in the folder that the programs are started in wins.
        try stage.write(Array("[paths]\ncas_dir = \"\(folder)\"\n".utf8), "hootenanny.toml")
        try place(
          Array("[{\"id\":\"artifact_take-1\",\"content_hash\":\"\(Self.hash)\"}]".utf8),
          stage.folder + "/home/state/artifacts.json")
        try place(Self.example, "\(folder)/objects/5c/735d76fe3537a0f35cf4a4eb14a532")
        stage.set("HOOTENANNY_CAS_READONLY", "1")
        _ = try stage.daemon()
        #expect(try stage.garden("cas", "get", "artifact_take-1").out == "Concurrent Data")
        let shown = try stage.garden("config", "show", "--origin").out
        #expect(
          shown.contains("./hootenanny.toml:2") && shown.contains("config.toml:2")
            && shown.contains("HOOTENANNY_CAS_READONLY"))
        let refused = try stage.garden("cas", "put", Stage.demo("lead.mid"))
        #expect(refused.status == 77 && refused.refusal[1].contains("read-only"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["objects"])
      }
    }

    @Test func `A daemon that is killed while it writes leaves no half of a blob`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let large = stage.file("large")
        close(open(large, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
        try #require(truncate(large, 300_000_000) == 0)
        let writer = stage.started(
          "garden", ["cas", "put", large], out: stage.file("said"), error: stage.file("said"), seconds: 60)
        try writer.run()
        #expect(eventually { access(store(stage) + "/staging", F_OK) == 0 })
        daemon.kill9()
        writer.waitUntilExit()
        unlink(large)
        _ = try stage.daemon()
        // Whether it was too late or not: what is there is whole, and nothing else is.
        #expect(try stage.garden("cas", "verify").status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: store(stage) + "/staging").isEmpty)
      }
    }

    // A disk of its own that is small enough takes root.
    @Test(.enabled(if: geteuid() == 0))
    func `A full disk takes nothing and keeps nothing`() throws {
      try Stage.run { stage in
        let small = stage.file("small")
        mkdir(small, 0o700)
        try #require(mount("tmpfs", small, "tmpfs", 0, "size=1m") == 0, "\(errno)")
        defer { umount2(small, Int32(MNT_DETACH)) }
        stage.set("GARDEN_CAS_DIR", small)
        let daemon = try stage.daemon()
        try Material.wav(stage.file("long.wav"), frames: 500_000) { Float($0 % 100) / 200 }
        let outcome = try stage.garden("cas", "put", "long.wav")
        #expect(outcome.status == 73, "\(outcome.error)")
        #expect(try stage.json("cas", "ls")["total"] == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: small + "/staging").isEmpty)
        #expect(try stage.json("cas", "put", Stage.demo("lead.mid"))["new"] == true)
        #expect(daemon.quit() == 0)
      }
    }
  }
}

extension EndToEnd {
  /// The door to the network.
  struct Network {
    @Test func `Other machines need a key, and the command says where it comes from`() throws {
      try Stage.run { stage in
        let refused = try stage.chaosgarden("--audio", "timer", "--tcp", "0.0.0.0:46999")
        #expect(refused.status == 78 && refused.refusal[2].contains("garden key new"))
        #expect(try stage.chaosgarden("--audio", "timer", "--tcp", "here").status == 78)
        #expect(try stage.garden("key", "new", "laptop").status == 66)
        let own = try stage.json("key", "new")
        let client = try stage.json("key", "new", "laptop")
        #expect(client["server"] == own["public"] && client["secret"]?.string?.count == 40)
        #expect(try stage.garden("key", "new", "laptop").status == 1)
        #expect(try stage.garden("key", "new").status == 1)
        let list = try stage.json("key", "ls")
        #expect(list["clients"]?.array?.first?["public"] == client["public"])
        #expect(!(try stage.garden("key", "ls").out.contains(try #require(client["secret"]?.string))))
      }
    }

    @Test func `Who has asked is listed, and nothing listens by TCP unless it is said`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        try daemon.peer().query("status")
        let peers = try stage.json("peers")
        #expect(peers["tcp"]?.isNull == true)
        #expect((peers["peers"]?.array?.count ?? 0) >= 2)
        #expect(peers["peers"]?.array?.first?["name"]?.string?.hasPrefix("chaosgarden-shell-") == true)
      }
    }
  }
}
