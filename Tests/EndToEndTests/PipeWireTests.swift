import Foundation
import HootWire
import JACKBench
import Testing

extension EndToEnd {
  /// PipeWire in JACK's place: a server of the test's own, in the stage's runtime folder, where the daemon finds it.
  @Suite(.enabled(if: PipeWireServer.obstacle == nil, Comment(rawValue: PipeWireServer.obstacle ?? "")))
  struct PipeWire {
    private func audio(_ peer: Peer) throws -> JSONValue { try peer.query("status")["audio"] ?? nil }

    private func play(_ body: (PipeWireServer, Peer, Stage) throws -> Void) throws {
      try Stage.run { stage in
        let server = try PipeWireServer(runtime: stage.folder + "/run")
        stage.set("PIPEWIRE_RUNTIME_DIR", stage.folder + "/run")
        let peer = try stage.daemon("--audio", "pipewire").peer()
        try peer.listen("command", "audio")
        try peer.act("play")
        try body(server, peer, stage)
      }
    }

    @Test func `It plays through PipeWire, connected, whatever its quantum becomes`() throws {
      try play { server, peer, _ throws in
        #expect(try eventually { try audio(peer)["device"] == "PipeWire, 2 outputs connected" })
        #expect(try eventually { try audio(peer)["period"] == 256 })
        for quantum in [1024, 64, 512] {
          #expect(server.force(quantum: quantum))
          #expect(try eventually { try audio(peer)["period"] == .integer(Int64(quantum)) })
        }
        #expect(try peer.state() == "rolling")
        #expect(try audio(peer)["keeper"]?["worst_frames_off"] == 0)
        #expect(try peer.act("pause").landed["frame"]?.int ?? 0 > 0)
      }
    }

    @Test func `A PipeWire that is killed and comes back is found, and connected`() throws {
      try play { server, peer, stage throws in
        #expect(try eventually { try audio(peer)["device"] == "PipeWire, 2 outputs connected" })
        server.kill9()
        #expect(peer.event { $0.content["type"] == "device_lost" } != nil)
        #expect(try peer.state() == "rolling")
        let successor = try PipeWireServer(runtime: stage.folder + "/run", quantum: 512)
        #expect(peer.event { $0.content["type"] == "device_back" } != nil)
        #expect(try eventually { try audio(peer)["device"] == "PipeWire, 2 outputs connected" })
        #expect(try audio(peer)["period"] == 512)
        #expect(try audio(peer)["keeper"]?["worst_frames_off"] == 0)
        successor.kill9()
      }
    }

    @Test func `A PipeWire that refuses connections in silence is played to all the same`() throws {
      try Stage.run { stage in
        let server = try PipeWireServer(runtime: stage.folder + "/run")
        let refusing = "{ \"jack.self-connect-mode\": \"ignore-all\" }"
        stage.set("PIPEWIRE_RUNTIME_DIR", stage.folder + "/run")
        stage.set("PIPEWIRE_PROPS", refusing)
        let peer = try stage.daemon("--audio", "pipewire").peer()
        try peer.listen("command", "audio")
        try peer.act("play")
        #expect(try eventually { try audio(peer)["keeper"]?["wanted"] == "pipewire" })
        #expect(try peer.state() == "rolling")
        let frame = try peer.deviceFrame()
        #expect(try eventually { try peer.deviceFrame() > frame + 48_000 })
        server.kill9()
      }
    }
  }
}
