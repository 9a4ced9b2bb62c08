import Glibc

/// What `put` has done.
package struct Stored: Sendable, Equatable {
  package let digest: String
  package let bytes: Int64
  package let mimeType: String
  package let path: String
  /// False where the same content was there already.
  package let isNew: Bool
  /// A damaged file stood under this name and was replaced.
  package let isMended: Bool

  package var hash: String { String(digest.prefix(32)) }
}

extension ContentStore {
  /// Copies a file into the store. The type is found out when it is not said.
  package func put(file path: String, mimeType: String? = nil) throws(StoreError) -> Stored {
    try checkWriting()
    let source = try StoreFile.file(path)
    _ = try source.regularBytes()
    return try put(mimeType) { take throws(StoreError) in try source.read(take) }
  }

  package func put(_ bytes: [UInt8], mimeType: String? = nil) throws(StoreError) -> Stored {
    try checkWriting()
    guard Int64(bytes.count) <= ContentLimits.blobBytes else {
      throw StoreError(
        .tooLarge, "the content is too large",
        "it has \(bytes.count) bytes, and \(ContentLimits.blobBytes) are allowed", "garden status --limits")
    }
    return try put(mimeType) { take throws(StoreError) in
      try withBytes(bytes, take)
      return Int64(bytes.count)
    }
  }

  private func withBytes(
    _ bytes: [UInt8], _ take: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    // `withUnsafeBytes` rethrows untyped.
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(StoreError) in try take(buffer) }
    }
    try result.get()
  }

  func checkWriting() throws(StoreError) {
    guard isReadOnly else { return }
    throw StoreError(
      .readOnly, "nothing is written into \(folder)", "the store is read-only: cas.read_only is set",
      "garden config show --origin")
  }

  private func put(
    _ mimeType: String?,
    _ source: ((UnsafeRawBufferPointer) throws(StoreError) -> Void) throws(StoreError) -> Int64
  ) throws(StoreError) -> Stored {
    let base = try madeFolder()
    let draft = try BlobDraft(in: base.made([Self.staging]))
    var digest = BLAKE3()
    var head: [UInt8] = []
    let bytes = try source { piece throws(StoreError) in
      if head.count < 16 { head += piece.prefix(16 - head.count) }
      digest.update(piece)
      try draft.write(piece)
    }
    try draft.sync()
    let text = digest.text
    let (isNew, isMended) = try place(draft, text, in: base)
    let type = mimeType ?? ContentMetadata.mimeType(of: head)
    let known = try write(
      ContentMetadata(mimeType: type, size: UInt64(bytes)), String(text.prefix(32)), in: base)
    return Stored(
      digest: text, bytes: bytes, mimeType: known, path: objectPath(String(text.prefix(32))), isNew: isNew,
      isMended: isMended)
  }

  /// What stands there already stays, if it is what it should be; what is damaged is replaced in one step.
  private func place(
    _ draft: BlobDraft, _ digest: String, in base: StoreFile
  ) throws(StoreError) -> (isNew: Bool, isMended: Bool) {
    let steps = Self.steps(String(digest.prefix(32)))
    let folder = try base.made([Self.objects, steps[0]])
    if try draft.name(in: folder, steps[1]) {
      try folder.sync()
      return (true, false)
    }
    let place = BlobPlace(
      folder: self.folder, steps: [Self.objects] + steps, digits: digest, isService: false)
    do {
      _ = try read(place, try place.open()) { _ throws(StoreError) in }
      return (false, false)
    } catch {
      guard error.kind == .damaged else { throw error }
    }
    try draft.replace(in: folder, steps[1])
    try folder.sync()
    return (false, true)
  }

  /// What is written down already stays; answers the type that stands there.
  private func write(
    _ metadata: ContentMetadata, _ hash: String, in base: StoreFile
  ) throws(StoreError) -> String {
    // Else it is written now.
    if let known = try? self.metadata(hash) { return known.mimeType }
    let steps = Self.steps(hash)
    let folder = try base.made([Self.metadata, steps[0]])
    let draft = try BlobDraft(in: base.made([Self.staging]))
    try withBytes(metadata.bytes) { piece throws(StoreError) in try draft.write(piece) }
    try draft.sync()
    guard try draft.name(in: folder, steps[1] + ".json") else { return metadata.mimeType }
    try folder.sync()
    return metadata.mimeType
  }

  /// The store's folder, made with those above it when it is not there.
  func madeFolder() throws(StoreError) -> StoreFile { try madeFolder(folder) }

  func madeFolder(_ folder: String) throws(StoreError) -> StoreFile {
    var path = folder.hasPrefix("/") ? "" : "."
    for step in folder.split(separator: "/") {
      path += "/\(step)"
      if mkdir(path, 0o755) != 0, errno != EEXIST { throw .writing(path, errno) }
    }
    return try StoreFile.folder(folder)
  }
}

extension StoreFile {
  /// A folder below this one, made when it is not there.
  func made(_ names: [String]) throws(StoreError) -> StoreFile {
    var place = self
    for name in names {
      if mkdirat(place.descriptor, name, 0o755) == 0 {
        try place.sync()
      } else if errno != EEXIST {
        throw .writing("\(place.path)/\(name)", errno)
      }
      place = try place.inside([name], O_RDONLY | O_DIRECTORY)
    }
    return place
  }
}
