import FoundationEssentials
import Glibc
import HootWire

/// The daemon's end of the control sockets.
///
/// Owned by exactly one thread, the control thread, from the first call of `poll` on (asserted in debug
/// builds). It talks to `ControlClient`s and to hootenanny's peers. It never waits except in `poll`: where a
/// peer's queue is full the message is dropped, and a dropped reply counted.
package final class ControlServer {
  package let directory: SocketDirectory
  package internal(set) var counters = SocketCounters()

  let codecs: BodyCodecs
  let session = UUID()
  var subscriptions = Subscriptions()
  /// hootenanny's listeners subscribe to everything: whether there are any is what counts.
  var listeners = Subscriptions()
  var broadcastListeners = Subscriptions()
  var wait: SocketWait?
  private var owner: pthread_t?
  var open: OpenSockets?
  private var lock: DirectoryLock?
  /// Where it listens by TCP too.
  package internal(set) var network: NetworkPlace?
  var desk: AdmissionDesk?
  var visitors = Visitors()
  /// Of the owner's thread.
  package var log = EventLog(run: String(UUID().wireText.prefix(8)))

  /// The six sockets, gone at once when closed.
  struct OpenSockets {
    let control: ZMQSocket
    let shell: ZMQSocket
    let heartbeat: ZMQSocket
    let iopub: ZMQSocket
    let events: ZMQSocket
    let broadcast: ZMQSocket

    var all: [ZMQSocket] { [control, shell, heartbeat, iopub, events, broadcast] }
  }

  /// What one `poll` brought.
  package struct Batch: Sendable {
    package let requests: [Incoming]
    /// Those of the caller's descriptors that are readable.
    package let readyDescriptors: [Int32]
  }

  /// Makes the directory, takes its lock, makes sure that nobody else serves it, and binds all six sockets.
  package init(
    directory: SocketDirectory, codecs: BodyCodecs = BodyCodecs()
  ) throws(SocketError) {
    self.directory = directory
    self.codecs = codecs
    try directory.prepare()
    lock = try DirectoryLock(directory)
    try HeartbeatProbe(directory: directory).check()
    open = try ControlServer.bindAll(directory)
  }

  deinit {
    close()
  }

  /// Waits until a request has come, one of `descriptors` is readable, a signal was caught, or the time is
  /// over (zero or less: does not wait), and returns what is there, at most `SocketLimits.batchMessages`; the
  /// rest with the next call. Heartbeats and what asks for no reply are dealt with inside.
  package func poll(timeout: Duration, descriptors: [Int32] = []) -> Batch {
    assertOwned()
    guard let open else { return Batch(requests: [], readyDescriptors: []) }
    if wait?.descriptors != descriptors {
      wait = SocketWait(open.all + (desk.map { [$0.socket] } ?? []), descriptors: descriptors)
    }
    var ready: [Int32] = []
    if case .ready(let found)? = wait?.wait(until: Deadline(after: timeout)) { ready = found }
    desk?.answer()
    takeSubscriptions(open)
    return Batch(requests: takeMessages(open), readyDescriptors: ready)
  }

  /// Sends what is queued (for `SocketLimits.closeMilliseconds` at most), unbinds, removes the sockets and
  /// the lock. Later calls do nothing.
  package func close() {
    guard open != nil else { return }
    for socket in open?.all ?? [] { socket.linger(milliseconds: SocketLimits.closeMilliseconds) }
    open = nil
    wait = nil
    desk = nil
    for socket in SocketName.allCases { unlink(directory.path(of: socket)) }
    // Last: whoever waits for the lock may bind the moment it is free.
    lock = nil
  }

  private static func bindAll(_ directory: SocketDirectory) throws(SocketError) -> OpenSockets {
    let context = try ZMQContext(directory)
    func router(_ name: SocketName) throws(SocketError) -> ZMQSocket {
      let socket = try ZMQSocket(context, .router, directory)
      socket.reportUnroutable()
      try bind(socket, name)
      return socket
    }
    func bind(_ socket: ZMQSocket, _ name: SocketName) throws(SocketError) {
      try socket.bind(name)
      // The directory keeps others out; where it was made by somebody with wider ideas, this does.
      guard chmod(directory.path(of: name), 0o600) == 0 else { throw directory.failure("chmod", errno) }
    }
    let iopub = try ZMQSocket(context, .xpub, directory)
    try bind(iopub, .iopub)
    let events = try ZMQSocket(context, .xpub, directory)
    events.passAllSubscriptions()
    try bind(events, .events)
    let broadcast = try ZMQSocket(context, .xpub, directory)
    try bind(broadcast, .broadcast)
    return OpenSockets(
      control: try router(.control), shell: try router(.shell), heartbeat: try router(.heartbeat),
      iopub: iopub, events: events, broadcast: broadcast)
  }

  func assertOwned() {
    if owner == nil { owner = pthread_self() }
    assert(owner == pthread_self(), "a control server belongs to one thread")
  }
}
