import HootWire
import Tools

/// hootenanny's list of artifacts, `artifacts.json`: which content an artifact is. Read, never written: it is theirs.
package struct ArtifactList: Sendable {
  private let hashes: [String: ContentName]

  /// Entries without an id or without a readable hash are passed over. Any bytes.
  package init(_ bytes: [UInt8], path: String) throws(StoreError) {
    var limits = JSONLimits()
    limits.bytes = ContentLimits.artifactsBytes
    limits.values = ContentLimits.artifactsBytes / 8
    let entries: [JSONValue]
    do { entries = try JSONValue.parse(bytes, limits: limits).array ?? [] } catch {
      throw StoreError(
        .badArtifacts, "\(path) is not hootenanny's list of artifacts", "\(error)", "ls -l \(path)")
    }
    var hashes: [String: ContentName] = [:]
    for entry in entries {
      // Very old files keep it under `data`.
      guard let id = entry["id"]?.string,
        let text = entry["content_hash"]?.string ?? entry["data"]?["hash"]?.string,
        let name = ContentName(text)
      else { continue }
      // One artifact that names another leads nowhere, or round in a circle.
      if case .artifact = name { continue }
      hashes[id] = name
    }
    self.hashes = hashes
  }

  package var count: Int { hashes.count }

  package func content(of artifact: String) -> ContentName? { hashes[artifact] }

  /// Of `state_dir`; nil where there is none.
  static func read(in folder: String) throws(StoreError) -> ArtifactList? {
    let path = folder + "/artifacts.json"
    do {
      return try ArtifactList(try StoreFile.file(path).bytes(limit: ContentLimits.artifactsBytes), path: path)
    } catch {
      guard error.kind == .missing else { throw error }
      return nil
    }
  }
}
