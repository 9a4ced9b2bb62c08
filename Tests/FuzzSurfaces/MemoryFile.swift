import Glibc

/// A file without a name whose contents are replaced again and again. One thread at a time.
final class MemoryFile {
  private let descriptor: Int32

  init() {
    let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(folder)/garden-fuzz-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0, unlink(template) == 0 else {
      preconditionFailure("no file can be made in \(folder)")
    }
  }

  deinit { close(descriptor) }

  /// The path under which the bytes, and only they, can be read.
  func write(_ bytes: [UInt8]) -> String {
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
      preconditionFailure("the file in memory cannot be written: \(errno)")
    }
    return "/proc/self/fd/\(descriptor)"
  }
}
