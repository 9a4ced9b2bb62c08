import CDrivers
import Glibc

/// Which libjack speaks for us. All have the same functions; the file decides who the server is.
package enum JACKLibrary: Sendable, Equatable {
  /// What the dynamic linker finds under the usual name: jackd's, or PipeWire's where that was put in its
  /// place.
  case system
  /// The one that PipeWire brings in a folder of its own.
  case pipewire
  case file(String)

  /// The name to open; nil when PipeWire's is not installed.
  package var path: String? {
    switch self {
    case .system: return "libjack.so.0"
    case .pipewire: return Self.pipewirePath
    case .file(let path): return path
    }
  }

  private static var pipewirePath: String? {
    let folders = ["/usr/lib/*", "/usr/lib64", "/usr/lib", "/usr/local/lib"]
    return folders.lazy.compactMap { firstMatch("\($0)/pipewire-0.3/jack/libjack.so.0") }.first
  }

  private static func firstMatch(_ pattern: String) -> String? {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0, found.gl_pathc > 0, let first = found.gl_pathv[0] else {
      return nil
    }
    return String(cString: first)
  }
}

/// Where a PipeWire server would listen.
enum PipeWireSocket {
  /// The socket's path when it exists: of the server of this name, or of the user's usual one.
  static func path(_ serverName: String? = nil) -> String? {
    let name = serverName ?? environment("PIPEWIRE_REMOTE") ?? "pipewire-0"
    // As PipeWire's own library looks for it.
    let folders = [environment("PIPEWIRE_RUNTIME_DIR") ?? environment("XDG_RUNTIME_DIR"), "/run/pipewire"]
    let paths = name.hasPrefix("/") ? [name] : folders.compactMap { $0 }.map { "\($0)/\(name)" }
    return paths.first(where: isSocket)
  }

  /// Stays the same while the same server listens; 0 when none does.
  static func identity(_ serverName: String?) -> UInt64 {
    path(serverName).map { drv_socket_identity($0) } ?? 0
  }

  private static func isSocket(_ path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFSOCK
  }
}

/// An environment variable that is set and not empty.
func environment(_ name: String) -> String? {
  guard let value = getenv(name), value.pointee != 0 else { return nil }
  return String(cString: value)
}
