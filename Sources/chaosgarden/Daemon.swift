import AudioDrivers
import ControlPlane
import ControlSocket
import Glibc
import HootCapnProto
import HootWire
import Ledger
import Settings
import Synchronization
import Tools

/// Wires the house, runs it, shuts it. The calling thread becomes the control thread.
enum Daemon {
  static func run(_ arguments: [String]) throws -> ExitCode {
    let flags = try SettingFlags(arguments)
    guard flags.rest.isEmpty else {
      throw Refusal(
        "unknown_argument", .usage, "chaosgarden does not know \(flags.rest[0])",
        "it takes settings, render, audio-info and soundfont-inspect", "chaosgarden --help")
    }
    let settings = try Settings.load(.system(flags: flags.flags))
    Log.level = Log.Level(word: settings.logLevel)
    Log.format = LogFormat(word: settings.logFormat)
    for warning in settings.warnings { Log.warning(warning) }
    try checkSession(settings)
    Conductor.keepFreedMemory()
    // Opened on its own thread while the rest is made.
    let ledger = try LedgerDoor.open(settings)
    let schemas = try openSchemas()
    let server = try openSockets(settings, schemas)
    try NetworkDoor.open(server, settings)
    let font = chooseFont(settings)
    let keeper = try openDriver(settings)
    try LedgerDoor.wait(for: ledger)
    let conductor = try Conductor(
      settings: settings, server: server, keeper: keeper, font: font, ledger: ledger)
    conductor.schemas = schemas
    conductor.otherLimits = LimitsTable.others
    let telemetry = try TelemetryDoor.open(settings)
    conductor.telemetry = telemetry?.exporter
    let webhooks = try WebhookDoor(ledger, settings)
    let clients = try JobHouse.open(conductor, ledger, webhooks.courier, settings)
    StopSignals.install()
    conductor.lockMemory()
    try conductor.start()
    announce(keeper, settings)
    let http = HTTPDoor(settings, conductor.played)
    var service = ServiceNotice()
    while conductor.step(), !StopSignals.wereCaught { service.tend(conductor.audioFrame) }
    service.tell("STOPPING=1")
    http.stop()
    conductor.stop()
    clients.stop()
    telemetry?.stop()
    JobHouse.close(settings)
    webhooks.stop()
    ledger.close()
    Log.info("stopped")
    return .done
  }

  /// A file to start with must be there: what plays otherwise was not asked for.
  private static func checkSession(_ settings: Settings) throws {
    let file = settings.session
    guard SessionName.isPath(file), ContentName(file) == nil, access(file, R_OK) != 0 else { return }
    throw Refusal(
      "file_missing", .fileMissing, "the session \(shownText(file)) cannot be read",
      String(cString: strerror(errno)), "ls -l \(file)")
  }

  private static func openSockets(_ settings: Settings, _ schemas: WireSchemas) throws -> ControlServer {
    let codecs = BodyCodecs([JSONBodyCodec(), CapnProtoBodyCodec(schemas)])
    do {
      return try ControlServer(directory: try SocketDirectory(path: settings.socketDir), codecs: codecs)
    } catch {
      throw Refusal(
        "sockets", error.exit, error.lines[0], error.lines[1], error.lines[2])
    }
  }

  private static func openSchemas() throws -> WireSchemas {
    do { return try WireSchemas() } catch {
      throw Refusal(
        "schemas", .internalError, "the schemas of the wire cannot be read", "\(error)", "garden doctor")
    }
  }

  /// A font that is missing is named, and the embedded one plays: never silence.
  private static func chooseFont(_ settings: Settings) -> String {
    do {
      return try Conductor.checkedFont(settings.soundfont, settings)
    } catch {
      Log.warning(error.lines.prefix(2).joined(separator: ": ") + "; the embedded font plays instead")
      return "embedded"
    }
  }

  private static func openDriver(_ settings: Settings) throws -> ClockKeeper {
    do {
      return try ClockKeeper(settings.driver, DriverWishes(settings))
    } catch {
      throw Refusal("driver", .unreachable, error.lines[0], error.lines[1], error.lines[2])
    }
  }

  private static func announce(_ keeper: ClockKeeper, _ settings: Settings) {
    let status = keeper.status()
    Log.info("chaosgarden \(Product.version) plays on \(status.device) at \(Int(status.sampleRate)) Hz")
    if let refusal = status.refusal {
      Log.warning("no realtime priority: \(refusal)")
    }
    Log.info("control sockets in \(settings.socketDir)")
  }
}

/// Ctrl-C and SIGTERM end the daemon in good order; a second one at once.
enum StopSignals {
  private static let caught = Atomic<Int>(0)

  static var wereCaught: Bool { caught.load(ordering: .relaxed) > 0 }

  static func install() {
    // The handler may only touch the atomic: it interrupts whatever runs.
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { _ in
        if StopSignals.caught.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      }
    }
    // A file that may grow no more is a full disk, and no reason to end.
    signal(SIGXFSZ, SIG_IGN)
    unblock()
  }

  /// Whoever started this process may have had them blocked, and a blocked signal stays so through exec.
  private static func unblock() {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}

extension SocketError {
  /// A second daemon, a path that is too long, a folder of somebody else's: each has its exit status.
  fileprivate var exit: ExitCode {
    switch kind {
    case .locked, .occupied: .refused
    case .notPermitted, .unsafeDirectory: .notAllowed
    case .pathTooLong, .badPath, .notADirectory: .configuration
    default: .unreachable
    }
  }
}
