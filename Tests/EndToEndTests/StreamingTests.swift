import Foundation
import Glibc
import HootWire
import Testing

extension EndToEnd {
  /// Files longer than memory, as a person has them.
  @Suite struct Streaming {
    /// A WAV of 16 bits in stereo whose samples are a hole in the file: it takes no room on the disk.
    private func sparse(_ path: String, bytes: Int) throws {
      func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      }
      let format = number(1, 2) + number(2, 2) + number(48_000, 4) + number(192_000, 4) + number(4, 2)
      let header =
        Array("RIFF".utf8) + number(bytes + 36, 4) + Array("WAVEfmt ".utf8) + number(16, 4) + format
        + number(16, 2) + Array("data".utf8) + number(bytes, 4)
      try Data(header).write(to: URL(fileURLWithPath: path))
      try #require(truncate(path, off_t(bytes + header.count)) == 0)
    }

    /// What a process has in memory, in kB.
    private func resident(_ process: pid_t) throws -> Int {
      let status = try Stage.text("/proc/\(process)/status")
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
      return try #require(Int(line.split(separator: " ")[1]))
    }

    @Test func `A gigabyte of sound costs the rings and heads of what plays`() throws {
      try Stage.run { stage in
        try sparse(stage.file("big.wav"), bytes: 1 << 30)
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        let before = try resident(daemon.processID)
        try peer.act("region_add", ["file": .string(stage.file("big.wav"))])
        try peer.act("play")
        for place in ["100:1", "1000:1", "7:1"] { try peer.act("seek", ["position": .string(place)]) }
        for place in 1...4 { try peer.act("seek", ["position": .integer(Int64(place * 1000)), "now": true]) }
        let streaming = try #require(try peer.query("status")["streaming"])
        let own = (streaming["stream_bytes"]?.int ?? 0) + (streaming["head_bytes"]?.int ?? 0)
        // A ring of two seconds is 768 kB, a head of half a second 192 kB: one that plays, those that jumps had filled.
        #expect(own > 0 && own < 8_000_000)
        let grown = try resident(daemon.processID) - before
        #expect(grown < 24_000, "\(grown) kB for \(own) bytes of rings and heads")
        #expect(try peer.transport()["state"] == "rolling")
      }
    }

    @Test func `A file cut short while it plays is told, by region and cause, and the rest plays on`() throws
    {
      try Stage.run { stage in
        try sparse(stage.file("long.wav"), bytes: 60_000_000)
        try Material.noise(stage.file("short.wav"), frames: 240_000)
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen("command", "audio")
        try peer.act("region_add", ["file": .string(stage.file("long.wav"))])
        try peer.act("region_add", ["file": .string(stage.file("short.wav"))])
        try peer.act("play")
        #expect(truncate(stage.file("long.wav"), 1000) == 0)
        let event = try #require(peer.event { $0.content["type"] == "starving" })
        #expect(event["name"] == "long")
        #expect(event["cause"]?.string?.contains("ends before its header says") == true, "\(event.text)")
        #expect(try peer.query("status")["streaming"]?["starvations"]?.int == 1)
        #expect(try peer.state() == "rolling")
        // One without a sample never gets onto the timeline.
        for bytes in [0, 44] {
          try sparse(stage.file("none.wav"), bytes: 0)
          #expect(truncate(stage.file("none.wav"), off_t(bytes)) == 0)
          let refusal = try peer.refusal(of: "region_add", ["file": .string(stage.file("none.wav"))])
          #expect(refusal.lines[0].contains("none.wav"))
        }
      }
    }
  }
}
