import ContentStore
import ControlPlane
import FoundationEssentials
import Glibc
import HootHostClients
import HostClients
import Jobs
import Ledger
import Settings
import Webhooks

/// What does jobs: the dispatcher with its ledger, and the clients that speak to hosts.
enum JobHouse {
  /// - Returns: the clients, to be stopped after the conductor.
  static func open(
    _ conductor: Conductor, _ ledger: Ledger, _ webhooks: WebhookCourier, _ settings: Settings
  ) throws(Refusal) -> HostClientFactory {
    let factory = HostClientFactory(
      HostClientFactory.Parts(
        program: program, environment: environment(settings), folder: try folder(settings),
        store: ContentStore(settings)))
    conductor.wakeWebhooks = { webhooks.wake() }
    try conductor.openJobs(
      hosts: hosts, ended: { webhooks.wake() }, makeClient: { factory.make($0) }, clock: clock())
    conductor.announceHosts()
    return factory
  }

  /// A machine with no host at all still makes music; the others wait for an address.
  private static let hosts: [HostSpec] = [
    HostSpec(
      name: "here", kind: .builtin, slots: 2,
      services: [HostSpec.Service(address: "", tools: Set(BuiltinTool.allCases.map(\.rawValue)))])
  ]

  private static var program: String {
    var path = [CChar](repeating: 0, count: 4097)
    let count = readlink("/proc/self/exe", &path, 4096)
    return count > 0 ? String(decoding: path.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
  }

  /// What children get of this program's: where things are, and no secrets.
  private static func environment(_ settings: Settings) -> [String: String] {
    // What a session is made of is found where this program finds it.
    var kept = ["GARDEN_CAS_DIR": settings.casDir, "GARDEN_STATE_DIR": settings.stateDir]
    for name in ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_DATA_HOME"] {
      if let value = getenv(name) { kept[name] = String(cString: value) }
    }
    return kept
  }

  /// For files on their way, beside the sockets; what an earlier daemon left there is gone.
  private static func folder(_ settings: Settings) throws(Refusal) -> String {
    let path = path(settings)
    mkdir(path, 0o700)
    guard access(path, W_OK) == 0 else {
      throw Refusal(
        "jobs", .cannotWrite, "there is no folder for the files of jobs",
        "\(path): \(String(cString: strerror(errno)))",
        "garden doctor")
    }
    clear(path)
    return path
  }

  private static func path(_ settings: Settings) -> String { settings.socketDir + "/jobs" }

  private static func clear(_ path: String) {
    guard let directory = opendir(path) else { return }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      // An attempt's folder; what cannot be removed harms nobody.
      if unlink(path + "/" + name) != 0 { try? FileManager.default.removeItem(atPath: path + "/" + name) }
    }
    closedir(directory)
  }

  /// Takes the folder away once the clients have stopped.
  static func close(_ settings: Settings) {
    clear(path(settings))
    rmdir(path(settings))
  }

  /// Milliseconds since 1970 as the system had them at the start, and since then as they pass: a clock that is set does
  /// not make jobs late.
  static func clock() -> @Sendable () -> JobTime {
    let began = LedgerDoor.now()
    let start = ContinuousClock.now
    return {
      let passed = (ContinuousClock.now - start).components
      return began + passed.seconds * 1_000 + passed.attoseconds / 1_000_000_000_000_000
    }
  }
}
