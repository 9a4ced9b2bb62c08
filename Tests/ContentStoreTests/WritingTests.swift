import Dispatch
import Foundation
import Glibc
import Testing
import Tools

@testable import ContentStore

@Suite struct WritingTests {
  private let test: TestStore
  private let objectFile = "cas/objects/5c/735d76fe3537a0f35cf4a4eb14a532"
  private let metadataFile = "cas/metadata/5c/735d76fe3537a0f35cf4a4eb14a532.json"

  init() throws { test = try TestStore() }

  @Test func aBlobAndItsMetadataStandWhereHootenannyLooksForThem() throws {
    let stored = try test.store().put(TestStore.example, mimeType: "audio/wav")
    #expect(stored.hash == TestStore.exampleHash)
    #expect(stored.digest == TestStore.exampleDigest)
    #expect(stored.isNew && !stored.isMended)
    #expect(try test.read(objectFile) == TestStore.example)
    #expect(
      String(decoding: try test.read(metadataFile), as: UTF8.self)
        == "{\"mime_type\":\"audio/wav\",\"size\":15}")
    #expect(try test.files().count == 2)
    #expect(stored.path == test.store().objectPath(stored.hash))
  }

  @Test func whatIsThereAlreadyIsNotWrittenAgain() throws {
    let store = test.store()
    _ = try store.put(TestStore.example, mimeType: "text/plain")
    let numbers = [try test.number(objectFile), try test.number(metadataFile)]
    let again = try store.put(TestStore.example, mimeType: "audio/wav")
    #expect(!again.isNew && !again.isMended)
    #expect(again.mimeType == "text/plain")
    #expect([try test.number(objectFile), try test.number(metadataFile)] == numbers)
    #expect(try test.files().count == 2)
  }

  @Test func aDamagedBlobIsReplacedByItsContent() throws {
    try test.write(Array("Concurrent".utf8), objectFile)
    let stored = try test.store().put(TestStore.example)
    #expect(stored.isMended && !stored.isNew)
    #expect(try test.read(objectFile) == TestStore.example)
    #expect(try test.files().count == 2)
  }

  @Test func aFileIsCopiedAndItsTypeFoundOut() throws {
    let store = test.store()
    let path = try test.write(Array("MThd".utf8) + [0, 0, 0, 6], "song.mid")
    let stored = try store.put(file: path)
    #expect(stored.mimeType == "audio/midi" && stored.bytes == 8)
    let types: [(String, String)] = [
      ("RIFF....WAVE", "audio/wav"), ("RIFF....sfbk", "audio/x-soundfont"), ("fLaC", "audio/flac"),
      ("OggS", "audio/ogg"), ("FORM....AIFF", "audio/aiff"), ("ID3", "audio/mpeg"),
      ("RIFF....RMID", "audio/midi"),
      ("", "application/octet-stream"), ("RIFF", "application/octet-stream"),
    ]
    for (head, type) in types { #expect(try store.put(Array(head.utf8)).mimeType == type, "\(head)") }
  }

  @Test(arguments: [true, false]) func nothingIsLeftOfAFileThatWasNotFinished(nameless: Bool) throws {
    try FileManager.default.createDirectory(atPath: test.folder, withIntermediateDirectories: true)
    let folder = try StoreFile.folder(test.folder)
    do {
      let draft = try BlobDraft(in: folder, isNameless: nameless)
      try TestStore.example.withUnsafeBytes { bytes in try draft.write(bytes) }
      #expect(try test.files().count == (nameless ? 0 : 1))
    }
    #expect(try test.files().isEmpty)
  }

  @Test(arguments: [true, false]) func aDraftTakesANameOnlyOnce(nameless: Bool) throws {
    try FileManager.default.createDirectory(atPath: test.folder, withIntermediateDirectories: true)
    let folder = try StoreFile.folder(test.folder)
    for (text, isFirst) in [("one", true), ("two", false)] {
      let draft = try BlobDraft(in: folder, isNameless: nameless)
      try Array(text.utf8).withUnsafeBytes { bytes in try draft.write(bytes) }
      #expect(try draft.name(in: folder, "blob") == isFirst)
    }
    #expect(try test.read("cas/blob") == Array("one".utf8))
    let draft = try BlobDraft(in: folder, isNameless: nameless)
    try Array("three".utf8).withUnsafeBytes { bytes in try draft.write(bytes) }
    try draft.replace(in: folder, "blob")
    #expect(try test.read("cas/blob") == Array("three".utf8))
    #expect(try test.files() == ["blob"])
  }

  @Test func manyWritersAtOnceLeaveEachBlobOnce() throws {
    let store = test.store()
    DispatchQueue.concurrentPerform(iterations: 16) { index in
      for step in 0..<8 {
        let bytes = BLAKE3Tests.pattern(1000 * (step + index % 2))
        do { _ = try store.put(bytes) } catch { Issue.record("\(error)") }
      }
    }
    let list = try store.list(skip: 0, limit: 100)
    #expect(list.total == 9)
    #expect(try test.files().count == 18)
    #expect(try store.check(after: nil, seconds: 60).damaged.isEmpty)
  }

  @Test func aReadOnlyStoreMakesNoFolderAndTakesNothing() throws {
    let error = refusal { _ = try test.store(readOnly: true).put(TestStore.example) }
    #expect(error?.kind == .readOnly)
    #expect(!FileManager.default.fileExists(atPath: test.folder))
  }

  @Test func aFolderThatTakesNothingIsARefusal() throws {
    try test.write([], "cas")
    #expect(refusal { _ = try test.store().put(TestStore.example) }?.kind == .missing)
    #expect(refusal { _ = try test.store().put(file: test.root + "/none") }?.kind == .missing)
    #expect(refusal { _ = try test.store().put(file: test.root) }?.kind == .notAFile)
  }

  @Test func aBlobIsCopiedOutWholeAndOverwritesOnlyWhenTold() throws {
    let store = test.store()
    _ = try store.put(TestStore.example)
    let target = test.root + "/out.bin"
    #expect(try store.copy(name(TestStore.exampleHash), to: target, overwrites: false).bytes == 15)
    #expect(try test.read("out.bin") == TestStore.example)
    try test.write([1], "out.bin")
    #expect(
      refusal { _ = try store.copy(name(TestStore.exampleHash), to: target, overwrites: false) }?.kind
        == .exists)
    #expect(try test.read("out.bin") == [1])
    _ = try store.copy(name(TestStore.exampleHash), to: target, overwrites: true)
    #expect(try test.read("out.bin") == TestStore.example)
    try test.write([2], objectFile)
    #expect(
      refusal { _ = try store.copy(name(TestStore.exampleHash), to: target + "2", overwrites: false) }?.kind
        == .damaged)
    #expect(!FileManager.default.fileExists(atPath: target + "2"))
  }
}
