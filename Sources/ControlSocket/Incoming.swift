import FoundationEssentials
import HootWire

/// A client as the daemon sees it: the socket it came by and its route there.
package struct Peer: Hashable, Sendable {
  package enum Socket: Hashable, Sendable {
    case control
    case shell
  }

  package let socket: Socket
  package let identity: [[UInt8]]
}

/// One request that waits for its one reply.
///
/// Replies to a peer must leave in the order of its requests: its older clients pair them by order alone. A
/// request whose body could not be read has its place in that order too, and therefore comes up like any
/// other.
package struct Incoming: Sendable {
  package let peer: Peer
  package let frame: HootFrame
  package let request: Result<RequestBody, BodyError>
  /// When it was taken from its socket.
  package let arrival = ContinuousClock.now

  /// The request's header, where its body has one and could be read.
  package var header: HootMessage.Header? {
    if case .success(let body) = request { body.header } else { nil }
  }

  /// The type that the reply's header carries: the request's own kind where its header tells, else the
  /// socket's.
  package var replyType: String {
    switch (header?.msgType, request, peer.socket) {
    case ("shell_request", _, _), (_, .failure, _): "shell_reply"
    case ("control_request", _, _), (_, .success, .control): "control_reply"
    case (_, .success, .shell): "shell_reply"
    }
  }
}

extension Incoming {
  /// What the daemon asks of itself: no client waits for the reply, and none is sent.
  package static let inside = Incoming(
    peer: Peer(socket: .control, identity: []),
    frame: HootFrame(command: .request, contentType: .empty, requestID: UUID()),
    request: .failure(.unsupported(.empty)))
}

/// What became of a reply.
package enum Delivery: Equatable, Sendable {
  /// On its way.
  case queued
  /// The client's queue is full; the reply was dropped.
  case peerFull
  /// The client has left; the reply was dropped.
  case peerGone
  /// The socket refused it; the reply was dropped.
  case failed(code: Int32)
}

/// What the sockets have seen since they were opened.
package struct SocketCounters: Equatable, Sendable {
  package var requests: UInt64 = 0
  package var heartbeats: UInt64 = 0
  /// Pings of the kind before HOOT01, sent back as they came.
  package var echoes: UInt64 = 0
  /// Messages that are none, answered with silence.
  package var malformed: UInt64 = 0
  /// Well-formed messages that ask for nothing: Ready, Reply, Disconnect.
  package var ignored: UInt64 = 0
  package var repliesDropped: UInt64 = 0
  package var eventsPublished: UInt64 = 0
}
