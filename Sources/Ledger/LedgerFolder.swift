import Glibc

/// The folder that `ledger.db` stands in, held for one program. A value but for the lock, which goes with the last
/// reference, or with the process, however that ends.
package final class LedgerFolder: Sendable {
  package let path: String
  /// Locked as long as it is open.
  private let lock: Int32

  package var database: String { path + "/ledger.db" }

  /// Makes the folder with mode 0700 where it is missing, parents included, and locks it.
  package init(_ path: String) throws(LedgerError) {
    self.path = path
    try Self.make(path)
    let file = open(path + "/ledger.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw Self.refusal(path, errno) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(file)
      guard code == EWOULDBLOCK else { throw Self.refusal(path, code) }
      throw LedgerError(
        .locked, "The ledger was not opened.", why: "Another daemon uses \(path)/ledger.db.",
        next: "chaosgarden --ledger DIR, or --ledger memory")
    }
    lock = file
  }

  deinit { close(lock) }

  private static func make(_ path: String) throws(LedgerError) {
    if mkdir(path, 0o700) == 0 { return }
    let code = errno
    var info = stat()
    if code == EEXIST, stat(path, &info) == 0 {
      guard info.st_mode & S_IFMT == S_IFDIR else { throw refusal(path, ENOTDIR) }
      guard info.st_uid == geteuid() else {
        throw LedgerError(
          .readOnly, "The ledger was not opened.",
          why: "\(path) belongs to user \(info.st_uid), not to \(geteuid()).",
          next: "chaosgarden --ledger DIR")
      }
      return
    }
    guard code == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw refusal(path, code)
    }
    try make(String(path[..<slash]))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw refusal(path, errno) }
  }

  private static func refusal(_ path: String, _ code: Int32) -> LedgerError {
    let kind: LedgerError.Kind =
      switch code {
      case EACCES, EPERM, EROFS: .readOnly
      case ENOSPC, EDQUOT: .diskFull
      default: .cannotOpen
      }
    return LedgerError(
      kind, "The ledger was not opened.", why: "\(path): \(String(cString: strerror(code))).",
      next: "chaosgarden --ledger ANOTHER_FOLDER, or --ledger memory")
  }
}
