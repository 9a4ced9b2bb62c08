import ControlPlane
import ControlSocket
import Settings
import Tools

/// The daemon's door to the network: none unless it is asked for, this machine alone unless there are keys.
enum NetworkDoor {
  /// What hootenanny's configuration asks for, and is refused, is warned of: it may mean another machine's daemon.
  static func open(_ server: ControlServer, _ settings: Settings) throws {
    guard !settings.tcp.isEmpty else { return }
    do {
      try listen(server, settings)
    } catch let refusal as Refusal {
      guard case .hootenannyFile = settings[.tcp].origin else { throw refusal }
      Log.warning(refusal.lines.prefix(2).joined(separator: ": ") + "; nothing listens by TCP")
    }
  }

  private static func listen(_ server: ControlServer, _ settings: Settings) throws {
    guard let place = NetworkPlace(settings.tcp) else {
      throw Refusal(
        "bad_endpoint", .configuration, "control.tcp does not fit",
        "Seen \(shownText(settings.tcp)), allowed HOST:PORT, PORT up to \(UInt16.max - SocketLimits.networkPorts + 1)",
        "chaosgarden --tcp 127.0.0.1:5585")
    }
    let guardian = try guardian(place, settings)
    do { try server.listen(at: place, guardedBy: guardian) } catch {
      throw Refusal("sockets", .unreachable, error.lines[0], error.lines[1], error.lines[2])
    }
    switch guardian {
    case .nobody where place.isLoopback: Log.info("listens at tcp://\(place.text)")
    case .nobody:
      Log.warning("listens at tcp://\(place.text) without keys: whoever gets there may do everything")
    case .keys(_, let allowed): Log.info("listens at tcp://\(place.text) for \(allowed.count) keys")
    }
  }

  private static func guardian(_ place: NetworkPlace, _ settings: Settings) throws -> NetworkGuard {
    if place.isLoopback || settings.isInsecure { return .nobody }
    do {
      return try KeyFolder(environment: SettingsSources.processEnvironment()).guardian()
    } catch {
      let exit: ExitCode = error.kind == .unsafe ? .notAllowed : .configuration
      throw Refusal(
        "no_keys", exit, "tcp://\(place.text) can be reached from other machines, and \(error.lines[0])",
        error.lines[1], "\(error.lines[2]); or --insecure, to let everybody in")
    }
  }
}
