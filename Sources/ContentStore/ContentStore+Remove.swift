import Glibc

extension ContentStore {
  /// Takes a blob of ours away, with what is known of it; those of services stay. What cannot be removed stays, and is
  /// found by a check. A read-only store keeps everything.
  package func remove(_ hash: String) {
    guard !isReadOnly, hash.utf8.count == 32, hash.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) })
    else { return }
    _ = unlink(metadataPath(hash))
    _ = unlink(objectPath(hash))
  }
}
