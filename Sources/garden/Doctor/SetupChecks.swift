import ControlSocket
import Glibc
import Settings
import Tools

/// What is installed and configured. Reads only.
struct SetupChecks {
  var environment: [String: String]
  var socketDirFlag: String?

  var all: [Check] {
    var checks = [program]
    do {
      let flags = socketDirFlag.map { [(name: SettingName.socketDir, text: $0)] } ?? []
      let settings = try Settings.load(.system(environment: environment, flags: flags))
      checks += [configuration(settings), soundfont(settings), directory(settings.socketDir)]
    } catch {
      checks += error.problems.map { .fail("configuration", $0.line, "garden config check") }
    }
    return checks
  }

  private var program: Check {
    if let path = ChildProcess.daemonExecutable(environment) { return .ok("chaosgarden", path) }
    return .fail(
      "chaosgarden", "not beside garden and not on PATH", "swift build -c release --product chaosgarden")
  }

  private func configuration(_ settings: Settings) -> Check {
    if let warning = settings.warnings.first {
      return .warn("configuration", warning, "garden config show --origin")
    }
    return .ok("configuration", "no unknown keys")
  }

  private var fontFolders: [String] {
    let data = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share"
    return ["/usr/share/sounds/sf2", "/usr/share/sounds/sf3", "/usr/share/soundfonts", data + "/soundfonts"]
  }

  private func soundfont(_ settings: Settings) -> Check {
    let chosen = settings.soundfont
    if chosen.hasPrefix("/"), access(chosen, R_OK) != 0 {
      return .warn("soundfont", "\(chosen) cannot be read: the embedded one plays", "garden soundfont ls")
    }
    let found = fontFolders.flatMap { folder in
      Files.names(in: folder).filter {
        $0.lowercased().hasSuffix(".sf2") || $0.lowercased().hasSuffix(".sf3")
      }
    }
    if chosen.hasPrefix("/") { return .ok("soundfont", chosen) }
    return found.isEmpty
      ? .warn("soundfont", "only the embedded one", "garden soundfont install timgm")
      : .ok("soundfont", found.joined(separator: ", "))
  }

  private func directory(_ path: String) -> Check {
    var status = stat()
    guard lstat(path, &status) == 0 else { return .ok("sockets", "\(path): not there yet") }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      return .fail("sockets", "\(path) is not a folder", "rm \(path)")
    }
    let mode = String(status.st_mode & 0o777, radix: 8)
    guard status.st_uid == geteuid() else {
      return .fail("sockets", "\(path) belongs to user \(status.st_uid)", "garden --socket-dir DIR")
    }
    guard status.st_mode & 0o077 == 0 else {
      return .warn("sockets", "\(path) has mode \(mode)", "chmod 700 \(path)")
    }
    return stale(path).map { .warn("sockets", $0, "garden up; it replaces them") }
      ?? .ok("sockets", "\(path), mode \(mode)")
  }

  /// Socket files with nobody behind them.
  private func stale(_ path: String) -> String? {
    let names = Files.names(in: path).filter { name in SocketName.allCases.contains { $0.rawValue == name } }
    guard !names.isEmpty else { return nil }
    return DaemonLink.isServed(path) ? nil : "left over in \(path): \(names.joined(separator: ", "))"
  }
}
