/// Looks for a daemon that serves the directory without holding our lock, so that binding does not rob it.
struct HeartbeatProbe {
  let directory: SocketDirectory

  /// Refuses when any process listens on one of the sockets. It is asked for a heartbeat first, only to say
  /// in the refusal whether it lives: a listener exists only as long as its process does, and a hung one is
  /// not ours either.
  func check() throws(SocketError) {
    for socket in SocketName.allCases where Listener.at(directory.path(of: socket)) == .listening {
      throw SocketError(.occupied(socket: socket.rawValue, answers: try answersHeartbeat()), directory.path)
    }
  }

  private func answersHeartbeat() throws(SocketError) -> Bool {
    guard Listener.at(directory.path(of: .heartbeat)) == .listening else { return false }
    let client = try ControlClient(connectingTo: directory)
    return client.heartbeat(timeout: .milliseconds(SocketLimits.probeMilliseconds))
  }
}
