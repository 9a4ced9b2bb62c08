import Glibc

/// Standard output for data, standard error for talk.
struct Console: Sendable {
  var painter: Painter
  /// The daemon's texts and files' names are shown without what would move the cursor.
  static func clean(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { isControl($0) }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 }))
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
  }

  func print(_ line: String) { Self.write(line + "\n", to: STDOUT_FILENO) }
  func say(_ line: String) { Self.write(line + "\n", to: STDERR_FILENO) }

  /// Writes everything. When the reader has gone away (`garden region ls | head -1`) the process ends
  /// quietly.
  static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written >= 0 {
        bytes = bytes.dropFirst(written)
      } else if errno == EPIPE {
        TerminalMode.restore()
        exit(0)
      } else if errno != EINTR && errno != EAGAIN {
        return
      }
    }
  }
}
