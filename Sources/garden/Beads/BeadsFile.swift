import Glibc
import HootWire
import Tools

/// The file of a list: read whole, and replaced whole by one that is on the disk before it takes the name.
///
/// One thread. Holds a lock on the folder, so that only one of these works there.
final class BeadsFile {
  /// Where it really is: a link stays a link.
  let path: String
  private let folder: String
  private let folderDescriptor: Int32
  private let watch: Int32
  private var stamp: Stamp?

  /// After so long nobody is in the middle of writing any more.
  private static let writingSeconds: Int64 = 5

  /// What changes when somebody else has written.
  private struct Stamp: Equatable {
    let device, inode: UInt64
    let bytes, seconds, nanoseconds: Int64
  }

  init(_ given: String) throws(ToolError) {
    guard let real = realpath(given, nil) else { throw Self.unreadable(given) }
    defer { free(real) }
    let whole = String(cString: real)
    path = whole
    folder = whole.lastIndex(of: "/").map { $0 == whole.startIndex ? "/" : String(whole[..<$0]) } ?? "/"
    folderDescriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folderDescriptor >= 0 else { throw Self.unreadable(folder) }
    guard flock(folderDescriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(folderDescriptor)
      throw ToolError(
        code: ExitCode.tryLater.word, exit: .tryLater, what: "\(shownText(given)) is being followed already",
        why: "Another program holds the lock on its folder.", next: "pgrep -af 'garden job beads'")
    }
    // Without it the folder is looked at now and then.
    watch = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
    if watch >= 0 { inotify_add_watch(watch, folder, UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO)) }
  }

  deinit {
    if watch >= 0 { close(watch) }
    close(folderDescriptor)
  }

  /// Readable when something was written in the folder; nil when the kernel does not tell.
  var wake: Int32? { watch >= 0 ? watch : nil }

  /// Takes what the kernel has told.
  func drain() {
    guard watch >= 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while read(watch, &buffer, buffer.count) > 0 {}
  }

  /// The list, or nil when it is the one that was read or written last.
  func readIfChanged() throws(ToolError) -> BeadsList? {
    let now = current()
    guard now == nil || now != stamp else { return nil }
    return try load()
  }

  private func load() throws(ToolError) -> BeadsList {
    // The stamp first: what is written while it is read is read once more.
    let before = current()
    let bytes = try Files.read(path, limit: ToolLimits.beadsBytes)
    stamp = before
    return BeadsList(bytes)
  }

  /// Reads the list as it is now, lets `change` change it, and puts the result in its place; begun anew when somebody
  /// else has written in between. nil when nothing was changed, or when somebody is in the middle of writing: then
  /// it is for the next time.
  func rewrite(_ change: (inout BeadsList) -> Bool) throws(ToolError) -> BeadsList? {
    for _ in 0..<20 {
      var list = try load()
      guard let before = stamp, !(list.isCut && Int64(time(nil)) - before.seconds < Self.writingSeconds)
      else {
        usleep(20_000)
        continue
      }
      guard change(&list) else { return list }
      let bytes = list.bytes
      let temporary = "\(folder)/.\(path.split(separator: "/").last ?? "issues").garden"
      try write(bytes, to: temporary)
      guard current() == before else { continue }
      guard rename(temporary, path) == 0 else { throw Self.unwritable(path) }
      _ = fsync(folderDescriptor)
      stamp = current()
      return list
    }
    return nil
  }

  private func write(_ bytes: [UInt8], to temporary: String) throws(ToolError) {
    var status = stat()
    let mode = stat(path, &status) == 0 ? status.st_mode & 0o777 : 0o600
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { throw Self.unwritable(temporary) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failed(temporary) }
      rest = rest.dropFirst(count)
    }
    guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else { throw Self.failed(temporary) }
  }

  private func current() -> Stamp? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Stamp(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), bytes: Int64(status.st_size),
      seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
  }

  private static func unreadable(_ path: String) -> ToolError {
    ToolError(
      code: "file_missing", exit: .fileMissing, what: "\(shownText(path)) cannot be read",
      why: String(cString: strerror(errno)) + ".", next: "ls -l \(shownText(path))")
  }

  private static func unwritable(_ path: String) -> ToolError {
    ToolError(
      code: ExitCode.cannotWrite.word, exit: .cannotWrite, what: "\(shownText(path)) cannot be written",
      why: String(cString: strerror(errno)) + "; the list is as it was.", next: "ls -ld \(shownText(path))")
  }

  /// A temporary file of half a list is of no use to anybody.
  private static func failed(_ temporary: String) -> ToolError {
    let error = unwritable(temporary)
    unlink(temporary)
    return error
  }
}
