import Tools

/// The settings among a command line's arguments.
package struct SettingFlags: Sendable {
  package var flags: [(name: SettingName, text: String)] = []
  /// What was not a setting's flag, in order; from `--` on everything.
  package var rest: [String] = []

  /// `--rate 44100`, `--rate=44100`; for a boolean `--limiter`, `--limiter=false`, `--no-limiter`.
  ///
  /// Throws when a flag's value is missing, exit status 64; the value itself is checked by `Settings.load`.
  package init(_ arguments: [String]) throws(ToolError) {
    var remaining = arguments[...]
    while let argument = remaining.popFirst() {
      if argument == "--" {
        rest.append(argument)
        rest += remaining
        return
      }
      let flag = String(argument.prefix { $0 != "=" })
      let attached = argument.count > flag.count ? String(argument.dropFirst(flag.count + 1)) : nil
      if let name = Self.negated[flag], attached == nil {
        flags.append((name, "false"))
      } else if let setting = Self.byFlag[flag] {
        if let attached {
          flags.append((setting.name, attached))
        } else if setting.kind == .boolean {
          flags.append((setting.name, "true"))
        } else {
          guard let value = remaining.popFirst() else { throw Self.missing(setting) }
          flags.append((setting.name, value))
        }
      } else {
        rest.append(argument)
      }
    }
  }

  private static let byFlag = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.flag, $0) })
  private static let negated = Dictionary(
    uniqueKeysWithValues: Setting.all.filter { $0.kind == .boolean }.map { ("--no-" + $0.word, $0.name) })

  private static func missing(_ setting: Setting) -> ToolError {
    ToolError(
      code: "missing_value", what: "\(setting.flag) needs a value", why: "Allowed: \(setting.allowed).",
      next: "\(setting.flag) \(setting.builtIn.shown)")
  }
}
