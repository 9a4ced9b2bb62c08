import Glibc
import Tools

/// A small file that holds a secret: its owner alone may read it, and whoever reads it reads it whole.
enum OwnersFile {
  /// - Parameters:
  ///   - what: as messages call it.
  ///   - next: what to type where there is none.
  static func read(_ path: String, limit: Int, what: String, next: String) throws(ToolError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      throw ToolError(
        code: code == ENOENT ? "no_token" : "unreadable", exit: code == ENOENT ? .fileMissing : .notAllowed,
        what: "\(what) cannot be read", why: "\(path): \(String(cString: strerror(code)))", next: next)
    }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_uid == getuid(),
      info.st_mode & 0o077 == 0
    else {
      throw ToolError(
        code: "unsafe", exit: .notAllowed, what: "\(what) is no secret",
        why: "\(path) belongs to somebody else or can be read by others", next: "rm \(path) && \(next)")
    }
    var bytes = [UInt8](repeating: 0, count: limit + 2)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  /// - Parameter replacing: what is there goes; else it stands, also when another process made it meanwhile.
  static func write(_ text: String, to path: String, what: String, replacing: Bool) throws(ToolError) {
    // Written under another name first.
    let draft = "\(path).\(getpid())"
    unlink(draft)
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw cannotWrite(path, errno, what) }
    defer { unlink(draft) }
    let bytes = Array(text.utf8)
    let isWhole = Glibc.write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
    let code = errno
    close(descriptor)
    guard isWhole else { throw cannotWrite(path, code, what) }
    if replacing {
      guard rename(draft, path) == 0 else { throw cannotWrite(path, errno, what) }
    } else if link(draft, path) != 0, errno != EEXIST {
      throw cannotWrite(path, errno, what)
    }
  }

  private static func cannotWrite(_ path: String, _ code: Int32, _ what: String) -> ToolError {
    ToolError(
      code: "cannot_write", exit: .cannotWrite, what: "\(what) cannot be kept",
      why: "\(path): \(String(cString: strerror(code)))", next: "garden doctor")
  }
}
