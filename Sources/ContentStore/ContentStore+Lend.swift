import Glibc
import Tools

extension ContentStore {
  /// The blob's bytes, held against its name.
  ///
  /// - Parameter limit: bytes; a larger one is refused.
  package func bytes(_ name: ContentName, limit: Int) throws(StoreError) -> [UInt8] {
    var bytes: [UInt8] = []
    // Of a place that turned out damaged nothing stays.
    func begin() throws(StoreError) { bytes = [] }
    func take(_ piece: UnsafeRawBufferPointer) throws(StoreError) {
      guard bytes.count + piece.count <= limit else {
        throw StoreError(
          .tooLarge, "\(name.text) is too large", "it has more than \(limit) bytes, the limit",
          "garden status --limits")
      }
      bytes += piece
    }
    _ = try blob(name, begin: begin, take)
    return bytes
  }

  /// Puts a blob where hootenanny's services in Python look for it, and answers the name that they know it by: all 64
  /// digits. One that lies there already stays.
  package func lend(_ name: ContentName) throws(StoreError) -> String {
    let blob = try content(name)
    if blob.isService { return blob.digest }
    let folder = serviceFolders.last ?? self.folder
    let steps = [String(blob.digest.prefix(2)), blob.digest]
    let place = BlobPlace(folder: folder, steps: steps, digits: blob.digest, isService: true)
    let isThere: Bool
    do {
      _ = try read(place, try place.open()) { _ throws(StoreError) in }
      isThere = true
    } catch { isThere = false }
    if isThere { return blob.digest }
    try checkWriting()
    let base = try madeFolder(folder).made([steps[0]])
    // One link more to the same file costs nothing; another file system has no such link.
    if linkat(AT_FDCWD, blob.path, base.descriptor, steps[1], 0) != 0 {
      let draft = try BlobDraft(in: base)
      _ = try self.blob(name) { piece throws(StoreError) in try draft.write(piece) }
      try draft.sync()
      // What stands there was looked at above: it is damaged, or another has just put it there.
      try draft.replace(in: base, steps[1])
    }
    try base.sync()
    return blob.digest
  }
}

extension ContentStore {
  /// Brings a blob that a service has put where services do to where hootenanny's are, unless the store is read-only;
  /// answers the 32 digits of its hash.
  package func takeOver(_ name: ContentName) throws(StoreError) -> String {
    let blob = try content(name)
    guard blob.isService, !isReadOnly else { return blob.hash }
    return try put(file: blob.path).hash
  }
}
