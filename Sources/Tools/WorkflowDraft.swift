import Jobs

/// Phases and tasks as they are written down, turned into a workflow's and checked as far as declarations go. Pure; the
/// daemon and the command line read a definition by the same rules.
package enum WorkflowDraft {
  private static let taskFields: Set = [
    "name", "phase_id", "tool", "agent_name", "agent_instructions", "params", "param", "priority",
    "dependencies",
    "webhook_url", "timeout_seconds",
  ]
  private static let priorities = ["critical": 0, "high": 1, "normal": 2, "low": 3] as [String: Int64]
  package static let priorityWords = ["critical", "high", "normal", "low", "0", "1", "2", "3"]
  /// The workflow says these itself, or nobody is there to hear.
  private static let withheld: Set = [
    "job_id", "idempotency_key", "dry_run", "wait", "detail", "client", "fresh", "traceparent",
  ]

  /// `{name, description, phases: [{id, name, depends_on, tasks: [{name, tool, …}]}]}`.
  package static func workflow(
    _ definition: [String: ToolValue], id: JobID, at now: JobTime
  ) throws(WorkflowRefusal) -> Workflow {
    try checkNames(definition, ["name", "description", "phases"], "the workflow", WorkflowRefusal.Place())
    let name = try text("name", definition, WorkflowRefusal.Place()) ?? ""
    try check(name: name, WorkflowRefusal.Place(field: "name"))
    let about = try text("description", definition, WorkflowRefusal.Place()) ?? ""
    try check(about: about)
    var workflow = Workflow(id: id, name: name, about: about, at: now)
    var phases: [Workflow.Phase] = []
    var tasks: [Workflow.Task] = []
    for value in try list("phases", definition, WorkflowRefusal.Place()) {
      guard case .object(let fields) = value else { throw wrong("phases", value, WorkflowRefusal.Place()) }
      let id = try text("id", fields, WorkflowRefusal.Place(phase: "")) ?? ""
      let place = WorkflowRefusal.Place(phase: id)
      try checkNames(fields, ["id", "name", "depends_on", "tasks"], "the phase \(shownText(id))", place)
      phases.append(
        Workflow.Phase(
          id: id, name: try text("name", fields, place) ?? "",
          dependsOn: try texts("depends_on", fields, place)))
      for value in try list("tasks", fields, place) {
        guard case .object(let task) = value else { throw wrong("tasks", value, place) }
        tasks.append(try self.task(task, phase: id))
      }
    }
    try workflow.add(phases, tasks)
    try checkUses(workflow)
    return workflow
  }

  /// What stands beside a task's own fields is a parameter of its tool.
  package static func task(
    _ fields: [String: ToolValue], phase: String
  ) throws(WorkflowRefusal) -> Workflow.Task {
    let name = try text("name", fields, WorkflowRefusal.Place(phase: phase, task: "")) ?? ""
    let place = WorkflowRefusal.Place(phase: phase, task: name)
    func refused(_ why: String, _ next: String, _ field: String? = nil) -> WorkflowRefusal {
      WorkflowRefusal(
        .badTask, "The task \(shownText(name)) was not added.", why: why, next: next,
        at: WorkflowRefusal.Place(phase: phase, task: name, field: field))
    }
    let (named, alias) = (try text("tool", fields, place), try text("agent_name", fields, place))
    guard let agent = named ?? alias else {
      throw refused("It names no tool.", "Name one: garden help generate", "tool")
    }
    guard named == nil || alias == nil else {
      throw refused(
        "It names a tool and an agent; they are the same thing.", "Name one of them.", "agent_name")
    }
    let declaration =
      Catalogue.jobTool(agent) ?? Catalogue.tool(named: agent).flatMap { $0.job == nil ? nil : $0 }
    if declaration == nil, Catalogue.tool(named: agent) != nil {
      throw refused(
        "\(shownText(agent)) makes no job: it is answered at once.",
        "Name a tool of jobs: garden help generate",
        "tool")
    }
    let tool = declaration?.job?.tool ?? agent
    var parameters = try self.parameters(fields, declaration, place, refused)
    for (name, value) in fields where !taskFields.contains(name) {
      guard parameters[name] == nil else {
        throw refused("\(shownText(name)) is given twice: in params and beside it.", "Give it once.", name)
      }
      parameters[name] = value
    }
    if let priority = try self.priority(fields["priority"], refused) {
      parameters["priority"] = .integer(priority)
    }
    if let seconds = fields["timeout_seconds"] { parameters["time_limit"] = seconds }
    for name in parameters.keys.sorted() where withheld.contains(name) {
      throw refused("The parameter \(shownText(name)) is the workflow's own.", "Leave it out.", name)
    }
    let tree = ToolValue.object(parameters)
    let references: [WorkflowReference]
    do throws(WorkflowReference.Unreadable) { references = try tree.references() } catch {
      throw WorkflowRefusal(
        .badReference, "The task \(shownText(name)) was not added.",
        why: "\(shownText(error.text)) refers to nothing.",
        next: "Write ${TASK.artifact}, ${TASK.artifact.2} or ${TASK.value.MEMBER}; $${ stands for ${ itself.",
        at: place)
    }
    do throws(ToolError) { try check(parameters, tool, declaration) } catch {
      // The longest: "at" is a part of many words.
      let wrong = parameters.keys.filter { error.what.contains($0) || error.what.contains(flag($0)) }
        .max { ($0.count, $0) < ($1.count, $1) }
      throw refused("\(error.what): \(error.why)", error.next, wrong)
    }
    var uses: [String] = []
    for reference in references where !uses.contains(reference.task) { uses.append(reference.task) }
    return Workflow.Task(
      name, phase: phase, tool: tool, parameters: tree.json,
      dependencies: try texts("dependencies", fields, place), uses: uses,
      webhookURL: try text("webhook_url", fields, place))
  }

  /// That what a task uses of others is of a kind that they make.
  package static func checkUses(_ workflow: Workflow) throws(WorkflowRefusal) {
    for task in workflow.tasks where !task.uses.isEmpty { try checkUses(of: task, in: workflow) }
  }

  private static func checkUses(of task: Workflow.Task, in workflow: Workflow) throws(WorkflowRefusal) {
    for reference in ToolValue.referencesInJSON(task.parameters) {
      guard let other = workflow.task(reference.task), let job = Catalogue.jobTool(other.tool)?.job else {
        continue
      }
      let isValue = if case .value = reference.what { true } else { false }
      guard isValue != (job.product == .value) else { continue }
      throw WorkflowRefusal(
        .badReference, "The task \(shownText(task.name)) was not added.",
        why:
          "\(reference.text): \(other.tool) makes \(job.product == .value ? "a value, and no artifact" : "artifacts, and no value").",
        next: "Write ${\(other.name).\(job.product == .value ? "value" : "artifact")}.",
        at: WorkflowRefusal.Place(phase: task.phase, task: task.name))
    }
  }

  // MARK: Fields

  private static func parameters(
    _ fields: [String: ToolValue], _ declaration: Tool?, _ place: WorkflowRefusal.Place,
    _ refused: (String, String, String?) -> WorkflowRefusal
  ) throws(WorkflowRefusal) -> [String: ToolValue] {
    var parameters: [String: ToolValue] = [:]
    switch fields["params"] {
    case nil, .null?: break
    case .object(let members)?: parameters = members
    case .some(let value): throw wrong("params", value, place)
    }
    switch fields["agent_instructions"] {
    case nil, .null?: break
    case .object(let members)?: parameters.merge(members) { $1 }
    case .text(let words)?:
      if let declaration, !declaration.usage.parameters.contains(where: { $0.name == .prompt }) {
        throw refused(
          "\(declaration.job?.tool ?? "") takes no words.", "Give an object of its parameters: params.",
          "agent_instructions")
      }
      parameters["prompt"] = .text(words)
    case .some(let value): throw wrong("agent_instructions", value, place)
    }
    return parameters
  }

  private static func priority(
    _ value: ToolValue?, _ refused: (String, String, String?) -> WorkflowRefusal
  ) throws(WorkflowRefusal) -> Int64? {
    switch value {
    case nil, .null?: return nil
    case .integer(let number)? where (0...3).contains(number): return number
    case .text(let word)?:
      if let number = priorities[word] ?? Int64(word), (0...3).contains(number) { return number }
      throw refused(
        "Its priority is \(shownText(word)); critical, high, normal and low are allowed.",
        "Give one of them.",
        "priority")
    case .some(let value):
      throw refused(
        "Its priority is \(value.shown); critical, high, normal and low are allowed.", "Give one of them.",
        "priority")
    }
  }

  /// The parameters with something in the place of what is not there yet.
  private static func check(
    _ parameters: [String: ToolValue], _ tool: String, _ declaration: Tool?
  ) throws(ToolError) {
    let stand = ToolValue.object(parameters).resolved { (reference) -> ToolValue in
      if case .artifact = reference.what { return .text(String(repeating: "0", count: 64)) }
      return .text("0")
    }
    guard case .object(let filled) = stand else { return }
    if let declaration {
      // A bounce is of the session as it is then.
      _ = try declaration.validate(filled.sorted { $0.key < $1.key })
      return
    }
    guard (1...JobsLimits.nameBytes).contains(tool.utf8.count) else {
      throw ToolError(
        code: "bad_tool", what: "the tool's name has \(tool.utf8.count) bytes",
        why: "1 to \(JobsLimits.nameBytes) are allowed.",
        next: "garden host ls")
    }
    let placing = filled.filter { member in Catalogue.placing.contains { $0.name.rawValue == member.key } }
    _ = try Catalogue.tool(.generate).validate(
      [("tool", .text(tool))] + placing.sorted { $0.key < $1.key })
  }

  private static func flag(_ name: String) -> String { name.split(separator: "_").joined(separator: "-") }

  package static func check(name: String, _ place: WorkflowRefusal.Place = .init()) throws(WorkflowRefusal) {
    guard !name.isEmpty, name.count <= 200, name.utf8.count <= 800,
      !name.unicodeScalars.contains(where: isControl)
    else {
      throw WorkflowRefusal(
        .badName, "The workflow was not made.",
        why: "Its name is \(shownText(name)); one line of 1 to 200 characters is allowed.",
        next: "Give it a name.", at: place)
    }
  }

  static func check(about: String) throws(WorkflowRefusal) {
    guard about.utf8.count <= ToolLimits.promptBytes else {
      throw WorkflowRefusal(
        .full, "The workflow was not made.",
        why: "Its description has \(about.utf8.count) bytes; \(ToolLimits.promptBytes) are allowed.",
        next: "Shorten it.", at: WorkflowRefusal.Place(field: "description"))
    }
  }

  private static func checkNames(
    _ fields: [String: ToolValue], _ known: [String], _ what: String, _ place: WorkflowRefusal.Place
  ) throws(WorkflowRefusal) {
    for name in fields.keys.sorted() where !known.contains(name) {
      var place = place
      place.field = name
      throw WorkflowRefusal(
        .badTask, "The workflow was not taken on.", why: "\(shownText(name)) is no field of \(what).",
        next: Suggestion.sentence(for: name, in: known, noun: "field"), at: place)
    }
  }

  private static func text(
    _ name: String, _ fields: [String: ToolValue], _ place: WorkflowRefusal.Place
  ) throws(WorkflowRefusal) -> String? {
    switch fields[name] {
    case nil, .null?: return nil
    case .text(let text)?: return text
    case .some(let value): throw wrong(name, value, place)
    }
  }

  private static func list(
    _ name: String, _ fields: [String: ToolValue], _ place: WorkflowRefusal.Place
  ) throws(WorkflowRefusal) -> [ToolValue] {
    switch fields[name] {
    case nil, .null?: return []
    case .list(let values)?: return values
    case .some(let value): throw wrong(name, value, place)
    }
  }

  private static func texts(
    _ name: String, _ fields: [String: ToolValue], _ place: WorkflowRefusal.Place
  ) throws(WorkflowRefusal) -> [String] {
    if case .text(let one)? = fields[name] { return [one] }
    var texts: [String] = []
    for value in try list(name, fields, place) {
      guard case .text(let text) = value else { throw wrong(name, value, place) }
      if !texts.contains(text) { texts.append(text) }
    }
    return texts
  }

  private static func wrong(
    _ name: String, _ value: ToolValue, _ place: WorkflowRefusal.Place
  ) -> WorkflowRefusal {
    var place = place
    place.field = name
    return WorkflowRefusal(
      .badTask, "The workflow was not taken on.",
      why: "\(shownText(name)) is \(value.shown), which cannot stand there.",
      next: "garden help workflow run", at: place)
  }
}

extension ToolValue {
  /// What stored parameters refer to. They were checked when they were added, so the text alone is enough to find it: a
  /// reference holds nothing that JSON writes in another way.
  static func referencesInJSON(_ json: String) -> [WorkflowReference] {
    ((try? WorkflowReference.pieces(of: json)) ?? []).compactMap {
      if case .reference(let reference) = $0 { return reference }
      return nil
    }
  }
}
