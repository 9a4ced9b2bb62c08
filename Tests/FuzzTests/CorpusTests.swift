import Foundation
import FuzzSurfaces
import Testing

/// The corpus that `scripts/fuzz` starts from, played through the same surfaces. A surface ends the process where what
/// it understood is not what the program relies on.
struct CorpusTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("FuzzSurfaces/Corpus").path

  @Test(arguments: Surface.allCases) func `No input of the corpus breaks its surface`(surface: Surface) throws
  {
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(Self.folder)/\(surface.rawValue)")
    var understood = 0
    var refused = 0
    for name in names {
      let bytes = try #require(fileBytes("\(Self.folder)/\(surface.rawValue)/\(name)"))
      if surface.take(bytes).hasPrefix("refused") { refused += 1 } else { understood += 1 }
    }
    #expect(understood > 1 && refused > 1, "\(understood) understood, \(refused) refused")
  }

  @Test(arguments: Surface.allCases) func `Every input may end anywhere`(surface: Surface) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: "\(Self.folder)/\(surface.rawValue)") {
      let bytes = try #require(fileBytes("\(Self.folder)/\(surface.rawValue)/\(name)"))
      for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 64)) {
        _ = surface.take(Array(bytes[..<length]))
      }
    }
  }

  @Test func `Each folder of the corpus is a surface's`() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
    #expect(Set(folders) == Set(Surface.allCases.map(\.rawValue)))
  }

  @Test(arguments: Surface.allCases) func `A dictionary's words fit libFuzzer's syntax`(surface: Surface) {
    #expect(!surface.dictionary.isEmpty)
    for word in surface.dictionary {
      let line = Surface.dictionaryLine(word)
      #expect(
        line.hasPrefix("\"") && line.hasSuffix("\"") && line.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
    }
  }
}
