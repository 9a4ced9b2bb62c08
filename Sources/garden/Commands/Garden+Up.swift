import Glibc
import HootWire
import Settings
import Tools

extension Garden {
  /// Seconds until a daemon that was started must answer: a large soundfont takes a few.
  private static let startSeconds = 20.0
  /// Seconds a daemon has to end.
  private static let endSeconds = 10.0

  /// Starts the daemon in the background and waits for its heartbeat; one that already runs is fine too.
  ///
  /// - Parameter more: settings beside those of the command line.
  func up(with more: [(name: SettingName, text: String)] = []) throws(ToolError) -> Int32 {
    try showStart(startedDaemon(with: more))
  }

  /// The same without a word on standard output.
  func startedDaemon(with more: [(name: SettingName, text: String)] = []) throws(ToolError) -> DaemonLink {
    let flags = try settingFlags() + more
    let settings = try settings(flags: flags)
    for warning in settings.warnings { console.say("warning: \(warning)") }
    if DaemonLink.isServed(settings.socketDir) {
      console.say("chaosgarden already runs in \(settings.socketDir)")
      return try DaemonLink(socketDir: settings.socketDir)
    }
    let program = try ChildProcess.requireDaemonExecutable(environment)
    let log = try logFile()
    var arguments = ["--socket-dir", settings.socketDir]
    for flag in flags { arguments += [Setting.declaration(flag.name).flag, flag.text] }
    let child = try ChildProcess.startDetached(program, arguments, log: log)
    return try waitForStart(of: child, settings.socketDir, log)
  }

  /// The flags of `garden up` that are settings have the same words there.
  private func settingFlags() throws(ToolError) -> [(name: SettingName, text: String)] {
    var words: [String] = []
    for parameter in invocation.command.usage.parameters {
      if let text = invocation.arguments.text(parameter.name) { words += [parameter.flag, text] }
      if let number = invocation.arguments.integer(parameter.name) {
        words += [parameter.flag, String(number)]
      }
    }
    return try SettingFlags(words).flags
  }

  private func logFile() throws(ToolError) -> String {
    let state =
      environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? (environment["HOME"] ?? "/tmp") + "/.local/state"
    let folder = state + "/chaosgarden"
    guard Files.makeFolder(folder) else {
      throw ToolError(
        code: "cannot_write", exit: .cannotWrite, what: "The folder \(shownText(folder)) cannot be made",
        why: String(cString: strerror(errno)) + ".", next: "XDG_STATE_HOME=/tmp garden up")
    }
    return folder + "/chaosgarden.log"
  }

  private func waitForStart(
    of child: pid_t, _ socketDir: String, _ log: String
  ) throws(ToolError) -> DaemonLink {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(invocation.options.number(.timeout) ?? Self.startSeconds)
    repeat {
      // Until it answers there is nothing to report; what keeps it from that is in its log.
      if DaemonLink.isServed(socketDir), let link = try? DaemonLink(socketDir: socketDir) { return link }
      if let status = ChildProcess.status(of: child) { throw endedAtOnce(status, log) }
      usleep(20_000)
    } while clock.now < deadline
    throw ToolError(
      code: "timed_out", exit: .timedOut, what: "chaosgarden was started and gives no heartbeat",
      why: "Process \(child) runs; its log is \(log).", next: "tail \(log)")
  }

  private func endedAtOnce(_ status: Int32, _ log: String) -> ToolError {
    let said = (Files.tail(log, lines: 3) ?? []).map { Console.clean($0) }.joined(separator: " / ")
    return ToolError(
      code: "daemon_ended",
      exit: ExitCode(rawValue: status).flatMap { $0 == .done ? nil : $0 } ?? .unreachable,
      what: "chaosgarden ended at once with exit status \(status)",
      why: said.isEmpty ? "It said nothing." : "It said: \(said)", next: "tail \(log)")
  }

  private func showStart(_ link: DaemonLink) throws(ToolError) -> Int32 {
    let status = try link.query(.status)
    if invocation.wantsJSON {
      printJSON(status)
    } else if invocation.isQuiet {
      console.print(Field.text(status["pid"]))
    } else {
      console.print(StatusReport.oneLine(status))
    }
    return ExitCode.done.rawValue
  }

  /// Ends the daemon and waits until nobody listens any more; none running is fine too.
  func down() throws(ToolError) -> Int32 {
    let socketDir = try settings().socketDir
    let link: DaemonLink
    do {
      link = try DaemonLink(socketDir: socketDir)
    } catch {
      guard error.exit == .unreachable, error.code == ExitCode.unreachable.word,
        !DaemonLink.isServed(socketDir)
      else {
        throw error
      }
      console.say("No daemon runs in \(socketDir)")
      return ExitCode.done.rawValue
    }
    _ = try asking(Arguments()) { arguments throws(ToolError) in
      try link.query(.shutdown, arguments, on: .control)
    }
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(invocation.options.number(.timeout) ?? Self.endSeconds)
    while DaemonLink.isServed(socketDir) {
      guard clock.now < deadline else {
        throw ToolError(
          code: "timed_out", exit: .timedOut, what: "chaosgarden was told to end and still runs",
          why: "It listens in \(socketDir).", next: "garden doctor")
      }
      usleep(20_000)
    }
    if invocation.wantsJSON { printJSON(["stopped": true]) } else { console.say("chaosgarden has ended") }
    return ExitCode.done.rawValue
  }
}
