import Glibc

/// Files that a client left for a result that nobody takes.
enum TemporaryFile {
  /// One that is gone already is as good as removed.
  static func remove(_ path: String) { _ = unlink(path) }
}
