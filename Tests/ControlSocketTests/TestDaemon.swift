import Foundation
import HootWire
import Synchronization

@testable import ControlSocket

/// A folder that goes when the test does.
final class TemporaryFolder {
  let path: String

  init() {
    path = "/tmp/cg-\(UUID().uuidString.prefix(13))"
    mkdir(path, 0o700)
  }

  deinit {
    // A test may have left things in any state; what cannot be removed stays in the temporary folder.
    try? FileManager.default.removeItem(atPath: path)
  }

  var directory: SocketDirectory {
    get throws(SocketError) { try SocketDirectory(path: path) }
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}

/// A control server on a thread of its own, so that a client may wait for it.
final class TestDaemon: Sendable {
  private let state = State()

  private final class State: Sendable {
    let stopping = Atomic<Bool>(false)
    let counters = Mutex(SocketCounters())
    let failure = Mutex<SocketError?>(nil)
    let started = DispatchSemaphore(value: 0)
    let ended = DispatchSemaphore(value: 0)
  }

  /// - Parameter serve: called on the server's thread for every request.
  init(
    _ path: String, serve: @escaping @Sendable (ControlServer, Incoming) -> Void = TestDaemon.echo
  ) throws {
    let state = state
    Thread.detachNewThread {
      defer { state.ended.signal() }
      do {
        let server = try ControlServer(directory: SocketDirectory(path: path))
        state.started.signal()
        while !state.stopping.load(ordering: .acquiring) {
          for request in server.poll(timeout: .milliseconds(5)).requests { serve(server, request) }
          state.counters.withLock { $0 = server.counters }
        }
        server.close()
      } catch {
        state.failure.withLock { $0 = error as? SocketError }
        state.started.signal()
      }
    }
    state.started.wait()
    if let failure = state.failure.withLock({ $0 }) { throw failure }
  }

  deinit {
    stop()
  }

  var counters: SocketCounters { state.counters.withLock { $0 } }

  func stop() {
    guard !state.stopping.exchange(true, ordering: .acquiringAndReleasing) else { return }
    state.ended.wait()
  }

  /// Replies `{"type":"ok","result":CONTENT}`, or with the refusal of a body that cannot be read.
  static func echo(_ server: ControlServer, _ incoming: Incoming) {
    switch incoming.request {
    case .success(let request):
      server.reply(to: incoming, content: ["type": "ok", "result": request.content])
    case .failure(let error): server.reply(to: incoming, content: error.replyContent)
    }
  }
}

/// Waits long enough for a machine that is busy with other things.
let patient: ClientTimeouts = {
  var timeouts = ClientTimeouts()
  timeouts.hello = .seconds(10)
  timeouts.reply = .seconds(10)
  return timeouts
}()

/// A peer that sends whatever it likes.
final class RawPeer {
  let socket: ZMQSocket

  init(_ directory: SocketDirectory, _ name: SocketName, routingID: String? = nil) throws {
    socket = try ZMQSocket(ZMQContext(directory), name == .iopub ? .sub : .dealer, directory)
    if name == .iopub { socket.subscribe("") }
    if let routingID { socket.introduce(as: routingID) }
    try socket.connect(name)
  }

  /// The next message within ten seconds. While it waits, `server` (if it runs on this thread) is polled.
  func receive(polling server: ControlServer? = nil) -> [[UInt8]]? {
    let deadline = Deadline(after: .seconds(10))
    while deadline.remainingNanoseconds > 0 {
      if case .message(let frames) = socket.receive() { return frames }
      for request in server?.poll(timeout: .zero).requests ?? [] {
        if let server { TestDaemon.echo(server, request) }
      }
      var wait = SocketWait([socket])
      _ = wait.wait(until: Deadline(after: .milliseconds(2)))
    }
    return nil
  }
}

func requestFrame(
  _ content: JSONValue, command: HootFrame.Command = .request, contentType: HootFrame.ContentType = .json
) -> HootFrame {
  let header = HootMessage.Header(
    msgID: UUID(), session: UUID(), msgType: "shell_request", timestamp: .now)
  return HootFrame(
    command: command, contentType: contentType, requestID: header.msgID,
    body: HootMessage(header: header, content: content).encode().encode())
}

/// Polls until `count` requests have come; gives up after ten seconds.
func requests(_ count: Int, from server: ControlServer) -> [Incoming] {
  var all: [Incoming] = []
  let deadline = Deadline(after: .seconds(10))
  while all.count < count && deadline.remainingNanoseconds > 0 {
    all += server.poll(timeout: .milliseconds(50)).requests
  }
  return all
}
