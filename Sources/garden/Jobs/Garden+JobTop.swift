import Glibc
import HootWire
import Tools

extension Garden {
  /// Hosts, running jobs and the queue: live on a terminal, once elsewhere.
  func topJobs() throws(ToolError) -> Int32 {
    let link = try link()
    let screen = JobTopScreen(bars: JobBars(painter: console.painter, isUnicode: isUnicode))
    var seen = try look(link)
    guard isOnTerminal, isatty(STDIN_FILENO) == 1 else {
      if invocation.wantsJSON {
        printJSON(["hosts": .array(seen.hosts), "jobs": .array(seen.jobs), "total": .integer(seen.total)])
      } else {
        screen.lines(seen, columns: columns, rows: .max).forEach(console.print)
      }
      return ExitCode.done.rawValue
    }
    var looked = ContinuousClock.now
    try LiveScreen.run { size throws(ToolError) in
      if ContinuousClock.now - looked > .milliseconds(450) {
        seen = try look(link)
        looked = .now
      }
      return screen.lines(seen, columns: size.columns - 1, rows: size.rows - 1)
    }
    return ExitCode.done.rawValue
  }

  /// What runs first, then the queue in its order.
  private func look(_ link: DaemonLink) throws(ToolError) -> JobTopScreen.Seen {
    let tool = Catalogue.tool(.jobLs)
    func list(_ status: String, _ limit: Int64) throws(ToolError) -> JSONValue {
      let arguments = try tool.validate([("status", .text(status)), ("limit", .integer(limit))])
      return try link.query(.jobLs, arguments, timeout: invocation.timeout)
    }
    let running = try list("running", 200)["jobs"]?.array ?? []
    let live = try list("live", 200)
    let out = Set(running.compactMap { $0["id"]?.string })
    let waiting = (live["jobs"]?.array ?? []).filter { !out.contains($0["id"]?.string ?? "") }
      .sorted { ($0["position"]?.int ?? 0) < ($1["position"]?.int ?? 0) }
    let hosts = try link.query(.hostLs, timeout: invocation.timeout)["hosts"]?.array ?? []
    return JobTopScreen.Seen(hosts: hosts, jobs: running + waiting, total: live["total"]?.int ?? 0)
  }
}

/// The live screen of jobs. Pure: what was seen and a size give the lines.
struct JobTopScreen: Sendable {
  struct Seen: Sendable {
    var hosts: [JSONValue]
    var jobs: [JSONValue]
    var total: Int64
  }

  var bars: JobBars

  func lines(_ seen: Seen, columns: Int, rows: Int) -> [String] {
    let painter = bars.painter
    var lines = HostReport.table(seen.hosts, Painter(isEnabled: false)).map { JobReport.cut($0, columns) }
    if rows < .max, lines.count > max(3, rows / 2) {
      let shown = max(2, rows / 2)
      lines = lines.prefix(shown) + ["… and \(lines.count - shown) more hosts"]
    }
    if let heading = lines.first { lines[0] = painter.paint(heading, .quiet) }
    let running = seen.jobs.filter { ["running", "leased"].contains($0["state"]?.string) }
    let waiting = seen.jobs.filter { !["running", "leased"].contains($0["state"]?.string) }
    let count = JSONValue.integer(Int64(running.count))
    lines += [
      "", "\(Field.count(count, "job")) with hosts, \(max(0, Int(seen.total) - running.count)) waiting",
    ]
    let isLive = rows < .max
    let foot = isLive ? [painter.paint("q leaves; the jobs go on", .quiet)] : []
    let room = isLive ? max(0, rows - lines.count - foot.count - 1) : .max
    let width = min(18, seen.jobs.map { Field.text($0["tool"]).count }.max() ?? 0)
    var shown = (running + waiting).prefix(room).map { bars.line($0, toolWidth: width, columns) }
    if shown.count < seen.jobs.count, !shown.isEmpty {
      shown[shown.count - 1] = painter.paint("… and \(Int(seen.total) - shown.count + 1) more", .quiet)
    }
    return lines + shown + foot
  }
}
