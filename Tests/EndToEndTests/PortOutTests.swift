import Foundation
import Glibc
import HootWire
import JACKBench
import MIDI
import Testing

extension EndToEnd {
  /// What goes out through MIDI ports: to a file that gets a line for each message, with the frame it is due at.
  @Suite struct PortsOut {
    private struct Sent: Equatable {
      /// nil: at once.
      var frame: Int64?
      var bytes: [UInt8]
    }

    private func sent(_ stage: Stage) -> [Sent] {
      // There is no file before the port was attached.
      let text = (try? Stage.text(stage.file("brains"))) ?? ""
      return text.split(separator: "\n").map { line in
        let words = line.split(separator: " ")
        return Sent(frame: Int64(words[0]), bytes: words.dropFirst().compactMap { UInt8($0, radix: 16) })
      }
    }

    private func peer(_ stage: Stage) throws -> Peer {
      let list = try stage.write(
        Array("out \(stage.file("brains")) BRAINS MIDI 1\nout - Other\n".utf8), "ports")
      let peer = try stage.daemon("--midi-ports", list).peer()
      try peer.listen("midi", "command")
      try peer.query("midi_attach", ["direction": "out", "pattern": "BRAINS"])
      return peer
    }

    private func write(_ stage: Stage, _ notes: [Material.Note], length: Int64) throws -> JSONValue {
      .string(try stage.write(Material.midi(notes, lengthTicks: length), "riff.mid"))
    }

    @Test func `A file's notes leave at the frames of their ticks`() throws {
      try Stage.run { stage in
        let peer = try peer(stage)
        let notes = (0..<8).map { Material.Note(tick: Int64(137 * $0), length: 100, key: UInt8(60 + $0)) }
        let file = try write(stage, notes, length: 1200)
        let reply = try peer.act("midi_play", ["file": file, "port": "BRAINS"]).result
        #expect(reply["duration_beats"]?.double == 1.25 && reply["event_count"]?.int == 16)
        #expect(try peer.query("track_ls")["tracks"]?.array?.first?["name"] == "BRAINS MIDI 1")
        let start = try #require(try peer.act("play").landed["frame"]?.int)
        #expect(eventually { sent(stage).count == 16 })
        // 120 BPM at 48 kHz: a tick is 25 frames.
        var due: [Sent] = []
        for note in notes {
          due.append(Sent(frame: start + 25 * note.tick, bytes: [0x90, note.key, 100]))
          due.append(Sent(frame: start + 25 * (note.tick + 100), bytes: [0x80, note.key, 64]))
        }
        #expect(sent(stage).sorted { ($0.frame ?? 0) < ($1.frame ?? 0) } == due)
        #expect(sent(stage).map(\.frame) == due.map(\.frame).sorted { ($0 ?? 0) < ($1 ?? 0) })
        let region = try #require(reply["region"]?["id"])
        try peer.act("midi_stop", ["region": region])
        #expect(try peer.regions().isEmpty)
        #expect(try peer.refusal(of: "midi_stop", ["region": region]).exit != 0)
      }
    }

    @Test func `Whatever ends the music ends its notes, at its frame`() throws {
      try Stage.run { stage in
        let peer = try peer(stage)
        let file = try write(stage, [Material.Note(tick: 0, length: 96_000, key: 60)], length: 96_000)
        func play() throws -> JSONValue {
          let region = try peer.act("midi_play", ["file": file])
          try peer.act("play", ["from": "1:1"])
          #expect(eventually { sent(stage).last?.bytes == [0x90, 60, 100] })
          return region.result["region"]?["id"] ?? nil
        }
        let track: JSONValue = "BRAINS MIDI 1"
        let ends: [(String, JSONValue)] = [
          ("stop", [:]), ("pause", [:]), ("seek", ["position": "100"]), ("panic", [:]),
          ("track_set", ["track": track, "mute": true]), ("midi_stop", [:]),
          ("midi_route", ["track": track, "off": true]), ("track_rm", ["track": track]),
        ]
        var count = 0
        for (verb, arguments) in ends {
          let region = try play()
          count += 2
          let landed = try peer.act(verb, verb == "midi_stop" ? ["region": region] : arguments).landed
          #expect(eventually { sent(stage).count == count }, "\(verb): \(sent(stage).count) of \(count)")
          #expect(sent(stage).last?.bytes == [0x80, 60, 64], "\(verb)")
          // A mute closes with the next grid block; a route is led elsewhere a block or so before the edit is told.
          let frame = sent(stage).last?.frame ?? 0
          let due = landed["frame"]?.int ?? 0
          #expect((due - 1024...due + 64).contains(frame), "\(verb): \(frame), landed \(due)")
          try peer.act("stop")
          if verb == "track_set" { try peer.act("track_set", ["track": track, "mute": false]) }
          if verb == "midi_route" { try peer.act("midi_route", ["track": track, "to": "BRAINS"]) }
          if try !peer.regions().isEmpty { try peer.act("region_clear") }
        }
        _ = try play()
        try peer.query("midi_detach", ["direction": "out", "pattern": "BRAINS"])
        #expect(sent(stage).count == count + 2 && sent(stage).last?.bytes.first == 0x80)
      }
    }

    @Test func `What is muted sends no notes, and the daemon's end lets go of those that sound`() throws {
      try Stage.run { stage in
        let peer = try peer(stage)
        let notes = (0..<4).map { Material.Note(tick: Int64(960 * $0), length: 900, key: UInt8(60 + $0)) }
        try peer.act("midi_play", ["file": try write(stage, notes, length: 3840)])
        try peer.act("track_set", ["track": "BRAINS MIDI 1", "mute": true])
        try peer.act("play", ["from": "1:1", "to": "1:2"])
        #expect(try eventually { try peer.state() == "paused" })
        #expect(sent(stage).isEmpty)
        try peer.act("track_set", ["track": "BRAINS MIDI 1", "mute": false])
        try peer.act("play", ["from": "1:3"])
        #expect(eventually { !sent(stage).isEmpty })
        #expect(try peer.request("shutdown")["type"] != "error")
        #expect(eventually { sent(stage).last?.bytes.first == 0x80 })
      }
    }

    @Test func `Clock, start, continue, stop and song position leave at the frames of their ticks`() throws {
      try Stage.run { stage in
        let peer = try peer(stage)
        try peer.query("midi_clock", ["direction": "out", "pattern": "BRAINS"])
        // A beat at 120 BPM is 24 clocks of 1000 frames.
        var start = try #require(try peer.act("play", ["from": "0", "to": "2"]).landed["frame"]?.int)
        #expect(eventually { sent(stage).contains { $0.bytes == [0xFC] } })
        var all = sent(stage)
        #expect(all.first?.bytes == [0xF2, 0, 0])
        #expect(all.first { $0.bytes == [0xFA] }?.frame == start)
        #expect(all.filter { $0.bytes == [0xF8] }.map(\.frame) == (0..<48).map { start + 1000 * $0 })
        let begun = try #require(all.firstIndex { $0.bytes == [0xFA] })
        #expect(all[begun + 1].bytes == [0xF8])
        // The place where it halts is not played, and neither is its clock.
        let end = try #require(all.first { $0.bytes == [0xFC] }?.frame)
        #expect((start + 48_000 - 64...start + 48_000 + 64).contains(end))

        // Tick 5280 is sixteenth 22; tick 5380 lies before sixteenth 23, which is tick 5520.
        try peer.act("seek", ["position": "5.5"])
        #expect(eventually { sent(stage).last?.bytes == [0xF2, 22, 0] })
        start = try #require(try peer.act("play", ["from": .number(5380 / 960)]).landed["frame"]?.int)
        #expect(eventually { sent(stage).contains { $0.bytes == [0xFB] } })
        all = Array(sent(stage).drop { $0.bytes != [0xF2, 23, 0] })
        let going = try #require(all.firstIndex { $0.bytes == [0xFB] })
        #expect(all[going].frame == start + 25 * (5520 - 5380))
        #expect(all[going + 1] == Sent(frame: all[going].frame, bytes: [0xF8]))
        #expect(
          all[..<going].filter { $0.bytes == [0xF8] }.map(\.frame)
            == [5400, 5440, 5480].map { start + 25 * ($0 - 5380) })
        try peer.query("midi_clock", ["off": true])
        #expect(eventually { sent(stage).last?.bytes == [0xFC] })
      }
    }

    @Test func `A session keeps where its tracks lead`() throws {
      try Stage.run { stage in
        let peer = try peer(stage)
        try peer.act(
          "midi_play", ["file": try write(stage, [Material.Note(tick: 0, length: 100, key: 60)], length: 960)]
        )
        try peer.query("session_save", ["file": .string(stage.file("set.json"))])
        try peer.act("track_rm", ["track": "BRAINS MIDI 1"])
        try peer.query("session_load", ["file": .string(stage.file("set.json"))])
        #expect(
          try eventually {
            try peer.query("track_ls")["tracks"]?.array?.first?["midi_port"] == "BRAINS MIDI 1"
          })
        try peer.act("play", ["from": "1:1"])
        #expect(eventually { sent(stage).map(\.bytes) == [[0x90, 60, 100], [0x80, 60, 64]] })
      }
    }
  }
}
