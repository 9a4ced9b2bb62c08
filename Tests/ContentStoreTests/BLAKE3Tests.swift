import Foundation
import HootWire
import Testing

@testable import ContentStore

/// The digests in `Fixtures/blake3.json` are those of the reference implementation, of the bytes 0, 1, … 250, 0, 1, …
@Suite struct BLAKE3Tests {
  static func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 251) } }

  private func vectors() throws -> [(bytes: Int, digest: String)] {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/blake3", withExtension: "json"))
    let entries = try #require(try JSONValue.parse(Array(Data(contentsOf: url))).array)
    return try entries.map { (Int(try #require($0["bytes"]?.int)), try #require($0["blake3"]?.string)) }
  }

  @Test func everyLengthHasTheDigestOfTheReference() throws {
    let vectors = try vectors()
    #expect(vectors.count == 38)
    for (count, digest) in vectors {
      var hash = BLAKE3()
      hash.update(Self.pattern(count))
      #expect(hash.text == digest, "\(count) bytes")
    }
  }

  @Test(arguments: [1, 63, 64, 65, 1023, 1024, 1025, 8191, 8192, 8193, 20_000])
  func theDigestDoesNotDependOnThePieces(piece: Int) throws {
    for (count, digest) in try vectors() where piece > 1 || count < 10_000 {
      let bytes = Self.pattern(count)
      var hash = BLAKE3()
      for start in stride(from: 0, to: count, by: piece) {
        hash.update(Array(bytes[start..<min(count, start + piece)]))
      }
      #expect(hash.text == digest, "\(count) bytes by \(piece)")
    }
  }

  @Test func aDigestMayBeAskedForOnTheWay() throws {
    var hash = BLAKE3()
    for (count, digest) in try vectors() {
      hash = BLAKE3()
      hash.update(Self.pattern(count / 2))
      _ = hash.digest()
      hash.update(Array(Self.pattern(count)[(count / 2)...]))
      #expect(hash.text == digest)
    }
  }
}
