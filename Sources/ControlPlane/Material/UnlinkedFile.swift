import Glibc

/// Bytes as a path that libraries can open: a temporary file without a name, which is gone with this.
final class UnlinkedFile: Sendable {
  private let descriptor: Int32

  /// Nil when no temporary file can be made.
  init?(_ bytes: [UInt8]) {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    for candidate in ["/dev/shm", folder, "/tmp"] {
      var template = Array("\(candidate)/garden-seed-XXXXXX".utf8CString)
      let descriptor = mkstemp(&template)
      guard descriptor >= 0 else { continue }
      unlink(template)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      if Self.write(bytes, to: descriptor) {
        self.descriptor = descriptor
        return
      }
      close(descriptor)
    }
    return nil
  }

  deinit { close(descriptor) }

  /// `/proc/self/fd/N`.
  var path: String { "/proc/self/fd/\(descriptor)" }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}
