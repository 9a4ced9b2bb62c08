import Glibc
import Tools

extension ContentStore {
  /// Where a blob of that name may be, the likeliest first. An artifact's hash is looked up; nothing else is read.
  func places(of name: ContentName) throws(StoreError) -> [BlobPlace] {
    switch name {
    case .hash(let hash): return objectPlaces(hash, digits: hash) + (try servicePlaces(hash))
    case .digest(let digest):
      let hash = String(digest.prefix(32))
      return serviceFolders.map { service($0, digest) } + objectPlaces(hash, digits: digest)
        + serviceFolders.map { service($0, hash, digits: digest) }
    case .artifact(let id): return try places(of: try content(ofArtifact: id))
    }
  }

  private func objectPlaces(_ hash: String, digits: String) -> [BlobPlace] {
    [
      BlobPlace(
        folder: folder, steps: [Self.objects] + Self.steps(hash), digits: digits, isService: false)
    ]
  }

  private func service(_ folder: String, _ name: String, digits: String? = nil) -> BlobPlace {
    BlobPlace(
      folder: folder, steps: [String(name.prefix(2)), name], digits: digits ?? name, isService: true)
  }

  /// A service's file has all 64 digits for a name, of which 32 are known: its folder is looked through.
  private func servicePlaces(_ start: String) throws(StoreError) -> [BlobPlace] {
    var places: [BlobPlace] = []
    for folder in serviceFolders {
      let names = try serviceNames(folder, String(start.prefix(2))).filter { $0.hasPrefix(start) }
      places += names.sorted().map { service(folder, $0) }
    }
    return places
  }

  /// The blobs in one of the services' folders; none where there is no such folder.
  func serviceNames(_ folder: String, _ step: String) throws(StoreError) -> [String] {
    try names(folder, [step]).filter { name in
      guard name.hasPrefix(step), name.lowercased() == name else { return false }
      return switch ContentName(name) {
      case .hash, .digest: true
      case .artifact, nil: false
      }
    }
  }

  func names(_ folder: String, _ steps: [String]) throws(StoreError) -> [String] {
    do {
      return try StoreFile.folder(folder).inside(steps, O_RDONLY | O_DIRECTORY).names()
    } catch {
      guard error.kind == .missing else { throw error }
      return []
    }
  }

  // MARK: Artifacts

  /// What hootenanny's list says; or else, because an artifact is called by the first 12 digits of its hash, the one
  /// blob that begins so.
  func content(ofArtifact id: String) throws(StoreError) -> ContentName {
    var listError: StoreError?
    do {
      if let name = try ArtifactList.read(in: stateFolder)?.content(of: id) { return name }
    } catch { listError = error }
    let start = String(id.dropFirst(ContentName.artifactPrefix.count))
    let hashes = try Self.isStart(start) ? hashes(beginningWith: start) : []
    if let hash = hashes.first, hashes.count == 1 { return .hash(hash) }
    if let listError { throw listError }
    guard hashes.isEmpty else {
      throw StoreError(
        .ambiguous, "\(id) may be several blobs",
        "\(hashes.prefix(3).joined(separator: ", ")) begin like it, and \(stateFolder)/artifacts.json does not say",
        "name it by its hash")
    }
    throw StoreError(
      .notFound, "There is no artifact \(id)",
      "it is not in \(stateFolder)/artifacts.json, and no blob's hash begins like it", "garden cas ls")
  }

  private static func isStart(_ text: String) -> Bool {
    text.utf8.count == 12
      && text.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }

  private func hashes(beginningWith start: String) throws(StoreError) -> [String] {
    let step = String(start.prefix(2))
    let rest = start.dropFirst(2)
    var found = Set(
      try names(folder, [Self.objects, step]).filter { $0.hasPrefix(rest) && Self.isObject(step, $0) }
        .map { step + $0 })
    for place in try servicePlaces(start) { found.insert(place.hash) }
    return found.sorted()
  }

  /// Whether a name under `objects` is a blob's.
  static func isObject(_ step: String, _ name: String) -> Bool {
    guard step.utf8.count == 2, (step + name).lowercased() == step + name,
      case .hash? = ContentName(step + name)
    else { return false }
    return true
  }
}
