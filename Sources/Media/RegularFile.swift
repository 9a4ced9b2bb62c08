import Glibc

/// An open descriptor of a regular file, closed with the last reference. Any ordinary thread.
final class RegularFile: Sendable {
  let descriptor: Int32
  /// Bytes, at the time of opening.
  let size: Int64
  /// Of its last change then, in nanoseconds.
  let time: Int64
  /// The disk it is on, and its number there.
  let disk: UInt64
  let number: UInt64

  /// Opens for reading. Looks before it opens, so that a pipe without a writer or a device cannot hold the
  /// caller up, and looks again at what was opened, because the path may have changed hands in between.
  init(reading path: String) throws(MediaError) {
    guard !path.isEmpty, !path.holdsNUL else {
      throw MediaError(.missing, path: path, asked: "the path of a file", found: "no usable path")
    }
    var status = stat()
    guard stat(path, &status) == 0 else { throw Self.refusal(errno, path: path) }
    try Self.requireRegular(status, path: path)

    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw Self.refusal(errno, path: path) }
    do throws(MediaError) {
      guard fstat(descriptor, &status) == 0 else { throw Self.refusal(errno, path: path) }
      try Self.requireRegular(status, path: path)
      guard status.st_size > 0 else {
        throw MediaError(.empty, path: path, asked: "an audio file", found: "0 bytes")
      }
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    self.size = Int64(status.st_size)
    self.time = Self.time(status)
    self.disk = UInt64(status.st_dev)
    self.number = UInt64(status.st_ino)
  }

  deinit { close(descriptor) }

  /// What the open file has become since it was opened: written over, or cut short.
  var isChanged: Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return true }
    return Int64(status.st_size) != size || Self.time(status) != time
  }

  private static func time(_ status: stat) -> Int64 {
    Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
  }

  /// Reads up to `count` bytes at `offset` without moving the descriptor's own position. Fewer at the end.
  func bytes(at offset: Int64, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
    }
  }

  private static func requireRegular(_ status: stat, path: String) throws(MediaError) {
    let asked = "a regular file"
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw MediaError(.isDirectory, path: path, asked: asked, found: "a directory")
    case S_IFIFO: throw MediaError(.notAFile, path: path, asked: asked, found: "a pipe")
    case S_IFSOCK: throw MediaError(.notAFile, path: path, asked: asked, found: "a socket")
    default: throw MediaError(.notAFile, path: path, asked: asked, found: "a device")
    }
  }

  /// The refusal for an errno value of `stat` or `open`.
  static func refusal(_ code: Int32, path: String) -> MediaError {
    let missing = code == ENOENT || code == ENOTDIR || code == ENAMETOOLONG
    return MediaError(
      missing ? .missing : .unreadable, path: path, asked: "a readable file", found: errorText(code))
  }
}

/// The system's words for an errno value.
func errorText(_ code: Int32) -> String {
  var text = [CChar](repeating: 0, count: 256)
  guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
  return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
