import CSndFile
import Glibc
import Synchronization

/// The file being written: a temporary one beside the wanted name that takes the name when all is done, or a
/// character device itself. Goes without `commit` when writing failed, and then leaves nothing behind: what
/// stood under the name before still does.
final class WriteTarget {
  let path: String
  let descriptor: Int32
  private let finalPath: String
  /// Nil for a device, and once the file has its name.
  private var temporaryPath: String?
  private var isOpen = true
  /// Bytes written since the disk was last asked to begin, and whether all are on it.
  private var waitingBytes = 0
  private var isSynced = false
  private static let writeBehindBytes = 4 << 20

  private static let serial = Atomic<Int>(0)

  init(path: String) throws(MediaError) {
    guard !path.isEmpty, !path.holdsNUL else {
      throw MediaError(.cannotWrite, path: path, asked: "the path of a file", found: "no usable path")
    }
    self.path = path
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFCHR {
      finalPath = path
      temporaryPath = nil
      descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
      guard descriptor >= 0 else { throw Self.refusal(errno, path: path) }
      return
    }
    if exists { try Self.requireReplaceable(status, path: path) }
    finalPath = Self.resolved(path)
    let made = try Self.makeTemporary(in: finalPath.folder, path: path)
    (descriptor, temporaryPath) = (made.descriptor, made.path)
    // A file that is replaced keeps its permissions.
    if exists { _ = fchmod(descriptor, status.st_mode & 0o777) }
  }

  deinit {
    if isOpen { close(descriptor) }
    if let temporaryPath { unlink(temporaryPath) }
  }

  /// Some bytes more are on their way. The disk begins with them now and then, so that `sync` has little left to wait
  /// for; a failure shows there.
  func wrote(_ bytes: Int) {
    isSynced = false
    waitingBytes += bytes
    guard waitingBytes >= Self.writeBehindBytes, temporaryPath != nil else { return }
    waitingBytes = 0
    sound_begin_writing(descriptor)
  }

  /// Puts everything on the disk. The handle that writes must be closed before.
  func sync() throws(MediaError) {
    guard temporaryPath != nil, !isSynced else { return }
    guard fsync(descriptor) == 0 else { throw Self.refusal(errno, path: path) }
    isSynced = true
  }

  /// Puts everything on the disk and gives the file its name. The handle that writes must be closed before.
  func commit() throws(MediaError) {
    guard let temporaryPath else { return }
    try sync()
    isOpen = false
    guard close(descriptor) == 0 else { throw Self.refusal(errno, path: path) }
    guard rename(temporaryPath, finalPath) == 0 else { throw Self.refusal(errno, path: path) }
    self.temporaryPath = nil
  }

  /// The refusal for an errno value of a call that makes or fills a file.
  static func refusal(_ code: Int32, path: String) -> MediaError {
    let full = code == ENOSPC || code == EDQUOT
    return MediaError(
      full ? .diskFull : .cannotWrite, path: path, asked: "a file that can be written", found: errorText(code)
    )
  }

  private static func requireReplaceable(_ status: stat, path: String) throws(MediaError) {
    let asked = "a name for a file"
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      guard access(path, W_OK) == 0 else { throw refusal(errno, path: path) }
    case S_IFDIR: throw MediaError(.isDirectory, path: path, asked: asked, found: "a directory")
    default: throw MediaError(.notAFile, path: path, asked: asked, found: "a pipe, a socket or a disk")
    }
  }

  /// Through symbolic links, so that a link stays one and its file is replaced.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func makeTemporary(
    in folder: String, path: String
  ) throws(MediaError) -> (descriptor: Int32, path: String) {
    // A name may be taken by what a killed process left behind.
    for _ in 0..<100 {
      let number = serial.wrappingAdd(1, ordering: .relaxed).newValue
      let name = "\(folder)/.chaosgarden-\(getpid())-\(number).part"
      let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, name) }
      if errno != EEXIST { throw refusal(errno, path: path) }
    }
    throw refusal(EEXIST, path: path)
  }
}
