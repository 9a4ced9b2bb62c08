import HootWire
import Settings
import Tools

extension Garden {
  /// Every setting as a line of TOML, with `--origin` the place it comes from behind it.
  func showConfiguration() throws(ToolError) -> Int32 {
    let settings = try settings()
    if invocation.wantsJSON {
      printJSON(["settings": .array(Setting.all.map { Configuration.json($0, settings[$0.name]) })])
      return ExitCode.done.rawValue
    }
    let lines = Setting.all.map { "\($0.name.rawValue) = \(settings[$0.name].value.toml)" }
    let width = lines.map(\.count).max() ?? 0
    for (setting, line) in zip(Setting.all, lines) {
      let origin = settings[setting.name].origin.shown
      let space = String(repeating: " ", count: width - line.count)
      console.print(
        invocation.arguments.isSet(.origin)
          ? line + space + console.painter.paint("  # \(origin)", .quiet) : line)
    }
    for warning in settings.warnings { console.say("warning: \(warning)") }
    return ExitCode.done.rawValue
  }

  /// Names every problem of one file, or of all that are read; exit status 78 when there is one.
  func checkConfiguration() throws(ToolError) -> Int32 {
    let sources = SettingsSources.system(environment: environment)
    if let file = invocation.arguments.text(.file) {
      guard let problems = Settings.check(file: file, environment: environment) else {
        throw ToolError(
          code: "file_missing", exit: .fileMissing, what: "There is no file \(shownText(file))",
          why: "It was to be checked.", next: "garden config check")
      }
      return report(problems, checked: [file])
    }
    do {
      let settings = try Settings.load(sources)
      for warning in settings.warnings { console.say("warning: \(warning)") }
      return report([], checked: sources.files.filter(Files.exists))
    } catch {
      return report(error.problems, checked: sources.files.filter(Files.exists))
    }
  }

  private func report(_ problems: [SettingsProblem], checked: [String]) -> Int32 {
    if invocation.wantsJSON {
      printJSON([
        "files": .array(checked.map { .string($0) }), "problems": .array(problems.map(Configuration.json)),
      ])
    } else {
      problems.map(\.line).forEach(console.print)
      let files = checked.isEmpty ? "no file, only the environment" : checked.joined(separator: ", ")
      console.say("\(problems.isEmpty ? "Fine" : "\(problems.count) wrong"): \(files)")
    }
    return (problems.isEmpty ? ExitCode.done : .configuration).rawValue
  }
}

/// Settings as replies and refusals.
enum Configuration {
  static func json(_ setting: Setting, _ entry: Settings.Entry) -> JSONValue {
    let value: JSONValue =
      switch entry.value {
      case .text(let text): .string(text)
      case .bool(let value): .bool(value)
      case .integer(let number): .integer(Int64(number))
      case .number(let number): .number(number)
      }
    return [
      "name": .string(setting.name.rawValue), "value": value, "origin": .string(entry.origin.shown),
      "environment": .string(setting.environment), "flag": .string(setting.flag),
    ]
  }

  static func json(_ problem: SettingsProblem) -> JSONValue {
    ["where": .string(problem.origin.shown), "what": .string(problem.what), "why": .string(problem.why)]
  }

  static func refusal(_ error: SettingsError) -> ToolError {
    ToolError(
      code: ExitCode.configuration.word, exit: .configuration,
      what: error.problems.count == 1 ? "A setting is wrong" : "\(error.problems.count) settings are wrong",
      why: error.problems.map(\.line).joined(separator: "\n  "), next: "garden config check")
  }
}
