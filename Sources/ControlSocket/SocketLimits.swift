import HootWire

/// Every limit of the control sockets, with the refusal it gives.
package enum SocketLimits {
  /// Bytes of a socket's path, from `sun_path` less its closing zero. Longer: `SocketError.Kind.pathTooLong`.
  package static let socketPathBytes = 107
  /// Bytes of one frame received; libzmq closes the connection of a peer that sends more.
  package static let frameBytes = HootLimits.bodyBytes
  /// TCP ports that stand in a row from the one that is said.
  package static let networkPorts: UInt16 = 6
  /// Bytes of a host's name or address.
  package static let hostBytes = 64
  /// Clients with a key; further ones are not let in.
  package static let clientKeys = 1024
  /// Clients remembered for `garden peers`; the one that was silent longest is forgotten.
  package static let rememberedPeers = 1024
  /// Frames of one message, routing included. More: dropped and counted as malformed.
  package static let messageFrames = 64
  /// Bytes of all frames of one message. More: dropped and counted as malformed.
  package static let messageBytes = HootLimits.bodyBytes + 64 * 1024
  /// Messages taken in one `ControlServer.poll`, so that a flood cannot keep the control thread from its
  /// other work.
  package static let batchMessages = 256
  /// Messages queued for, or from, one peer. More: dropped; a reply's loss is counted.
  package static let queuedMessages: Int32 = 1000
  /// Messages that wait from a host that was asked something; it waits with further ones.
  package static let hostMessages: Int32 = 8
  /// Bytes of a broadcast of hootenanny's; libzmq closes the connection of one that sends more.
  package static let broadcastBytes = 1 << 20
  /// Longest wait of one poll, in seconds. Longer is shortened to it.
  package static let waitSeconds: Int64 = 60
  /// Bytes of an event's topic. Longer, or empty: not published.
  package static let topicBytes = 128
  /// Subscriptions remembered for `ControlServer.isSubscribed`. Beyond them it answers true, which only costs
  /// work.
  package static let trackedSubscriptions = 1024
  /// Events that are kept for who asks for them. More: the oldest go, and whoever asks is told how many.
  package static let keptEvents = 8192
  /// Bytes of those. More: likewise.
  package static let keptEventBytes = 8 << 20
  /// Bytes of the events of one answer. More: with the next call.
  package static let pageBytes = 1 << 20
  /// Events that a client keeps while it waits for its subscription to be confirmed. More: the oldest go.
  package static let bufferedEvents = 1000
  /// Requests of this process's doors in flight at once. More: they wait.
  package static let deskLanes = 32
  /// Requests of this process's doors that wait for a connection. More: refused, busy.
  package static let deskWaiting = 512
  /// How long a door waits for a command to land, in milliseconds. Longer: it is answered as it was accepted.
  package static let landingMilliseconds = 1000
  /// How long a door's request is with the daemon until it is looked whether there is one still, in milliseconds.
  package static let deskLookMilliseconds = 1000
  /// How long closing waits for the last replies and events to leave, in milliseconds.
  package static let closeMilliseconds: Int32 = 100
  /// How long a closed context is waited for, in milliseconds: longer than closing may take.
  package static let endMilliseconds: Int32 = 1000
  /// How long a peer may take to say who it is before its connection is closed, in milliseconds.
  package static let handshakeMilliseconds: Int32 = 5000
  /// How long a daemon that does not hold our lock is asked for a sign of life before binding, in
  /// milliseconds.
  package static let probeMilliseconds = 1000
}
