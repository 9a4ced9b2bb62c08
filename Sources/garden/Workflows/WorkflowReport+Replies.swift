import HootWire
import Tools

extension Garden {
  /// Shows a reply about workflows; false for other requests.
  func showsWorkflows(_ tool: ToolName, _ result: JSONValue) -> Bool {
    guard let lines = WorkflowReport.lines(tool, result, isQuiet: invocation.isQuiet, console.painter) else {
      return false
    }
    lines.forEach(console.print)
    if tool == .workflowLs, lines.isEmpty { console.say("No workflows. Next: garden workflow run FILE") }
    return true
  }
}

extension WorkflowReport {
  static func lines(
    _ tool: ToolName, _ result: JSONValue, isQuiet: Bool, _ painter: Painter
  ) -> [String]? {
    let workflow = result["workflow"] ?? nil
    switch tool {
    case .workflowLs:
      let all = result["workflows"]?.array ?? []
      return isQuiet ? all.map { Field.text($0["id"]) } : list(all, painter)
    case .workflowTasks:
      let all = result["tasks"]?.array ?? []
      return isQuiet ? all.map { Field.text($0["name"]) } : tasks(all, painter)
    case .workflowRm:
      return [isQuiet ? Field.text(result["workflow_id"]) : "forgotten: \(Field.text(result["workflow_id"]))"]
    case .workflowShow where !isQuiet:
      return status(workflow, painter) + definition(result["definition"] ?? nil)
    case .workflowCreate, .workflowAddPhase, .workflowAddTask, .workflowRun, .workflowStart, .workflowStatus,
      .workflowShow, .workflowCancel, .workflowRetry, .workflowPause, .workflowResume:
      return isQuiet ? [Field.text(workflow["id"])] : status(workflow, painter)
    default: return nil
    }
  }

  private static func list(_ workflows: [JSONValue], _ painter: Painter) -> [String] {
    guard !workflows.isEmpty else { return [] }
    var table = TextTable(headings: ["ID", "NAME", "STATE", ">DONE", ">TASKS", "CREATED"])
    for workflow in workflows {
      table.rows.append([
        JobReport.short(workflow["id"]), Field.text(workflow["name"]), Field.text(workflow["state"]),
        Field.text(workflow["counts"]?["succeeded"]), Field.text(workflow["tasks"]),
        String(Field.text(workflow["created"]).prefix(19)),
      ])
    }
    return table.lines(painter)
  }

  private static func tasks(_ tasks: [JSONValue], _ painter: Painter) -> [String] {
    guard !tasks.isEmpty else { return [] }
    var table = TextTable(headings: ["TASK", "PHASE", "TOOL", "STATE", ">TRY", "JOB", "MADE"])
    for task in tasks {
      let made = task["artifacts"]?.array?.first?.string.map { String($0.prefix(12)) }
      let why = task["error"]?.array?.first ?? task["message"]
      table.rows.append([
        Field.text(task["name"]), Field.text(task["phase"]), Field.text(task["tool"]),
        Field.text(task["state"]),
        Field.text(task["tries"]), task["job_id"]?.string.map { String($0.prefix(13)) } ?? "-",
        made ?? Field.text(why),
      ])
    }
    return table.lines(painter)
  }

  private static func status(_ workflow: JSONValue, _ painter: Painter) -> [String] {
    var lines = ["\(Field.text(workflow["name"])) \(JobReport.short(workflow["id"])) \(summary(workflow))"]
    let phases = workflow["phases"]?.array ?? []
    let width = phases.map { Field.text($0["id"]).count }.max() ?? 0
    for phase in phases {
      let id = Field.text(phase["id"])
      let counts = phase["counts"]?.object?.members ?? []
      let told = counts.filter { ($0.value.int ?? 0) > 0 }.map { "\(Field.text($0.value)) \($0.key)" }
      let parents = (phase["depends_on"]?.array ?? []).map { Field.text($0) }
      lines.append(
        "  \(id + String(repeating: " ", count: width - id.count))  "
          + (told.isEmpty ? "no tasks" : told.joined(separator: ", "))
          + (parents.isEmpty ? "" : painter.paint(", after \(parents.joined(separator: ", "))", .quiet)))
    }
    for failure in workflow["failures"]?.array ?? [] {
      lines.append(
        painter.paint("  \(Field.text(failure["task"])): \(Field.text(failure["error"]?.array?.first))", .bad)
      )
    }
    return lines
  }

  private static func definition(_ definition: JSONValue) -> [String] {
    var lines: [String] = []
    for phase in definition["phases"]?.array ?? [] {
      lines.append("phase \(Field.text(phase["id"]))")
      for task in phase["tasks"]?.array ?? [] {
        let after = (task["dependencies"]?.array ?? []).map { Field.text($0) }
        lines.append(
          "  \(Field.text(task["name"])): \(Field.text(task["tool"])) \(Console.clean(task["params"]?.text ?? ""))"
            + (after.isEmpty ? "" : ", after \(after.joined(separator: ", "))"))
      }
    }
    return lines
  }
}
