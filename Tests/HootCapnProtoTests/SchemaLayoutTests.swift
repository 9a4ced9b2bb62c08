import Foundation
import HootWire
import Testing

@testable import HootCapnProto

/// `Fixtures/layout.tsv` is the wire as tables have it: one line a file, struct, enum or field. What the schemas compile
/// to must be that, bit for bit.
struct SchemaLayoutTests {
  private static let lines: [String] = {
    guard let url = Bundle.module.url(forResource: "Fixtures/layout", withExtension: "tsv"),
      let data = FileManager.default.contents(atPath: url.path)
    else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }()

  @Test func everyStructEnumAndFieldLiesWhereTheTablesSay() throws {
    let compiled = Set(try lines(of: WireSchemas().layout()))
    let tables = Set(Self.lines)
    #expect(tables.count > 1300)
    #expect(tables.subtracting(compiled).sorted() == [])
    #expect(compiled.subtracting(tables).sorted() == [])
  }

  /// The compiled layout in the form of the tables.
  private func lines(of layout: JSONValue) -> [String] {
    (layout.array ?? []).flatMap { node -> [String] in
      func text(_ key: String) -> String { node[key]?.string ?? node[key]?.int.map(String.init) ?? "" }
      let head = [text("file"), text("name"), text("id")]
      if let words = node["words"]?.array {
        let numbered = words.enumerated().map { "\($1.string ?? "")=\($0)" }
        return [(["enum"] + head + [numbered.joined(separator: ",")]).joined(separator: "\t")]
      }
      guard let fields = node["fields"]?.array else { return ["file\t\(text("file"))\t\(text("id"))"] }
      let members = text("union_members")
      let line =
        ["struct"] + head + [
          text("data_words"), text("pointers"), members, members == "0" ? "" : text("tag_bit"),
        ]
      return [line.joined(separator: "\t")]
        + fields.map { Self.line($0, text("file"), text("name")) }
    }
  }

  private static func line(_ field: JSONValue, _ file: String, _ owner: String) -> String {
    let place =
      field["bit"]?.int.map { "bit \($0)" } ?? field["pointer"]?.int.map { "ptr \($0)" } ?? "-"
    let rank = field["union"]?.int ?? -1
    return [
      "field", file, owner, field["name"]?.string ?? "", field["ordinal"]?.int.map(String.init) ?? "-",
      field["type"]?.string ?? "", place, rank < 0 ? "-" : "U\(rank)",
    ].joined(separator: "\t")
  }
}
