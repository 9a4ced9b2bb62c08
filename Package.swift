// swift-tools-version: 6.2
import PackageDescription

// The target list is the layer list: an arrow may only point down, and `LayeringTests` holds the `import`
// lines against it.

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

/// No dynamic exclusivity checks on the realtime thread: the check is a runtime call, and every access there is
/// through one pointer owned by one thread.
let realtime: [SwiftSetting] = strict + [.unsafeFlags(["-enforce-exclusivity=unchecked"])]

/// CRealtime's own `GOMP_parallel` stands before libgomp's only where the program shows it to shared libraries.
let inPlace = ["-Xlinker", "--export-dynamic-symbol=GOMP_parallel"]

func words(_ name: String, _ dependencies: [Target.Dependency] = [], _ settings: [SwiftSetting] = strict)
  -> Target
{
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// The tests that are built, where only some are needed: a sanitizer's build takes long.
let wanted = Context.environment["GARDEN_TESTS"]?.split(separator: ",").map(String.init)

let package = Package(
  name: "chaosgarden",
  products: [
    .executable(name: "chaosgarden", targets: ["chaosgarden"]),
    .executable(name: "garden", targets: ["garden"]),
    // A sound card for the tests, which ALSA loads by its file.
    .library(name: "PacedCard", type: .dynamic, targets: ["CPacedCard"]),
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: [
    // Floor 0, metal: module maps, shim headers and the few C lines Swift cannot say.
    .target(name: "CRealtime", linkerSettings: [.unsafeFlags(inPlace)]),
    .target(name: "CMath"),
    .target(name: "CFluidSynth", linkerSettings: [.linkedLibrary("fluidsynth")]),
    .target(name: "CSndFile", linkerSettings: [.linkedLibrary("sndfile")]),
    .target(name: "CSoxr", linkerSettings: [.linkedLibrary("soxr")]),
    .target(name: "CEBUR128", linkerSettings: [.linkedLibrary("ebur128")]),
    .target(name: "CZeroMQ", linkerSettings: [.linkedLibrary("zmq")]),
    .target(
      name: "CCapnProto", exclude: ["schemas"],
      linkerSettings: ["capnp-json", "capnpc", "capnp", "kj"].map { .linkedLibrary($0) }),
    .target(name: "CDrivers", linkerSettings: [.linkedLibrary("asound"), .linkedLibrary("dl")]),
    .target(name: "CChild"),
    .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .target(name: "CThreading"),
    // The page's files, taken in by the C compiler: byte lists in Swift cost seconds of each build.
    .target(name: "CPage", exclude: ["files"], cSettings: [.unsafeFlags(["-std=c23"])]),
    // Optimised in debug builds too: tests hash.
    .target(name: "CBLAKE3", cSettings: [.unsafeFlags(["-O3"])]),

    // Floor 1, words.
    words("MusicalTime", ["CMath"], realtime),
    words("LockFree", [], realtime),
    words("Threading", ["CThreading"]),
    words("MIDI"),
    words("Jobs"),
    words("SeedSoundFont"),

    // Floor 2, rooms.
    words("RealtimeEngine", ["CFluidSynth", "CRealtime", "LockFree", "MusicalTime"], realtime),
    words("Arrangement", ["MIDI", "MusicalTime"]),
    words("Tools", ["Jobs", "MusicalTime"]),
    words("Demonstration", ["SeedSoundFont"]),
    words("Generators", ["MIDI", "MusicalTime"]),
    words("HootWire"),

    // Floor 3, hands.
    words("Settings", ["TOMLKit", "Tools"]),
    words("Inspection", ["Generators", "HootWire", "MIDI", "Tools"]),
    words("HostClients", ["CChild", "CCurl", "Generators", "HootWire", "Jobs", "MIDI", "Threading"]),
    words("Commands", ["HootWire", "Jobs", "Tools"]),
    words("MCP", ["HootWire", "Jobs", "Tools"]),
    words("AudioDrivers", ["CDrivers", "LockFree", "MIDI", "RealtimeEngine", "Threading"]),
    words("Media", ["CSndFile", "CSoxr", "CEBUR128", "Threading"]),
    words("Capture", ["LockFree", "Threading"]),
    words("ControlSocket", ["CZeroMQ", "HootWire", "Threading", "Tools"]),
    words("WebServer", ["CPage", "HootWire", "LockFree", "Threading", "Tools"]),
    words("HootCapnProto", ["CCapnProto", "HootWire"]),
    words("ContentStore", ["CBLAKE3", "HootWire", "Tools"]),
    words("Telemetry", ["HootWire", "Jobs", "Threading"]),
    words("Ledger", [.product(name: "GRDB", package: "GRDB.swift"), "Jobs", "Threading"]),

    // Floor 4, minds.
    words(
      "HootHostClients",
      [
        "ContentStore", "ControlSocket", "HootCapnProto", "HootWire", "HostClients", "Jobs", "Threading",
        "Tools",
      ]),
    words("JobDispatch", ["Jobs", "Ledger", "Threading"]),
    words("Webhooks", ["CCrypto", "HostClients", "Jobs", "Ledger", "Threading"]),
    words(
      "ControlPlane",
      [
        "Arrangement", "AudioDrivers", "Capture", "Commands", "ContentStore", "ControlSocket",
        "Generators", "HootCapnProto", "HootWire", "HostClients", "Inspection", "JobDispatch",
        "Jobs", "Ledger", "LockFree",
        "MIDI", "Media", "MusicalTime", "RealtimeEngine", "SeedSoundFont", "Settings", "Telemetry",
        "Threading",
        "Tools",
      ]),

    // Floor 5, doors.
    .executableTarget(
      name: "chaosgarden",
      dependencies: [
        "Arrangement", "AudioDrivers", "Commands", "ControlPlane", "ControlSocket", "HootCapnProto",
        "ContentStore", "HootHostClients", "HootWire", "HostClients", "JobDispatch", "Jobs", "Ledger",
        "LockFree", "MCP", "Media", "Settings", "Telemetry", "Threading", "Tools", "WebServer",
        "Webhooks",
      ], swiftSettings: strict),
    .executableTarget(
      name: "garden",
      dependencies: [
        "Commands", "ContentStore", "ControlSocket", "HootWire", "Inspection", "Jobs", "MCP", "MIDI",
        "MusicalTime", "Settings",
        "Threading",
        "Tools",
      ], swiftSettings: strict),

    // Writes the files that the tree ships and that are made by its own code.
    .executableTarget(
      name: "make-assets", dependencies: ["SeedSoundFont", "Demonstration"], swiftSettings: strict),

    // Not doors: the guards and yardsticks of the renderer.
    .target(name: "CSynthYardstick", linkerSettings: [.linkedLibrary("fluidsynth")]),
    .executableTarget(
      name: "bench", dependencies: ["CSynthYardstick", "MusicalTime", "RealtimeBench", "RealtimeEngine"],
      swiftSettings: strict),
    .executableTarget(
      name: "realtime-scene", dependencies: ["RealtimeBench", "RealtimeEngine"], swiftSettings: strict),

    // Not a door: measures one from outside.
    .executableTarget(
      name: "control-bench",
      dependencies: ["CWireYardstick", "ControlSocket", "HootCapnProto", "HootWire", "Threading"],
      swiftSettings: strict),
    .target(name: "CWireYardstick", linkerSettings: [.linkedLibrary("zmq")]),

    // Not a door: what a job costs, without hosts and sound.
    .executableTarget(
      name: "job-bench", dependencies: ["JobDispatch", "Jobs", "Ledger", "Threading"], swiftSettings: strict),

    // Not a door: everything that takes bytes from outside, given any bytes.
    .executableTarget(name: "fuzz", dependencies: ["FuzzSurfaces"], swiftSettings: strict),
    .target(
      name: "FuzzSurfaces",
      dependencies: [
        "ContentStore", "ControlPlane", "Generators", "HootCapnProto", "HootWire", "Jobs", "MCP", "MIDI",
        "Media",
        "MusicalTime",
        "Settings", "Tools", "WebServer",
      ],
      path: "Tests/FuzzSurfaces", exclude: ["Corpus"], swiftSettings: strict),
    tests("FuzzTests", ["FuzzSurfaces"]),

    // Not doors: long scenes with a real daemon, and the programs it is measured against.
    .target(
      name: "SoakScenes",
      dependencies: [
        "ControlSocket", "HootWire", "HostBench", "JACKBench", "Jobs", "Ledger", "RealtimeBench",
        "SeedSoundFont", "Threading", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      path: "Tests/SoakScenes",
      swiftSettings: strict),
    .executableTarget(name: "soak", dependencies: ["SoakScenes"], swiftSettings: strict),
    .executableTarget(
      name: "peer-bench", dependencies: ["HootWire", "SoakScenes"], swiftSettings: strict),

    tests("LayeringTests", []),
    tests("MusicalTimeTests", ["MusicalTime"], resources: [.copy("Fixtures")]),
    tests("ArrangementTests", ["Arrangement", "MIDI", "MusicalTime"]),
    tests(
      "RealtimeEngineTests",
      ["Media", "RealtimeBench", "RealtimeEngine", "MIDI", "MusicalTime", "CAllocationCounter"]),
    tests("LockFreeTests", ["LockFree", "Threading"]),
    tests("CaptureTests", ["Capture", "LockFree"]),
    tests("MIDITests", ["MIDI"]),
    tests("GeneratorsTests", ["Generators", "HootWire", "Inspection", "MIDI", "Tools"]),
    tests(
      "HostClientsTests", ["Generators", "HostBench", "HostClients", "HootWire", "Jobs", "MIDI", "Threading"]),
    tests(
      "HootHostClientsTests",
      [
        "ContentStore", "ControlSocket", "HootCapnProto", "HootHostClients", "HootWire", "HostBench",
        "HostClients", "JobDispatch", "Jobs", "Ledger", "Threading",
      ]),
    tests("SeedSoundFontTests", ["SeedSoundFont"]),
    tests("DemonstrationTests", ["Demonstration"]),
    tests("MediaTests", ["Media"], resources: [.copy("Fixtures")]),
    tests("HootWireTests", ["HootWire"], resources: [.copy("Fixtures")]),
    tests("ControlSocketTests", ["ControlSocket", "HootWire"]),
    tests("HootCapnProtoTests", ["HootCapnProto", "HootWire"], resources: [.copy("Fixtures")]),
    tests("ToolsTests", ["Jobs", "Tools"]),
    tests("MCPTests", ["HootWire", "MCP", "Tools"]),
    tests(
      "ControlPlaneTests",
      [
        "Arrangement", "AudioDrivers", "Commands", "ContentStore", "ControlPlane", "ControlSocket",
        "HootWire",
        "JobDispatch", "Jobs", "Ledger", "Media", "MusicalTime", "RealtimeBench", "RealtimeEngine",
        "Settings",
        "Telemetry", "Threading", "Tools",
      ]),
    tests("SettingsTests", ["Settings", "Tools"]),
    tests(
      "GardenTests",
      ["garden", "Commands", "ControlSocket", "HootWire", "Inspection", "MIDI", "Settings", "Tools"]),
    tests("ContentStoreTests", ["ContentStore", "HootWire", "Tools"], resources: [.copy("Fixtures")]),
    tests("WebServerTests", ["HootWire", "LockFree", "Tools", "WebServer"]),
    tests("ThreadingTests", ["Threading"]),
    tests("JobsTests", ["Jobs"]),
    tests("TelemetryTests", ["HootWire", "HostBench", "HostClients", "Jobs", "Telemetry", "Threading"]),
    tests("LedgerTests", ["Jobs", "Ledger", "Threading", .product(name: "GRDB", package: "GRDB.swift")]),
    tests("WebhooksTests", ["HostBench", "HostClients", "Jobs", "Ledger", "Threading", "Webhooks"]),
    tests("JobDispatchTests", ["JobDispatch", "Jobs", "Ledger", "Threading"]),
    // The programs themselves, spoken to over their sockets: naming them here builds them.
    tests(
      "EndToEndTests",
      [
        "ControlSocket", "HootCapnProto", "HootWire", "HostBench", "JACKBench", "MIDI", "Media",
        "SoakScenes", "chaosgarden", "garden",
      ]),
    tests(
      "AudioDriversTests",
      ["AudioDrivers", "CDrivers", "CPacedCard", "JACKBench", "RealtimeEngine", "Threading"]),
    tests("GoldenTests", ["Arrangement", "MIDI", "Media", "MusicalTime"], resources: [.copy("Fixtures")]),

    // What tests of sound lean on: a JACK server of their own, and a second client that hears.
    .target(name: "CJACKRecorder", path: "Tests/CJACKRecorder", linkerSettings: [.linkedLibrary("dl")]),
    .target(
      name: "RealtimeBench", dependencies: ["RealtimeEngine", "LockFree", "MusicalTime", "SeedSoundFont"],
      path: "Tests/RealtimeBench", swiftSettings: strict),
    .target(
      name: "CPacedCard", path: "Tests/CPacedCard", cSettings: [.define("PIC")],
      linkerSettings: [.linkedLibrary("asound")]),
    // A generation host that does what a script says.
    .target(
      name: "HostBench", dependencies: ["ControlSocket", "HootCapnProto", "HootWire", "Threading"],
      path: "Tests/HostBench", swiftSettings: strict),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .target(
      name: "JACKBench", dependencies: ["CJACKRecorder"], path: "Tests/JACKBench", swiftSettings: strict),
  ].filter { $0.type != .test || wanted?.contains($0.name) ?? true },
  cxxLanguageStandard: .cxx17
)
