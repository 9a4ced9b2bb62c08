/// The floors of the house. An arrow points down; siblings on a floor do not see each other unless `siblings` says so.
enum House {
  static let floors: [[String]] = [
    [
      "CBLAKE3", "CCapnProto", "CChild", "CCrypto", "CCurl", "CDrivers", "CEBUR128", "CFluidSynth", "CMath",
      "CPage", "CRealtime",
      "CSndFile",
      "CSoxr",
      "CSynthYardstick",
      "CThreading", "CWireYardstick", "CZeroMQ",
    ],
    ["Jobs", "LockFree", "MIDI", "MusicalTime", "SeedSoundFont", "Threading"],
    ["Arrangement", "Demonstration", "Generators", "HootWire", "RealtimeEngine", "Tools"],
    [
      "AudioDrivers", "Capture", "Commands", "ContentStore", "ControlSocket", "HootCapnProto", "HostClients",
      "Inspection", "Ledger", "MCP", "Media", "Settings", "Telemetry", "WebServer",
    ],
    ["ControlPlane", "HootHostClients", "JobDispatch", "Webhooks"],
    [
      "bench", "chaosgarden", "control-bench", "fuzz", "garden", "job-bench", "make-assets", "peer-bench",
      "realtime-scene", "soak",
    ],
  ]

  /// Who may see which neighbour on the same floor.
  static let siblings: [String: Set<String>] = [
    // The Conductor gives orders and hears news; the Dispatcher knows of no Conductor.
    "ControlPlane": ["JobDispatch"]
  ]

  /// What comes from outside the package. `Foundation` is not among it: a program with the whole of it starts slowly.
  static let outside: Set = ["FoundationEssentials", "GRDB", "Glibc", "Synchronization", "TOMLKit"]

  /// Programs that prove and measure may lean on what the tests lean on; nothing that is shipped may.
  static let provers: Set = ["bench", "fuzz", "peer-bench", "realtime-scene", "soak"]
  /// What measures how many clients are served at once needs threads of its own.
  static let concurrent: Set = ["control-bench"]
  static let testSupport: Set = ["FuzzSurfaces", "RealtimeBench", "SoakScenes"]

  static let targets = Set(floors.joined())
  static let metal = Set(floors[0])

  static func floor(of target: String) -> Int? { floors.firstIndex { $0.contains(target) } }

  static func allows(_ target: String, toImport module: String) -> Bool {
    guard let own = floor(of: target) else { return false }
    guard let other = floor(of: module) else {
      return outside.contains(module) || (concurrent.contains(target) && module == "Dispatch")
        || (provers.contains(target) && testSupport.contains(module))
    }
    return other < own || siblings[target, default: []].contains(module)
  }
}
