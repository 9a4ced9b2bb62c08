import Glibc

/// Data goes to stdout, talk to stderr.
enum Output {
  static func line(_ text: String) { write(text + "\n", to: 1) }

  static func note(_ text: String) { write(text + "\n", to: 2) }

  /// Writes over the line that stands on the terminal.
  static func over(_ text: String) { write("\r\u{1B}[K" + text, to: 2) }

  /// What failed, why, and what to type next.
  static func error(_ lines: [String]) {
    for (index, line) in lines.enumerated() where !line.isEmpty {
      write((index == 0 ? "chaosgarden: " : "  ") + line + "\n", to: 2)
    }
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
