import Foundation
import Glibc
import Testing
import Tools

@testable import ContentStore

/// A store in a folder of its own, gone with the value.
final class TestStore {
  let root = NSTemporaryDirectory() + "cas-" + UUID().uuidString
  var folder: String { root + "/cas" }
  var state: String { root + "/state" }

  /// What the layout's description gives as its example.
  static let example = Array("Concurrent Data".utf8)
  static let exampleHash = "5c735d76fe3537a0f35cf4a4eb14a532"
  static let exampleDigest = "5c735d76fe3537a0f35cf4a4eb14a532a81018de6e00aa903da9f5f9ed88c02c"

  init() throws {
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
  }

  deinit {
    // A folder that cannot be removed stays in the temporary one.
    try? FileManager.default.removeItem(atPath: root)
  }

  func store(readOnly: Bool = false, services: String? = nil) -> ContentStore {
    ContentStore(folder: folder, stateFolder: state, serviceFolder: services, isReadOnly: readOnly)
  }

  @discardableResult
  func write(_ bytes: [UInt8], _ path: String) throws -> String {
    let full = "\(root)/\(path)"
    try FileManager.default.createDirectory(
      atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: full))
    return full
  }

  func read(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(path)")))
  }

  func number(_ path: String) throws -> UInt64 {
    var info = stat()
    try #require(stat("\(root)/\(path)", &info) == 0)
    return UInt64(info.st_ino)
  }

  /// Every file in the store, without its folders.
  func files() throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { path in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }
}

func name(_ text: String) throws -> ContentName { try #require(ContentName(text)) }

func refusal(_ work: () throws -> Void) -> StoreError? {
  do {
    try work()
    return nil
  } catch { return error as? StoreError }
}
