import HootWire
import SoakScenes
import Testing

@testable import ControlSocket

extension EndToEnd {
  /// Many clients, and such as do not care. `scripts/soak traffic visits` plays the first two with 2,000 requests a
  /// second of each client for a minute, and 10,000 visits.
  struct Crowds {
    private func soak(times: Int) -> Soak {
      Soak(program: "\(Stage.programs)/chaosgarden", root: Stage.root, seconds: 3, times: times)
    }

    /// Late cycles and the rate that is reached are not judged here: a debug build has another budget.
    @Test func `Four clients that ask at once are all answered in order, and nothing grows`() throws {
      let counts = try soak(times: 1).trafficCounts(perSecond: 200, seconds: 3)
      #expect(counts.sent == 4 * 200 * 3 && counts.allAnsweredInOrder, "\(counts)")
      #expect(counts.refused == 0 && counts.voices > 0, "\(counts)")
      #expect(counts.grownKilobytes < 16_384, "\(counts)")
    }

    @Test func `Of two hundred clients that come and go nothing is left`() throws {
      let counts = try soak(times: 200).visitCounts(200)
      #expect(counts.visits == 200 && counts.answered == 100, "\(counts)")
      #expect(counts.descriptors == 0 && counts.threads == 0, "\(counts)")
    }

    @Test(arguments: [SocketName.iopub, .events])
    func `[D58] A listener that reads nothing costs nobody anything but itself`(_ name: SocketName) throws {
      try Stage.run { stage in
        let daemon = try stage.daemon()
        let directory = try SocketDirectory(path: stage.socketDir)
        let deaf = try ZMQSocket(ZMQContext(directory), .sub, directory)
        deaf.subscribe("")
        try deaf.connect(name)
        let hearing = try ZMQSocket(ZMQContext(directory), .sub, directory)
        hearing.subscribe("")
        try hearing.connect(name)
        let peer = try daemon.peer()
        var heard = 0
        // Until it is known that both stand.
        try #require(
          eventually(30) {
            try peer.query("play")
            try peer.query("pause")
            return hearing.isReadable && deaf.isReadable
          })
        let rounds = 1_600
        for _ in 0..<(rounds / 20) {
          for number in 0..<40 { _ = try peer.client.send(["type": number % 2 == 0 ? "play" : "pause"]) }
          for _ in 0..<40 {
            let reply = try peer.client.nextReply(timeout: .seconds(30))
            #expect(reply?.content["type"] == "ok")
          }
          while case .message = hearing.receive() { heard += 1 }
        }
        // Every play and every pause has been told; the other one's queues were full long before.
        #expect(try eventually { try peer.query("status")["commands_outstanding"] == 0 })
        #expect(
          eventually(30) {
            while case .message = hearing.receive() { heard += 1 }
            return heard >= 2 * rounds
          }, "\(heard)")
        var late = 0
        while case .message = deaf.receive() { late += 1 }
        #expect((1..<heard).contains(late), "\(late) of \(heard)")
      }
    }
  }
}
