// What is done to a draft. A phase or task of a name that is there already takes its place.
extension Workflow {
  package static let namePattern = "^[A-Za-z0-9_-]{1,64}$"

  package static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  package mutating func add(_ phase: Phase) throws(WorkflowRefusal) {
    let what = "The phase \(shown(phase.id)) was not added."
    let place = WorkflowRefusal.Place(phase: phase.id)
    try checkDraft(what)
    try checkName(phase.id, what, place)
    guard phase.name.utf8.count <= JobsLimits.messageBytes else {
      throw WorkflowRefusal(
        .badName, what,
        why: "Its name has \(phase.name.utf8.count) bytes; \(JobsLimits.messageBytes) are allowed.",
        next: "Give a shorter name.", at: place)
    }
    let index = phases.firstIndex { $0.id == phase.id }
    guard index != nil || phases.count < JobsLimits.workflowPhases else {
      throw WorkflowRefusal(
        .full, what,
        why: "The workflow has \(phases.count) phases; \(JobsLimits.workflowPhases) are allowed.",
        next: "Make another workflow.", at: place)
    }
    for parent in phase.dependsOn where parent != phase.id && self.phase(parent) == nil {
      throw WorkflowRefusal(
        .badParent, what, why: "It depends on the phase \(shown(parent)), and there is none.",
        next: "Add that one first; there are: \(list(phases.map(\.id))).",
        at: WorkflowRefusal.Place(phase: phase.id, field: "depends_on"))
    }
    var edited = self
    if let index { edited.phases[index] = phase } else { edited.phases.append(phase) }
    try edited.checkCycle(what, at: WorkflowRefusal.Place(phase: phase.id, field: "depends_on"))
    // Other parents may leave a task without what it waits for.
    for task in edited.tasks { try edited.checkDependencies(task, what) }
    self = edited
  }

  package mutating func add(_ task: Task) throws(WorkflowRefusal) {
    let what = "The task \(shown(task.name)) was not added."
    let place = WorkflowRefusal.Place(phase: task.phase, task: task.name)
    try checkDraft(what)
    try checkName(task.name, what, place)
    guard phase(task.phase) != nil else {
      throw WorkflowRefusal(
        .badParent, what, why: "There is no phase \(shown(task.phase)).",
        next: "Add it first; there are: \(list(phases.map(\.id))).", at: place)
    }
    let index = tasks.firstIndex { $0.name == task.name }
    guard index != nil || tasks.count < JobsLimits.workflowTasks else {
      throw WorkflowRefusal(
        .full, what, why: "The workflow has \(tasks.count) tasks; \(JobsLimits.workflowTasks) are allowed.",
        next: "Make another workflow.", at: place)
    }
    var edited = self
    if let index { edited.tasks[index] = task } else { edited.tasks.append(task) }
    guard edited.bytes <= JobsLimits.workflowBytes else {
      throw WorkflowRefusal(
        .full, what, why: "The workflow has \(edited.bytes) bytes; \(JobsLimits.workflowBytes) are allowed.",
        next: "Hand long material in as an artifact.", at: place)
    }
    try edited.checkDependencies(task, what)
    try edited.checkCycle(
      what, at: WorkflowRefusal.Place(phase: task.phase, task: task.name, field: "dependencies"))
    // One that was changed may be in another phase now.
    for other in edited.tasks where index != nil { try edited.checkDependencies(other, what) }
    self = edited
  }

  /// All phases and tasks at once, in any order; all of them or none.
  package mutating func add(_ phases: [Phase], _ tasks: [Task]) throws(WorkflowRefusal) {
    let what = "The workflow \(shown(name)) was not taken on."
    var edited = self
    for (names, kind) in [(phases.map(\.id), "phase"), (tasks.map(\.name), "task")] {
      var seen: Set<String> = []
      for name in names where !seen.insert(name).inserted {
        throw WorkflowRefusal(
          .badName, what, why: "The \(kind) \(shown(name)) is there twice.",
          next: "Give each a name of its own.",
          at: kind == "task" ? WorkflowRefusal.Place(task: name) : WorkflowRefusal.Place(phase: name))
      }
    }
    // Each by itself first, without what it waits for: that may come behind it.
    for phase in phases { try edited.add(Phase(id: phase.id, name: phase.name)) }
    for phase in phases { try edited.add(phase) }
    for task in tasks {
      var alone = task
      (alone.dependencies, alone.uses) = ([], [])
      try edited.add(alone)
    }
    for task in tasks {
      guard let index = edited.tasks.firstIndex(where: { $0.name == task.name }) else { continue }
      edited.tasks[index] = task
    }
    for task in tasks { try edited.checkDependencies(task, "The task \(shown(task.name)) was not added.") }
    try edited.checkCycle(what, at: WorkflowRefusal.Place())
    self = edited
  }

  /// From here on its graph is fixed. Whether it was a draft: the second start changes nothing.
  package mutating func start(at now: JobTime) throws(WorkflowRefusal) -> Bool {
    guard startedAt == nil else { return false }
    guard !tasks.isEmpty else {
      throw WorkflowRefusal(
        .empty, "The workflow \(shown(name)) was not started.", why: "It has no task.",
        next: "garden workflow task \(id.text.prefix(8)) --help")
    }
    startedAt = now
    return true
  }

  // MARK: Checks

  /// UTF-8 bytes of all that somebody wrote.
  package var bytes: Int {
    let own = name.utf8.count + about.utf8.count
    let phases = self.phases.reduce(0) { sum, phase in
      sum + phase.id.utf8.count + phase.name.utf8.count + phase.dependsOn.reduce(0) { $0 + $1.utf8.count }
    }
    return tasks.reduce(own + phases) { sum, task in
      sum + task.name.utf8.count + task.tool.utf8.count + task.parameters.utf8.count
        + (task.webhookURL?.utf8.count ?? 0)
        + (task.dependencies + task.uses).reduce(0) { $0 + $1.utf8.count }
    }
  }

  private func checkDraft(_ what: String) throws(WorkflowRefusal) {
    guard startedAt == nil else {
      throw WorkflowRefusal(
        .frozen, what, why: "The workflow \(shown(name)) was started: its phases and tasks are fixed.",
        next: "Make another: garden workflow create NAME")
    }
  }

  private func checkName(
    _ text: String, _ what: String, _ place: WorkflowRefusal.Place
  ) throws(WorkflowRefusal) {
    guard Self.isName(text) else {
      throw WorkflowRefusal(
        .badName, what, why: "\(shown(text)) is no name: 1 to 64 letters, digits, - and _ are allowed.",
        next: "Give another name.", at: place)
    }
  }

  private func checkCycle(_ what: String, at place: WorkflowRefusal.Place) throws(WorkflowRefusal) {
    let cycles = [
      ("phase", WorkflowGraph.cycle(in: phaseParents)), ("task", WorkflowGraph.cycle(in: taskParents)),
    ]
    for case (let kind, let cycle?) in cycles {
      var place = place
      if place == WorkflowRefusal.Place() {
        place = kind == "task" ? .init(task: cycle[0]) : .init(phase: cycle[0])
      }
      throw WorkflowRefusal(
        .cycle, what,
        why: "The \(kind) \(shown(cycle[0])) would wait for itself: \(cycle.joined(separator: " → ")).",
        next: "Take one of the waits out.", at: place)
    }
  }

  /// What a task waits for and uses is there, and comes before it.
  private func checkDependencies(_ task: Task, _ what: String) throws(WorkflowRefusal) {
    let before = WorkflowGraph.ancestors(of: task.phase, in: phaseParents)
    func place(_ field: String) -> WorkflowRefusal.Place {
      WorkflowRefusal.Place(phase: task.phase, task: task.name, field: field)
    }
    for name in task.dependencies where name != task.name {
      guard let other = self.task(name) else {
        throw WorkflowRefusal(
          .badDependency, what,
          why: "\(shown(task.name)) waits for the task \(shown(name)), and there is none.",
          next: "Add that one first; there are: \(list(tasks.map(\.name))).", at: place("dependencies"))
      }
      guard other.phase == task.phase || before.contains(other.phase) else {
        throw WorkflowRefusal(
          .badDependency, what,
          why:
            "\(shown(task.name)) waits for \(shown(name)) of the phase \(shown(other.phase)); a task may wait for "
            + "tasks of its own phase, \(shown(task.phase)), and of the phases that this one depends on.",
          next: "Have \(task.phase) depend on \(other.phase).", at: place("dependencies"))
      }
    }
    let ancestors = WorkflowGraph.ancestors(of: task.name, in: taskParents)
    for name in task.uses {
      guard let other = self.task(name) else {
        throw WorkflowRefusal(
          .badReference, what,
          why: "\(shown(task.name)) uses what the task \(shown(name)) makes, and there is none.",
          next: "There are: \(list(tasks.map(\.name))).", at: place("params"))
      }
      guard ancestors.contains(name) || before.contains(other.phase) else {
        throw WorkflowRefusal(
          .badReference, what,
          why: "\(shown(task.name)) uses what \(shown(name)) makes, and does not wait for it.",
          next: "Put \(name) among its dependencies.", at: place("params"))
      }
    }
  }

  package var phaseParents: [String: [String]] {
    Dictionary(phases.map { ($0.id, $0.dependsOn) }, uniquingKeysWith: { one, _ in one })
  }

  package var taskParents: [String: [String]] {
    Dictionary(tasks.map { ($0.name, $0.dependencies) }, uniquingKeysWith: { one, _ in one })
  }

  private func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
  }
}

/// In quotes, not longer than a line, and without what a terminal obeys.
func shown(_ text: String) -> String {
  let plain = String.cut(text, bytes: 80).unicodeScalars.map { scalar in
    scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
  }
  return "\"\(plain.joined())\""
}
