import Jobs

/// A place in the list of artifacts, which is ordered by time, and among those of one millisecond by hash, the newest
/// first. Artifacts that come in while somebody pages through it stand before it.
package struct ArtifactPlace: Sendable, Equatable {
  package var at: JobTime
  package var hash: String

  /// Before the first.
  package static let start = ArtifactPlace(at: .max, hash: "")

  package init(at: JobTime, hash: String) {
    self.at = at
    self.hash = hash
  }

  /// Of `1763812800000-5c73…`, or of a time alone: before everything of that time.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let at = JobTime(parts[0]), at >= 0 else { return nil }
    let hash = parts.count > 1 ? String(parts[1]).lowercased() : ""
    guard hash.utf8.count <= 64, hash.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else {
      return nil
    }
    self.init(at: at, hash: hash)
  }

  package var text: String { hash.isEmpty ? "\(at)" : "\(at)-\(hash)" }
}
