import Glibc

/// An open file, closed when nobody holds it any more. Any thread.
package final class OpenFile: Sendable {
  let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// A path of this process's own by which the file can be opened once more, also when it has no name.
  var path: String { "/proc/self/fd/\(descriptor)" }

  /// A regular file to read, and its bytes; nil when there is none. A link at the path's end is not followed.
  static func reading(_ path: String) -> (OpenFile, bytes: Int64)? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { return nil }
    let file = OpenFile(descriptor)
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
    return (file, Int64(info.st_size))
  }

  /// A file without a name, so that nothing is left of it when the process dies.
  static func nameless(in folder: String) -> OpenFile? {
    // O_TMPFILE, a compound the importer leaves out.
    let descriptor = open(folder, 0o20_000_000 | O_DIRECTORY | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 { return OpenFile(descriptor) }
    var name = Array("\(folder)/upload-XXXXXX".utf8CString)
    let named = mkstemp(&name)
    guard named >= 0 else { return nil }
    _ = fcntl(named, F_SETFD, FD_CLOEXEC)
    unlink(name)
    return OpenFile(named)
  }

  /// Appends all of it; the number of the error otherwise.
  func append(_ bytes: [UInt8]) -> Int32? {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count == 0 ? ENOSPC : errno }
      done += count
    }
    return nil
  }

  /// At most so many bytes from there; nil when the file is shorter than it was, or cannot be read.
  func read(at offset: Int64, limit: Int) -> [UInt8]? {
    var piece = [UInt8](repeating: 0, count: limit)
    let count = pread(descriptor, &piece, limit, off_t(offset))
    guard count > 0 else { return nil }
    piece.removeLast(limit - count)
    return piece
  }
}

/// The piece of a file that a reply sends.
package struct FileSpan: Equatable, Sendable {
  let file: OpenFile
  var offset: Int64
  var left: Int64

  package static func == (one: FileSpan, other: FileSpan) -> Bool {
    one.file === other.file && one.offset == other.offset && one.left == other.left
  }
}
