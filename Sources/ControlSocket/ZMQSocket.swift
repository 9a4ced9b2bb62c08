import CZeroMQ
import Glibc

/// One ZeroMQ context with its single I/O thread; ended when its last socket is gone, or left behind when it does not
/// end in `SocketLimits.endMilliseconds`.
final class ZMQContext {
  fileprivate let raw: UnsafeMutableRawPointer

  init(_ directory: SocketDirectory) throws(SocketError) {
    guard let raw = zmq_ctx_new() else { throw directory.failure("zmq_ctx_new", zmq_errno()) }
    self.raw = raw
  }

  deinit {
    _ = czeromq_end_within(raw, SocketLimits.endMilliseconds)
  }
}

/// One ZeroMQ socket. Belongs to the thread of the server or client that owns it, and never waits: every call
/// gives up at once, waiting is `SocketWait`'s.
final class ZMQSocket {
  enum Kind { case router, dealer, xpub, sub }

  enum Sent: Equatable {
    case queued
    /// The peer's queue is full.
    case full
    /// No such peer any more.
    case gone
    case failed(code: Int32)
  }

  enum Received {
    case none
    case message([[UInt8]])
    /// A message beyond the limits; it was taken from the queue and forgotten.
    case oversized
  }

  private let context: ZMQContext
  private let raw: UnsafeMutableRawPointer
  private let directory: SocketDirectory
  /// One message at a fixed address: libzmq keeps the bytes of small messages inside the structure itself.
  private let message: UnsafeMutablePointer<zmq_msg_t>
  let descriptor: Int32
  /// Whether a message may wait that the descriptor does not tell of. The descriptor is readable once for each piece of
  /// news, and whatever is called on the socket may take the news; a look that finds nothing settles it.
  private(set) var mayHoldMessages = true

  init(_ context: ZMQContext, _ kind: Kind, _ directory: SocketDirectory) throws(SocketError) {
    guard let raw = zmq_socket(context.raw, kind.code) else {
      throw directory.failure("zmq_socket", zmq_errno())
    }
    self.context = context
    self.raw = raw
    self.directory = directory
    message = .allocate(capacity: 1)
    message.initialize(to: zmq_msg_t())
    descriptor = ZMQSocket.integer(of: raw, ZMQ_FD)
    set(ZMQ_LINGER, 0)
    set(ZMQ_RECONNECT_IVL, 1000)
    set(ZMQ_RECONNECT_IVL_MAX, 60000)
    set(ZMQ_SNDHWM, SocketLimits.queuedMessages)
    set(ZMQ_RCVHWM, SocketLimits.queuedMessages)
    set(ZMQ_HANDSHAKE_IVL, SocketLimits.handshakeMilliseconds)
    set(ZMQ_MAXMSGSIZE, wide: Int64(SocketLimits.frameBytes))
  }

  deinit {
    zmq_close(raw)
    message.deallocate()
  }

  /// What is queued may still leave for so long once the socket is closed.
  func linger(milliseconds: Int32) {
    set(ZMQ_LINGER, milliseconds)
  }

  /// The routing id that the daemon's end sees; before connecting.
  func introduce(as name: String) {
    set(ZMQ_ROUTING_ID, name)
  }

  /// Says who was not reached instead of dropping a reply in silence; a peer does not notice.
  func reportUnroutable() {
    set(ZMQ_ROUTER_MANDATORY, 1)
  }

  /// Passes up every subscription, not only the first of its kind.
  func passAllSubscriptions() {
    set(ZMQ_XPUB_VERBOSE, 1)
  }

  func bind(_ socket: SocketName) throws(SocketError) {
    guard zmq_bind(raw, directory.endpoint(of: socket)) == 0 else {
      throw directory.failure("bind \(socket.rawValue)", zmq_errno())
    }
  }

  func bind(_ socket: SocketName, at place: NetworkPlace) throws(SocketError) {
    let endpoint = place.endpoint(of: socket)
    guard zmq_bind(raw, endpoint) == 0 else {
      throw SocketError(.port(endpoint, String(cString: zmq_strerror(zmq_errno()))), directory.path)
    }
  }

  func unbind(_ socket: SocketName, at place: NetworkPlace) {
    _ = zmq_unbind(raw, place.endpoint(of: socket))
  }

  /// What is bound from now on lets in only who knows the public half and is admitted.
  func demandKeys(of secret: CurveKey) {
    set(ZMQ_CURVE_SERVER, 1)
    set(ZMQ_CURVE_SECRETKEY, secret.text)
    set(ZMQ_ZAP_DOMAIN, "chaosgarden")
  }

  /// The other end's part, before it connects: its own pair, and whom it expects.
  func show(_ pair: (public: CurveKey, secret: CurveKey), to server: CurveKey) {
    set(ZMQ_CURVE_PUBLICKEY, pair.public.text)
    set(ZMQ_CURVE_SECRETKEY, pair.secret.text)
    set(ZMQ_CURVE_SERVERKEY, server.text)
  }

  func connect(_ socket: SocketName, at place: NetworkPlace) throws(SocketError) {
    let endpoint = place.endpoint(of: socket)
    mayHoldMessages = true
    guard zmq_connect(raw, endpoint) == 0 else {
      throw SocketError(.port(endpoint, String(cString: zmq_strerror(zmq_errno()))), directory.path)
    }
  }

  /// Where this socket's context asks who is admitted.
  func admissionDesk(for allowed: Set<CurveKey>) throws(SocketError) -> AdmissionDesk {
    let socket = try ZMQSocket(context, .router, directory)
    guard zmq_bind(socket.raw, "inproc://zeromq.zap.01") == 0 else {
      throw directory.failure("bind zap", zmq_errno())
    }
    return AdmissionDesk(socket, allowed)
  }

  func connect(_ socket: SocketName) throws(SocketError) {
    mayHoldMessages = true
    guard zmq_connect(raw, directory.endpoint(of: socket)) == 0 else {
      throw directory.failure("connect \(socket.rawValue)", zmq_errno())
    }
  }

  func subscribe(_ topic: String) {
    set(ZMQ_SUBSCRIBE, topic)
  }

  func unsubscribe(_ topic: String) {
    set(ZMQ_UNSUBSCRIBE, topic)
  }

  /// Queues a message only for a peer that is there, instead of keeping it for one that may come; before connecting.
  func sendToThePresentOnly() {
    set(ZMQ_IMMEDIATE, 1)
  }

  /// How many messages wait from a peer, and how long a frame of theirs may be; before connecting.
  func limit(messages: Int32, frameBytes: Int) {
    set(ZMQ_RCVHWM, messages)
    set(ZMQ_MAXMSGSIZE, wide: Int64(frameBytes))
  }

  /// Whether a message can be queued for a peer.
  var isWritable: Bool { ZMQSocket.integer(of: raw, ZMQ_EVENTS) & Int32(ZMQ_POLLOUT) != 0 }

  func connect(endpoint: String) throws(SocketError) {
    mayHoldMessages = true
    guard zmq_connect(raw, endpoint) == 0 else {
      throw SocketError(.port(endpoint, String(cString: zmq_strerror(zmq_errno()))), directory.path)
    }
  }

  func bind(endpoint: String) throws(SocketError) {
    guard zmq_bind(raw, endpoint) == 0 else {
      throw SocketError(.port(endpoint, String(cString: zmq_strerror(zmq_errno()))), directory.path)
    }
  }

  /// Whether a message waits. Asking also lets the socket work through what its I/O thread told it.
  var isReadable: Bool {
    mayHoldMessages = ZMQSocket.integer(of: raw, ZMQ_EVENTS) & Int32(ZMQ_POLLIN) != 0
    return mayHoldMessages
  }
}

extension ZMQSocket {
  /// Queues all frames as one message, or none of them.
  func send(_ frames: [[UInt8]]) -> Sent {
    mayHoldMessages = true
    for index in frames.indices {
      let frame = frames[index]
      let more = index + 1 < frames.count ? ZMQ_SNDMORE : 0
      while zmq_send(raw, frame, frame.count, ZMQ_DONTWAIT | more) < 0 {
        switch zmq_errno() {
        case EINTR: continue
        case EAGAIN: return .full
        case EHOSTUNREACH: return .gone
        case let code: return .failed(code: code)
        }
      }
    }
    return .queued
  }

  /// The next message, if one waits.
  func receive() -> Received {
    var frames: [[UInt8]] = []
    var bytes = 0
    var count = 0
    var more = true
    while more {
      zmq_msg_init(message)
      defer { zmq_msg_close(message) }
      while zmq_msg_recv(message, raw, ZMQ_DONTWAIT) < 0 {
        guard zmq_errno() == EINTR else {
          mayHoldMessages = false
          return .none
        }
      }
      let size = zmq_msg_size(message)
      more = zmq_msg_more(message) != 0
      count += 1
      bytes += min(size, SocketLimits.messageBytes + 1)
      if count > SocketLimits.messageFrames || bytes > SocketLimits.messageBytes {
        frames = []
      } else {
        frames.append(Array(UnsafeRawBufferPointer(start: zmq_msg_data(message), count: size)))
      }
    }
    let isWhole = count <= SocketLimits.messageFrames && bytes <= SocketLimits.messageBytes
    return isWhole ? .message(frames) : .oversized
  }
}

extension ZMQSocket {
  private static func integer(of raw: UnsafeMutableRawPointer, _ option: Int32) -> Int32 {
    var value: Int32 = 0
    var size = MemoryLayout<Int32>.size
    // It fails only for a closed socket or an interrupted call; 0 then reads as "nothing waits", and is asked
    // again.
    while zmq_getsockopt(raw, option, &value, &size) != 0 && zmq_errno() == EINTR {}
    return value
  }

  // The options above are all known to the library, and their values of the right size and in range: these
  // cannot fail, but a value of the wrong size would be refused in silence, so debug builds look.

  private func set(_ option: Int32, _ value: Int32) {
    withUnsafeBytes(of: value) { set(option, bytes: $0) }
  }

  private func set(_ option: Int32, wide value: Int64) {
    withUnsafeBytes(of: value) { set(option, bytes: $0) }
  }

  private func set(_ option: Int32, _ text: String) {
    Array(text.utf8).withUnsafeBytes { set(option, bytes: $0) }
  }

  private func set(_ option: Int32, bytes: UnsafeRawBufferPointer) {
    mayHoldMessages = true
    let result = zmq_setsockopt(raw, option, bytes.baseAddress, bytes.count)
    assert(result == 0, "option \(option): \(String(cString: zmq_strerror(zmq_errno())))")
  }
}

extension ZMQSocket.Kind {
  fileprivate var code: Int32 {
    switch self {
    case .router: ZMQ_ROUTER
    case .dealer: ZMQ_DEALER
    case .xpub: ZMQ_XPUB
    case .sub: ZMQ_SUB
    }
  }
}
