import Glibc
import HootWire
import Tools

extension Garden {
  /// Exit status 0 when all succeeded, 3 when one did not, 124 when the time is over.
  func waitForJobs() throws(ToolError) -> Int32 {
    let wanted = invocation.arguments.texts(.job)
    // A terminal wants to see the time that is left go down.
    var follower = try JobFollower(wanted, link(), interval: isOnTerminal ? 1 : 5)
    let limit = invocation.options.has(.timeout) ? invocation.timeout : nil
    let deadline = limit.map { ContinuousClock.now + .seconds($0) }
    let isAny = invocation.arguments.isSet(.any)
    let cancels = invocation.arguments.isSet(.cancelOnExit)
    if cancels { Interrupt.note() }
    var screen = BarScreen(JobBars(painter: console.painter, isUnicode: isUnicode))
    tell(follower.jobs, all: follower.jobs, &screen)
    while !(isAny ? follower.hasOneDone : follower.isDone) {
      let left = deadline.map { max(0, ContinuousClock.now.duration(to: $0) / .seconds(1)) } ?? 60
      if let signal = Interrupt.signal {
        try cancel(follower.jobs)
        return 128 + signal
      }
      guard left > 0 else {
        if cancels { try cancel(follower.jobs) }
        throw Self.stillOpen(follower.jobs, limit ?? 0, isCancelled: cancels)
      }
      // A signal does not end the wait for an event.
      let changed = try follower.changes(within: cancels ? min(left, 0.2) : left)
      tell(changed, all: follower.jobs, &screen)
    }
    if invocation.wantsJSON {
      printJSON(["jobs": .array(follower.jobs), "done": true])
    } else if invocation.isQuiet {
      for job in follower.jobs where JobReport.isFinal(job) { console.print(Field.text(job["id"])) }
    }
    return verdict(follower.jobs, isAny: isAny)
  }

  private func tell(_ changed: [JSONValue], all: [JSONValue], _ screen: inout BarScreen) {
    guard !invocation.wantsJSON, !invocation.isQuiet else { return }
    if isOnTerminal { return screen.draw(all) }
    for job in changed { console.print(JobReport.line(job, console.painter)) }
  }

  /// The lines of those that did not succeed.
  private func verdict(_ jobs: [JSONValue], isAny: Bool) -> Int32 {
    let failed = jobs.filter { JobReport.isFinal($0) && !JobReport.hasSucceeded($0) }
    if failed.isEmpty || (isAny && jobs.contains(where: JobReport.hasSucceeded)) {
      return ExitCode.done.rawValue
    }
    for job in failed {
      let lines = (job["error"]?.array ?? []).map { Field.text($0) }
      console.say("garden: \(lines.first ?? "The job \(Field.text(job["id"])) was \(JobReport.state(job))")")
      console.say("  \(lines.dropFirst().first ?? "Its state is \(Field.text(job["state"])).")")
      console.say("  Next: \(lines.dropFirst(2).first ?? "garden job show \(JobReport.short(job["id"]))")")
    }
    return ExitCode.jobFailed.rawValue
  }

  /// Ends what has not ended; what ended a moment ago stays as it is.
  private func cancel(_ jobs: [JSONValue]) throws(ToolError) {
    let tool = Catalogue.tool(.jobCancel)
    for job in jobs where !JobReport.isFinal(job) {
      let arguments = try tool.validate([("job", .list([.text(Field.text(job["id"]))]))])
      do { _ = try link().query(.jobCancel, arguments, timeout: invocation.timeout) } catch {
        if error.code != "unknown_job" { throw error }
      }
    }
  }

  private static func stillOpen(_ jobs: [JSONValue], _ seconds: Double, isCancelled: Bool) -> ToolError {
    let open = jobs.filter { !JobReport.isFinal($0) }
    let ids = open.map { JobReport.short($0["id"]) }
    let one = open.count == 1
    if isCancelled {
      return ToolError(
        code: ExitCode.timedOut.word, exit: .timedOut,
        what: one ? "The job \(ids[0]) has not ended" : "\(open.count) of \(jobs.count) jobs have not ended",
        why: "Waited \(Field.decimal(seconds, 2)) s; \(one ? "it is" : "they are") cancelled.",
        next: "garden job retry \(ids[0])")
    }
    return ToolError(
      code: ExitCode.timedOut.word, exit: .timedOut,
      what: one ? "The job \(ids[0]) has not ended" : "\(open.count) of \(jobs.count) jobs have not ended",
      why: "Waited \(Field.decimal(seconds, 2)) s; \(one ? "it goes" : "they go") on, and nothing is lost.",
      next: "garden job wait \(ids.prefix(8).joined(separator: " "))")
  }
}

/// Lines that are drawn anew where they stand. What is there when the process ends stays.
struct BarScreen {
  private let bars: JobBars
  private var drawn = 0

  init(_ bars: JobBars) { self.bars = bars }

  mutating func draw(_ jobs: [JSONValue]) {
    let size = TerminalMode.size()
    // One column is left free: a full line would wrap on some terminals.
    let lines = bars.lines(jobs, columns: size.columns - 1, rows: size.rows)
    let up = drawn > 0 ? "\u{1B}[\(drawn)A" : ""
    Console.write("\r" + up + lines.map { $0 + "\u{1B}[K\r\n" }.joined() + "\u{1B}[J", to: STDOUT_FILENO)
    drawn = lines.count
  }
}
