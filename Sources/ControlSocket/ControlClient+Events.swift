import FoundationEssentials
import HootWire

/// An event with the topic it came under.
package struct TopicEvent: Equatable, Sendable {
  package let topic: String
  package let content: JSONValue
}

extension TopicEvent {
  /// nil of somebody's confirmation, and of what cannot be read.
  init?(_ frames: [[UInt8]]) {
    guard let first = frames.first, let topic = String(validating: first, as: UTF8.self),
      !topic.hasPrefix(Subscriptions.confirmationPrefix),
      let frame = try? HootFrame.parse(frames, routingFrames: 1),
      let message = try? JSONBodyCodec.message(frame.body)
    else { return nil }
    self.init(topic: topic, content: message.content)
  }
}

extension ControlClient {
  /// Subscribes to every topic that begins with one of `topics` (the empty text: all), and returns once the
  /// daemon has confirmed it: no event published after that is missed.
  package func subscribe(topics: [String]) throws(SocketError) {
    let socket = try eventsSocket()
    // The socket must be connected before: only then do subscriptions travel in the order they are made.
    topics.forEach(socket.subscribe)
    let confirmation = "\(Subscriptions.confirmationPrefix)/\(UUID().wireText)"
    socket.subscribe(confirmation)
    defer { socket.unsubscribe(confirmation) }
    let deadline = Deadline(after: timeouts.reply)
    while let frames = next(from: socket, until: deadline) {
      if frames == [Array(confirmation.utf8)] { return }
      if buffered.count == SocketLimits.bufferedEvents { buffered.removeFirst() }
      buffered.append(frames)
    }
    throw SocketError(.timeout(milliseconds: timeouts.reply.wholeMilliseconds), directory.path)
  }

  /// The next event, or nil when none came in time or `descriptor` (a terminal, say) has something to read.
  package func nextEvent(timeout: Duration, wakingOn descriptor: Int32? = nil) -> TopicEvent? {
    while !buffered.isEmpty {
      if let event = event(buffered.removeFirst()) { return event }
    }
    guard let events else { return nil }
    let deadline = Deadline(after: timeout)
    while let frames = next(from: events, until: deadline, wakingOn: descriptor) {
      if let event = event(frames) { return event }
    }
    return nil
  }

  private func eventsSocket() throws(SocketError) -> ZMQSocket {
    if let events { return events }
    let socket = try ZMQSocket(context, .sub, directory)
    try socket.connect(.events)
    events = socket
    return socket
  }

  private func event(_ frames: [[UInt8]]) -> TopicEvent? {
    guard let first = frames.first, let topic = String(validating: first, as: UTF8.self) else { return nil }
    // Somebody else's confirmation, seen by those who subscribed to everything.
    if frames.count == 1 && topic.hasPrefix(Subscriptions.confirmationPrefix) { return nil }
    do {
      let frame = try HootFrame.parse(frames, routingFrames: 1)
      return TopicEvent(topic: topic, content: try JSONBodyCodec.message(frame.body).content)
    } catch {
      unreadableEvents += 1
      return nil
    }
  }
}
