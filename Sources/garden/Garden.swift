import Commands
import Glibc
import HootWire
import Settings
import Tools

/// One run of `garden`: what it was asked, where it runs, where it writes.
///
/// Main thread only.
struct Garden {
  let invocation: Invocation
  let environment: [String: String]
  let console: Console

  /// Runs a command line and gives the exit status.
  static func run(_ arguments: [String]) -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    TerminalMode.handle(SIGINT)
    let environment = SettingsSources.processEnvironment()
    if arguments.first == "__complete" {
      LiveNames.print(arguments.dropFirst().first ?? "", environment)
      return ExitCode.done.rawValue
    }
    do {
      return try answer(arguments, environment)
    } catch {
      report(error, asJSON: arguments.contains("--json"), console(nil, environment))
      return error.exit.rawValue
    }
  }

  private static func answer(
    _ arguments: [String], _ environment: [String: String]
  ) throws(ToolError) -> Int32 {
    let parser = CommandLineParser(workingDirectory: Files.workingDirectory, fileExists: Files.exists)
    switch try parser.parse(arguments) {
    case .help(let words):
      let console = console(nil, environment)
      try HelpText.lines(for: words, console.painter).forEach(console.print)
    case .version(let json):
      Version.print(asJSON: json, console(nil, environment))
    case .run(let invocation):
      let console = console(invocation.options.text(.color), environment)
      return try Garden(invocation: invocation, environment: environment, console: console).perform()
    }
    return ExitCode.done.rawValue
  }

  private static func console(_ color: String?, _ environment: [String: String]) -> Console {
    Console(
      painter: Painter.choose(color, environment: environment, isTerminal: isatty(STDOUT_FILENO) == 1))
  }

  /// Three lines on standard error; with `--json` the error is also the one object on standard output.
  private static func report(_ error: ToolError, asJSON: Bool, _ console: Console) {
    console.say("garden: \(error.what)")
    console.say("  \(error.why)")
    console.say("  Next: \(error.next)")
    guard asJSON else { return }
    let detail: JSONValue = [
      "code": .string(error.code), "exit": .integer(Int64(error.exit.rawValue)),
      "lines": .array(error.lines.map { .string($0) }),
    ]
    console.print(JSONValue.object(JSONObject([("schema", "chaosgarden.error/1"), ("error", detail)])).text)
  }
}
