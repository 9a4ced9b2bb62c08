import Foundation
import Testing

@testable import garden

/// The unit that is written is the one that is shipped.
@Suite struct ServiceUnitTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func theUnitThatIsWrittenIsTheOneThatIsShipped() throws {
    let shipped = try String(
      contentsOf: Self.root.appendingPathComponent("config/chaosgarden.service"), encoding: .utf8)
    let written = ServiceUnit.text(program: "/usr/local/bin/chaosgarden")
    #expect(written.trimmingCharacters(in: .newlines) == shipped.trimmingCharacters(in: .newlines))
  }

  /// systemd's own judgement, where it is installed.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")))
  func systemdTakesTheUnit() throws {
    let folder = "/tmp/cg-unit-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/chaosgarden.service"
    try ServiceUnit.text(program: "/bin/true").write(toFile: path, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/systemd-analyze")
    process.arguments = ["verify", "--user", "--man=no", path]
    process.environment = ["XDG_RUNTIME_DIR": folder, "HOME": folder, "PATH": "/usr/bin:/bin"]
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(!said.contains("chaosgarden.service:"), "\(said)")
  }
}
