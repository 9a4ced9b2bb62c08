/// Where a daemon listens beside its directory: TCP ports in a row, in the order hootenanny knows them.
package struct NetworkPlace: Equatable, Sendable {
  /// A numeric address, or the name of a network interface.
  package let host: String
  package let port: UInt16

  /// `5585`, `127.0.0.1:5585`, `localhost:5585`, `*:5585`, each with `tcp://` before it or not; without a host it is
  /// this machine alone. Nil for anything else.
  package init?(_ text: String) {
    let place = text.hasPrefix("tcp://") ? text.dropFirst(6) : text[...]
    let colon = place.lastIndex(of: ":")
    let host = colon.map { place[..<$0] } ?? "127.0.0.1"
    let digits = colon.map { place[place.index(after: $0)...] } ?? place
    guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
      let port = UInt16(digits), port > 0, port <= UInt16.max - SocketLimits.networkPorts + 1,
      (1...SocketLimits.hostBytes).contains(host.utf8.count), host.utf8.allSatisfy({ Self.isHost($0) })
    else { return nil }
    self.host = host == "localhost" ? "127.0.0.1" : host == "*" ? "0.0.0.0" : String(host)
    self.port = port
  }

  /// Whether only this machine can get there.
  package var isLoopback: Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  package var text: String { "\(host):\(port)" }

  func endpoint(of socket: SocketName) -> String { "tcp://\(host):\(port + Self.offset(of: socket))" }

  private static func offset(of socket: SocketName) -> UInt16 {
    switch socket {
    case .control: 0
    case .shell: 1
    case .iopub: 2
    case .heartbeat: 3
    case .events: 4
    case .broadcast: 5
    }
  }

  private static func isHost(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "*"):
      true
    default: false
    }
  }
}
