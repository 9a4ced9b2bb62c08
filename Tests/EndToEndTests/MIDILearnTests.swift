import Foundation
import Glibc
import HootWire
import Testing

extension EndToEnd {
  /// A footswitch is a FIFO here: to the daemon it is as good as a device.
  @Suite struct MIDILearn {
    private final class Switch {
      let path: String
      private var descriptor: Int32 = -1

      init(_ stage: Stage) throws {
        path = stage.file("pedal")
        try #require(mkfifo(path, 0o600) == 0)
        descriptor = open(path, O_RDWR | O_NONBLOCK)
      }

      deinit { close(descriptor) }

      func send(_ bytes: [UInt8]) throws {
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
      }

      func press(_ controller: UInt8) throws {
        try send([0xB0, controller, 127])
        try send([0xB0, controller, 0])
        // Two presses count as two when they are further apart than one.
        usleep(60_000)
      }
    }

    private func learn(_ arguments: JSONValue, by bytes: [UInt8], _ pedal: Switch, _ peer: Peer) throws
      -> JSONValue
    {
      try peer.query("learn", arguments)
      try pedal.send(bytes)
      return try #require(peer.event { $0.topic == "midi" && $0.content["type"] == "learned" }?["binding"])
    }

    @Test
    func `What a pedal has learnt it does as if it had been typed, on the press and not on the release`()
      throws
    {
      try Stage.run { stage in
        let pedal = try Switch(stage)
        let peer = try stage.daemon("--audio", "timer", "--midi", pedal.path).peer()
        try peer.listen("midi", "command")
        for (index, action) in ["toggle", "stop", "panic", "marker"].enumerated() {
          let binding = try learn(
            ["action": .string(action)], by: [0xB0, UInt8(20 + index), 127, UInt8(20 + index), 0], pedal, peer
          )
          #expect(binding["number"]?.int == Int64(20 + index) && binding["channel"] == 1)
        }
        usleep(60_000)
        try pedal.press(20)
        #expect(try eventually { try peer.state() == "rolling" })
        try pedal.press(20)
        #expect(try eventually { try peer.state() == "paused" })
        try pedal.press(21)
        #expect(try eventually { try peer.state() == "stopped" })
        try pedal.press(23)
        #expect(try eventually { try peer.query("marker_ls")["markers"]?.array?.count == 1 })
        // Three of the pedal's presses at once are one: it bounces.
        try pedal.send([0xB0, 23, 127, 23, 0, 23, 127, 23, 0, 23, 127, 23, 0])
        #expect(try eventually { try peer.query("marker_ls")["markers"]?.array?.count == 2 })
        usleep(200_000)
        #expect(try peer.query("marker_ls")["markers"]?.array?.count == 2)
      }
    }

    @Test func `Next goes from marker to marker, a knob moves a gain, and any command can be learnt`() throws
    {
      try Stage.run { stage in
        let pedal = try Switch(stage)
        let peer = try stage.daemon("--audio", "timer", "--midi", pedal.path).peer()
        try peer.listen("midi", "command")
        try peer.act("marker_add", ["name": "a", "at": "4"])
        try peer.act("marker_add", ["name": "b", "at": "8"])
        try peer.act("track_add", ["name": "lead"])
        _ = try learn(["action": "next"], by: [0x90, 36, 100], pedal, peer)
        _ = try learn(["action": "gain", "track": "lead"], by: [0xB2, 7, 3], pedal, peer)
        _ = try learn(["to": "seek @a"], by: [0xC0, 5], pedal, peer)
        try pedal.send([0x90, 36, 90, 36, 0])
        #expect(try eventually { try peer.transport()["beat"]?.double == 4 })
        usleep(60_000)
        try pedal.send([0x90, 36, 90])
        #expect(try eventually { try peer.transport()["beat"]?.double == 8 })
        try pedal.send([0xC0, 5])
        #expect(try eventually { try peer.transport()["beat"]?.double == 4 })
        func gain() throws -> Double? {
          try peer.query("track_ls")["tracks"]?.array?.first?["gain_db"]?.double
        }
        try pedal.send([0xB2, 7, 0])
        #expect(try eventually { try gain() == -60 })
        // A sweep: what counts is where it ends. 127 is 6 dB, 64 is −60 + 66·64/127.
        try pedal.send([0xB2] + (0...127).flatMap { [7, UInt8($0)] as [UInt8] })
        #expect(try eventually { try gain() == 6 })
        try pedal.send([0xB2, 7, 64])
        #expect(try eventually { abs((try gain() ?? 0) + 60 - 66 * 64 / 127) < 1e-9 })
      }
    }

    @Test func `Bindings come back with the next daemon, and those of a full disk were never made`() throws {
      try Stage.run { stage in
        let pedal = try Switch(stage)
        var daemon = try stage.daemon("--audio", "timer", "--midi", pedal.path)
        var peer = try daemon.peer()
        try peer.listen("midi")
        _ = try learn(["action": "play"], by: [0x90, 40, 1], pedal, peer)
        _ = try learn(["action": "stop"], by: [0x90, 41, 1], pedal, peer)
        // Learnt anew, it does the new thing only.
        _ = try learn(["action": "pause"], by: [0x90, 41, 1], pedal, peer)
        #expect(daemon.quit() == 0)
        daemon = try stage.daemon("--audio", "timer", "--midi", pedal.path)
        peer = try daemon.peer()
        try peer.listen("midi")
        let rows = try stage.json("midi", "bindings")["bindings"]?.array ?? []
        #expect(rows.map { $0["action"] } == ["play", "pause"])
        #expect(rows.map { $0["source"] } == ["note 40, channel 1", "note 41, channel 1"])
        #expect(try peer.refusal(of: "midi_unbind", ["binding": "9"]).code == "unknown_binding")

        // The state folder becomes a file's: nothing can be written any more.
        let state = stage.folder + "/home/state/chaosgarden"
        try FileManager.default.moveItem(atPath: state, toPath: state + "-away")
        try Data().write(to: URL(fileURLWithPath: state))
        try peer.query("learn", ["action": "panic"])
        try pedal.send([0x90, 44, 1])
        let refused = peer.event { $0.content["type"] == "learn_refused" }
        #expect(refused?["detail"]?["lines"]?.array?.count == 3)
        #expect(try peer.refusal(of: "midi_unbind", ["binding": "all"]).exit == 73)
        #expect(try peer.query("midi_bindings")["bindings"]?.array?.count == 2)
      }
    }

    @Test func `A pedal that is pulled out is in use again when it is back, and noise on it does no harm`()
      throws
    {
      try Stage.run { stage in
        let daemon = try stage.daemon("--audio", "timer")
        let peer = try daemon.peer()
        #expect(try peer.refusal(of: "learn", ["action": "play"]).code == "no_midi")
        #expect(try peer.refusal(of: "learn").code == "missing")
        let path = stage.file("pedal")
        try peer.query("midi_use", ["device": .string(path)])
        #expect(try peer.query("status")["midi"]?["open"] == false)
        try peer.listen("midi")
        for kind in ["shutdown", "learn --to x", "region add x.wav", "status", "no such"] {
          #expect(try peer.request("learn", ["to": .string(kind)])["type"] == "error", "\(kind)")
        }
        try peer.query("learn", ["action": "play", "within": 1])
        #expect(peer.event { $0.content["type"] == "learn_timed_out" } != nil)

        let pedal = try Switch(stage)
        #expect(peer.event { $0.content["type"] == "device_opened" } != nil)
        _ = try learn(["action": "play"], by: [0x90, 40, 1], pedal, peer)
        var state: UInt32 = 3
        for _ in 0..<20 {
          try pedal.send(
            (0..<1000).map { _ in
              state = state &* 1_664_525 &+ 1_013_904_223
              // Any bytes but a press of what was learnt.
              let byte = UInt8(state >> 24)
              return byte == 40 ? 41 : byte
            })
          usleep(20_000)
        }
        #expect(try peer.query("status")["midi"]?["messages"]?.int ?? 0 > 1000)
        #expect(try peer.state() == "stopped")
        try pedal.send([0x90, 40, 1])
        #expect(try eventually { try peer.state() == "rolling" })
      }
    }
  }
}
