import Glibc
import Tools

/// Programs that `garden` runs.
enum ChildProcess {
  /// `chaosgarden`: beside this executable, else on PATH; nil when it is nowhere.
  static func daemonExecutable(_ environment: [String: String]) -> String? {
    var folders = environment["PATH"]?.split(separator: ":").map(String.init) ?? []
    if let own = ownFolder() { folders.insert(own, at: 0) }
    return folders.map { $0 + "/chaosgarden" }.first { access($0, X_OK) == 0 }
  }

  static func requireDaemonExecutable(_ environment: [String: String]) throws(ToolError) -> String {
    if let path = daemonExecutable(environment) { return path }
    throw ToolError(
      code: "no_daemon_program", exit: .unreachable, what: "The program chaosgarden is not found",
      why: "Looked beside garden (\(ownFolder() ?? "unknown")) and on PATH.",
      next: "swift build -c release --product chaosgarden")
  }

  static func ownFolder() -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: CChar.self) { text in
        text.baseAddress.map { readlink("/proc/self/exe", $0, text.count) } ?? -1
      }
    }
    guard count > 0 else { return nil }
    let path = String(decoding: buffer[..<count], as: UTF8.self)
    return path.lastIndex(of: "/").map { String(path[..<$0]) }
  }

  /// Runs a program to its end and gives its exit status; 128 and the signal's number when a signal ended it.
  static func run(_ path: String, _ arguments: [String], input: [UInt8]? = nil) throws(ToolError) -> Int32 {
    var pipeEnds: (read: Int32, write: Int32)?
    if input != nil {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw failed(path, errno) }
      // The child gets its copy by dup2, which drops the mark; the writing end must not stay open in it.
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      pipeEnds = (ends[0], ends[1])
    }
    let child = try spawn(path, arguments, pipeEnds.map { .pipe($0.read) } ?? .inherited)
    if let pipeEnds {
      close(pipeEnds.read)
      writeAll(input ?? [], to: pipeEnds.write)
      close(pipeEnds.write)
    }
    return wait(for: child)
  }

  /// Runs a program to its end and gives its exit status and what it printed; its talk goes where ours goes.
  static func output(
    of path: String, _ arguments: [String], input: [UInt8]
  ) throws(ToolError) -> (status: Int32, text: [UInt8]) {
    var ends: [Int32] = [-1, -1, -1, -1]
    for pair in 0..<2 {
      let made = ends.withUnsafeMutableBufferPointer { pipe($0.baseAddress.map { $0 + 2 * pair } ?? nil) }
      guard made == 0 else { throw failed(path, errno) }
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let child = try spawn(path, arguments, .pipes(input: ends[0], output: ends[3]))
    close(ends[0])
    close(ends[3])
    // The program reads all of its input before it prints, so neither pipe can wait for the other.
    writeAll(input, to: ends[1])
    close(ends[1])
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(ends[2], &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      text += buffer.prefix(count)
    }
    close(ends[2])
    return (wait(for: child), text)
  }

  /// Starts a program that outlives this one.
  static func startDetached(_ path: String, _ arguments: [String], log: String) throws(ToolError) -> pid_t {
    try spawn(path, arguments, .detached(log: log))
  }

  /// The exit status of a child that has ended; nil while it runs.
  static func status(of child: pid_t) -> Int32? {
    var status: Int32 = 0
    return waitpid(child, &status, WNOHANG) == child ? exitStatus(status) : nil
  }

  private enum Wiring {
    case inherited
    case pipe(Int32)
    case pipes(input: Int32, output: Int32)
    case detached(log: String)
  }

  private static func spawn(
    _ path: String, _ arguments: [String], _ wiring: Wiring
  ) throws(ToolError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    // SIGPIPE is ignored here, and ignored signals are inherited: the child gets the default back.
    var defaults = sigset_t()
    sigemptyset(&defaults)
    sigaddset(&defaults, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    var flags = Int16(POSIX_SPAWN_SETSIGDEF)
    switch wiring {
    case .inherited: break
    case .pipe(let end): posix_spawn_file_actions_adddup2(&actions, end, STDIN_FILENO)
    case .pipes(let input, let output):
      posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
      posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    case .detached(let log):
      // POSIX_SPAWN_SETSID, glibc's <spawn.h>; shown only with _GNU_SOURCE.
      flags |= 0x80
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
      posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
      keepInheritedDescriptors()
    }
    posix_spawnattr_setflags(&attributes, flags)
    var texts = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for text in texts { free(text) } }
    var child: pid_t = 0
    let code = posix_spawnp(&child, path, &actions, &attributes, &texts, environ)
    guard code == 0 else { throw failed(path, code) }
    return child
  }

  /// Marks every descriptor but the standard ones to be closed in children: whoever waits for the other end of a pipe
  /// that this process was given must not wait for a daemon.
  private static func keepInheritedDescriptors() {
    for descriptor in Files.names(in: "/proc/self/fd").compactMap(Int32.init) where descriptor > STDERR_FILENO
    {
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
  }

  private static func wait(for child: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      if errno != EINTR { return ExitCode.internalError.rawValue }
    }
    return exitStatus(status)
  }

  /// The macros of <sys/wait.h>, which Swift does not import.
  private static func exitStatus(_ status: Int32) -> Int32 {
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      if written <= 0 { return }  // The reader has gone; its exit status says why.
      rest = rest.dropFirst(written)
    }
  }

  private static func failed(_ path: String, _ code: Int32) -> ToolError {
    ToolError(
      code: "cannot_run", exit: code == EACCES ? .notAllowed : .fileMissing, what: "\(path) cannot be run",
      why: String(cString: strerror(code)) + ".", next: "garden doctor")
  }
}
