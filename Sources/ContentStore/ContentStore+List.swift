import Glibc
import Tools

/// A blob as a list tells of it: found, not read.
package struct BlobEntry: Sendable, Equatable {
  package let hash: String
  /// 64 digits where its name has them.
  package let digest: String?
  package let bytes: Int64
  package let path: String
  package let isService: Bool
  package let metadata: ContentMetadata?
  /// Why there is no metadata, unless there is none.
  package let complaint: String?
}

/// A part of a list.
package struct BlobList: Sendable, Equatable {
  package var total = 0
  package var totalBytes: Int64 = 0
  package var entries: [BlobEntry] = []
}

/// What a check of blobs found so far.
package struct BlobCheck: Sendable, Equatable {
  package var checked = 0
  package var bytes: Int64 = 0
  package var damaged: [StoreError] = []
  /// Where the next part begins; nil at the end.
  package var next: String?
}

extension ContentStore {
  /// Every blob, ordered by hash: how many, and those from `skip` on.
  package func list(skip: Int, limit: Int) throws(StoreError) -> BlobList {
    let places = try allPlaces()
    var list = BlobList(total: places.count)
    for (index, place) in places.enumerated() {
      guard let bytes = Self.bytes(place) else { continue }
      list.totalBytes += bytes
      guard index >= skip, list.entries.count < limit else { continue }
      list.entries.append(entry(place, bytes))
    }
    return list
  }

  /// What is known of one blob without reading it.
  package func inspect(_ name: ContentName) throws(StoreError) -> (entry: BlobEntry, preview: String) {
    for place in try places(of: name) {
      let file: StoreFile
      do { file = try place.open() } catch {
        guard error.kind == .missing else { throw error }
        continue
      }
      let bytes = try file.regularBytes()
      return (entry(place, bytes), preview(file))
    }
    _ = try content(name)
    throw StoreError(.notFound, "CAS content not found: \(name.text)", "it went away", "garden cas ls")
  }

  /// Reads blobs and holds them against their names, from the one after `place` on, for a while.
  package func check(after place: String?, seconds: Double = ContentLimits.checkSeconds) throws(StoreError)
    -> BlobCheck
  {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var check = BlobCheck()
    for next in try allPlaces() where place.map({ next.key > $0 }) ?? true {
      do {
        let blob = try read(next, try next.open()) { _ throws(StoreError) in }
        check.bytes += blob.bytes
      } catch {
        if error.kind == .missing { continue }
        check.damaged.append(error)
      }
      check.checked += 1
      check.next = next.key
      if ContinuousClock.now >= deadline { return check }
    }
    check.next = nil
    return check
  }

  private func entry(_ place: BlobPlace, _ bytes: Int64) -> BlobEntry {
    var metadata: ContentMetadata?
    var complaint: String?
    do { metadata = try self.metadata(place.hash) } catch {
      if error.kind != .missing { complaint = error.lines[1] }
    }
    return BlobEntry(
      hash: place.hash, digest: place.digits.utf8.count == 64 ? place.digits : nil, bytes: bytes,
      path: place.path, isService: place.isService, metadata: metadata, complaint: complaint)
  }

  /// The beginning as text, when it is text.
  private func preview(_ file: StoreFile) -> String {
    var bytes = [UInt8](repeating: 0, count: ContentLimits.previewBytes)
    let count = pread(file.descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return "" }
    // A character may be cut at the end.
    for cut in 0..<min(4, count) {
      guard let text = String(validating: bytes[..<(count - cut)], as: UTF8.self) else { continue }
      let isText = text.unicodeScalars.allSatisfy {
        $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" || $0 == "\t"
      }
      return isText ? String(text.map { $0 == "\n" || $0 == "\t" ? " " : $0 }) : ""
    }
    return ""
  }

  /// Nil for what is no file: it is passed over.
  private static func bytes(_ place: BlobPlace) -> Int64? {
    var info = stat()
    guard lstat(place.path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int64(info.st_size)
  }

  /// Every blob's place, by hash; a hash that is in both forms is there twice.
  private func allPlaces() throws(StoreError) -> [BlobPlace] {
    var places: [BlobPlace] = []
    for step in try names(folder, [Self.objects]) where step.utf8.count == 2 {
      // Not a folder.
      guard let found = try? names(folder, [Self.objects, step]) else { continue }
      for name in found where Self.isObject(step, name) {
        places.append(
          BlobPlace(folder: folder, steps: [Self.objects, step, name], digits: step + name, isService: false))
      }
    }
    for folder in serviceFolders {
      for step in try names(folder, []) where step.utf8.count == 2 {
        // Not a folder.
        guard let found = try? serviceNames(folder, step) else { continue }
        places += found.map { BlobPlace(folder: folder, steps: [step, $0], digits: $0, isService: true) }
      }
    }
    guard places.count <= ContentLimits.listedNames else {
      throw StoreError(
        .tooLarge, "\(folder) holds too many blobs",
        "\(places.count), and \(ContentLimits.listedNames) are listed", "ls \(folder)")
    }
    return places.sorted { $0.key < $1.key }
  }
}

extension BlobPlace {
  /// What lists are ordered by.
  fileprivate var key: String { "\(digits) \(isService ? "service" : "object") \(folder)" }
}
