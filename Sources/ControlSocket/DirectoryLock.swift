import Glibc

/// The right to serve a socket directory: an advisory lock on a file that holds the owner's process id.
///
/// A ZeroMQ bind takes a socket path from whoever has it, so the lock comes before any bind. The kernel
/// releases it with the process, however that ends.
struct DirectoryLock: ~Copyable {
  private let descriptor: Int32
  private let path: String

  /// Takes the lock, or refuses with the process id of its holder.
  init(_ directory: SocketDirectory) throws(SocketError) {
    path = directory.lockPath
    while true {
      let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard file >= 0 else { throw directory.failure("open chaosgarden.lock", errno) }
      guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
        let code = errno
        let holder = DirectoryLock.processID(in: file)
        close(file)
        guard code == EWOULDBLOCK else { throw directory.failure("flock", code) }
        throw SocketError(.locked(pid: holder), directory.path)
      }
      // A holder that left between our open and our flock removed the file; a lock on it would exclude
      // nobody.
      guard DirectoryLock.isFile(file, at: path) else {
        close(file)
        continue
      }
      descriptor = file
      break
    }
    let text = Array("\(getpid())\n".utf8)
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
      // The number is for messages only; the lock stands without it.
      return
    }
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  private static func isFile(_ file: Int32, at path: String) -> Bool {
    var opened = stat()
    var named = stat()
    return fstat(file, &opened) == 0 && lstat(path, &named) == 0 && opened.st_ino == named.st_ino
      && opened.st_dev == named.st_dev
  }

  private static func processID(in file: Int32) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(file, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }
}
