import Glibc

/// Why the store did not do what it was asked. Nothing was changed: no file is left behind, none is half written.
package struct StoreError: Error, Equatable, Sendable {
  package enum Kind: String, Sendable {
    /// There is no such blob.
    case notFound = "content_not_found"
    /// A blob's bytes are not those that its name promises.
    case damaged = "content_damaged"
    /// The start of a name fits several blobs.
    case ambiguous = "content_ambiguous"
    case unreadable = "file_unreadable"
    case missing = "file_missing"
    case notAFile = "not_a_file"
    case tooLarge = "file_too_large"
    case badMetadata = "bad_metadata"
    case badArtifacts = "bad_artifacts"
    case readOnly = "store_read_only"
    case exists
    case diskFull = "disk_full"
    case cannotWrite = "cannot_write"
  }

  package let kind: Kind
  /// What failed, why, and what to type next.
  package let lines: [String]

  init(_ kind: Kind, _ what: String, _ why: String, _ next: String) {
    self.kind = kind
    lines = [what, why, next]
  }

  /// Of a call that set `errno`.
  static func reading(_ path: String, _ code: Int32) -> StoreError {
    switch code {
    case ENOENT, ENOTDIR:
      StoreError(.missing, "\(path) could not be opened", String(cString: strerror(code)), "ls -l \(path)")
    case ELOOP:
      StoreError(
        .notAFile, "\(path) is not read", "it is a symbolic link, and links in the store are not followed",
        "ls -l \(path)")
    default:
      StoreError(.unreadable, "\(path) could not be read", String(cString: strerror(code)), "ls -l \(path)")
    }
  }

  static func writing(_ path: String, _ code: Int32) -> StoreError {
    StoreError(
      [ENOSPC, EDQUOT, EFBIG].contains(code) ? .diskFull : .cannotWrite, "\(path) could not be written",
      String(cString: strerror(code)), "df -h \(path)")
  }
}
