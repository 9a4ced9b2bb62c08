import ControlSocket
import HootWire
import Jobs
import Ledger
import Tools

// What clients ask of workflows. Each change is made and kept on the ledger's thread in one go, so of two that come at once
// neither is lost; what comes of it is told here.
extension Conductor {
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
  func change<Extra: Sendable>(
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
  func settle<Extra>(
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
