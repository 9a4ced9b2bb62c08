import Foundation
import HootWire
import JACKBench
import Testing

extension EndToEnd {
  /// MIDI ports of a JACK server, and a second client that plays and listens.
  @Suite(.enabled(if: JACKServer.obstacle == nil, Comment(rawValue: JACKServer.obstacle ?? "")))
  struct PortsOfJACK {
    /// With the server waiting for its clients: however busy the machine is, no cycle is missed.
    private func run(
      period: Int, autoconnect: Bool = false, _ body: (Stage, Peer, JACKRecorder) throws -> Void
    ) throws {
      let server = try JACKServer(period: period)
      try Stage.run { stage in
        let recorder = try #require(JACKRecorder(server: server.name, capacity: 12_000_000))
        stage.set("GARDEN_AUTOCONNECT", "\(autoconnect)")
        let daemon = try stage.daemon("--audio", "jack", "--jack-server", server.name)
        let peer = try daemon.peer()
        try peer.listen("command", "midi")
        #expect(recorder.connect("chaosgarden:out_left", channel: 0))
        try body(stage, peer, recorder)
      }
    }

    @Test func `A key is heard within two cycles, always as long after it was played`() throws {
      try run(period: 256) { stage, peer, recorder in
        try peer.act("track_add", ["name": "lead"])
        let attached = try peer.query(
          "midi_attach", ["direction": "in", "pattern": "witness:midi_out", "track": "lead"])["port"]
        #expect(attached?["kind"] == "jack" && attached?["name"] == "witness:midi_out")
        // From every place of a grid block, a second apart; the first one when all are written down.
        let first = recorder.clock + 96_000
        let keys = (0..<8).map { first + 48_000 * $0 + 29 * $0 }
        for key in keys {
          #expect(recorder.send(0x90, 60, 120, at: key))
          #expect(recorder.send(0x80, 60, 0, at: key + 9600))
        }
        try #require(recorder.clock < first)
        #expect(recorder.setFreewheeling(true))
        #expect(eventually { recorder.clock > keys[7] + 24_000 })
        #expect(recorder.setFreewheeling(false))
        let heard = recorder.samples(channel: 0)
        let delays = keys.map { key in
          (heard[key..<(key + 4800)].firstIndex { abs($0) > 1e-4 } ?? .max) - key
        }
        // A grid block of look-ahead, half of one to either side for the nearest line, or one more where that has been made
        // before the key came, and the font's own attack.
        let spread = (delays.max() ?? 0) - (delays.min() ?? 0)
        #expect(spread <= 96, "\(delays)")
        #expect(delays.allSatisfy { (1...512).contains($0) }, "\(delays)")
        try peer.query("midi_detach", ["direction": "in", "pattern": "witness"])
        #expect(recorder.ports("chaosgarden:live").isEmpty)
      }
    }

    @Test(arguments: [64, 1024]) func `A port is told its messages as late as JACK says the sound is heard`(
      period: Int
    ) throws {
      try run(period: period, autoconnect: true) { stage, peer, recorder in
        // The dummy device says two periods.
        let attached = try peer.query("midi_attach", ["direction": "out", "pattern": "witness:midi_in"])[
          "port"]
        #expect(attached?["delay_frames"]?.int == Int64(2 * period))
      }
    }

    @Test(arguments: [64, 1024])
    func `A note leaves at the frame at which its sound is heard`(
      period: Int
    ) throws {
      try run(period: period) { stage, peer, recorder in
        let attached = try peer.query("midi_attach", ["direction": "out", "pattern": "witness:midi_in"])[
          "port"]
        let delay = Int(try #require(attached?["delay_frames"]?.int))
        try Material.wav(stage.file("click.wav"), frames: 4800) { $0 == 0 ? 0.5 : 0 }
        var notes: [Material.Note] = []
        for index in 0..<4 as Range<Int64> {
          notes.append(Material.Note(tick: 1000 * index + 7, length: 500, key: UInt8(60 + index)))
        }
        let riff = try stage.write(Material.midi(notes, lengthTicks: 4000), "riff.mid")
        for note in notes {
          try peer.act(
            "region_add", ["file": .string(stage.file("click.wav")), "at": .number(Double(note.tick) / 960)])
        }
        try peer.act("midi_play", ["file": .string(riff), "port": "witness"])
        #expect(recorder.setFreewheeling(true))
        try peer.act("play", ["from": "0"])
        #expect(eventually { recorder.heard.count == 8 })
        #expect(recorder.setFreewheeling(false))
        let sound = recorder.samples(channel: 0)
        let clicks = sound.indices.filter { sound[$0] > 0.2 }
        let begun = recorder.heard.filter { $0.bytes[0] == 0x90 }
        #expect(begun.map { $0.bytes[1] } == [60, 61, 62, 63])
        #expect(clicks.count == 4)
        let due: [Int] = clicks.map { $0 + delay }
        #expect(begun.map(\.frame) == due, "\(delay)")
        let ended = recorder.heard.filter { $0.bytes[0] == 0x80 }
        #expect(ended.map(\.frame) == due.map { $0 + 12_500 })
      }
    }

    @Test func `Messages of any length are sent, and a port that goes and comes holds no note`() throws {
      let server = try JACKServer()
      try Stage.run { stage in
        var recorder = JACKRecorder(server: server.name, name: "synth", capacity: 0)
        try #require(recorder != nil)
        let peer = try stage.daemon("--audio", "jack", "--jack-server", server.name).peer()
        try peer.listen("command", "midi")
        try peer.query("midi_attach", ["direction": "out", "pattern": "synth:midi_in"])
        try peer.query("midi_send", ["message": "note_on", "pitch": 61])
        try peer.query("midi_send", ["message": "raw", "bytes": "f0 01 f7"])
        #expect(eventually { recorder?.heard.count == 2 })
        recorder = nil
        #expect(peer.event { $0.content["type"] == "midi_output_disconnected" } != nil)
        try peer.query("midi_send", ["message": "note_on", "pitch": 62])
        let again = try #require(JACKRecorder(server: server.name, name: "synth", capacity: 0))
        #expect(peer.event { $0.content["type"] == "midi_output_connected" } != nil)
        try peer.query("midi_send", ["message": "note_on", "pitch": 63])
        #expect(eventually { again.heard.last?.bytes == [0x90, 63, 100] })
        try peer.query("midi_detach", ["direction": "out"])
        #expect(eventually { again.heard.contains { $0.bytes == [0x80, 63, 64] } })
        #expect(again.ports("chaosgarden:out_1").isEmpty)
      }
    }
  }
}
