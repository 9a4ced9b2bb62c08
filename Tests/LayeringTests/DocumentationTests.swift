import Foundation
import Testing

/// What the documentation points at is there.
struct DocumentationTests {
  private static func documents() throws -> [String] {
    let folder = SourceTree.root.path + "/Documentation"
    return try ["README.md"]
      + FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".md") }.sorted()
      .map { "Documentation/" + $0 }
  }

  /// The targets of `[words](target)` and `![words](target)` that lie in the package, from its folder.
  static func links(in text: String, of document: String) -> [String] {
    let folder = document.split(separator: "/").dropLast().joined(separator: "/")
    var links: [String] = []
    for piece in text.components(separatedBy: "](").dropFirst() {
      guard let end = piece.firstIndex(where: { $0 == ")" || $0.isWhitespace }), piece[end] == ")" else {
        continue
      }
      let target = piece[..<end].prefix { $0 != "#" }
      guard !target.isEmpty, !target.contains("://"), !target.hasPrefix("mailto:") else { continue }
      links.append(folder.isEmpty ? String(target) : "\(folder)/\(target)")
    }
    return links
  }

  @Test func linksAreFoundWithoutTheirPlacesAndWithoutTheWeb() {
    let text = "[a](b.md), ![c](images/d.png) and [e](https://f.example) [g](#h) [i](j.md#k) x](y z)"
    #expect(
      Self.links(in: text, of: "Documentation/l.md")
        == ["b.md", "images/d.png", "j.md"].map { "Documentation/" + $0 })
    #expect(Self.links(in: "[a](Documentation/b.md)", of: "README.md") == ["Documentation/b.md"])
  }

  @Test("[R15] every link of the documentation leads to a file that is there")
  func everyLinkLeadsSomewhere() throws {
    var count = 0
    for document in try Self.documents() {
      for link in Self.links(in: try SourceTree.text(document), of: document) {
        count += 1
        let path = SourceTree.root.appendingPathComponent(link).standardizedFileURL.path
        #expect(FileManager.default.fileExists(atPath: path), "\(document): \(link)")
      }
    }
    #expect(count >= 10)
  }

  @Test func everyDocumentThatIsNamedIsThere() throws {
    for document in try Self.documents() {
      let words = try SourceTree.text(document).split { !$0.isLetter && !$0.isNumber && !"/-.".contains($0) }
      for word in words where word.hasPrefix("Documentation/") && word.hasSuffix(".md") {
        #expect(
          FileManager.default.fileExists(atPath: SourceTree.root.path + "/" + word), "\(document): \(word)")
      }
    }
  }
}
