import Glibc

/// Sockets to peers that stand at addresses of their own, and such addresses for peers. Of the one thread that made it.
package final class WireSockets {
  private let context: ZMQContext
  /// For the words of errors alone.
  private let directory: SocketDirectory

  package init() throws(SocketError) {
    directory = try SocketDirectory(path: "/")
    context = try ZMQContext(directory)
  }

  /// A DEALER that keeps trying to connect, and sends only while it is.
  ///
  /// - Parameters:
  ///   - endpoint: `tcp://host:port` or `ipc:///path`.
  ///   - identity: at most 255 bytes; the other end knows it by this after a break, too.
  package func dealer(to endpoint: String, identity: String) throws(SocketError) -> WireSocket {
    let socket = try ZMQSocket(context, .dealer, directory)
    socket.introduce(as: identity)
    socket.sendToThePresentOnly()
    socket.limit(messages: SocketLimits.hostMessages, frameBytes: SocketLimits.frameBytes)
    try socket.connect(endpoint: endpoint)
    return WireSocket(socket)
  }

  /// A SUB that hears all that is published there.
  package func subscriber(to endpoint: String) throws(SocketError) -> WireSocket {
    let socket = try ZMQSocket(context, .sub, directory)
    socket.limit(messages: SocketLimits.queuedMessages, frameBytes: SocketLimits.broadcastBytes)
    socket.subscribe("")
    try socket.connect(endpoint: endpoint)
    return WireSocket(socket)
  }

  package func router(at endpoint: String) throws(SocketError) -> WireSocket {
    let socket = try ZMQSocket(context, .router, directory)
    try socket.bind(endpoint: endpoint)
    return WireSocket(socket)
  }

  package func publisher(at endpoint: String) throws(SocketError) -> WireSocket {
    let socket = try ZMQSocket(context, .xpub, directory)
    try socket.bind(endpoint: endpoint)
    return WireSocket(socket)
  }

  /// Returns when a socket may have news of any kind, a connection that came or broke among them, when the descriptor is
  /// readable, or when the time has passed.
  ///
  /// - Parameter milliseconds: at least 0.
  package func wait(_ sockets: [WireSocket], descriptor: Int32, milliseconds: Int32) {
    var polls = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    var holdsMessages = false
    for socket in sockets {
      polls.append(pollfd(fd: socket.socket.descriptor, events: Int16(POLLIN), revents: 0))
      // Asked right before the sleep: the descriptor tells of each piece of news once.
      if socket.socket.isReadable { holdsMessages = true }
    }
    poll(&polls, nfds_t(polls.count), holdsMessages ? 0 : milliseconds)
  }
}

/// One of the sockets; of the thread that made it. Waits for nothing.
package final class WireSocket {
  package enum Received {
    case none
    case message([[UInt8]])
    /// Beyond `SocketLimits`: it was taken and forgotten.
    case oversized
  }

  fileprivate let socket: ZMQSocket

  fileprivate init(_ socket: ZMQSocket) { self.socket = socket }

  /// Of a dealer: whether the connection stands.
  package var isConnected: Bool { socket.isWritable }

  /// All frames as one message; false, and nothing was sent, when nobody is there to take it.
  package func send(_ frames: [[UInt8]]) -> Bool { socket.send(frames) == .queued }

  package func receive() -> Received {
    switch socket.receive() {
    case .none: .none
    case .message(let frames): .message(frames)
    case .oversized: .oversized
    }
  }
}
