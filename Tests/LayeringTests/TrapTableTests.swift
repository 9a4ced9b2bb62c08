import Foundation
import Testing

/// `Documentation/traps.md` names tests: each must be there under that very name.
struct TrapTableTests {
  @Test func everyTestThatTheTableNamesIsThere() throws {
    var declared: Set<Substring> = []
    for text in try SourceTree.swiftFiles(in: "Tests").values {
      for line in text.lines {
        guard let name = line.range(of: "func ").map({ line[$0.upperBound...] }) else { continue }
        let isQuoted = name.hasPrefix("`")
        declared.insert(
          isQuoted ? name.dropFirst().prefix { $0 != "`" } : name.prefix { $0 != "(" && $0 != "<" })
      }
    }
    let table = try SourceTree.text("Documentation/traps.md").split(separator: "\n").filter {
      $0.hasPrefix("|")
    }
    #expect(table.count > 50)
    for line in table {
      let quoted = line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      for name in quoted.filter({ !$0.offset.isMultiple(of: 2) }).map(\.element)
      where !name.hasPrefix("scripts/") && !name.hasPrefix("--") {
        #expect(declared.contains(name), "\(line)")
      }
    }
  }
}
