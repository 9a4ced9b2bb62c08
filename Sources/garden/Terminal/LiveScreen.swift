import Glibc
import Tools

/// A screen that is drawn anew ten times a second until q is typed.
enum LiveScreen {
  private static let framesPerSecond = 10

  /// Draws what `frame` gives for the terminal's size, until it gives nothing or q is typed. The terminal is
  /// put back on every way out, errors included.
  static func run(
    _ frame: ((columns: Int, rows: Int)) throws(ToolError) -> [String]?
  ) throws(ToolError) {
    guard TerminalMode.enterScreen() else {
      throw ToolError(
        code: "no_terminal", exit: .refused, what: "The terminal cannot show a live screen",
        why: "Its settings cannot be read.", next: "garden status")
    }
    defer { TerminalMode.restore() }
    while true {
      let size = TerminalMode.size()
      // Each line ends with "clear to the end", the last with "clear below": nothing flickers.
      guard let lines = try frame(size)?.prefix(max(1, size.rows - 1)) else { return }
      Console.write("\u{1B}[H" + lines.map { $0 + "\u{1B}[K\r\n" }.joined() + "\u{1B}[J", to: STDOUT_FILENO)
      if typedQuit(within: 1000 / framesPerSecond) { return }
    }
  }

  /// Waits for a key at most so many milliseconds.
  private static func typedQuit(within milliseconds: Int) -> Bool {
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, Int32(milliseconds)) > 0 else { return false }
    // A terminal that has gone is readable and empty; without this the loop would spin on it.
    if descriptor.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { return true }
    return TerminalMode.keys().contains { $0 == UInt8(ascii: "q") || $0 == UInt8(ascii: "Q") || $0 == 4 }
  }
}
