import FoundationEssentials
import Glibc
import HootWire

/// How long a client waits.
package struct ClientTimeouts: Sendable {
  /// For the first heartbeat, by which a daemon that hangs is told from one that works.
  package var hello: Duration = .milliseconds(250)
  /// For the reply to a request, and for the confirmation of a subscription.
  package var reply: Duration = .seconds(5)

  package init() {}
}

/// A client's end of the control sockets.
///
/// Used by one thread, the one that made it. Each call waits for its answer at most as long as its timeout
/// says.
package final class ControlClient {
  package enum Socket: Sendable { case shell, control }

  package let directory: SocketDirectory
  /// Events that came but could not be read.
  package internal(set) var unreadableEvents = 0

  /// What the daemon calls it, up to 40 printable ASCII characters; before its first request. nil: whoever owns the
  /// daemon.
  package var name: String?
  /// Where whoever uses it stands in a trace (W3C Trace Context), told with every request. A bad one is passed over there.
  package var traceparent = ""

  let timeouts: ClientTimeouts
  let context: ZMQContext
  private let session = UUID()
  private var dealers: [SocketName: ZMQSocket] = [:]
  var events: ZMQSocket?
  /// Events that came while something else was awaited, oldest first.
  var buffered: [[[UInt8]]] = []

  /// Finds the daemon of a directory. Without one it throws at once (`unreachable`), with one that hangs
  /// after `timeouts.hello` (`silent`).
  package convenience init(
    directory path: String, timeouts: ClientTimeouts = ClientTimeouts()
  ) throws(SocketError) {
    let directory = try SocketDirectory(path: path)
    for socket in [SocketName.shell, .heartbeat] {
      switch Listener.at(directory.path(of: socket)) {
      case .listening: break
      case .none: throw SocketError(.unreachable, directory.path)
      case .denied(let code): throw directory.failure("connect \(socket.rawValue)", code)
      }
    }
    try self.init(connectingTo: directory, timeouts: timeouts)
    guard heartbeat(timeout: timeouts.hello) else {
      throw SocketError(.silent(milliseconds: timeouts.hello.wholeMilliseconds), directory.path)
    }
  }

  /// Without looking for anybody first.
  init(
    connectingTo directory: SocketDirectory, timeouts: ClientTimeouts = ClientTimeouts()
  ) throws(SocketError) {
    self.directory = directory
    self.timeouts = timeouts
    context = try ZMQContext(directory)
  }

  /// Sends a request and returns the content of its reply; a refusal by the daemon is content too (`type` is
  /// `error`). Replies to earlier requests that were given up are dropped.
  package func request(
    _ content: JSONValue, on socket: Socket = .shell, timeout: Duration? = nil
  ) throws(SocketError) -> JSONValue {
    let limit = timeout ?? timeouts.reply
    let deadline = Deadline(after: limit)
    let id = try send(content, on: socket)
    while true {
      guard let reply = try nextReply(on: socket, until: deadline) else {
        throw SocketError(.timeout(milliseconds: limit.wholeMilliseconds), directory.path)
      }
      // What answers something else is not for us.
      if reply.requestID == id { return try self.content(of: reply) }
    }
  }

  /// Sends a request without waiting for its reply, which `nextReply` brings. Returns the request's id.
  package func send(_ content: JSONValue, on socket: Socket = .shell) throws(SocketError) -> UUID {
    let request = try requestFrame(content, socket)
    try send(request.encode(), on: try dealer(socket == .shell ? .shell : .control))
    return request.requestID
  }

  /// The next reply of those that are due on a socket, and whose it is; nil when none came in time.
  package func nextReply(
    on socket: Socket = .shell, timeout: Duration
  ) throws(SocketError) -> (id: UUID, content: JSONValue)? {
    guard let reply = try nextReply(on: socket, until: Deadline(after: timeout)) else { return nil }
    return (reply.requestID, try content(of: reply))
  }

  private func nextReply(on socket: Socket, until deadline: Deadline) throws(SocketError) -> HootFrame? {
    let dealer = try dealer(socket == .shell ? .shell : .control)
    while let frames = next(from: dealer, until: deadline) {
      // What is no message is not for us.
      if let reply = try? HootFrame.parse(frames), reply.command == .reply { return reply }
    }
    return nil
  }

  /// Whether the daemon gives a sign of life in time.
  package func heartbeat(timeout: Duration) -> Bool {
    let deadline = Deadline(after: timeout)
    let ping = HootFrame(command: .heartbeat, contentType: .empty, requestID: .random)
    // A socket that cannot be made or does not take the message leaves the question unanswered: no sign of
    // life.
    guard let dealer = try? dealer(.heartbeat), dealer.send(ping.encode()) == .queued else { return false }
    while let frames = next(from: dealer, until: deadline) {
      if (try? HootFrame.parse(frames)) != nil { return true }  // Which message it is does not matter.
    }
    return false
  }

  private func requestFrame(_ content: JSONValue, _ socket: Socket) throws(SocketError) -> HootFrame {
    let header = HootMessage.Header(
      msgID: .random, session: session, msgType: socket == .shell ? "shell_request" : "control_request",
      timestamp: .now)
    let body = HootMessage(header: header, content: content).encode().encode()
    guard body.count <= HootLimits.bodyBytes else {
      throw SocketError(.tooLarge(bytes: body.count, limit: HootLimits.bodyBytes), directory.path)
    }
    return HootFrame(
      command: .request, contentType: .json, requestID: header.msgID, traceparent: traceparent, body: body)
  }

  private func content(of reply: HootFrame) throws(SocketError) -> JSONValue {
    guard reply.contentType == .json else {
      throw SocketError(
        .badReply("it is \(reply.contentType.name); Json was asked for"), directory.path)
    }
    do {
      return try JSONBodyCodec.message(reply.body).content
    } catch {
      throw SocketError(.badReply("\(error)"), directory.path)
    }
  }

  private func dealer(_ name: SocketName) throws(SocketError) -> ZMQSocket {
    if let dealer = dealers[name] { return dealer }
    let dealer = try ZMQSocket(context, .dealer, directory)
    // As hootenanny's clients do it: role of the socket, then the start of the session.
    dealer.introduce(as: "\(self.name.map { "\($0)@" } ?? "\(name.rawValue)-")\(session.wireText.prefix(8))")
    try dealer.connect(name)
    dealers[name] = dealer
    return dealer
  }

  private func send(_ frames: [[UInt8]], on socket: ZMQSocket) throws(SocketError) {
    switch socket.send(frames) {
    case .queued: return
    case .full, .gone: throw SocketError(.busy, directory.path)
    case .failed(let code): throw directory.failure("zmq_send", code)
    }
  }

  /// The next message on a socket; nil at the deadline, or when `descriptor` has something to read first.
  func next(
    from socket: ZMQSocket, until deadline: Deadline, wakingOn descriptor: Int32? = nil
  ) -> [[UInt8]]? {
    var wait = SocketWait([socket], descriptors: descriptor.map { [$0] } ?? [])
    while true {
      if case .message(let frames) = socket.receive() { return frames }
      switch wait.wait(until: deadline) {
      case .timeout: return nil
      case .ready(let descriptors) where !descriptors.isEmpty: return nil
      case .ready, .interrupted: continue
      }
    }
  }
}

extension Duration {
  /// Rounded down; for messages.
  var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds.multipliedReportingOverflow(by: 1000).partialValue &+ attoseconds / 1_000_000_000_000_000
  }
}
