import Glibc
import SeedSoundFont

/// The embedded font as a path FluidSynth can open: an unlinked temporary file, made once a process.
enum SeedFontFile {
  /// What users call it.
  static let name = "embedded"

  /// `/proc/self/fd/N`, or nil when no temporary file can be made.
  static let path: String? = {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    for candidate in ["/dev/shm", folder, "/tmp"] {
      var template = Array("\(candidate)/garden-seed-XXXXXX".utf8CString)
      let descriptor = mkstemp(&template)
      guard descriptor >= 0 else { continue }
      unlink(template)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      if write(SeedSoundFont.bytes(), to: descriptor) { return "/proc/self/fd/\(descriptor)" }
      close(descriptor)
    }
    return nil
  }()

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
