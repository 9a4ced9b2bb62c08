import HootWire
import Tools

extension Garden {
  /// Exit status 0 when every task that was begun is closed, 3 when one is blocked.
  func followBeads() throws(ToolError) -> Int32 {
    let file = try BeadsFile(invocation.arguments.text(.file) ?? "")
    var desk = try BeadsDesk(file, link()) { issue, status, kind, job in
      tell(issue, status, kind, job)
    }
    let isOnce = invocation.arguments.isSet(.once)
    let interval = invocation.arguments.number(.interval) ?? 2
    let deadline = invocation.options.has(.timeout) ? ContinuousClock.now + .seconds(invocation.timeout) : nil
    while !(isOnce && desk.isIdle) {
      let left = deadline.map { ContinuousClock.now.duration(to: $0) / .seconds(1) } ?? .infinity
      guard left > 0 else {
        throw ToolError(
          code: ExitCode.timedOut.word, exit: .timedOut, what: "There are tasks that have not ended",
          why: "Waited \(Field.decimal(invocation.timeout, 2)) s; their jobs go on, and nothing is lost.",
          next: "the same command once more: it goes on with the same jobs")
      }
      try desk.turn(within: min(interval, left))
    }
    if invocation.wantsJSON {
      printJSON([
        "closed": .integer(Int64(desk.closed)), "blocked": .integer(Int64(desk.blocked)),
        "cancelled": .integer(Int64(desk.cancelled)),
      ])
    } else if !invocation.isQuiet {
      console.print("\(desk.closed) closed, \(desk.blocked) blocked, \(desk.cancelled) cancelled")
    }
    return (desk.blocked == 0 ? ExitCode.done : .jobFailed).rawValue
  }

  private func tell(_ issue: String, _ status: String, _ kind: String, _ job: JSONValue) {
    if invocation.wantsJSON {
      return console.print(
        JSONValue.object(
          JSONObject([
            ("schema", "chaosgarden.task/1"), ("issue", .string(issue)), ("status", .string(status)),
            ("kind", .string(kind)), ("job_id", job["id"] ?? nil),
          ])
        ).text)
    }
    if invocation.isQuiet { return console.print(Console.clean(issue)) }
    var line = "\(Console.clean(issue)) \(Console.clean(status)): \(Console.clean(kind))"
    if let host = job["host"]?.string { line += " on \(Console.clean(host))" }
    if job["id"]?.string != nil { line += ", job \(JobReport.short(job["id"]))" }
    if let why = job["error"]?.array?.first { line += ", \(Field.text(why))" }
    console.print(line)
  }
}
