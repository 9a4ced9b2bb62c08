import Foundation
import Glibc
import HootWire
import JACKBench
import Testing

@testable import ControlSocket

extension EndToEnd {
  /// What has gone wrong in other daemons and is nobody else's subject here.
  @Suite struct Traps {
    @Test func `Two clients that load one font at once both get it`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        for name in ["bass", "chords"] {
          try peer.act("region_add", ["file": .string(Stage.demo("\(name).mid")), "tempo": "adopt"])
        }
        try peer.act("play")
        let clients = try (0..<2).map { _ in try Wire.RawPeer(SocketDirectory(path: stage.socketDir), .shell)
        }
        let font = stage.file("copy.sf2")
        try FileManager.default.copyItem(atPath: Stage.font, toPath: font)
        for _ in 0..<3 {
          for (client, track) in zip(clients, ["bass", "chords"]) {
            let request: JSONValue = [
              "type": "track_set", "track": .string(track), "soundfont": .string(font),
            ]
            #expect(client.send(requestFrame(request).encode()) == .queued)
          }
          for client in clients {
            let reply = try JSONBodyCodec.message(HootFrame.parse(try #require(client.receive())).body)
            #expect(reply.content["type"] == "ok", "\(reply.content.text)")
          }
        }
        #expect(try peer.state() == "rolling")
        try peer.act("stop")
      }
    }

    @Test func `A file of a hundred thousand tempos is adopted or refused, and the music goes on`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act("play")
        for (count, isTaken) in [(100_000, true), (100_001, false)] {
          // One tempo a tick, two values in turn, and a note at the end.
          let tempos = (0..<count).map {
            (tick: Int64($0), microseconds: $0.isMultiple(of: 2) ? 500_000 : 400_000)
          }
          let bytes = Material.midi(
            [.init(tick: 200_000, length: 960, key: 60)], tempos: tempos, lengthTicks: 201_000)
          let file = try stage.write(bytes, "tempos-\(count).mid")
          let reply = try peer.request("region_add", ["file": .string(file), "tempo": "adopt"])
          #expect((reply["type"] == "ok") == isTaken, "\(count): \(reply.text.prefix(300))")
        }
        #expect(try peer.state() == "rolling")
      }
    }

    @Test func `A server without physical ports is played to all the same`() throws {
      try #require(JACKServer.obstacle == nil, "\(JACKServer.obstacle ?? "")")
      let server = try JACKServer(outputs: 0)
      try Stage.run { stage in
        let daemon = try stage.daemon("--audio", "jack", "--jack-server", server.name)
        let recorder = try #require(JACKRecorder(server: server.name))
        #expect(recorder.connections(of: "chaosgarden:out_left").isEmpty)
        #expect(recorder.connect("chaosgarden:out_left", channel: 0))
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act("region_add", ["file": .string(Stage.demo("texture.wav"))])
        try peer.act("play")
        #expect(eventually { recorder.samples(channel: 0).contains { $0 != 0 } })
      }
    }

    @Test func `A server at 192,000 Hz is refused at the start, and resampled for in a session that plays`()
      throws
    {
      try #require(JACKServer.obstacle == nil, "\(JACKServer.obstacle ?? "")")
      let server = try JACKServer(period: 1024, rate: 192_000)
      try Stage.run { stage in
        let outcome = try stage.chaosgarden(
          "--audio", "jack", "--jack-server", server.name, "--soundfont", Stage.font, seconds: 20)
        #expect(outcome.status != 0 && outcome.refusal.count == 3, "\(outcome)")
        #expect(outcome.error.contains("22050 to 96000"), "\(outcome.error)")
        let peer = try stage.daemon("--audio", "timer", "--jack-server", server.name).peer()
        try peer.listen()
        try peer.act("play")
        try peer.act("device_use", ["driver": "jack"])
        #expect(try eventually { try peer.query("status")["audio"]?["sample_rate"] == 192_000 })
        let then = try peer.transport()["beat"]?.double ?? .infinity
        #expect(try eventually { try peer.transport()["beat"]?.double ?? 0 > then + 1 })
        #expect(try peer.state() == "rolling")
      }
    }

    @Test func `Two daemons on one server have ports of their own`() throws {
      try #require(JACKServer.obstacle == nil, "\(JACKServer.obstacle ?? "")")
      let server = try JACKServer()
      try Stage.run { stage in
        let first = try stage.daemon("--audio", "jack", "--jack-server", server.name)
        let second = try stage.daemon(
          "--audio", "jack", "--jack-server", server.name, "--socket-dir", stage.folder + "/run/other",
          "--ledger",
          stage.folder + "/home/other")
        let recorder = try #require(JACKRecorder(server: server.name))
        #expect(eventually { recorder.ports("out_left").count { $0.hasPrefix("chaosgarden") } == 2 })
        #expect(first.isRunning && second.isRunning)
      }
    }

    @Test func `[D14] Status asked for a thousand times a second costs the realtime thread nothing`() throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let peer = try daemon.peer()
        try peer.listen()
        try peer.act("region_add", ["file": .string(Stage.demo("texture.wav"))])
        try peer.act("play")
        let before = try peer.query("status")
        let end = ContinuousClock.now + .seconds(2)
        var asked = 0
        while ContinuousClock.now < end {
          try peer.query("status")
          asked += 1
        }
        let after = try peer.query("status")
        #expect(asked > 100)
        // The renderer was called all the time, and nobody was left without an answer or a notice.
        #expect(
          try #require(after["audio"]?["callbacks"]?.int) > (try #require(before["audio"]?["callbacks"]?.int))
        )
        #expect(after["notices_dropped"] == before["notices_dropped"])
        #expect(try peer.state() == "rolling")
      }
    }
  }
}
