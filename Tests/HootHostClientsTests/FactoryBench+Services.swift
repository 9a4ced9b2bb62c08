import ContentStore
import FoundationEssentials
import HostBench
import Jobs

@testable import HootHostClients

/// Services that do what a script says, and what a call at one comes to.
extension FactoryBench {
  func client(_ host: ScriptedHootHost) throws -> any HostClient {
    try factory.client(for: self.host(.hoot01, host.address))
  }

  /// What a host that answers every request so comes to.
  func play(
    _ steps: ScriptedHootHost.Step..., call: HostCall? = nil, tool: String = "musicgen_generate"
  ) throws -> HostOutcome? {
    let host = try ScriptedHootHost { _, _ in steps }
    defer { host.stop() }
    return try outcome(try client(host), call ?? self.call(tool))
  }

  /// Puts a file where a service puts its own; answers its 64 digits.
  func made(_ text: String) throws -> String {
    let folder = "\(folder)/elsewhere"
    let other = ContentStore(folder: folder, stateFolder: folder)
    let digest = try other.put(Array(text.utf8)).digest
    let place = "\(store.folder)/\(digest.prefix(2))"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: other.objectPath(String(digest.prefix(32))), toPath: "\(place)/\(digest)")
    return digest
  }
}
