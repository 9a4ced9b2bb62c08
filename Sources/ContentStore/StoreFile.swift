import Glibc

/// An open file or folder, closed with the value that holds it. Owned by the thread that made it.
final class StoreFile {
  let descriptor: Int32
  let path: String

  private init(_ descriptor: Int32, _ path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// A folder by its path, which may hold links: it is what the user said.
  static func folder(_ path: String) throws(StoreError) -> StoreFile {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .reading(path, errno) }
    return StoreFile(descriptor, path)
  }

  /// Below this folder, one name after the other; no link is followed.
  func inside(_ names: [String], _ flags: Int32, mode: mode_t = 0) throws(StoreError) -> StoreFile {
    var place = self
    for (index, name) in names.enumerated() {
      let isLast = index == names.count - 1
      let wanted = (isLast ? flags : O_RDONLY | O_DIRECTORY) | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
      let path = "\(place.path)/\(name)"
      let descriptor = openat(place.descriptor, name, wanted, mode)
      guard descriptor >= 0 else {
        throw .reading(path, errno == ENOTDIR && place.isLink(name) ? ELOOP : errno)
      }
      place = StoreFile(descriptor, path)
    }
    return place
  }

  /// A file to read, by a path of the user's.
  static func file(_ path: String) throws(StoreError) -> StoreFile {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw .reading(path, errno) }
    return StoreFile(descriptor, path)
  }

  /// A file to write that has no name yet, so that nothing is left of it when the process dies; nil where the file
  /// system cannot.
  func nameless() throws(StoreError) -> StoreFile? {
    // O_TMPFILE, a compound the importer leaves out.
    let descriptor = openat(self.descriptor, ".", 0o20_000_000 | O_DIRECTORY | O_RDWR | O_CLOEXEC, 0o644)
    if descriptor >= 0 { return StoreFile(descriptor, path) }
    if [EOPNOTSUPP, EISDIR, ENOENT, EINVAL].contains(errno) { return nil }
    throw .writing(path, errno)
  }

  private func isLink(_ name: String) -> Bool {
    var info = stat()
    return fstatat(descriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && info.st_mode & S_IFMT == S_IFLNK
  }

  /// Its size; refused when it is not a regular file or larger than `limit`.
  func regularBytes(limit: Int64 = ContentLimits.blobBytes) throws(StoreError) -> Int64 {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw .reading(path, errno) }
    guard info.st_mode & S_IFMT == S_IFREG else {
      let kind = info.st_mode & S_IFMT == S_IFDIR ? "a directory" : "not a regular file"
      throw StoreError(.notAFile, "\(path) cannot be read", "it is \(kind)", "ls -l \(path)")
    }
    guard info.st_size <= limit else {
      throw StoreError(
        .tooLarge, "\(path) is too large", "it has \(info.st_size) bytes, and \(limit) are allowed",
        "garden status --limits")
    }
    return Int64(info.st_size)
  }

  /// From the start to the end, piece by piece; answers how many bytes there were. A file that grows beyond `limit`
  /// meanwhile is refused.
  @discardableResult
  func read(
    limit: Int64 = ContentLimits.blobBytes, _ take: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) -> Int64 {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: ContentLimits.pieceBytes, alignment: 64)
    defer { piece.deallocate() }
    var place: Int64 = 0
    while true {
      let count = pread(descriptor, piece.baseAddress, piece.count, off_t(place))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .reading(path, errno) }
      if count == 0 { return place }
      place += Int64(count)
      guard place <= limit else {
        throw StoreError(.tooLarge, "\(path) is too large", "it grew beyond \(limit) bytes", "ls -l \(path)")
      }
      try take(UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
  }

  /// A small file, whole.
  func bytes(limit: Int) throws(StoreError) -> [UInt8] {
    _ = try regularBytes(limit: Int64(limit))
    var bytes: [UInt8] = []
    try read(limit: Int64(limit)) { bytes += $0 }
    return bytes
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    var bytes = bytes
    while !bytes.isEmpty {
      let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .writing(path, count < 0 ? errno : ENOSPC) }
      bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(count))
    }
  }

  /// What was written, or what was named in this folder, outlives a power cut.
  func sync() throws(StoreError) {
    guard fsync(descriptor) == 0 else { throw .writing(path, errno) }
  }

  /// The names in this folder, in no order.
  func names() throws(StoreError) -> [String] {
    let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let stream = fdopendir(copy) else { throw .reading(path, errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      guard names.count < ContentLimits.listedNames else {
        throw StoreError(
          .tooLarge, "\(path) holds too many names", "more than \(ContentLimits.listedNames)", "ls \(path)")
      }
      names.append(name)
    }
    return names
  }
}
