import Foundation
import Settings
import Testing

/// A folder with configuration files, gone with the value that made it.
final class SettingsFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "settings-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    // A folder that cannot be removed is the test machine's affair, not the test's.
    try? FileManager.default.removeItem(atPath: path)
  }

  func write(_ name: String, _ text: String) throws -> String {
    let file = path + "/" + name
    try text.write(toFile: file, atomically: false, encoding: .utf8)
    return file
  }

  func sources(
    _ files: [String] = [], hootenanny: [String] = [], environment: [String: String] = [:],
    flags: [(name: SettingName, text: String)] = []
  ) -> SettingsSources {
    SettingsSources(
      hootenannyFiles: hootenanny, files: files, environment: environment, flags: flags, userID: 1000)
  }

  func problems(_ sources: SettingsSources) -> [SettingsProblem] {
    do {
      _ = try Settings.load(sources)
      return []
    } catch {
      return error.problems
    }
  }
}
