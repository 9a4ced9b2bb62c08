import Glibc

/// Small files that are there whole or as they were before. Loader thread.
enum WholeFile {
  /// Writes beside the file, puts it on the disk, and gives it the name. Folders above it are made.
  static func write(
    _ bytes: [UInt8], to path: String, overwrites: Bool = true, what: String
  ) throws(Refusal) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    makeFolder(folder)
    let temporary = "\(folder)/.chaosgarden-\(getpid()).part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw refusal(errno, path, what) }
    var code = fill(descriptor, bytes)
    if code == 0, fsync(descriptor) != 0 { code = errno }
    if close(descriptor) != 0, code == 0 { code = errno }
    // A link is refused where the name is taken; a new name takes its place.
    if code == 0, (overwrites ? rename(temporary, path) : link(temporary, path)) != 0 { code = errno }
    if !overwrites { unlink(temporary) }
    guard code == 0 else {
      unlink(temporary)
      if code == EEXIST {
        throw Refusal(
          "exists", .refused, "\(path) is there already", "nothing is overwritten without force",
          "again with --force, or with another name")
      }
      throw refusal(code, path, what)
    }
  }

  private static func fill(_ descriptor: Int32, _ bytes: [UInt8]) -> Int32 {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count < 0 ? errno : ENOSPC }
      done += count
    }
    return 0
  }

  /// What cannot be made shows when the file is opened.
  private static func makeFolder(_ path: String) {
    guard !path.isEmpty, access(path, F_OK) != 0 else { return }
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex { makeFolder(String(path[..<slash])) }
    mkdir(path, 0o700)
  }

  private static func refusal(_ code: Int32, _ path: String, _ what: String) -> Refusal {
    Refusal(
      code == ENOSPC || code == EDQUOT ? "diskFull" : "cannotWrite", .cannotWrite,
      "\(what) could not be written to \(path)", String(cString: strerror(code)), "df -h, then again")
  }
}
