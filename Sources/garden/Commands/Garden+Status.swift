import Glibc
import HootWire
import Tools

extension Garden {
  /// How long a live screen waits for a reply before it gives the daemon up.
  private static let liveSeconds = 2.0

  func status() throws(ToolError) -> Int32 {
    let link = try link()
    if invocation.arguments.isSet(.limits) { return try limits(link) }
    if invocation.arguments.isSet(.metrics) || invocation.arguments.isSet(.prometheus) {
      return try metrics(link)
    }
    if invocation.arguments.isSet(.watch) { return try watchStatus(link) }
    let status = try link.query(.status, timeout: invocation.timeout)
    if invocation.wantsJSON {
      printJSON(status)
    } else if invocation.isQuiet {
      console.print(Field.text(status["transport"]?["state"]))
    } else {
      StatusReport.lines(status, console.painter).forEach(console.print)
    }
    return ExitCode.done.rawValue
  }

  private func limits(_ link: DaemonLink) throws(ToolError) -> Int32 {
    let limits = try link.query(.limits, timeout: invocation.timeout)
    if invocation.wantsJSON {
      console.print(Self.withSchema(limits, of: ToolName.limits.rawValue).text)
    } else {
      ListReport.all[.limits]?.lines(limits, console.painter).forEach(console.print)
    }
    return ExitCode.done.rawValue
  }

  private func metrics(_ link: DaemonLink) throws(ToolError) -> Int32 {
    let metrics = try link.query(.metrics, timeout: invocation.timeout)
    if invocation.arguments.isSet(.prometheus) {
      Console.write(metrics["prometheus"]?.string ?? "", to: STDOUT_FILENO)
    } else if invocation.wantsJSON {
      console.print(Self.withSchema(metrics, of: ToolName.metrics.rawValue).text)
    } else {
      MetricsReport.lines(metrics, console.painter).forEach(console.print)
    }
    return ExitCode.done.rawValue
  }

  /// On a terminal a live screen at 10 Hz; elsewhere a line a second.
  private func watchStatus(_ link: DaemonLink) throws(ToolError) -> Int32 {
    if invocation.wantsJSON || isatty(STDOUT_FILENO) == 0 || isatty(STDIN_FILENO) == 0 {
      while true {
        let status = try link.query(.status, timeout: invocation.timeout)
        invocation.wantsJSON ? printJSON(status) : console.print(StatusReport.oneLine(status))
        usleep(1_000_000)
      }
    }
    let screen = StatusScreen(painter: console.painter, bar: LevelBar(isUnicode: isUnicode))
    try LiveScreen.run { size throws(ToolError) in
      let status = try link.query(.status, timeout: Self.liveSeconds)
      let tracks = try link.query(.trackLs, timeout: Self.liveSeconds)
      return screen.lines(status: status, tracks: tracks, columns: size.columns, rows: size.rows)
    }
    return ExitCode.done.rawValue
  }

  /// Levels: bars that live on a terminal, once elsewhere.
  func meter() throws(ToolError) -> Int32 {
    let link = try link()
    let report = MeterReport(painter: console.painter, bar: LevelBar(isUnicode: isUnicode))
    if invocation.wantsJSON || isatty(STDOUT_FILENO) == 0 || isatty(STDIN_FILENO) == 0 {
      while invocation.arguments.isSet(.watch) {
        let meters = try link.query(.meter, timeout: invocation.timeout)
        invocation.wantsJSON
          ? printJSON(meters) : MeterReport.loudness(meters["loudness"]).forEach(console.print)
        usleep(1_000_000)
      }
      let meters = try link.query(.meter, timeout: invocation.timeout)
      invocation.wantsJSON
        ? printJSON(meters) : report.lines(meters, columns: 80, rows: .max).forEach(console.print)
      return ExitCode.done.rawValue
    }
    try LiveScreen.run { size throws(ToolError) in
      let meters = try link.query(.meter, timeout: Self.liveSeconds)
      return report.lines(meters, columns: size.columns, rows: size.rows)
    }
    return ExitCode.done.rawValue
  }

  /// Whether the terminal's character set is UTF-8: POSIX takes the first of these that is set.
  var isUnicode: Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    return locale.map { $0.uppercased().contains("UTF-8") || $0.uppercased().contains("UTF8") } ?? false
  }
}
