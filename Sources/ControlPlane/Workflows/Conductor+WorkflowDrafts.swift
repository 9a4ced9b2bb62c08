import ControlSocket
import HootWire
import Jobs
import Ledger
import Tools

/// How workflows are written: phase by phase, task by task, or all at once.
extension Conductor {
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

  /// Refuses a tool that is neither declared nor known to a host, and a webhook that may not be posted to.
  private func checkingTools(
    _ tasks: [Workflow.Task], _ incoming: Incoming, then: @escaping () throws(Refusal) -> Void
  ) throws(Refusal) -> Answer {
    for url in tasks.compactMap(\.webhookURL) { try checkWebhook(url) }
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
}
