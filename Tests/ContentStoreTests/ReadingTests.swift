import Foundation
import Glibc
import Testing
import Tools

@testable import ContentStore

@Suite struct ReadingTests {
  private let test: TestStore
  private let object = "cas/objects/5c/735d76fe3537a0f35cf4a4eb14a532"
  private let hash = TestStore.exampleHash

  init() throws { test = try TestStore() }

  private func kind(of text: String) -> StoreError.Kind? {
    refusal { _ = try test.store().content(name(text)) }?.kind
  }

  @Test func whatHootenannyHasWrittenIsFoundInEitherCaseAndByTheWholeDigest() throws {
    try test.write(TestStore.example, object)
    for text in [hash, hash.uppercased(), TestStore.exampleDigest] {
      let blob = try test.store().content(name(text))
      #expect(blob.path == "\(test.root)/\(object)" && blob.bytes == 15 && !blob.isService)
      #expect(blob.digest == TestStore.exampleDigest)
    }
  }

  @Test func whatAServiceHasWrittenIsFoundByHalfOfItsName() throws {
    let path = try test.write(TestStore.example, "cas/5c/\(TestStore.exampleDigest)")
    for text in [hash, TestStore.exampleDigest] {
      let blob = try test.store().content(name(text))
      #expect(blob.path == path && blob.isService)
    }
  }

  @Test func aServicesFolderOfItsOwnIsLookedAtToo() throws {
    try test.write(TestStore.example, "services/5c/\(TestStore.exampleDigest)")
    #expect(kind(of: hash) == .notFound)
    #expect(try test.store(services: test.root + "/services").content(name(hash)).isService)
  }

  @Test func aBlobThatIsNotWhatItsNameSaysIsRefusedWithBothHashes() throws {
    try test.write(Array("Concurrent".utf8), object)
    try test.write(
      Array("{\"mime_type\":\"text/plain\",\"size\":15}".utf8), "cas/metadata/5c/\(hash.dropFirst(2)).json")
    let error = try #require(refusal { _ = try test.store().content(name(hash)) })
    var digest = BLAKE3()
    digest.update(Array("Concurrent".utf8))
    #expect(error.kind == .damaged)
    #expect(error.lines[1].contains(hash) && error.lines[1].contains(digest.text.prefix(32)))
    #expect(error.lines[1].contains("15 bytes were to come"))
  }

  @Test func halfOfADigestThatFitsIsNotEnoughWhereAllOfItIsAsked() throws {
    try test.write(TestStore.example, object)
    #expect(kind(of: String(TestStore.exampleDigest.dropLast()) + "d") == .damaged)
  }

  @Test func aSoundCopyElsewhereIsTakenInPlaceOfADamagedOne() throws {
    try test.write([1, 2, 3], object)
    try test.write(TestStore.example, "cas/5c/\(TestStore.exampleDigest)")
    #expect(try test.store().content(name(hash)).isService)
  }

  @Test func linksInTheStoreAreNotFollowed() throws {
    let secret = try test.write(TestStore.example, "elsewhere")
    try test.write([], "cas/objects/5c/x")
    #expect(symlink(secret, "\(test.root)/\(object)") == 0)
    #expect(kind(of: hash) == .notAFile)
    try FileManager.default.moveItem(atPath: test.folder + "/objects", toPath: test.root + "/moved")
    try test.write(TestStore.example, "moved/5c/copy")
    #expect(symlink(test.root + "/moved", test.folder + "/objects") == 0)
    #expect(kind(of: hash) == .notAFile)
  }

  @Test func whatIsNoFileDoesNotHoldAnybodyUp() throws {
    try test.write([], "cas/objects/5c/x")
    #expect(mkfifo("\(test.root)/\(object)", 0o600) == 0)
    #expect(kind(of: hash) == .notAFile)
    unlink("\(test.root)/\(object)")
    mkdir("\(test.root)/\(object)", 0o700)
    #expect(kind(of: hash) == .notAFile)
  }

  @Test func namesThatLeadElsewhereAreNoNames() {
    for text in [
      "../../etc/passwd", "", "artifact_", "artifact_../x", "artifact_a/b", String(hash.dropLast()),
      hash + "0",
      String(hash.dropLast()) + "g", "/etc/passwd", hash + "\n",
    ] { #expect(ContentName(text) == nil, "\(text)") }
  }

  // MARK: Artifacts

  private func list(_ text: String) throws { try test.write(Array(text.utf8), "state/artifacts.json") }

  @Test func anArtifactIsWhatTheListSays() throws {
    try test.write(TestStore.example, object)
    try list(
      "[{\"id\":\"artifact_song-1\",\"content_hash\":\"\(hash)\",\"tags\":[]},"
        + "{\"id\":\"artifact_old\",\"data\":{\"hash\":\"\(hash)\"}},"
        + "{\"id\":\"artifact_round\",\"content_hash\":\"artifact_round\"},{\"id\":3},7]")
    for id in ["artifact_song-1", "artifact_old"] {
      #expect(try test.store().content(name(id)).hash == hash)
    }
    #expect(kind(of: "artifact_round") == .notFound)
  }

  @Test func anArtifactThatIsNotInTheListIsFoundByTheStartOfItsHash() throws {
    try test.write(TestStore.example, object)
    #expect(try test.store().content(name("artifact_5c735d76fe35")).hash == hash)
    try list("no list")
    #expect(try test.store().content(name("artifact_5c735d76fe35")).hash == hash)
    #expect(kind(of: "artifact_000000000000") == .badArtifacts)
    try test.write([], "cas/objects/5c/735d76fe3500000000000000000000")
    try list("[]")
    #expect(kind(of: "artifact_5c735d76fe35") == .ambiguous)
    #expect(kind(of: "artifact_000000000000") == .notFound)
  }

  // MARK: Lists and checks

  @Test func bothSidesBlobsAreListedInOrderWithWhatIsKnownOfThem() throws {
    let store = test.store()
    let stored = try store.put(BLAKE3Tests.pattern(2000), mimeType: "audio/wav")
    try test.write(TestStore.example, "cas/5c/\(TestStore.exampleDigest)")
    try test.write([1], "cas/objects/5c/notes.txt")
    try test.write([1], "cas/staging/5c/735d76fe3537a0f35cf4a4eb14a532")
    let list = try store.list(skip: 0, limit: 10)
    #expect(list.total == 2 && list.totalBytes == 2015)
    #expect(list.entries.map(\.hash) == [hash, stored.hash].sorted())
    let own = try #require(list.entries.first { $0.hash == stored.hash })
    #expect(own.metadata == ContentMetadata(mimeType: "audio/wav", size: 2000) && !own.isService)
    #expect(try store.list(skip: 1, limit: 10).entries.map(\.hash) == [[hash, stored.hash].sorted()[1]])
    #expect(try store.list(skip: 0, limit: 0).total == 2)
  }

  @Test func aCheckGoesOnWhereItPausedAndNamesWhatIsDamaged() throws {
    let store = test.store()
    for count in 0..<5 { _ = try store.put(BLAKE3Tests.pattern(count)) }
    try test.write([1], object)
    var place: String?
    var rounds = 0
    var damaged: [StoreError] = []
    repeat {
      let check = try store.check(after: place, seconds: 0)
      #expect(check.checked <= 1)
      damaged += check.damaged
      place = check.next
      rounds += 1
    } while place != nil
    #expect(rounds == 7 && damaged.map(\.kind) == [.damaged])
  }

  @Test func metadataThatIsNoneIsNamedAndKeepsNobodyFromTheBlob() throws {
    try test.write(TestStore.example, object)
    try test.write([UInt8(ascii: "{")], "cas/metadata/5c/\(hash.dropFirst(2)).json")
    let store = test.store()
    #expect(try store.content(name(hash)).bytes == 15)
    let (entry, preview) = try store.inspect(name(hash))
    #expect(entry.metadata == nil && entry.complaint != nil && preview == "Concurrent Data")
  }
}
