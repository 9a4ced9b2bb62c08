/// Where a value comes from. Later cases win over earlier ones.
package enum SettingOrigin: Equatable, Sendable {
  case builtIn
  /// A configuration file of hootenanny's.
  case hootenannyFile(path: String, line: Int?)
  /// One of hootenanny's environment variables.
  case hootenannyEnvironment(String)
  case file(path: String, line: Int?)
  /// A variable by which another program of the kind calls the same.
  case otherEnvironment(String)
  case environment(String)
  case flag(String)

  /// `~/.config/chaosgarden/config.toml:12`, `GARDEN_RATE`, `--rate`, `built in`.
  package var shown: String {
    switch self {
    case .builtIn: "built in"
    case .hootenannyFile(let path, let line), .file(let path, let line):
      line.map { "\(path):\($0)" } ?? path
    case .hootenannyEnvironment(let name), .otherEnvironment(let name), .environment(let name),
      .flag(let name):
      name
    }
  }
}
