import ControlSocket
import HootWire
import Jobs
import Ledger
import Tools

// What clients ask of workflows. Each change is made and kept on the ledger's thread in one go, so of two that come at once
// neither is lost; what comes of it is told here.
extension Conductor {
  // MARK: Drafts

  func createWorkflow(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let id = try workflowID(arguments)
    let workflow = Workflow(
      id: id, name: arguments.text(.name) ?? "", about: arguments.text(.description) ?? "",
      at: jobs?.clock() ?? 0)
    do throws(WorkflowRefusal) { try WorkflowDraft.check(name: workflow.name) } catch { throw Refusal(error) }
    return try keepNew(workflow, isStarted: false, incoming)
  }

  /// All of a definition, and its start.
  func runWorkflow(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let id = try workflowID(arguments)
    let workflow: Workflow
    do throws(WorkflowRefusal) {
      workflow = try WorkflowDraft.workflow(
        try Self.tree(.definition, arguments), id: id, at: jobs?.clock() ?? 0)
    } catch { throw Refusal(error) }
    return try checkingTools(workflow.tasks, incoming) { [self] () throws(Refusal) in
      _ = try keepNew(workflow, isStarted: true, incoming)
    }
  }

  private func workflowID(_ arguments: Arguments) throws(Refusal) -> JobID {
    guard let side = jobs else { throw Self.noJobs }
    guard let text = arguments.text(.workflowID) else {
      var random = side.random
      return JobID.mint(milliseconds: side.clock(), using: &random)
    }
    guard let id = JobID(text) else {
      throw Refusal(
        "bad_id", .usage, "\(shownText(text)) is no workflow's id", "It is a UUID: 32 hexadecimal digits.",
        "garden help workflow create")
    }
    return id
  }

  private func keepNew(_ workflow: Workflow, isStarted: Bool, _ incoming: Incoming) throws(Refusal) -> Answer
  {
    let now = jobs?.clock() ?? 0
    try readLedger(
      { store throws(LedgerError) in
        try WorkflowKeeping.new(workflow, isStarted: isStarted, in: store, at: now)
      },
      then: { [self] (result: Result<WorkflowKeeping.Outcome<Bool>, Refusal>) in
        settle(result, incoming) { kept, isNew in
          [
            ("workflow_id", .string(kept.workflow.id.text)), ("how", isNew ? "created" : "known"),
          ]
        }
      })
    return .later
  }

  func addPhase(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let phase = Workflow.Phase(
      id: arguments.text(.phaseID) ?? "", name: arguments.text(.name) ?? "",
      dependsOn: arguments.texts(.dependsOn))
    return try change(arguments, incoming) { workflow, _, _ throws(WorkflowRefusal) in
      try workflow.add(phase)
      return true
    } told: { _, _ in
      [("phase_id", .string(phase.id))]
    }
  }

  func addTask(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let task: Workflow.Task
    do throws(WorkflowRefusal) { task = try Self.task(arguments) } catch { throw Refusal(error) }
    return try checkingTools([task], incoming) { [self] () throws(Refusal) in
      _ = try change(arguments, incoming) { workflow, _, _ throws(WorkflowRefusal) in
        try workflow.add(task)
        try WorkflowDraft.checkUses(workflow)
        return true
      } told: { _, _ in
        [("task", .string(task.name))]
      }
    }
  }

  private static func task(_ arguments: Arguments) throws(WorkflowRefusal) -> Workflow.Task {
    let phase = arguments.text(.phaseID) ?? ""
    var fields: [String: ToolValue] = ["name": .text(arguments.text(.name) ?? "")]
    for name in [ParameterName.tool, .agentName, .priority, .webhookURL] {
      if let text = arguments.text(name) { fields[name.rawValue] = .text(text) }
    }
    if let seconds = arguments.number(.timeoutSeconds) { fields["timeout_seconds"] = .number(seconds) }
    fields["dependencies"] = .list(arguments.texts(.dependencies).map { .text($0) })
    if let words = arguments.text(.agentInstructions) {
      // What is no object is words.
      if case .object? = try? JSONValue.parse(Array(words.utf8)) {
        fields["agent_instructions"] = .object(try object(words, "agent_instructions"))
      } else {
        fields["agent_instructions"] = .text(words)
      }
    }
    var params = arguments.has(.params) ? try tree(.params, arguments) : [:]
    for text in arguments.texts(.param) {
      guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
        throw WorkflowRefusal(
          .badTask, "The task was not added.", why: "\(shownText(text)) is no parameter; one is NAME=VALUE.",
          next: "garden help workflow add-task")
      }
      let value = String(text[text.index(after: sign)...])
      // What is no JSON is text.
      params[String(text[..<sign])] =
        (try? JSONValue.parse(Array(value.utf8))).map { ToolValue($0) } ?? .text(value)
    }
    fields["params"] = .object(params)
    return try WorkflowDraft.task(fields, phase: phase)
  }

  /// An object that came as one, or written down.
  private static func tree(
    _ name: ParameterName, _ arguments: Arguments
  ) throws(WorkflowRefusal) -> [String: ToolValue] {
    if let members = arguments.object(name) { return members }
    return try object(arguments.text(name) ?? "", name.rawValue)
  }

  private static func object(_ text: String, _ name: String) throws(WorkflowRefusal) -> [String: ToolValue] {
    let value: JSONValue
    do { value = try JSONValue.parse(Array(text.utf8)) } catch {
      throw WorkflowRefusal(
        .badTask, "\(shownText(name)) is no JSON.", why: "\(error)", next: "Write an object: {\"seed\": 7}")
    }
    guard case .object(let members) = ToolValue(value) else {
      throw WorkflowRefusal(
        .badTask, "\(shownText(name)) is no object.", why: "It is \(value.kind).",
        next: "Write an object: {\"seed\": 7}")
    }
    return members
  }

  /// Refuses a tool that is neither declared nor known to a host.
  private func checkingTools(
    _ tasks: [Workflow.Task], _ incoming: Incoming, then: @escaping () throws(Refusal) -> Void
  ) throws(Refusal) -> Answer {
    let open = Set(tasks.map(\.tool).filter { Catalogue.jobTool($0) == nil }).sorted()
    guard !open.isEmpty else {
      try then()
      return .later
    }
    try ask(
      (known: [String], all: [String]).self,
      { side, answer in
        side.dispatcher.order(
          .look { scheduler, _ in
            let hosts = scheduler.allHosts
            answer(
              (
                known: open.filter { tool in hosts.contains { $0.spec.service(for: tool) != nil } },
                all: hosts.flatMap { $0.spec.services.flatMap(\.tools) }.filter { $0 != "*" }
              ))
          })
      },
      then: { [self] found in
        resume(incoming) { () throws(Refusal) in
          if let tool = open.first(where: { !found.known.contains($0) }) {
            let names = Set(Catalogue.jobTools.compactMap { $0.job?.tool } + found.all).sorted()
            throw Refusal(
              "bad_task", .badData, "There is no tool \(shownText(tool))",
              Suggestion.sentence(for: tool, in: names, noun: "tool"), "garden host ls")
          }
          try then()
        }
      })
    return .later
  }

  // MARK: Runs

  func startWorkflow(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let now = jobs?.clock() ?? 0
    return try change(arguments, incoming) { workflow, _, _ throws(WorkflowRefusal) in
      try workflow.start(at: now)
    } told: { kept, isNew in
      [("workflow_id", .string(kept.workflow.id.text)), ("how", isNew ? "started" : "known")]
    }
  }

  func cancelWorkflow(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let part = try Self.part(arguments)
    return try change(arguments, incoming) { workflow, status, _ throws(WorkflowRefusal) in
      try workflow.cancel(part, status)
    } told: { [self] kept, names in
      cancelJobs(of: names, in: kept.workflow)
      return [("cancelled", WorkflowView.lines(names))]
    }
  }

  func retryWorkflow(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let part = try Self.part(arguments)
    return try change(arguments, incoming) { workflow, status, _ throws(WorkflowRefusal) in
      try workflow.retry(part, status)
    } told: { _, names in
      [("retried", WorkflowView.lines(names))]
    }
  }

  func pauseWorkflow(_ isPaused: Bool, _ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer
  {
    try change(arguments, incoming) { workflow, status, _ throws(WorkflowRefusal) in
      try workflow.pause(isPaused, status)
    } told: { [self] kept, _ in
      holdJobs(of: kept.workflow, isPaused)
      return []
    }
  }

  private static func part(_ arguments: Arguments) throws(Refusal) -> Workflow.Part {
    switch (arguments.text(.phase), arguments.text(.task)) {
    case (nil, nil): return .all
    case (let phase?, nil): return .phase(phase)
    case (nil, let task?): return .task(task)
    case (.some, .some):
      throw Refusal(
        "contradiction", .usage, "it is not clear which part is meant",
        "Seen a phase and a task; give one of them.",
        "garden help workflow cancel")
    }
  }

  func removeWorkflow(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let reference = arguments.text(.workflowID) ?? ""
    try readLedger(
      { store throws(LedgerError) in try WorkflowKeeping.remove(reference, from: store) },
      then: { [self] (result: Result<Result<JobID, WorkflowRefusal>, Refusal>) in
        resume(incoming) { () throws(Refusal) in
          let id = try (try result.get()).mapError { Refusal($0) }.get()
          workflows.remove(id)
          server.publishEvent(
            topic: "workflow", content: ["type": "removed", "workflow_id": .string(id.text)])
          finish(incoming, .ok(["workflow_id": .string(id.text)]))
        }
      })
    return .later
  }

  // MARK: Looking

  func showWorkflow(
    _ arguments: Arguments, _ incoming: Incoming,
    _ content: @escaping (WorkflowView) throws(Refusal) -> JSONValue
  ) throws(Refusal) -> Answer {
    let reference = arguments.text(.workflowID) ?? ""
    try readLedger(
      { store throws(LedgerError) in try WorkflowKeeping.find(reference, in: store) },
      then: { [self] (result: Result<Result<Workflow, WorkflowRefusal>, Refusal>) in
        resume(incoming) { () throws(Refusal) in
          let workflow = try (try result.get()).mapError { Refusal($0) }.get()
          try view(of: [workflow]) { [self] views in
            resume(incoming) { () throws(Refusal) in
              if let view = views.first { finish(incoming, .ok(try content(view))) }
            }
          }
        }
      })
    return .later
  }

  func showTasks(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let part = try Self.part(arguments)
    return try showWorkflow(arguments, incoming) { view throws(Refusal) in
      let names: Set<String>
      do throws(WorkflowRefusal) { names = Set(try view.workflow.tasks(of: part).map(\.name)) } catch {
        throw Refusal(error)
      }
      return ["workflow_id": .string(view.workflow.id.text), "tasks": view.tasks(names)]
    }
  }

  func listWorkflows(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let limit = arguments.integer(.limit) ?? 100
    let before = arguments.integer(.before).map(UInt64.init)
    let wanted = arguments.choice(.status, as: WorkflowStatus.State.self)
    try readLedger(
      { store throws(LedgerError) in
        // As many as are kept at most: those of another state are left out.
        let all = try store.workflows(before: before, limit: JobsLimits.workflows)
        var found: [(Workflow, [JobID: JobRecord])] = []
        for workflow in all where found.count < limit {
          let records = try WorkflowKeeping.records(of: workflow, in: store)
          guard wanted == nil || WorkflowStatus(workflow, record: { records[$0] }).state == wanted else {
            continue
          }
          found.append((workflow, records))
        }
        return found
      },
      then: { [self] (result: Result<[(Workflow, [JobID: JobRecord])], Refusal>) in
        resume(incoming) { () throws(Refusal) in
          let found = try result.get()
          let shown = found.map { workflow, records in
            WorkflowView(workflow: workflow, status: WorkflowStatus(workflow) { records[$0] }).json
          }
          let next: JSONValue = found.count < limit ? nil : JSONValue(found.last?.0.number ?? 0)
          finish(incoming, .ok(["workflows": .array(shown), "next": next]))
        }
      })
    return .later
  }

  /// With their jobs as they are, those that live from the dispatcher.
  private func view(of workflows: [Workflow], then: @escaping ([WorkflowView]) -> Void) throws(Refusal) {
    let ids = workflows.flatMap { workflow in workflow.tasks.map { workflow.job(of: $0) } }
    try views(of: ids) { [self] jobs in
      then(
        workflows.map { workflow in
          WorkflowView(
            workflow: workflow, status: WorkflowStatus(workflow) { jobs[$0]?.record },
            waits: waits(of: workflow))
        })
    }
  }

  // MARK: Changing

  /// - Parameters:
  ///   - edit: on the ledger's thread; what it gives is handed to `told` when the workflow is durable.
  ///   - told: beside the status, in the reply.
  private func change<Extra: Sendable>(
    _ arguments: Arguments, _ incoming: Incoming,
    _ edit:
      @escaping @Sendable (inout Workflow, WorkflowStatus, any JobLedger) throws(WorkflowRefusal) -> Extra,
    told: @escaping (WorkflowKeeping.Kept, Extra) -> [(String, JSONValue)]
  ) throws(Refusal) -> Answer {
    let reference = arguments.text(.workflowID) ?? ""
    let now = jobs?.clock() ?? 0
    try readLedger(
      { store throws(LedgerError) in try WorkflowKeeping.change(reference, in: store, at: now, edit) },
      then: { [self] (result: Result<WorkflowKeeping.Outcome<Extra>, Refusal>) in
        settle(result, incoming, told: told)
      })
    return .later
  }

  /// What has become durable is run, whoever still wants to know.
  private func settle<Extra>(
    _ result: Result<WorkflowKeeping.Outcome<Extra>, Refusal>, _ incoming: Incoming,
    told: (WorkflowKeeping.Kept, Extra) -> [(String, JSONValue)]
  ) {
    do throws(Refusal) {
      let (kept, extra) = try (try result.get()).result.mapError { Refusal($0) }.get()
      if let removed = try result.get().forgotten { workflows.remove(removed) }
      if kept.workflow.startedAt != nil { workflows.put(kept.workflow, kept.records) }
      let fields = told(kept, extra)
      let run =
        workflows.runs[kept.workflow.id] ?? WorkflowSide.Run(workflow: kept.workflow, records: kept.records)
      let view = WorkflowView(workflow: run.workflow, status: run.status, waits: waits(of: run.workflow))
      if kept.workflow.startedAt == nil {
        server.publishEvent(
          topic: "workflow", content: ["type": "changed", "workflow": view.json, "tasks": []])
      }
      guard peers.isWanted(incoming) else { return }
      finish(incoming, .ok(JSONValue(fields + [("workflow", view.json)])))
    } catch {
      if peers.isWanted(incoming) { finish(incoming, error.content) }
    }
  }
}
