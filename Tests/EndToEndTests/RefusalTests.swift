import Foundation
import Glibc
import HootWire
import Testing

extension EndToEnd {
  /// Bad input, while music plays: each is refused with its exit status and three plain lines, changes nothing and
  /// stops nothing.
  struct Refusals {
    /// A daemon that plays a looped region, and what must stay as it is.
    final class Performance {
      let stage: Stage
      let daemon: Daemon
      let peer: Peer
      private let before: JSONValue

      init(_ stage: Stage) throws {
        self.stage = stage
        daemon = try stage.daemon()
        peer = try daemon.peer()
        try peer.listen()
        try stage.write(
          Material.midi([.init(tick: 0, length: 960, key: 60)], lengthTicks: 4 * 960), "riff.mid")
        try peer.act("region_add", ["file": .string(stage.file("riff.mid")), "track": "lead", "loop": 1000])
        try peer.act("marker_add", ["name": "chorus", "at": "3:1"])
        try peer.act("play")
        before = try peer.picture()
      }

      /// `garden` with these arguments ends with this status and three lines.
      func refuses(_ arguments: [String], _ status: Int32, source: SourceLocation = #_sourceLocation) throws {
        let outcome = try stage.execute("garden", arguments)
        #expect(outcome.status == status, "\(arguments): \(outcome.error)", sourceLocation: source)
        #expect(outcome.refusal.count == 3, "\(arguments): \(outcome.error)", sourceLocation: source)
        #expect(!outcome.error.contains("\u{1B}"), "\(arguments)", sourceLocation: source)
        #expect(outcome.out.isEmpty, "\(arguments): \(outcome.out)", sourceLocation: source)
      }

      func expectUntouched(source: SourceLocation = #_sourceLocation) throws {
        #expect(try peer.picture() == before, sourceLocation: source)
        let then = try peer.transport()
        #expect(then["state"] == "rolling", sourceLocation: source)
        #expect(
          try eventually { try peer.transport()["beat"]?.double ?? 0 > then["beat"]?.double ?? .infinity },
          sourceLocation: source)
      }
    }

    private func perform(_ body: (Performance) throws -> Void) throws {
      try Stage.run { stage in
        let performance = try Performance(stage)
        try body(performance)
        try performance.expectUntouched()
      }
    }

    /// A file of `bytes` bytes that takes no room on the disk.
    private func sparse(_ path: String, _ head: [UInt8], bytes: Int) throws {
      try Data(head).write(to: URL(fileURLWithPath: path))
      try #require(truncate(path, bytes) == 0)
    }

    /// A WAV header that promises `bytes` bytes of 16 bit stereo.
    private func wavHeader(bytes: UInt32) -> [UInt8] {
      func little(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      }
      let format =
        little(1, 2) + little(2, 2) + little(48_000, 4) + little(192_000, 4) + little(4, 2) + little(16, 2)
      return Array("RIFF".utf8) + little(bytes &+ 36, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + format
        + Array("data".utf8) + little(bytes, 4)
    }

    @Test func `Broken, hostile and huge files are no clips`() throws {
      try perform { music in
        let stage = music.stage
        let track = Material.chunk("MTrk", [0, 0x90, 60, 100, 0x40, 0x80, 60, 0, 0, 0xFF, 0x2F, 0])
        let noise = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 197 &+ 13) }
        let files: [(String, [UInt8])] = [
          ("empty.mid", []), ("empty.wav", []), ("head.mid", Array("MThd".utf8)),
          ("notracks.mid", Material.chunk("MThd", [0, 1, 0, 0, 0, 96])),
          ("division.mid", Material.chunk("MThd", [0, 0, 0, 1, 0, 0]) + track), ("noise.mid", noise),
          ("noise.wav", noise), ("noise.mp3", noise), ("text.wav", Array("this is no sound\n".utf8)),
          ("head.wav", Array(wavHeader(bytes: 1000).prefix(20))), ("nothing.wav", wavHeader(bytes: 0)),
          (
            "lies.mid",
            Material.chunk("MThd", [0, 1, 255, 255, 0, 96]) + Array("MTrk".utf8) + [255, 255, 255, 255]
          ),
          ("font.mid", Array(try Data(contentsOf: URL(fileURLWithPath: Stage.font)).prefix(100_000))),
          (
            "rmid.rmi",
            Array("RIFF".utf8) + [255, 255, 255, 255] + Array("RMIDdata".utf8) + [255, 255, 255, 255]
          ),
        ]
        for (name, bytes) in files {
          try stage.write(bytes, name)
          try music.refuses(["region", "add", name], 65)
        }
        try sparse(stage.file("huge.mid"), Material.header(division: 96) + track, bytes: 5 << 30)
        try sparse(stage.file("zeros.wav"), [], bytes: 5 << 30)
        for name in ["huge.mid", "zeros.wav"] { try music.refuses(["region", "add", name], 65) }
        try music.refuses(["region", "add", Stage.font], 65)
      }
    }

    @Test func `What is not a file to be read is no clip`() throws {
      try perform { music in
        let stage = music.stage
        try #require(mkfifo(stage.file("pipe.wav"), 0o600) == 0)
        try #require(symlink("/dev/zero", stage.file("zero.wav")) == 0)
        try #require(symlink(stage.file("round.wav"), stage.file("round.wav")) == 0)
        for name in [stage.folder, "pipe.wav", "zero.wav", music.stage.socketDir + "/chaosgarden-shell"] {
          try music.refuses(["region", "add", name], 65)
        }
        for name in ["missing.wav", "round.wav", "riff.mid/inside.wav", "/proc/self/nothing"] {
          try music.refuses(["region", "add", name], 66)
        }
      }
    }

    @Test(.enabled(if: geteuid() != 0, "root reads every file: a file without rights stays untested"))
    func `A file without rights is no clip`() throws {
      try perform { music in
        try music.stage.write([1], "secret.wav")
        chmod(music.stage.file("secret.wav"), 0)
        try music.refuses(["region", "add", "secret.wav"], 66)
      }
    }

    @Test func `A file that was cut short plays as far as it goes, and says so`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        let whole = Material.midi(
          [.init(tick: 0, length: 960, key: 60), .init(tick: 1920, length: 960, key: 62)],
          lengthTicks: 8 * 960)
        try stage.write(Array(whole.dropLast(8)), "cut.mid")
        let midi = try stage.json("region", "add", "cut.mid")
        #expect(midi["warnings"]?.array?.isEmpty == false)
        #expect(midi["region"]?["length_beats"]?.double ?? 0 >= 2)
        try Material.noise(stage.file("whole.wav"), frames: 10_000)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: stage.file("whole.wav")))
        try stage.write(Array(bytes.prefix(bytes.count / 2)), "cut.wav")
        let audio = try stage.json("region", "add", "cut.wav")
        #expect(audio["warnings"]?.array?.isEmpty == false)
        #expect(try stage.json("clip", "show", "cut.wav")["clip"]?["frames"]?.int ?? 0 > 4000)
      }
    }

    @Test func `A file with a name beyond the rule for names gets one that fits`() throws {
      try Stage.run { stage in
        _ = try stage.daemon()
        let clip = Material.midi([.init(tick: 0, length: 960, key: 60)], lengthTicks: 960)
        let long = String(repeating: "n", count: 240)
        for (file, region, track) in [
          ("\(long).mid", String(long.prefix(200)), String(long.prefix(200))),
          ("master.mid", "master", "master-2"),
          ("   .mid", "midi", "midi"), (".mid", ".mid", ".mid"), ("-x.mid", "-x", "-x"),
        ] {
          try stage.write(clip, file)
          let added = try stage.json("region", "add", "--", file)["region"]
          #expect((added?["name"], added?["track"]) == (.string(region), .string(track)))
          let outcome = try stage.garden("render", "-o", "out.wav", "--soundfont", Stage.font, "--", file)
          #expect(outcome.status == 0, "\(outcome.error)")
        }
      }
    }

    @Test func `Broken soundfonts are not taken`() throws {
      try perform { music in
        let stage = music.stage
        let font = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Stage.font)))
        var lies = font
        for index in 4..<8 { lies[index] = 255 }
        var scrambled = font
        for index in stride(from: font.count - 40_000, to: font.count, by: 3) { scrambled[index] = 255 }
        let files: [(String, [UInt8])] = [
          ("empty.sf2", []), ("short.sf2", Array(font.prefix(1000))),
          ("half.sf2", Array(font.prefix(font.count / 2))),
          ("text.sf2", Array("no font".utf8)), ("song.sf2", Material.header(division: 96)),
          ("scrambled.sf2", scrambled),
        ]
        for (name, bytes) in files {
          try stage.write(bytes, name)
          try music.refuses(["soundfont", "use", name], 65)
          try music.refuses(["track", "set", "lead", "--soundfont", name], 65)
          try music.refuses(["track", "add", "other", "--soundfont", name], 65)
          let inspected = try stage.chaosgarden("soundfont-inspect", stage.file(name))
          #expect(inspected.status == 65 && inspected.refusal.count == 3, "\(name): \(inspected.error)")
        }
        try sparse(stage.file("huge.sf2"), Array(font.prefix(100)), bytes: 5 << 30)
        try #require(mkfifo(stage.file("pipe.sf2"), 0o600) == 0)
        for name in ["huge.sf2", "pipe.sf2", stage.folder] {
          try music.refuses(["soundfont", "use", name], 65)
        }
        try music.refuses(["soundfont", "use", "missing.sf2"], 66)
        try music.refuses(["soundfont", "use", "/nowhere/missing.sf2"], 66)
      }
    }

    @Test func `[D43] Places that are none are refused`() throws {
      try perform { music in
        for place in ["nan", "inf", "1e999", "", "5:", "x", "--5", "1:2:3:4", "0x10", "5%5"] {
          try music.refuses(["seek", "--", place], 64)
        }
        for place in [
          "0:1", "1:5", "1:1:960", "-1000000", "99999999999", "99999999999s", "@nowhere", "1000000000%",
        ] {
          try music.refuses(["seek", "--", place], 1)
          try music.refuses(["region", "mv", "riff", "--at", place], 1)
        }
        try music.refuses(["play", "--from", "5:1", "--to", "4:1"], 1)
        try music.refuses(["loop", "5:1", "5:1"], 1)
        try music.refuses(["loop", "5:1"], 64)
        try music.refuses(["region", "split", "riff", "--at", "1:1"], 1)
      }
    }

    @Test func `Things that are not there are named`() throws {
      try perform { music in
        for command in [
          ["region", "show", "nobody"], ["region", "rm", "riff", "nobody"],
          ["region", "mv", "nobody", "--at", "1"],
          ["region", "set", "riff", "nobody", "--gain", "-3"], ["region", "dup", "nobody"],
          ["region", "split", "nobody", "--at", "1"],
          ["region", "mv", "riff", "--at", "1", "--track", "nobody"],
          ["region", "clear", "--track", "nobody"], ["region", "ls", "--track", "nobody"],
          ["track", "set", "nobody", "--gain", "-3"], ["track", "rm", "nobody"], ["marker", "rm", "nobody"],
          ["clip", "show", "nobody"], ["soundfont", "use", "embedded", "--track", "nobody"],
          ["track", "add", "lead"], ["track", "add", "master"],
        ] {
          try music.refuses(command, 1)
        }
        let unknown = try music.stage.garden("region", "show", "rif")
        #expect(unknown.error.contains("riff"))
      }
    }

    @Test func `Names are one line of bounded length`() throws {
      try perform { music in
        for name in [
          "two\nlines", "\u{1B}[31mred", String(repeating: "n", count: 201), "", "bell\u{7}", "  ",
        ] {
          try music.refuses(["track", "add", "--", name], name == "  " ? 1 : 64)
          try music.refuses(["marker", "add", "--", name], name == "  " ? 1 : 64)
          try music.refuses(["region", "set", "riff", "--name", name], name == "  " ? 1 : 64)
        }
        try music.refuses(["region", "show", "no\u{1B}[2Jbody"], 64)
      }
    }

    @Test func `[D44] Numbers outside their range are refused with the range`() throws {
      try perform { music in
        for tempo in ["19", "1000", "nan", "inf", "1e999", "abc", ""] {
          try music.refuses(["tempo", tempo], 64)
        }
        for (flag, value) in [
          ("--gain", "25"), ("--gain", "nan"), ("--fade-in", "-1"), ("--fade-out", "1e9"), ("--loop", "0"),
          ("--transpose", "99"), ("--velocity", "0"), ("--channel", "17"), ("--program", "128"),
          ("--for", "0"),
          ("--curve", "round"), ("--mute", "maybe"), ("--offset", "1s"),
        ] {
          try music.refuses(["region", "set", "riff", flag, value], 64)
        }
        try music.refuses(["region", "set", "riff", "--offset", "4"], 1)
        try music.refuses(["region", "set", "riff", "--for", "900000000"], 64)
        try music.refuses(["track", "set", "lead", "--pan", "1.5"], 64)
        try music.refuses(["track", "set", "master", "--pan", "0"], 64)
        try music.refuses(["device", "use", "timer", "--period", "63"], 64)
        #expect(try music.stage.garden("tempo", "19").error.contains("20 to 999"))
      }
    }

    @Test func `Words that mean nothing are refused with a guess`() throws {
      try perform { music in
        for command in [
          ["plai"], ["region", "ad", "x"], ["region"], ["play", "--form", "1"], ["seek"], ["seek", "1", "2"],
        ] {
          try music.refuses(command, 64)
        }
        #expect(try music.stage.garden("plai").error.contains("play"))
        #expect(try music.stage.garden("play", "--form", "1").error.contains("--from"))
      }
    }
  }
}
