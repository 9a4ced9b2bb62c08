import Foundation
import HootWire
import JACKBench
import Testing

/// Whether a client may connect itself is a setting of PipeWire's, and the daemon connects itself.
extension EndToEnd.PipeWire {
  @Test func `Whatever PipeWire lets clients connect themselves to, what is connected is told`() throws {
    let server = try PipeWireServer()
    for mode in ["allow", "fail-external", "ignore-external", "fail-all", "ignore-all"] {
      try server.allowSelfConnect(mode)
      try Stage.run(on: server) { stage in
        let daemon = try stage.daemon("--audio", "jack")
        let peer = try daemon.peer()
        try peer.listen("command", "warning")
        try peer.act("play")
        let isAllowed = mode == "allow"
        let count = isAllowed ? 2 : 0
        #expect(try eventually { try peer.audio("connected")?.int == Int64(count) }, "\(mode)")
        #expect(try server.connections(of: "chaosgarden:out_left").count == count / 2, "\(mode)")
        if isAllowed {
          let blocks = try peer.audio("callbacks")?.int ?? 0
          #expect(try eventually { try peer.audio("callbacks")?.int ?? 0 > blocks + 200 })
        } else {
          #expect(eventually { !daemon.complaints.isEmpty }, "\(mode)")
          try followsAdvice(daemon, peer, server, mode)
        }
        #expect(daemon.complaints.count == (isAllowed ? 0 : 1), "\(mode): \(daemon.said)")
        #expect(try peer.state() == "rolling")
        #expect(try eventually { try peer.audio("driver") == "jack" })
        #expect(daemon.quit() == 0, "\(mode)")
      }
    }
  }

  /// What the complaint says to type, typed.
  private func followsAdvice(
    _ daemon: Daemon, _ peer: Peer, _ server: PipeWireServer, _ mode: String
  ) throws {
    let complaint = try #require(daemon.complaints.first)
    #expect(complaint.contains(mode.hasPrefix("fail") ? "It refused" : "It took the request and did nothing"))
    #expect(complaint.contains("chaosgarden:out_right to Speakers:playback_FR"))
    #expect(complaint.contains("jack.self-connect-mode"))
    let advice = try #require(complaint.range(of: "pw-link ").map { String(complaint[$0.lowerBound...]) })
    try server.run("sh", ["-c", advice])
    #expect(try eventually { try peer.audio("device") == "PipeWire, 1 output connected" }, "\(advice)")
  }

  @Test func `A connection that PipeWire refuses is told as an event, each time it is asked for`() throws {
    let server = try PipeWireServer(selfConnect: "fail-all")
    try Stage.run(on: server) { stage in
      let daemon = try stage.daemon("--audio", "jack")
      let peer = try daemon.peer()
      try peer.listen("command", "audio", "warning")
      #expect(eventually { daemon.complaints.count == 1 })
      try peer.query("device_use", ["driver": "jack"])
      let lines = peer.event { $0.content["type"] == "not_connected" }?["lines"]?.array
      #expect(lines?.count == 3)
      #expect(lines?.first?.string?.hasPrefix("PipeWire did not connect chaosgarden:out_left to ") == true)
      #expect(eventually { daemon.complaints.count == 2 })
      // On a busy machine the timer may drive for a moment, and then that is what is told.
      let heard = "no output connected: it plays to nobody"
      #expect(try eventually { try stage.garden("doctor").out.contains(heard) })
    }
  }
}

extension Daemon {
  /// Lines of the log about connections that were not made.
  fileprivate var complaints: [String] {
    said.split(separator: "\n").filter { $0.contains("did not connect") }.map(String.init)
  }
}
