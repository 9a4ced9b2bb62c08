// The same sockets by TCP. What protects an endpoint is settled when it is bound, so the directory's stay open to
// whoever may enter the directory.

extension ControlServer {
  /// Binds every socket at `place` too. Thrown before anything is bound when a port is taken; then none is.
  package func listen(at place: NetworkPlace, guardedBy guardian: NetworkGuard) throws(SocketError) {
    guard let open else { return }
    if case .keys(let secret, let allowed) = guardian {
      desk = try open.shell.admissionDesk(for: allowed)
      wait = nil
      for socket in open.named.map(\.socket) { socket.demandKeys(of: secret) }
    }
    var bound: [(socket: ZMQSocket, name: SocketName)] = []
    for entry in open.named {
      do {
        try entry.socket.bind(entry.name, at: place)
        bound.append(entry)
      } catch {
        for entry in bound { entry.socket.unbind(entry.name, at: place) }
        throw error
      }
    }
    network = place
  }
}

extension ControlServer.OpenSockets {
  var named: [(socket: ZMQSocket, name: SocketName)] {
    [
      (control, .control), (shell, .shell), (iopub, .iopub), (heartbeat, .heartbeat), (events, .events),
      (broadcast, .broadcast),
    ]
  }
}

/// Where libzmq asks, for each client that comes by TCP, whether its key may enter: ZAP 1.0, RFC 27 of ZeroMQ.
final class AdmissionDesk {
  let socket: ZMQSocket
  private let allowed: Set<CurveKey>
  private(set) var admitted: UInt64 = 0
  private(set) var refused: UInt64 = 0

  init(_ socket: ZMQSocket, _ allowed: Set<CurveKey>) {
    self.socket = socket
    self.allowed = allowed
  }

  func answer() {
    guard socket.mayHoldMessages else { return }
    for _ in 0..<SocketLimits.batchMessages {
      guard case .message(let frames) = socket.receive() else { return }
      // Identity, empty, version, request, domain, address, routing id, mechanism, key.
      guard frames.count >= 8, frames[2] == Array("1.0".utf8) else { continue }
      let key = frames.count > 8 ? CurveKey(bytes: frames[8]) : nil
      let isIn = frames[7] == Array("CURVE".utf8) && key.map { allowed.contains($0) } == true
      if isIn { admitted += 1 } else { refused += 1 }
      let answer = isIn ? ["200", "OK", key?.text ?? ""] : ["400", "this key is not allowed", ""]
      _ = socket.send(frames[..<2] + [frames[2], frames[3]] + answer.map { Array($0.utf8) } + [[]])
    }
  }
}
