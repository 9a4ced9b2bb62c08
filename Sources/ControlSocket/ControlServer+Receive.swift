import HootWire

// What the sockets bring, and what is dealt with before it comes up.

extension ControlServer {
  /// One message of each socket in turn, control first, so that no socket starves another.
  func takeMessages(_ open: OpenSockets) -> [Incoming] {
    var requests: [Incoming] = []
    var taken = 0
    var anyLeft = true
    while anyLeft && taken < SocketLimits.batchMessages {
      anyLeft = false
      for (socket, peerSocket) in [(open.control, Peer.Socket.control), (open.shell, .shell)] {
        guard let frames = take(socket, &taken, &anyLeft) else { continue }
        if let request = serve(frames, socket, peerSocket) { requests.append(request) }
      }
      if let frames = take(open.heartbeat, &taken, &anyLeft) { serveHeartbeat(frames, open.heartbeat) }
    }
    return requests
  }

  private func take(_ socket: ZMQSocket, _ taken: inout Int, _ any: inout Bool) -> [[UInt8]]? {
    guard taken < SocketLimits.batchMessages, socket.mayHoldMessages else { return nil }
    let received = socket.receive()
    if case .none = received { return nil }
    taken += 1
    any = true
    if case .message(let frames) = received { return frames }
    counters.malformed += 1
    return nil
  }

  /// Shell and control: requests come up, heartbeats are answered, all else is silence.
  private func serve(_ frames: [[UInt8]], _ socket: ZMQSocket, _ peerSocket: Peer.Socket) -> Incoming? {
    let frame: HootFrame
    do {
      frame = try HootFrame.parse(frames, routingFrames: 1)
    } catch {
      counters.malformed += 1
      return nil
    }
    switch frame.command {
    case .request:
      counters.requests += 1
      visitors.note(frame.identity, on: peerSocket)
      let request = Result { () throws(BodyError) in try codecs.decodeRequest(frame) }
      return Incoming(
        peer: Peer(socket: peerSocket, identity: frame.identity), frame: frame, request: request)
    case .heartbeat:
      counters.heartbeats += 1
      send(frame.heartbeatAnswer, on: socket)
    case .ready, .reply, .disconnect:
      counters.ignored += 1
    }
    return nil
  }

  /// Heartbeat socket: whatever parses is a sign of life wanted; what does not is a ping of the older kind.
  private func serveHeartbeat(_ frames: [[UInt8]], _ socket: ZMQSocket) {
    do {
      let frame = try HootFrame.parse(frames, routingFrames: 1)
      counters.heartbeats += 1
      send(frame.heartbeatAnswer, on: socket)
    } catch {
      counters.echoes += 1
      count(socket.send(frames))
    }
  }

  func takeSubscriptions(_ open: OpenSockets) {
    takeSubscriptions(open.events) { subscriptions.take($0) }
    takeSubscriptions(open.iopub) {
      _ = listeners.take($0)
      return nil
    }
    takeSubscriptions(open.broadcast) {
      _ = broadcastListeners.take($0)
      return nil
    }
  }

  /// `take` answers the topic to confirm, if it is to be.
  private func takeSubscriptions(_ socket: ZMQSocket, _ take: ([UInt8]) -> [UInt8]?) {
    guard socket.mayHoldMessages else { return }
    for _ in 0..<SocketLimits.batchMessages {
      switch socket.receive() {
      case .none: return
      case .oversized: counters.malformed += 1
      case .message(let frames):
        guard let first = frames.first, let topic = take(first) else { continue }
        _ = socket.send([topic])
      }
    }
  }
}
