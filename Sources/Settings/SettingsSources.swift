import Glibc

/// Everything settings are read from, in rising rank.
package struct SettingsSources: Sendable {
  /// hootenanny's own files; of these the folders in `[paths]` are taken, and what is wrong in them is passed over.
  package var hootenannyFiles: [String]
  package var files: [String]
  package var environment: [String: String]
  /// Flags of the command line, as typed.
  package var flags: [(name: SettingName, text: String)]
  package var userID: UInt32

  package init(
    hootenannyFiles: [String], files: [String], environment: [String: String],
    flags: [(name: SettingName, text: String)] = [], userID: UInt32
  ) {
    self.hootenannyFiles = hootenannyFiles
    self.files = files
    self.environment = environment
    self.flags = flags
    self.userID = userID
  }

  /// The places the XDG base directory specification gives, by this process's environment.
  package static func system(
    environment: [String: String] = processEnvironment(),
    flags: [(name: SettingName, text: String)] = []
  ) -> SettingsSources {
    let home = environment["HOME"] ?? "/"
    let config = absolute(environment["XDG_CONFIG_HOME"]) ?? home + "/.config"
    return SettingsSources(
      hootenannyFiles: [
        "/etc/hootenanny/config.toml", home + "/.config/hootenanny/config.toml", "./hootenanny.toml",
      ],
      files: ["/etc/chaosgarden/config.toml", config + "/chaosgarden/config.toml"],
      environment: environment, flags: flags, userID: getuid())
  }

  /// A relative path in an XDG variable is to be ignored, the specification says.
  private static func absolute(_ path: String?) -> String? {
    path.flatMap { $0.hasPrefix("/") ? $0 : nil }
  }

  /// This process's environment. Reads `environ`: call it before another thread changes it.
  package static func processEnvironment() -> [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let line = entry.pointee {
      let text = String(cString: line)
      if let equals = text.firstIndex(of: "=") {
        result[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      entry += 1
    }
    return result
  }

  /// The path with a leading `~/` or `$NAME` replaced; nil when that variable is not set.
  func expand(_ path: String) -> String? {
    if path == "~" || path.hasPrefix("~/") {
      return environment["HOME"].map { $0 + path.dropFirst() }
    }
    guard path.hasPrefix("$") else { return path }
    let name = path.dropFirst().prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    guard let value = environment[String(name)], !value.isEmpty else { return nil }
    return value + path.dropFirst(name.count + 1)
  }
}
