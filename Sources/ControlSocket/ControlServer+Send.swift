import FoundationEssentials
import HootWire

// Replies, heartbeats and events.

extension ControlServer {
  /// Replies with a content, written by the codec that read the request.
  @discardableResult
  package func reply(to incoming: Incoming, content: JSONValue) -> Delivery {
    let codec = codecs.replyCodec(for: incoming.frame.contentType)
    let context = ReplyContext(
      requestID: incoming.frame.requestID, requestHeader: incoming.header, replyType: incoming.replyType)
    let body = codec.encodeReply(content, to: context)
    if body.count <= HootLimits.bodyBytes {
      return reply(to: incoming, contentType: codec.contentType, body: body)
    }
    let refusal = "the reply has \(body.count) bytes; at most \(HootLimits.bodyBytes) can be sent"
    let short = codec.encodeReply(
      ["type": "error", "error": .string(refusal), "traceback": nil], to: context)
    return reply(to: incoming, contentType: codec.contentType, body: short)
  }

  /// Replies with a body as it is.
  @discardableResult
  package func reply(to incoming: Incoming, contentType: HootFrame.ContentType, body: [UInt8]) -> Delivery {
    assertOwned()
    guard let open else { return .peerGone }
    let socket = incoming.peer.socket == .control ? open.control : open.shell
    return send(incoming.frame.reply(contentType, body), on: socket)
  }

  /// Publishes an event in hootenanny's form to everybody who listens on iopub; it is made only when somebody does.
  package func publish(iopub content: @autoclosure () -> JSONValue) {
    assertOwned()
    guard let open, listeners.isAny else { return }
    broadcast(eventFrame("iopub_event", content()).encode(), on: open.iopub)
  }

  /// Publishes a message of one frame, as it is.
  package func publish(broadcast message: [UInt8]) {
    assertOwned()
    if let open, broadcastListeners.isAny { broadcast([message], on: open.broadcast) }
  }

  /// Whether anybody listens to what `publish(broadcast:)` sends.
  package var hasBroadcastListeners: Bool { broadcastListeners.isAny }

  /// Publishes an event under its topic to those who subscribed to a beginning of it. A subscriber that is
  /// too slow loses events; libzmq does not tell which. The content is made only when somebody may want it.
  package func publishEvent(topic: String, content: @autoclosure () -> JSONValue) {
    assertOwned()
    guard let open, ControlServer.isTopic(topic), isSubscribed(topic: topic) else { return }
    let content = content()
    if isKept(topic) { log.add(topic, content, at: .now) }
    guard subscriptions.wants(topic) else { return }
    broadcast([Array(topic.utf8)] + eventFrame("event", content).encode(), on: open.events)
  }

  /// Whether anybody may want this topic; false only when it is certain that nobody does.
  package func isSubscribed(topic: String) -> Bool {
    subscriptions.wants(topic) || isKept(topic)
  }

  /// Levels are worth something now, or nothing.
  private func isKept(_ topic: String) -> Bool { log.isOpen && topic != "meter" }

  @discardableResult
  func send(_ frame: HootFrame, on socket: ZMQSocket) -> Delivery {
    count(socket.send(frame.encode()))
  }

  @discardableResult
  func count(_ sent: ZMQSocket.Sent) -> Delivery {
    if sent != .queued { counters.repliesDropped += 1 }
    return switch sent {
    case .queued: .queued
    case .full: .peerFull
    case .gone: .peerGone
    case .failed(let code): .failed(code: code)
    }
  }

  private func broadcast(_ frames: [[UInt8]], on socket: ZMQSocket) {
    if socket.send(frames) == .queued { counters.eventsPublished += 1 }
  }

  private func eventFrame(_ type: String, _ content: JSONValue) -> HootFrame {
    let header = HootMessage.Header(msgID: .random, session: session, msgType: type, timestamp: .now)
    let body = HootMessage(header: header, content: content).encode().encode()
    return HootFrame(command: .reply, contentType: .json, requestID: header.msgID, body: body)
  }

  private static func isTopic(_ topic: String) -> Bool {
    (1...SocketLimits.topicBytes).contains(topic.utf8.count)
      && !topic.hasPrefix(Subscriptions.confirmationPrefix)
  }
}
