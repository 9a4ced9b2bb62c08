import ControlSocket
import HootWire

extension Conductor {
  /// Who has asked something since the start, the latest first.
  func listPeers() -> JSONValue {
    let now = ContinuousClock.now
    let peers = server.peers.map { peer -> JSONValue in
      let silence = (now - peer.last).components
      return [
        "name": .string(peer.name), "socket": .string(peer.socket == .shell ? "shell" : "control"),
        "requests": JSONValue(peer.requests),
        "seconds_since": .number((Double(silence.seconds) + Double(silence.attoseconds) * 1e-18).hundredths),
      ]
    }
    return ["peers": .array(peers), "tcp": JSONValue(server.network?.text)]
  }
}
