/// One connection's state machine: bytes and time in, what to do out. It has no socket and no clock.
///
/// Of the web thread.
struct Visit {
  /// What a connection does.
  enum Stage {
    /// Nothing has come of the next request. Exits: `head`, `closing`.
    case idle
    /// Exits: `body`, `working`, `closing`.
    case head
    /// Exits: `working`, `closing`.
    case body(RequestHead, length: Int)
    /// A file comes, piece by piece, so many bytes more. Exits: `working`, `closing`.
    case spooling(RequestHead, left: Int)
    /// A request is being answered; what comes meanwhile waits unread. Exits: `idle`, `sending`, `streaming`, `telling`,
    /// `listening`, `closing`.
    case working(RequestHead)
    /// A file leaves, piece by piece. Exits: `idle`, `closing`.
    case sending(FileSpan, keeps: Bool)
    /// The answer comes as events, the last of which is all that was asked for. Exits: `closing`.
    case telling
    /// Events are told as they come. What the client says is heard on a WebSocket alone. Exits: `closing`.
    case streaming(EventWish)
    /// What is played is sent as it is played. What the client says is not heard. Exits: `closing`.
    case listening(Listener)
    /// Nothing more is read; closed as soon as what is written has left.
    case closing
  }

  enum Action: Equatable {
    case nothing
    /// Look at the head: may it pass, and how long a body is taken?
    case examine(RequestHead)
    case answer(RequestHead, body: [UInt8])
    /// A piece of a file has come.
    case spool([UInt8])
    /// Something is to be sent.
    case send
    case refuse(Problem)
    case close
    /// A sign of life is due on a stream.
    case pulse
  }

  var stage = Stage.idle
  var input: [UInt8] = []
  /// Where the search for the head's end goes on.
  private var searched = 0
  var deadline: ContinuousClock.Instant
  var output: [UInt8] = []
  private var sent = 0
  /// What a WebSocket's client says.
  var frames: SocketFrames?
  /// Whether the answer that is worked on may come as events.
  var mayTell = false
  /// Of a stream: the number of the last event that was told, or passed over.
  var seen: UInt64 = 0

  init(at now: ContinuousClock.Instant) { deadline = now + .seconds(WebLimits.idleSeconds) }

  var wantsToRead: Bool {
    switch stage {
    case .idle, .head, .body, .spooling, .streaming, .telling, .listening: true
    case .working, .sending, .closing: false
    }
  }

  var hasOutput: Bool { sent < output.count }
  /// Bytes that are to be sent.
  var pending: ArraySlice<UInt8> { output[sent...] }
  var isWorking: Bool { if case .working = stage { true } else { false } }
  /// Whether nothing is left to do for it.
  var isOver: Bool { if case .closing = stage { !hasOutput } else { false } }
  /// Bytes of the body it brings.
  var bodyBytes: Int { if case .body(_, let length) = stage { length } else { 0 } }

  mutating func take(_ bytes: some Sequence<UInt8>, at now: ContinuousClock.Instant) -> Action {
    if isStream { return hear(bytes, at: now) }
    guard wantsToRead else { return .nothing }
    input.append(contentsOf: bytes)
    return goOn(at: now)
  }

  /// What the input allows next; also right after a reply, since the next request may have come already.
  mutating func goOn(at now: ContinuousClock.Instant) -> Action {
    switch stage {
    case .idle:
      // Empty lines before a request are passed over, also where their halves come one by one.
      while input.starts(with: [0x0D, 0x0A]) { input.removeFirst(2) }
      guard !input.isEmpty, input != [0x0D] else { return .nothing }
      stage = .head
      searched = 0
      deadline = now + .seconds(WebLimits.headSeconds)
      return readHead()
    case .head: return readHead()
    case .body(let head, let length): return readBody(head, length)
    case .spooling(let head, let left): return readPiece(head, left)
    case .working, .sending, .streaming, .telling, .listening, .closing: return .nothing
    }
  }

  private mutating func readHead() -> Action {
    var index = searched
    while index + 3 < input.count {
      if input[index] == 0x0D, input[index + 1] == 0x0A, input[index + 2] == 0x0D, input[index + 3] == 0x0A {
        guard index <= WebLimits.headBytes else { return headTooLarge }
        do {
          let head = try RequestHead.parse(input[..<index])
          input.removeFirst(index + 4)
          return .examine(head)
        } catch { return .refuse(error.problem) }
      }
      index += 1
    }
    searched = index
    return input.count > WebLimits.headBytes ? headTooLarge : .nothing
  }

  private var headTooLarge: Action {
    .refuse(
      Problem(
        431, "head_too_large", "the request's head is too long",
        "at most \(WebLimits.headBytes) bytes are taken",
        "send fewer headers"))
  }

  /// The head may pass; its body is awaited.
  ///
  /// - Parameter spools: the body is a file, which is handed on as it comes.
  mutating func admit(
    _ head: RequestHead, bodyLength: Int, spools: Bool = false, at now: ContinuousClock.Instant
  ) -> Action {
    stage = spools ? .spooling(head, left: bodyLength) : .body(head, length: bodyLength)
    if bodyLength > 0 {
      let more = spools ? bodyLength / WebLimits.uploadRate : 0
      deadline = now + .seconds(WebLimits.bodySeconds + more)
      if input.isEmpty, head.value("expect")?.lowercased() == "100-continue" {
        output += Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
      }
    }
    return goOn(at: now)
  }

  private mutating func readPiece(_ head: RequestHead, _ left: Int) -> Action {
    guard left > 0 else {
      stage = .working(head)
      return .answer(head, body: [])
    }
    guard !input.isEmpty else { return .nothing }
    let piece = Array(input.prefix(left))
    input.removeFirst(piece.count)
    stage = .spooling(head, left: left - piece.count)
    return .spool(piece)
  }

  private mutating func readBody(_ head: RequestHead, _ length: Int) -> Action {
    guard input.count >= length else { return .nothing }
    let body = Array(input[..<length])
    input.removeFirst(length)
    stage = .working(head)
    return .answer(head, body: body)
  }

  /// Queues a reply. The connection goes on with the next request where it may.
  mutating func reply(_ reply: HTTPReply, date: String, at now: ContinuousClock.Instant, ends: Bool = false) {
    var keeps = false
    var isHead = false
    if case .working(let head) = stage {
      keeps = head.keepsConnection && !ends
      isHead = head.method == "HEAD"
    }
    if let wish = reply.stream, !isHead, !ends {
      output += reply.encode(date: date, keepsConnection: false)
      stage = .streaming(wish)
      frames = wish.isSocket ? SocketFrames(input) : nil
      input = []
      deadline = now + .seconds(WebLimits.pulseSeconds)
      return
    }
    mayTell = false
    if let format = reply.sound, !isHead, !ends {
      output += reply.encode(date: date, keepsConnection: false)
      stage = .listening(Listener(format: format))
      input = []
      deadline = now + .seconds(WebLimits.writeSeconds)
      return
    }
    let keepsConnection = keeps && !reply.closes && reply.sound == nil
    output += reply.encode(date: date, keepsConnection: keepsConnection, isHead: isHead)
    deadline = now + .seconds(WebLimits.writeSeconds)
    if let file = reply.file, file.left > 0, !isHead {
      stage = .sending(file, keeps: keepsConnection)
    } else {
      stage = keepsConnection ? .idle : .closing
    }
  }

  /// Queues the next piece of the file that is being sent, once the one before has left; false when there is none.
  mutating func readOn(at now: ContinuousClock.Instant) -> Bool {
    guard case .sending(var span, let keeps) = stage, !hasOutput else { return false }
    let wanted = Int(min(span.left, Int64(WebLimits.fileBytes)))
    guard let piece = span.file.read(at: span.offset, limit: wanted) else {
      // The client sees that less came than was announced.
      stage = .closing
      return false
    }
    output = piece
    span.offset += Int64(piece.count)
    span.left -= Int64(piece.count)
    stage = span.left > 0 ? .sending(span, keeps: keeps) : keeps ? .idle : .closing
    deadline = now + .seconds(WebLimits.writeSeconds)
    return true
  }

  mutating func hasSent(_ count: Int, at now: ContinuousClock.Instant) {
    sent += count
    if sent == output.count {
      output = []
      sent = 0
      switch stage {
      case .idle: deadline = now + .seconds(WebLimits.idleSeconds)
      case .streaming, .telling: deadline = now + .seconds(WebLimits.pulseSeconds)
      default: break
      }
    } else {
      deadline = now + .seconds(WebLimits.writeSeconds)
    }
  }

  /// What becomes of it when its time has passed.
  func expire() -> Action {
    switch stage {
    case .head where !hasOutput, .body where !hasOutput, .spooling where !hasOutput:
      .refuse(
        Problem(
          408, "too_slow", "the request does not come to its end",
          "a head is awaited for \(WebLimits.headSeconds) s, a body for \(WebLimits.bodySeconds) s",
          "send it again"))
    case .working where !hasOutput: mayTell ? .pulse : .nothing
    case .streaming where !hasOutput, .telling where !hasOutput: .pulse
    case .listening where !hasOutput: .nothing
    default: .close
    }
  }

  /// No deadline holds while the daemon works on the reply: that has its own; nor while nothing is played.
  var isTimed: Bool { hasOutput || mayTell || (!isWorking && listener == nil) }
}
