import Tools

/// One thing wrong with a configuration.
package struct SettingsProblem: Equatable, Sendable {
  package var origin: SettingOrigin
  package var what: String
  package var why: String

  /// `path:line: what. why`: one line, for lists.
  package var line: String { "\(origin.shown): \(what). \(why)" }
}

/// Everything wrong with a configuration, not only the first thing. Exit status 78.
package struct SettingsError: Error, Equatable, Sendable {
  package var problems: [SettingsProblem]

  package var exit: ExitCode { .configuration }

  /// One line a problem, then what to type next.
  package var lines: [String] {
    problems.map(\.line) + ["Correct the place named, then check it: garden config check"]
  }
}
