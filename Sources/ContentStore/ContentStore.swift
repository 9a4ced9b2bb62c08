import Glibc
import Tools

/// Immutable files named by what is in them, in a folder shared with hootenanny and with its services in Python.
///
/// hootenanny keeps a blob in `objects/ab/cdef…`, named by the first 32 digits of its BLAKE3 digest, with a JSON file
/// beside it in `metadata`; its services keep theirs in `ab/abcdef…`, by all 64 digits. Both are read, the first is
/// written. Nothing in here is trusted: the other side's writes are not atomic, so whatever is read is held against
/// its name first.
///
/// Any thread that may wait for a disk; nothing is kept in memory.
package struct ContentStore: Sendable, Equatable {
  package let folder: String
  /// Where `artifacts.json` is.
  package let stateFolder: String
  /// Where services keep their blobs: the same folder, and another one where they are told so.
  package let serviceFolders: [String]
  package let isReadOnly: Bool

  package init(folder: String, stateFolder: String, serviceFolder: String? = nil, isReadOnly: Bool = false) {
    self.folder = folder
    self.stateFolder = stateFolder
    serviceFolders = [folder] + (serviceFolder.map { $0 == folder ? [] : [$0] } ?? [])
    self.isReadOnly = isReadOnly
  }

  static let objects = "objects"
  static let metadata = "metadata"
  static let staging = "staging"

  /// `["5c", "735d…"]` of 32 digits.
  static func steps(_ hash: String) -> [String] { [String(hash.prefix(2)), String(hash.dropFirst(2))] }

  /// Where hootenanny would keep a blob of that hash.
  package func objectPath(_ hash: String) -> String {
    ([folder, Self.objects] + Self.steps(hash)).joined(separator: "/")
  }

  package func metadataPath(_ hash: String) -> String {
    ([folder, Self.metadata] + Self.steps(hash)).joined(separator: "/") + ".json"
  }
}

/// A place where a blob is or would be.
struct BlobPlace: Equatable, Sendable {
  /// The store's folder, or the services'.
  let folder: String
  let steps: [String]
  /// The digits that its name promises: 32 or 64.
  let digits: String
  let isService: Bool

  var path: String { ([folder] + steps).joined(separator: "/") }
  var hash: String { String(digits.prefix(32)) }

  /// Opened, if it is a file of a size that is read. Refused as missing when it is not there.
  func open() throws(StoreError) -> StoreFile {
    let file = try StoreFile.folder(folder).inside(steps, O_RDONLY)
    _ = try file.regularBytes()
    return file
  }
}

/// A blob that was read to its end and is what its name says.
package struct Blob: Sendable, Equatable {
  package let path: String
  /// 64 digits; the first 32 are its hash.
  package let digest: String
  package let bytes: Int64
  /// Whether it lies where a service has put it.
  package let isService: Bool

  package var hash: String { String(digest.prefix(32)) }
}

extension BLAKE3 {
  package var text: String {
    digest().map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
