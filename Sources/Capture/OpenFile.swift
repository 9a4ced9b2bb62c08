import Glibc

/// A descriptor that is closed with its last holder. Capture thread.
final class OpenFile {
  let path: String
  let descriptor: Int32

  init(_ path: String, flags: Int32) throws(CaptureError) {
    guard !path.isEmpty, path.utf8.count <= CaptureLimits.pathBytes, !path.utf8.contains(0) else {
      throw CaptureError.file(path.isEmpty ? "a file without a name" : "the file", ENAMETOOLONG)
    }
    self.path = path
    // Never waits for the other end of a FIFO; what is no file is refused just below.
    descriptor = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0o666)
    guard descriptor >= 0 else { throw CaptureError.file(path, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw CaptureError(
        .cannotWrite, "\(path) was not written", "it is no ordinary file", "give another name: -o FILE")
    }
  }

  deinit { close(descriptor) }

  /// Puts bytes at a place of the file; answers how many came there, fewer only with the error that stopped it.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) -> (count: Int, error: CaptureError?) {
    var done = 0
    while done < bytes.count, let start = bytes.baseAddress {
      let put = pwrite(descriptor, start + done, bytes.count - done, off_t(offset) + off_t(done))
      if put < 0, errno == EINTR { continue }
      guard put > 0 else { return (done, CaptureError.file(path, put == 0 ? ENOSPC : errno)) }
      done += put
    }
    return (done, nil)
  }

  /// False when the file has fewer bytes there, or the disk does not give them.
  func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int64) -> Bool {
    var done = 0
    while done < bytes.count, let start = bytes.baseAddress {
      let got = pread(descriptor, start + done, bytes.count - done, off_t(offset) + off_t(done))
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { return false }
      done += got
    }
    return true
  }

  /// Takes the space of so many bytes on the disk, so that it cannot be full later.
  func reserve(_ bytes: Int64) throws(CaptureError) {
    let code = posix_fallocate(descriptor, 0, off_t(bytes))
    guard code == 0 else { throw CaptureError.file(path, code) }
  }
}
