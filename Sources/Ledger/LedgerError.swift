import GRDB

/// Why the ledger did not do what it was asked. Nothing was changed: what was written with it, in the same commit, was
/// not either.
package struct LedgerError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    case newer = "database_newer"
    case foreign = "database_foreign"
    case readOnly = "database_read_only"
    case diskFull = "disk_full"
    case damaged = "database_damaged"
    case locked = "database_locked"
    case cannotOpen = "database_not_opened"
    case tooLarge = "too_large"
    case busy
    case closed
    case failed = "database_failed"
  }

  package let kind: Kind
  /// What failed, why (the value seen and the value allowed), what to do next.
  package let lines: [String]

  package init(_ kind: Kind, _ what: String, why: String, next: String) {
    self.kind = kind
    lines = [what, why, next]
  }

  package var description: String { lines.joined(separator: "\n") }

  /// - Parameter what: what was tried.
  init(_ error: any Error, _ what: String, path: String) {
    if let error = error as? LedgerError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(.failed, what, why: "\(error)", next: "ls -l \(path)")
      return
    }
    let why = error.message ?? "SQLite gave the code \(error.extendedResultCode.rawValue)."
    switch error.resultCode {
    case .SQLITE_FULL:
      self.init(.diskFull, what, why: "No room is left for \(path): \(why).", next: "df -h \(path)")
    case .SQLITE_READONLY, .SQLITE_PERM:
      self.init(
        .readOnly, what, why: "\(path) cannot be written: \(why).",
        next: "chaosgarden --ledger ANOTHER_FOLDER")
    case .SQLITE_CANTOPEN:
      self.init(.cannotOpen, what, why: "\(path) cannot be opened: \(why).", next: "ls -ld \(path)")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.locked, what, why: "Another program holds \(path): \(why).", next: "fuser \(path)")
    case .SQLITE_CORRUPT:
      self.init(
        .damaged, what, why: "\(path) is damaged: \(why).", next: "sqlite3 \(path) 'PRAGMA integrity_check'")
    case .SQLITE_NOTADB:
      self.init(
        .foreign, what, why: "\(path) is no database: \(why).",
        next: "chaosgarden --ledger ANOTHER_FOLDER")
    default: self.init(.failed, what, why: "\(path): \(why).", next: "ls -l \(path)")
    }
  }
}
