import Foundation
import Glibc
import HootWire
import MIDI
import Testing

extension EndToEnd {
  /// What is played on a port while the transport rolls, and a clock that comes in through one.
  @Suite struct PortsIn {
    private func play(_ keys: Int32, _ bytes: [UInt8]) throws {
      try #require(Glibc.write(keys, bytes, bytes.count) == bytes.count)
    }

    private func run(_ body: (Stage, Peer, Int32) throws -> Void) throws {
      try Stage.run { stage in
        let path = stage.file("keys")
        try #require(mkfifo(path, 0o600) == 0)
        let keys = open(path, O_RDWR | O_NONBLOCK)
        defer { close(keys) }
        let list = try stage.write(Array("in \(path) KEYS\n".utf8), "ports")
        let peer = try stage.daemon("--midi-ports", list).peer()
        try peer.listen("midi", "command", "transport")
        try peer.act("track_add", ["name": "lead"])
        try body(stage, peer, keys)
      }
    }

    private func recorded(_ stage: Stage, _ number: Int) throws -> MIDISequence {
      let path = stage.folder + "/home/state/chaosgarden/recordings/lead-\(number).mid"
      return try SMFReader.read(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
    }

    @Test func `What is played while it rolls becomes a region, each note where it was heard`() throws {
      try run { stage, peer, keys in
        #expect(try peer.refusal(of: "midi_record", ["track": "lead"]).code == "no_input")
        try peer.query("midi_attach", ["direction": "in", "track": "lead"])
        #expect(try peer.refusal(of: "midi_record", ["off": true]).code == "not_recording")
        try peer.query("midi_record", ["track": "lead"])
        #expect(try peer.refusal(of: "midi_record", ["track": "lead"]).code == "recording")
        // Before it rolls it is heard, and no part of it.
        try play(keys, [0x90, 40, 100, 40, 0])
        #expect(peer.event { $0.content["message"]?["type"] == "note_off" } != nil)
        try peer.act("play", ["from": "5:1"])
        var places: [Double] = []
        for bytes in [[0x90, 60, 100], [0x90, 64, 90], [0x80, 60, 0], [0xB0, 7, 99]] as [[UInt8]] {
          try play(keys, bytes)
          let heard = try #require(
            peer.event { $0.content["type"] == "midi_received" && $0.content["beat"] != nil })
          places.append(try #require(heard["beat"]?.double))
          usleep(40_000)
        }
        try peer.act("stop")
        let region = try #require(peer.event { $0.content["type"] == "recorded" }?["region"])
        #expect(region["track"] == "lead" && region["position"]?.string == "5:1:000")
        let played = try recorded(stage, 1)
        #expect(played.hangingNotes == 0 && played.noteCount == 2)
        let starts = [0, 1, 3].map { Int64((places[$0] * 960).rounded()) - 16 * 960 }
        let events = played.events.filter { $0.kind != .noteOff }
        #expect(events.map(\.tick) == starts)
        #expect(events.map(\.data1) == [60, 64, 7])
        let off = try #require(played.events.first { $0.kind == .noteOff && $0.data1 == 60 })
        #expect(off.tick == Int64((places[2] * 960).rounded()) - 16 * 960)
        #expect(try peer.query("midi_status")["recording"] == .null)
      }
    }

    @Test func `A recording that is ended by hand is answered with its region, and an empty one with none`()
      throws
    {
      try run { stage, peer, keys in
        try peer.query("midi_attach", ["direction": "in", "track": "lead"])
        try peer.query("midi_record", ["track": "lead"])
        try peer.act("play")
        try play(keys, [0x90, 60, 100])
        #expect(try eventually { try peer.query("midi_status")["recording"]?["notes"]?.int == 1 })
        let region = try peer.query("midi_record", ["off": true])["region"]
        #expect(region?["track"] == "lead" && region?["position"]?.string == "1:1:000")
        #expect(try peer.state() == "rolling")
        #expect(try recorded(stage, 1).noteCount == 1)
        try peer.query("midi_record", ["track": "lead"])
        usleep(50_000)
        #expect(try peer.query("midi_record", ["off": true])["region"] == .null)
        #expect(try peer.regions().count == 1)
      }
    }

    @Test func `A clock that comes in moves the transport and its tempo`() throws {
      try run { stage, peer, keys in
        #expect(try peer.refusal(of: "midi_clock", ["direction": "in", "pattern": "KEYS"]).code == "no_port")
        try peer.query("midi_attach", ["direction": "in"])
        try peer.query("midi_clock", ["direction": "in", "pattern": "KEYS"])
        try play(keys, [0xF2, 64, 0, 0xFB])
        #expect(try eventually { try peer.transport()["beat"]?.double == 16 })
        // Clocks 15 ms apart as far as the machine lets them be, which is what is to be found: 24 of them a beat.
        var sent: [ContinuousClock.Instant] = []
        func clock(_ count: Int) throws {
          for _ in 0..<count {
            try play(keys, [0xF8])
            sent.append(.now)
            usleep(15_000)
          }
        }
        try clock(2)
        #expect(try eventually { try peer.state() == "rolling" })
        try clock(120)
        let status = try peer.query("midi_status")["clock"]
        #expect(status?["running"] == true && status?["port"] == "KEYS")
        let found = try #require(status?["tempo_bpm"]?.double)
        let seconds = (sent[sent.count - 1] - sent[0]) / .seconds(1)
        let bpm = 60 * Double(sent.count - 1) / 24 / seconds
        #expect(abs(found / bpm - 1) < 0.25, "\(found), sent at \(bpm)")
        #expect(try peer.transport()["tempo_bpm"]?.double != 120)
        try play(keys, [0xFC])
        #expect(try eventually { try peer.state() == "paused" })
        try peer.query("midi_clock", ["off": true])
        try play(keys, [0xFA, 0xF8, 0xF8])
        usleep(100_000)
        #expect(try peer.state() == "paused")
        #expect(try peer.query("midi_status")["clock"] == .null)
      }
    }
  }
}
