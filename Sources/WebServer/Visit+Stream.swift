import HootWire

/// What a connection does that events are told to.
extension Visit {
  /// What a stream wants to hear; nil of what is none.
  var wish: EventWish? { if case .streaming(let wish) = stage { wish } else { nil } }

  /// Queues what a stream tells next.
  mutating func tell(_ bytes: [UInt8], at now: ContinuousClock.Instant) {
    guard isStream, !bytes.isEmpty else { return }
    if !hasOutput { deadline = now + .seconds(WebLimits.writeSeconds) }
    output += bytes
  }

  /// Queues the last that a stream tells.
  mutating func end(with bytes: [UInt8], at now: ContinuousClock.Instant) {
    tell(bytes, at: now)
    if wish?.isSocket == true { tell(SocketFrame.close(1001), at: now) }
    stage = .closing
  }

  /// A sign of life, which also finds out whether somebody is there.
  var pulse: [UInt8] { wish?.isSocket == true ? SocketFrame(.ping).bytes : Array(": \n\n".utf8) }

  /// What the client of a stream says: nothing, unless it came by a WebSocket.
  mutating func hear(_ bytes: some Sequence<UInt8>, at now: ContinuousClock.Instant) -> Action {
    guard frames != nil else { return .nothing }
    frames?.append(bytes)
    while wish != nil {
      do {
        guard let frame = try frames?.next() else { break }
        hear(frame, at: now)
      } catch { close(with: error.code, at: now) }
    }
    return hasOutput ? .send : .nothing
  }

  private mutating func hear(_ frame: SocketFrame, at now: ContinuousClock.Instant) {
    switch frame.kind {
    case .ping:
      // A client that asks and does not listen fills nothing here.
      if pending.count < WebLimits.streamBytes { tell(SocketFrame(.pong, frame.payload).bytes, at: now) }
    case .pong: return
    case .close: close(with: 1000, at: now)
    case .text:
      guard let topics = EventWish.topics(said: frame.payload) else { return close(with: 1008, at: now) }
      if case .streaming(var wish) = stage {
        wish.topics = topics
        stage = .streaming(wish)
      }
    case .binary, .more: close(with: 1003, at: now)
    }
  }

  private mutating func close(with code: UInt16, at now: ContinuousClock.Instant) {
    tell(SocketFrame.close(code), at: now)
    stage = .closing
  }

  /// What a listener has heard; nil of what is none.
  var listener: Listener? {
    get { if case .listening(let listener) = stage { listener } else { nil } }
    set { if case .listening = stage, let newValue { stage = .listening(newValue) } }
  }

  var isStream: Bool { wish != nil || listener != nil || isTelling }
  var isTelling: Bool { if case .telling = stage { true } else { false } }

  /// The request in work is of a kind whose answer may come as events: they begin when there is one, or after a while
  /// for a sign of life.
  mutating func expectTelling(at now: ContinuousClock.Instant) {
    guard isWorking else { return }
    mayTell = true
    deadline = now + .seconds(WebLimits.pulseSeconds)
  }

  mutating func beginTelling(_ reply: HTTPReply, date: String, at now: ContinuousClock.Instant) {
    output += reply.encode(date: date, keepsConnection: false, isStream: true)
    stage = .telling
    input = []
    deadline = now + .seconds(WebLimits.writeSeconds)
  }
}
