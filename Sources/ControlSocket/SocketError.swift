import HootWire

/// Why a control socket could not be opened, or a request had no answer.
package struct SocketError: Error, Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// No socket, or nobody listens on it.
    case unreachable
    /// Somebody listens but gave no heartbeat.
    case silent(milliseconds: Int64)
    /// No reply within the time given.
    case timeout(milliseconds: Int64)
    /// The client's queue to the daemon is full.
    case busy
    case pathTooLong(bytes: Int, limit: Int)
    case badPath(String)
    case notADirectory
    /// An existing directory that others own or may write to.
    case unsafeDirectory(String)
    case notPermitted(String)
    /// Another daemon holds the lock; its process id, when the lock file tells it.
    case locked(pid: Int32?)
    /// A process that does not hold the lock listens on the sockets; whether it answers heartbeats.
    case occupied(socket: String, answers: Bool)
    /// A request body of more bytes than a peer takes.
    case tooLarge(bytes: Int, limit: Int)
    /// A reply that is not one.
    case badReply(String)
    /// A TCP port that cannot be had.
    case port(_ endpoint: String, _ text: String)
    /// Any other refusal of the system.
    case system(call: String, code: Int32, text: String)
  }

  package let kind: Kind
  /// The socket directory as it was asked for.
  package let directory: String

  init(_ kind: Kind, _ directory: String) {
    self.kind = kind
    self.directory = directory
  }
}

extension SocketError: CustomStringConvertible {
  /// What failed, why, and what to type next; each one line without a full stop.
  package var lines: [String] { [what, why, next] }

  package var description: String { lines.joined(separator: "\n") }

  /// The directory on one line, whatever characters it has.
  private var place: String {
    let isPlain = directory.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    return isPlain ? directory : JSONValue.string(directory).text
  }

  private var what: String {
    switch kind {
    case .unreachable: "the daemon is not running"
    case .silent, .timeout: "the daemon does not answer"
    case .busy: "the daemon does not take requests"
    case .pathTooLong: "the path of the socket directory is too long"
    case .badPath, .notADirectory, .unsafeDirectory, .notPermitted: "the socket directory cannot be used"
    case .locked, .occupied: "another daemon uses this socket directory"
    case .tooLarge: "the request is too large"
    case .port(let endpoint, _): "the daemon cannot listen at \(endpoint)"
    case .badReply: "the daemon's reply cannot be read"
    case .system: "the control sockets cannot be opened"
    }
  }

  private var why: String {
    switch kind {
    case .unreachable: "nobody listens in \(place)"
    case .silent(let milliseconds):
      "a process listens in \(place) but gave no heartbeat within \(milliseconds) ms"
    case .timeout(let milliseconds): "no reply within \(milliseconds) ms in \(place)"
    case .busy: "\(SocketLimits.queuedMessages) requests wait already in \(place)"
    case .pathTooLong(let bytes, let limit):
      "\(place) has \(bytes) bytes; at most \(limit) are possible, since a socket's whole path has at most "
        + "\(SocketLimits.socketPathBytes) and names up to \(SocketName.longest) follow"
    case .badPath(let reason): "\(place) \(reason)"
    case .notADirectory: "\(place) is not a directory"
    case .unsafeDirectory(let reason), .notPermitted(let reason): "\(place) \(reason)"
    case .locked(let pid?): "process \(pid) holds the lock in \(place)"
    case .locked(nil): "a process holds the lock in \(place)"
    case .occupied(let socket, let answers):
      "a process without the lock listens on \(place)/\(socket) and "
        + (answers ? "answers heartbeats" : "answers no heartbeat")
    case .tooLarge(let bytes, let limit): "\(bytes) bytes; at most \(limit) are taken"
    case .badReply(let reason): reason
    case .port(_, let text): text
    case .system(let call, _, let text): "\(call) in \(place): \(text)"
    }
  }

  private var next: String {
    switch kind {
    case .unreachable: "garden up"
    case .silent, .timeout, .busy, .badReply: "garden doctor"
    case .pathTooLong, .badPath, .notADirectory, .unsafeDirectory, .notPermitted:
      "chaosgarden --socket-dir /tmp/chaosgarden-\(SocketDirectory.userID)"
    case .locked, .occupied: "garden down"
    case .tooLarge: "split the request"
    case .port: "chaosgarden --tcp 127.0.0.1:5685"
    case .system: "garden doctor"
    }
  }
}
