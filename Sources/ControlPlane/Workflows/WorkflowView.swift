import HootWire
import Jobs
import Tools

/// A workflow as it is shown.
struct WorkflowView {
  let workflow: Workflow
  let status: WorkflowStatus
  /// What keeps a task from beginning, by its name.
  var waits: [String: String] = [:]

  var json: JSONValue {
    func time(_ time: JobTime?) -> JSONValue { time.map { .string(JobView.text($0)) } ?? nil }
    let failures = status.failures.map { failure -> JSONValue in
      [
        "task": .string(failure.task.name), "phase": .string(failure.task.phase),
        "job_id": .string(workflow.job(of: failure.task).text), "error": Self.lines(failure.error),
      ]
    }
    var fields: [(String, JSONValue)] = [
      ("id", .string(workflow.id.text)), ("name", .string(workflow.name)),
      ("description", .string(workflow.about)), ("state", .string(status.state.rawValue)),
      ("progress", .number(status.percent.hundredths)), ("paused", .bool(workflow.isPaused)),
      ("tasks", .integer(Int64(workflow.tasks.count))), ("counts", Self.counts(status.counts)),
    ]
    fields += [
      ("phases", .array(status.phases.map(phase))), ("failures", .array(failures)),
      ("created", time(workflow.createdAt)), ("started", time(workflow.startedAt)),
      ("finished", time(status.finishedAt)), ("number", JSONValue(workflow.number)),
    ]
    return JSONValue(fields)
  }

  private func phase(_ phase: WorkflowStatus.PhaseStatus) -> JSONValue {
    [
      "id": .string(phase.phase.id), "name": .string(phase.phase.name),
      "depends_on": Self.lines(phase.phase.dependsOn), "state": .string(phase.state.rawValue),
      "counts": Self.counts(phase.counts),
    ]
  }

  private static func counts(_ counts: [WorkflowStatus.TaskState: Int]) -> JSONValue {
    JSONValue(
      WorkflowStatus.TaskState.allCases.map { ($0.rawValue, .integer(Int64(counts[$0, default: 0]))) })
  }

  static func lines(_ lines: [String]) -> JSONValue { .array(lines.map { .string($0) }) }

  /// Its tasks, of those names.
  func tasks(_ names: Set<String>) -> JSONValue {
    .array(status.tasks.filter { names.contains($0.task.name) }.map(task))
  }

  private func task(_ status: WorkflowStatus.TaskStatus) -> JSONValue {
    let (task, record) = (status.task, status.record)
    var fields: [(String, JSONValue)] = [
      ("name", .string(task.name)), ("phase", .string(task.phase)), ("tool", .string(task.tool)),
      ("state", .string(status.state.rawValue)),
      ("job_id", record.map { .string($0.id.text) } ?? nil), ("tries", .integer(Int64(task.tries + 1))),
      ("dependencies", Self.lines(task.dependencies)), ("uses", Self.lines(task.uses)),
      ("progress", .number(status.percent.hundredths)),
      ("message", .string(waits[task.name] ?? record?.progress.message ?? "")),
    ]
    fields += [
      ("host", JSONValue(record?.host)), ("artifacts", Self.lines(record?.artifacts ?? [])),
      // A ledger holds what was checked when it came.
      ("value", record?.value.flatMap { try? JSONValue.parse($0) } ?? nil),
      ("region_id", JSONValue(record?.spec.region)), ("webhook_url", JSONValue(task.webhookURL)),
      ("error", status.error.isEmpty ? nil : Self.lines(status.error)),
    ]
    return JSONValue(fields)
  }

  /// As it may be handed in again.
  var definition: JSONValue {
    let phases = workflow.phases.map { phase -> JSONValue in
      let tasks = workflow.tasks.filter { $0.phase == phase.id }.map { task -> JSONValue in
        var fields: [(String, JSONValue)] = [
          ("name", .string(task.name)), ("tool", .string(task.tool)),
          // Checked when it was added.
          ("params", (try? JSONValue.parse(Array(task.parameters.utf8))) ?? nil),
          ("dependencies", Self.lines(task.dependencies)),
        ]
        if let url = task.webhookURL { fields.append(("webhook_url", .string(url))) }
        return JSONValue(fields)
      }
      return [
        "id": .string(phase.id), "name": .string(phase.name), "depends_on": Self.lines(phase.dependsOn),
        "tasks": .array(tasks),
      ]
    }
    return [
      "name": .string(workflow.name), "description": .string(workflow.about), "phases": .array(phases),
    ]
  }
}

extension Refusal {
  init(_ error: WorkflowRefusal) {
    let exit: ExitCode =
      switch error.kind {
      case .badName, .badParent, .badDependency, .badReference, .badTask, .cycle: .badData
      case .unknownWorkflow, .unknownPhase, .unknownTask, .frozen, .notStarted, .ended, .running, .nothing,
        .empty, .conflict, .full:
        .refused
      }
    self.init(error.kind.rawValue, exit, error.lines[0], error.lines[1], error.lines[2])
  }
}
