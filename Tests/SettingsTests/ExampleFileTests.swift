import Foundation
import Testing

@testable import Settings

@Suite struct ExampleFileTests {
  /// The example as it would be with every setting in it uncommented.
  private func uncommented() throws -> String {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appendingPathComponent("config/chaosgarden.toml"), encoding: .utf8)
    let keys = Set(Setting.all.map(\.name.key))
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let parts = line.split(separator: " ")
      let isSetting =
        parts.count >= 4 && parts[0] == "#" && keys.contains(String(parts[1])) && parts[2] == "="
      return isSetting ? String(line.dropFirst(2)) : String(line)
    }.joined(separator: "\n")
  }

  @Test func itListsExactlyTheDeclaredSettingsWithTheirDefaults() throws {
    let file = try SettingsFile(path: "example", text: uncommented())
    let listed = Dictionary(
      uniqueKeysWithValues: file.entries.map { ($0.path.joined(separator: "."), $0.value) })
    #expect(listed == Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.name.rawValue, $0.builtIn) }))
  }

  @Test func asItStandsItChangesNothing() throws {
    let commented = try uncommented().split(separator: "\n").filter {
      $0.contains(" = ") && !$0.hasPrefix("#")
    }
    #expect(commented.count == Setting.all.count)
  }

  @Test func itNamesTheFlagAndTheVariableOfEverySetting() throws {
    let text = try uncommented()
    for setting in Setting.all {
      #expect(text.contains(setting.flag), "\(setting.flag)")
      #expect(text.contains(setting.environment), "\(setting.environment)")
    }
  }
}
