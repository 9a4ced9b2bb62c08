import Glibc

/// The sockets of a daemon. The file names have no extension.
package enum SocketName: String, CaseIterable, Sendable {
  case control = "chaosgarden-control"
  case shell = "chaosgarden-shell"
  case iopub = "chaosgarden-iopub"
  case heartbeat = "chaosgarden-hb"
  /// Ours alone: the events by topic. The others are those that every peer knows.
  case events = "chaosgarden-events"
  /// Ours too: beats, markers and the transport in the form of hootenanny's broadcasts.
  case broadcast = "chaosgarden-pub"

  static let longest = allCases.map { "/" + $0.rawValue }.max { $0.utf8.count < $1.utf8.count } ?? ""
}

/// The folder where a daemon's sockets stand. A value: any thread; only `prepare` touches the disk.
package struct SocketDirectory: Equatable, Sendable {
  /// Absolute, without a closing slash.
  package let path: String

  /// Longest path in bytes that leaves room for the longest socket name.
  package static let pathBytes = SocketLimits.socketPathBytes - SocketName.longest.utf8.count

  static var userID: UInt32 { geteuid() }

  /// Checks the path itself. A relative one is taken from the current directory: ZeroMQ would give a first
  /// `@` or `*` a meaning of its own.
  package init(path asked: String) throws(SocketError) {
    guard !asked.isEmpty else { throw SocketError(.badPath("is empty"), asked) }
    guard !asked.utf8.contains(0) else { throw SocketError(.badPath("contains a zero byte"), asked) }
    var path = asked.hasPrefix("/") ? asked : SocketDirectory.current + "/" + asked
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    guard path.utf8.count <= SocketDirectory.pathBytes else {
      throw SocketError(.pathTooLong(bytes: path.utf8.count, limit: SocketDirectory.pathBytes), path)
    }
    self.path = path
  }

  package func path(of socket: SocketName) -> String {
    "\(path)/\(socket.rawValue)"
  }

  package var lockPath: String { "\(path)/chaosgarden.lock" }

  func endpoint(of socket: SocketName) -> String {
    "ipc://\(path(of: socket))"
  }

  func failure(_ call: String, _ code: Int32) -> SocketError {
    let text = String(cString: strerror(code))
    if code == EACCES || code == EPERM || code == EROFS {
      return SocketError(.notPermitted("refuses \(call): \(text)"), path)
    }
    return SocketError(.system(call: call, code: code, text: text), path)
  }

  private static var current: String {
    guard let buffer = getcwd(nil, 0) else { return "" }
    defer { free(buffer) }
    return String(cString: buffer)
  }
}

extension SocketDirectory {
  /// Makes the directory with mode 0700 where it is missing, parents included. One that exists must be the
  /// caller's own and writable by nobody else: whoever may write there can put sockets of his own in place of
  /// ours.
  func prepare() throws(SocketError) {
    try create(path)
    var link = stat()
    guard lstat(path, &link) == 0 else { throw failure("lstat", errno) }
    guard link.st_uid == geteuid() else {
      throw SocketError(.unsafeDirectory("belongs to user \(link.st_uid), not to \(geteuid())"), path)
    }
    // What the link, if it is one, leads to is judged too.
    var info = stat()
    guard stat(path, &info) == 0 else { throw failure("stat", errno) }
    guard info.st_mode & S_IFMT == S_IFDIR else { throw SocketError(.notADirectory, path) }
    guard info.st_uid == geteuid() else {
      throw SocketError(.unsafeDirectory("belongs to user \(info.st_uid), not to \(geteuid())"), path)
    }
    guard info.st_mode & 0o022 == 0 else {
      let mode = String(info.st_mode & 0o777, radix: 8)
      throw SocketError(.unsafeDirectory("has mode \(mode); group and others must not write there"), path)
    }
    for socket in SocketName.allCases { try refuseForeignFile(socket) }
  }

  private func create(_ path: String) throws(SocketError) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    let code = errno
    guard code == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      if code == ENOTDIR { throw SocketError(.notADirectory, self.path) }
      throw failure("mkdir", code)
    }
    try create(String(path[..<slash]))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("mkdir", errno) }
  }

  /// Binding removes what stands at a socket's path. A stale socket may go; somebody's file may not.
  private func refuseForeignFile(_ socket: SocketName) throws(SocketError) {
    var info = stat()
    guard lstat(path(of: socket), &info) == 0 else { return }
    guard info.st_mode & S_IFMT == S_IFSOCK else {
      throw SocketError(.badPath("contains \(socket.rawValue), which is not a socket"), path)
    }
  }
}
