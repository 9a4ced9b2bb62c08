import Glibc
import HootWire
import Jobs
import Settings
import Tools

extension Garden {
  /// Hands the file's workflow to the daemon, and shows how far it is. Exit status 0 when all of it succeeded, 3 when
  /// something did not, 124 when the time is over; it goes on in any case.
  func runWorkflow() throws(ToolError) -> Int32 {
    let file = try WorkflowFile(path: invocation.arguments.text(.file) ?? "")
    let definition = Self.placed(file.definition, in: Files.workingDirectory)
    try Self.check(definition, file)
    let link = try link()
    // Before the first question: what changes after the answer is not missed.
    do { try link.client.subscribe(topics: ["workflow"]) } catch { throw ToolError(error) }
    let id = invocation.arguments.text(.workflowID) ?? Self.newID()
    let arguments = try Catalogue.tool(.workflowRun).validate([
      ("definition", .object(definition)), ("workflow_id", .text(id)),
    ])
    Interrupt.note()
    let reply = try link.query(.workflowRun, arguments, timeout: max(30, invocation.timeout))
    let first = reply["workflow"] ?? nil
    if invocation.arguments.isSet(.detach) {
      if invocation.wantsJSON { printJSON(reply) } else { console.print(Field.text(reply["workflow_id"])) }
      return ExitCode.done.rawValue
    }
    return try follow(first, link)
  }

  /// A UUID by the clock, so that a request that is repeated is the same one.
  private static func newID() -> String {
    var random = SystemRandomNumberGenerator()
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let now = Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    return JobID.mint(milliseconds: now, using: &random).text
  }

  /// What is wrong with it is told with its line; the daemon would say the same, without one.
  private static func check(_ definition: [String: ToolValue], _ file: WorkflowFile) throws(ToolError) {
    do throws(WorkflowRefusal) {
      _ = try WorkflowDraft.workflow(definition, id: JobID(high: 0, low: 0), at: 0)
    } catch {
      let place = error.place
      let line = file.line(phase: place.phase, task: place.task, field: place.field)
      throw ToolError(
        code: error.kind.rawValue, exit: .badData,
        what: "\(file.path)\(line.map { ":\($0)" } ?? ""): \(error.lines[0])", why: error.lines[1],
        next: error.lines[2])
    }
  }

  /// Paths are those of the folder that the command is run in: the daemon runs in another one.
  static func placed(_ definition: [String: ToolValue], in folder: String) -> [String: ToolValue] {
    func each(
      _ name: String, of object: [String: ToolValue], _ change: ([String: ToolValue]) -> [String: ToolValue]
    ) -> [String: ToolValue] {
      guard case .list(let values)? = object[name] else { return object }
      var object = object
      object[name] = .list(
        values.map { value in
          if case .object(let members) = value { return .object(change(members)) }
          return value
        })
      return object
    }
    func absolute(_ fields: [String: ToolValue], _ tool: Tool) -> [String: ToolValue] {
      var fields = fields
      for parameter in tool.usage.parameters {
        guard case .path = parameter.kind, case .text(let text)? = fields[parameter.name.rawValue],
          !text.hasPrefix("/"), !text.isEmpty
        else { continue }
        fields[parameter.name.rawValue] = .text(folder + (folder.hasSuffix("/") ? "" : "/") + text)
      }
      return fields
    }
    return each("phases", of: definition) { phase in
      each("tasks", of: phase) { task in
        guard case .text(let name)? = task["tool"] ?? task["agent_name"],
          let tool = Catalogue.jobTool(name) ?? Catalogue.tool(named: name)
        else { return task }
        var task = absolute(task, tool)
        if case .object(let params)? = task["params"] { task["params"] = .object(absolute(params, tool)) }
        return task
      }
    }
  }

  // MARK: Its way

  private func follow(_ first: JSONValue, _ link: DaemonLink) throws(ToolError) -> Int32 {
    let id = first["id"]?.string ?? ""
    let began = ContinuousClock.now
    let deadline = invocation.options.has(.timeout) ? began + .seconds(invocation.timeout) : nil
    var report = WorkflowReport(painter: console.painter)
    var shown = first
    var asked = ContinuousClock.now - .seconds(1)
    var awaySince: ContinuousClock.Instant?
    if isTold { console.print(report.opening(shown)) }
    while true {
      if let signal = Interrupt.signal { return leave(shown, signal) }
      if let deadline, deadline <= .now { throw Self.stillRuns(shown, invocation.timeout) }
      let isDue = ContinuousClock.now - asked >= .milliseconds(500)
      if isDue, try isServed(link, &awaySince, shown) {
        asked = .now
        let arguments = try Catalogue.tool(.workflowTasks).validate([("workflow_id", .text(id))])
        // A daemon that is just being started anew answers the next time.
        if let tasks = try? link.query(.workflowTasks, arguments, timeout: 5) {
          if isTold { report.changes(tasks["tasks"]?.array ?? []).forEach(console.print) }
          shown = (try? link.query(.workflowStatus, arguments, timeout: 5))?["workflow"] ?? shown
        }
        if WorkflowReport.hasEnded(shown) { break }
      }
      guard let event = link.client.nextEvent(timeout: .milliseconds(100)), event.topic == "workflow",
        event.content["workflow"]?["id"]?.string == id
      else { continue }
      if isTold { report.changes(event.content["tasks"]?.array ?? []).forEach(console.print) }
      shown = event.content["workflow"] ?? shown
      // Its last look tells what came beside events.
      if WorkflowReport.hasEnded(shown) { asked = .now - .seconds(1) }
    }
    return try tellEnd(shown, link, (ContinuousClock.now - began) / .seconds(1))
  }

  private var isTold: Bool { !invocation.wantsJSON && !invocation.isQuiet }

  private func isServed(
    _ link: DaemonLink, _ since: inout ContinuousClock.Instant?, _ shown: JSONValue
  ) throws(ToolError) -> Bool {
    if DaemonLink.isServed(link.client.directory.path) {
      since = nil
      return true
    }
    let away = since ?? .now
    since = away
    guard ContinuousClock.now - away < .seconds(5) else {
      throw ToolError(
        code: "unreachable", exit: .unreachable, what: "The daemon has gone",
        why:
          "Nobody listens in its socket directory any more; the workflow is kept, and goes on when it is back.",
        next: "garden up, then garden workflow status \(JobReport.short(shown["id"]))")
    }
    return false
  }

  private func leave(_ shown: JSONValue, _ signal: Int32) -> Int32 {
    console.say("garden: left; the workflow goes on in the daemon")
    console.say("  \(WorkflowReport.summary(shown))")
    console.say("  Next: garden workflow status \(JobReport.short(shown["id"]))")
    return 128 + signal
  }

  private static func stillRuns(_ shown: JSONValue, _ seconds: Double) -> ToolError {
    ToolError(
      code: ExitCode.timedOut.word, exit: .timedOut, what: "The workflow has not ended",
      why:
        "Waited \(Field.decimal(seconds, 2)) s; it goes on, and nothing is lost: \(WorkflowReport.summary(shown)).",
      next: "garden workflow status \(JobReport.short(shown["id"]))")
  }

  private func tellEnd(_ shown: JSONValue, _ link: DaemonLink, _ seconds: Double) throws(ToolError) -> Int32 {
    let hasSucceeded = shown["state"] == "succeeded"
    if invocation.wantsJSON {
      let arguments = try Catalogue.tool(.workflowTasks).validate([
        ("workflow_id", .text(Field.text(shown["id"])))
      ])
      let tasks = try link.query(.workflowTasks, arguments, timeout: 30)["tasks"] ?? []
      printJSON(["workflow": shown, "tasks": tasks, "seconds": .number(seconds)])
    } else if invocation.isQuiet {
      console.print(Field.text(shown["id"]))
    } else {
      console.print("\(WorkflowReport.summary(shown)), in \(Field.decimal(seconds, 1)) s")
    }
    for failure in shown["failures"]?.array ?? [] {
      let lines = (failure["error"]?.array ?? []).map { Field.text($0) }
      console.say("garden: \(Field.text(failure["task"])): \(lines.first ?? "it failed")")
      console.say("  \(lines.dropFirst().first ?? "Its host said no more.")")
      console.say("  Next: garden workflow retry \(JobReport.short(shown["id"]))")
    }
    return (hasSucceeded ? ExitCode.done : .jobFailed).rawValue
  }
}
