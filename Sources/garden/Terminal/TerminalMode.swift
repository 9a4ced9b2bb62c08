import Glibc

/// The terminal's settings while a live screen shows: keys arrive at once and unechoed, the screen is the
/// alternate one. Whatever ends the process puts them back.
enum TerminalMode {
  // Written on the main thread before the handlers are installed, read by them afterwards: a signal handler
  // can be handed nothing, so what it restores must be a global.
  nonisolated(unsafe) private static var saved = termios()
  nonisolated(unsafe) private static var isChanged: sig_atomic_t = 0
  nonisolated(unsafe) private static var hasScreen: sig_atomic_t = 0

  private static let leave: StaticString = "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"

  /// False when standard input is not a terminal. Ctrl-C still sends its signal; Ctrl-Z is off, because a
  /// stopped process would leave the alternate screen behind.
  static func enterScreen() -> Bool {
    guard enterKeys() else { return false }
    hasScreen = 1
    Console.write("\u{1B}[?1049h\u{1B}[?25l", to: STDOUT_FILENO)
    return true
  }

  /// The same without the screen: what is written stays.
  static func enterKeys() -> Bool {
    guard isChanged == 0, tcgetattr(STDIN_FILENO, &saved) == 0 else { return false }
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    raw.c_cc.10 = 0  // VSUSP: _POSIX_VDISABLE
    raw.c_cc.6 = 0  // VMIN
    raw.c_cc.5 = 0  // VTIME
    isChanged = 1
    for signal in [SIGTERM, SIGHUP, SIGQUIT] { handle(signal) }
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0 else {
      isChanged = 0
      return false
    }
    return true
  }

  /// Safe in a signal handler and when nothing was changed.
  static func restore() {
    guard isChanged != 0 else { return }
    isChanged = 0
    if hasScreen != 0 { _ = write(STDOUT_FILENO, leave.utf8Start, leave.utf8CodeUnitCount) }
    hasScreen = 0
    tcsetattr(STDIN_FILENO, TCSANOW, &saved)
  }

  /// Ctrl-C ends with 130, other signals with 128 and their number, as a shell counts.
  static func handle(_ signal: Int32) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { signal in
      TerminalMode.restore()
      _exit(128 + signal)
    }
    sigaction(signal, &action, nil)
  }

  /// Columns and rows, 80 by 24 when nobody knows.
  static func size() -> (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return (80, 24)
    }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// The keys typed since the last call.
  static func keys() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = bytes.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
    return count > 0 ? Array(bytes.prefix(count)) : []
  }
}
