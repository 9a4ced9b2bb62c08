import Glibc
import Tools

/// The token that HTTP asks for: a file that its owner alone can read.
package enum AccessToken {
  /// The one that is kept there, and a new one where there is none.
  ///
  /// - Parameter fresh: what a new one is: at least 32 printable ASCII characters.
  package static func keep(at path: String, fresh: () -> String) throws(ToolError) -> String {
    do { return try read(path) } catch { guard error.exit == .fileMissing else { throw error } }
    let token = fresh()
    // Written under another name first: whoever reads it reads it whole.
    let draft = "\(path).\(getpid())"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw cannotWrite(path, errno) }
    let bytes = Array((token + "\n").utf8)
    let isWhole = write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
    let code = errno
    close(descriptor)
    defer { unlink(draft) }
    guard isWhole else { throw cannotWrite(path, code) }
    // Another daemon's, made meanwhile, stands.
    if link(draft, path) != 0, errno != EEXIST { throw cannotWrite(path, errno) }
    return try read(path)
  }

  package static func read(_ path: String) throws(ToolError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      throw ToolError(
        code: code == ENOENT ? "no_token" : "unreadable", exit: code == ENOENT ? .fileMissing : .notAllowed,
        what: "the token of HTTP cannot be read", why: "\(path): \(String(cString: strerror(code)))",
        next: "garden up")
    }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_uid == getuid(),
      info.st_mode & 0o077 == 0
    else {
      throw ToolError(
        code: "unsafe", exit: .notAllowed, what: "the token of HTTP is no secret",
        why: "\(path) belongs to somebody else or can be read by others",
        next: "rm \(path) && garden down && garden up")
    }
    var bytes = [UInt8](repeating: 0, count: longest + 2)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 0x0A }, as: UTF8.self)
    guard (32...longest).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw ToolError(
        code: "bad_token", exit: .badData, what: "the token of HTTP cannot be used",
        why: "\(path) does not hold one line of 32 to \(longest) characters without spaces",
        next: "rm \(path) && garden down && garden up")
    }
    return text
  }

  private static let longest = 256

  private static func cannotWrite(_ path: String, _ code: Int32) -> ToolError {
    ToolError(
      code: "cannot_write", exit: .cannotWrite, what: "the token of HTTP cannot be kept",
      why: "\(path): \(String(cString: strerror(code)))", next: "garden doctor")
  }
}
