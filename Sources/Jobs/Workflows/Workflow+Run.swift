// What is done to a workflow that was started.
extension Workflow {
  /// What of a workflow is meant: all of it, a phase, or a task.
  package enum Part: Sendable, Equatable {
    case all
    case phase(String)
    case task(String)
  }

  /// The tasks of a part; refused where there is no such part.
  package func tasks(of part: Part) throws(WorkflowRefusal) -> [Task] {
    switch part {
    case .all: return tasks
    case .phase(let id):
      guard phase(id) != nil else {
        throw WorkflowRefusal(
          .unknownPhase, "There is no phase \(shown(id)).",
          why: "The workflow \(shown(name)) has: \(phases.map(\.id).prefix(12).joined(separator: ", ")).",
          next: "garden workflow show \(self.id.text.prefix(8))")
      }
      return tasks.filter { $0.phase == id }
    case .task(let name):
      guard let task = task(name) else {
        throw WorkflowRefusal(
          .unknownTask, "There is no task \(shown(name)).",
          why:
            "The workflow \(shown(self.name)) has: \(tasks.map(\.name).prefix(12).joined(separator: ", ")).",
          next: "garden workflow show \(id.text.prefix(8))")
      }
      return [task]
    }
  }

  /// What can begin now: its turn has come, and there is no job of it.
  package func due(_ status: WorkflowStatus) -> [Task] {
    guard startedAt != nil, !isPaused else { return [] }
    return status.tasks.filter { $0.state == .queued && $0.record == nil }.map(\.task)
  }

  /// Marks what has not ended as not wanted any more.
  ///
  /// - Returns: the names; their jobs are to be cancelled, where there are some.
  package mutating func cancel(_ part: Part, _ status: WorkflowStatus) throws(WorkflowRefusal) -> [String] {
    let wanted = Set(try tasks(of: part).map(\.name))
    let what = "Nothing was cancelled."
    guard startedAt != nil else { throw notStarted(what) }
    let open = status.tasks.filter {
      guard wanted.contains($0.task.name) else { return false }
      switch $0.state {
      case .waiting, .queued, .running: return true
      // In the way of the others: a retry of what failed would let it go on.
      case .blocked: return !$0.task.isCancelled
      case .succeeded, .failed, .cancelled: return false
      }
    }.map(\.task.name)
    guard !open.isEmpty else {
      throw WorkflowRefusal(
        .ended, what,
        why: "All that is meant has ended: the workflow \(shown(name)) is \(status.state.rawValue).",
        next: "garden workflow status \(id.text.prefix(8))")
    }
    for index in tasks.indices where open.contains(tasks[index].name) { tasks[index].isCancelled = true }
    return open
  }

  /// Has what failed or was cancelled begin anew; what waits for it goes on by itself.
  ///
  /// - Returns: the names.
  package mutating func retry(_ part: Part, _ status: WorkflowStatus) throws(WorkflowRefusal) -> [String] {
    let wanted = Set(try tasks(of: part).map(\.name))
    let what = "Nothing was tried anew."
    guard startedAt != nil else { throw notStarted(what) }
    let again = status.tasks.filter {
      wanted.contains($0.task.name) && ($0.state == .failed || $0.state == .cancelled)
    }.map(\.task.name)
    guard !again.isEmpty else {
      throw WorkflowRefusal(
        .nothing, what, why: "None of the tasks that are meant has failed or was cancelled.",
        next: "garden workflow status \(id.text.prefix(8))")
    }
    for index in tasks.indices where again.contains(tasks[index].name) {
      tasks[index].tries += 1
      tasks[index].isCancelled = false
      tasks[index].refusal = []
    }
    return again
  }

  /// Whether anything changed by it.
  package mutating func pause(_ isPaused: Bool, _ status: WorkflowStatus) throws(WorkflowRefusal) -> Bool {
    let what = isPaused ? "The workflow was not paused." : "The workflow was not resumed."
    guard startedAt != nil else { throw notStarted(what) }
    guard !status.state.hasEnded else {
      throw WorkflowRefusal(
        .ended, what, why: "It is \(status.state.rawValue).",
        next: "garden workflow status \(id.text.prefix(8))")
    }
    defer { self.isPaused = isPaused }
    return self.isPaused != isPaused
  }

  /// Notes why no job could be made of a task.
  package mutating func refuse(_ name: String, _ lines: [String], tries: Int) {
    guard let index = tasks.firstIndex(where: { $0.name == name && $0.tries == tries }) else { return }
    tasks[index].refusal = lines
  }

  private func notStarted(_ what: String) -> WorkflowRefusal {
    WorkflowRefusal(
      .notStarted, what, why: "The workflow \(shown(name)) is a draft.",
      next: "garden workflow start \(id.text.prefix(8))")
  }
}
