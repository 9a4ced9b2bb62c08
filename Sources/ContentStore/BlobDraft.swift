import Glibc

/// A file on its way into a folder: it has no name until it is whole. Dropped before that, nothing is left of it.
struct BlobDraft {
  let folder: StoreFile
  private let file: StoreFile
  /// Where the file system knows no nameless files: removed with the last reference.
  private let named: NamedDraft?

  /// `isNameless` false does without the file system's help.
  init(in folder: StoreFile, isNameless: Bool = true) throws(StoreError) {
    self.folder = folder
    if isNameless, let file = try folder.nameless() {
      self.file = file
      named = nil
    } else {
      let draft = try NamedDraft(in: folder)
      file = draft.file
      named = draft
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) { try file.write(bytes) }
  func sync() throws(StoreError) { try file.sync() }

  /// Gives it its name, unless a file has that already: then answers false.
  func name(in folder: StoreFile, _ name: String) throws(StoreError) -> Bool {
    let from = named.map { $0.path } ?? "/proc/self/fd/\(file.descriptor)"
    if linkat(AT_FDCWD, from, folder.descriptor, name, AT_SYMLINK_FOLLOW) == 0 { return true }
    if errno == EEXIST { return false }
    // A file system without hard links.
    if let named, [EPERM, EOPNOTSUPP, EMLINK].contains(errno) {
      if faccessat(folder.descriptor, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 { return false }
      try named.move(to: folder, name)
      return true
    }
    throw .writing("\(folder.path)/\(name)", errno)
  }

  /// Gives it its name in place of the file that has it.
  func replace(in folder: StoreFile, _ name: String) throws(StoreError) {
    if let named { return try named.move(to: folder, name) }
    let other = try NamedDraft(linking: file, in: self.folder)
    try other.move(to: folder, name)
  }
}

/// A file under a name of its own, removed with the value unless it was moved away.
private final class NamedDraft {
  let file: StoreFile
  private let folder: StoreFile
  private let name: String
  private var isThere = true

  var path: String { "\(folder.path)/\(name)" }

  init(in folder: StoreFile) throws(StoreError) {
    self.folder = folder
    name = Self.freeName()
    do { file = try folder.inside([name], O_RDWR | O_CREAT | O_EXCL, mode: 0o644) } catch {
      throw error.kind == .unreadable || error.kind == .missing ? .writing(folder.path, errno) : error
    }
  }

  /// A name for a file that has none.
  init(linking file: StoreFile, in folder: StoreFile) throws(StoreError) {
    self.folder = folder
    self.file = file
    name = Self.freeName()
    guard
      linkat(AT_FDCWD, "/proc/self/fd/\(file.descriptor)", folder.descriptor, name, AT_SYMLINK_FOLLOW) == 0
    else { throw .writing(folder.path, errno) }
  }

  deinit {
    if isThere { unlinkat(folder.descriptor, name, 0) }
  }

  func move(to target: StoreFile, _ targetName: String) throws(StoreError) {
    guard renameat(folder.descriptor, name, target.descriptor, targetName) == 0 else {
      throw .writing("\(target.path)/\(targetName)", errno)
    }
    isThere = false
  }

  private static func freeName() -> String {
    ".chaosgarden-" + String(UInt64.random(in: .min ... .max), radix: 16) + ".part"
  }
}
