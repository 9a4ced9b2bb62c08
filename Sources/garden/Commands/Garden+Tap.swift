import Glibc
import MusicalTime
import Tools

extension Garden {
  /// Whether keys are taps: on a terminal, unless the command says more than `garden tap`.
  var tapsOnTerminal: Bool {
    !invocation.arguments.isSet(.once) && !invocation.arguments.has(.intervals) && !invocation.wantsJSON
      && !invocation.isQuiet && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
  }

  /// Each key is a tap, timed here; from the fourth on the daemon is told. Enter, q or Ctrl-D ends it.
  func tap(_ tool: Tool) throws(ToolError) -> Int32 {
    let link = try link()
    guard TerminalMode.enterKeys() else { return ExitCode.internalError.rawValue }
    defer { TerminalMode.restore() }
    Console.write("Tap any key in time; Enter ends.\n", to: STDOUT_FILENO)
    let clock = ContinuousClock()
    let start = clock.now
    var taps = TapTempo()
    while let keys = Self.nextKeys(), !keys.contains(where: { [4, 10, 13, 113].contains($0) }) {
      taps.tap(at: start.duration(to: clock.now) / .seconds(1))
      var said = "tap \(taps.taps) of \(TapTempo.tapsNeeded)"
      if taps.bpm != nil {
        let intervals = taps.intervals.map { ToolValue.number($0) }
        let arguments = try tool.validate([(ParameterName.intervals.rawValue, .list(intervals))])
        let reply = try link.query(.tap, arguments, timeout: invocation.timeout)
        said = "tempo \(Field.text(reply["tempo_bpm"])) bpm"
      }
      Console.write("\r\u{1B}[K" + said, to: STDOUT_FILENO)
    }
    Console.write("\n", to: STDOUT_FILENO)
    return ExitCode.done.rawValue
  }

  /// Waits for keys; nil when no more can come.
  private static func nextKeys() -> [UInt8]? {
    var waited = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    while poll(&waited, 1, -1) < 0 {
      guard errno == EINTR else { return nil }
    }
    let keys = TerminalMode.keys()
    return keys.isEmpty ? nil : keys
  }
}
