import Glibc
import Tools

extension ContentStore {
  /// The blob of that name, read to its end and held against the name. Of several places the first that holds what it
  /// should is taken.
  package func content(_ name: ContentName) throws(StoreError) -> Blob {
    try blob(name) { _ throws(StoreError) in }
  }

  /// The blob, copied to a file that comes into being whole: it has no name before it was found to be what it should.
  package func copy(_ name: ContentName, to path: String, overwrites: Bool) throws(StoreError) -> Blob {
    var folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    if folder.isEmpty { folder = "/" }
    let file = path.split(separator: "/").last.map(String.init) ?? path
    if !overwrites, access(path, F_OK) == 0 {
      throw StoreError(
        .exists, "\(path) is there already", "it would be overwritten", "--force overwrites it")
    }
    let target = try StoreFile.folder(folder)
    var begun: BlobDraft?
    let blob = try blob(
      name, begin: { () throws(StoreError) in begun = try BlobDraft(in: target) },
      { piece throws(StoreError) in try begun?.write(piece) })
    guard let draft = begun else { throw notFound(name, []) }
    try draft.sync()
    if overwrites {
      try draft.replace(in: target, file)
    } else {
      guard try draft.name(in: target, file) else {
        throw StoreError(
          .exists, "\(path) is there already", "it would be overwritten", "--force overwrites it")
      }
    }
    try target.sync()
    return blob
  }

  func blob(
    _ name: ContentName, begin: () throws(StoreError) -> Void = { () throws(StoreError) in },
    _ take: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) -> Blob {
    var refusal: StoreError?
    let places = try places(of: name)
    for place in places {
      do {
        let file = try place.open()
        try begin()
        return try read(place, file, take)
      } catch {
        // The place where it is damaged is more worth telling than the one where it is not.
        if error.kind != .missing, refusal == nil { refusal = error }
      }
    }
    throw refusal ?? notFound(name, places)
  }

  private func notFound(_ name: ContentName, _ places: [BlobPlace]) -> StoreError {
    let looked = (places.map(\.path) + (places.isEmpty ? [folder] : [])).prefix(2).joined(separator: ", ")
    return StoreError(
      .notFound, "CAS content not found: \(name.text)", "it is not at \(looked)", "garden cas ls")
  }

  /// Reads a file to its end, and refuses it when it is not what its name promises.
  func read(
    _ place: BlobPlace, _ file: StoreFile, _ take: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) -> Blob {
    var digest = BLAKE3()
    let bytes = try file.read { piece throws(StoreError) in
      digest.update(piece)
      try take(piece)
    }
    let text = digest.text
    guard text.hasPrefix(place.digits) else { throw damaged(place, text, bytes) }
    return Blob(path: place.path, digest: text, bytes: bytes, isService: place.isService)
  }

  private func damaged(_ place: BlobPlace, _ seen: String, _ bytes: Int64) -> StoreError {
    var why = "its name says \(place.digits), its \(bytes) bytes are \(seen.prefix(place.digits.count))"
    // Another program may be in the middle of writing it.
    // Then there is no more to tell.
    if let known = try? metadata(place.hash), known.size != UInt64(bytes) {
      why += "; \(known.size) bytes were to come"
    }
    return StoreError(
      .damaged, "\(place.path) is not what its name says", why,
      "garden cas put FILE writes it anew; if it is being written, try again")
  }

  /// What is written down of a blob; refused as missing when nothing is.
  package func metadata(_ hash: String) throws(StoreError) -> ContentMetadata {
    let steps = Self.steps(hash)
    let file = try StoreFile.folder(folder).inside([Self.metadata, steps[0], steps[1] + ".json"], O_RDONLY)
    return try ContentMetadata.parse(file.bytes(limit: ContentLimits.metadataBytes), path: file.path)
  }
}
