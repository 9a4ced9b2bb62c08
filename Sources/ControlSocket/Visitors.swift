/// Who has asked something of the daemon, and when last. Owned by the control thread.
package struct Visitors {
  package struct Visitor: Sendable {
    package var socket: Peer.Socket
    /// What the client calls itself; made up by libzmq where it does not.
    package var name: String
    package var requests: UInt64 = 0
    package var first: ContinuousClock.Instant
    package var last: ContinuousClock.Instant
  }

  private var known: [Peer: Visitor] = [:]

  /// Those of the clients that asked last, the latest first.
  package var all: [Visitor] { known.values.sorted { $0.last > $1.last } }

  mutating func note(_ identity: [[UInt8]], on socket: Peer.Socket) {
    let now = ContinuousClock.now
    let peer = Peer(socket: socket, identity: identity)
    if known[peer] == nil {
      if known.count >= SocketLimits.rememberedPeers { forgetOne() }
      known[peer] = Visitor(socket: socket, name: Self.name(identity), first: now, last: now)
    }
    known[peer]?.requests += 1
    known[peer]?.last = now
  }

  private mutating func forgetOne() {
    guard let oldest = known.min(by: { $0.value.last < $1.value.last }) else { return }
    known[oldest.key] = nil
  }

  /// Bytes that are no text are written as digits.
  private static func name(_ identity: [[UInt8]]) -> String {
    let bytes = (identity.first ?? []).prefix(64)
    if let text = String(validating: bytes, as: UTF8.self),
      !text.isEmpty, text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F })
    {
      return text
    }
    return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

extension ControlServer {
  package var peers: [Visitors.Visitor] { visitors.all }
}
