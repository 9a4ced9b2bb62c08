import Glibc

/// Why something was not captured.
package struct CaptureError: Error, Sendable, Equatable {
  package enum Kind: String, Sendable {
    case exists
    case cannotWrite = "cannot_write"
    case diskFull = "disk_full"
    case nothingKept = "nothing_kept"
    case unknown = "unknown_capture"
    case tooMany = "too_many"
    case badSize = "bad_size"
  }

  package let kind: Kind
  /// What failed, why, and what to type next.
  package let lines: [String]

  package init(_ kind: Kind, _ what: String, _ why: String, _ next: String) {
    self.kind = kind
    lines = [what, why, next]
  }

  /// For an errno value of a call that makes or fills a file.
  static func file(_ path: String, _ code: Int32) -> CaptureError {
    switch code {
    case EEXIST:
      CaptureError(
        .exists, "\(path) was not written", "it is there already", "give another name, or --force")
    case ENOSPC, EDQUOT:
      CaptureError(
        .diskFull, "\(path) was not written", "no space is left on its disk", "make room: df -h")
    default:
      CaptureError(
        .cannotWrite, "\(path) was not written", String(cString: strerror(code)),
        "give a file in a folder of yours: -o FILE")
    }
  }
}
