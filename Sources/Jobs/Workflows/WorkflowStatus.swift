/// How far a workflow is: worked out from its definition and its jobs, and kept nowhere.
package struct WorkflowStatus: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    case draft, running, paused, succeeded, failed, cancelled

    package var hasEnded: Bool {
      switch self {
      case .draft, .running, .paused: false
      case .succeeded, .failed, .cancelled: true
      }
    }
  }

  package enum TaskState: String, Sendable, CaseIterable {
    /// For what comes before it.
    case waiting
    /// Its turn has come: it is a job that waits, or is about to be one.
    case queued
    case running, succeeded, failed, cancelled
    /// Something that it waits for did not succeed.
    case blocked
  }

  package struct TaskStatus: Sendable, Equatable {
    package var task: Workflow.Task
    package var state: TaskState
    /// nil: none yet.
    package var record: JobRecord?

    /// 0…100.
    package var percent: Double {
      switch state {
      case .succeeded: 100
      case .running: record?.progress.percent ?? 0
      case .waiting, .queued, .failed, .cancelled, .blocked: 0
      }
    }

    /// Three lines, or none.
    package var error: [String] {
      guard state == .failed else { return [] }
      return record.map(\.error).flatMap { $0.isEmpty ? nil : $0 } ?? task.refusal
    }
  }

  package struct PhaseStatus: Sendable, Equatable {
    package var phase: Workflow.Phase
    package var state: TaskState
    package var counts: [TaskState: Int]
  }

  package let state: State
  /// In the order of the definition.
  package let tasks: [TaskStatus]
  package let phases: [PhaseStatus]
  package let counts: [TaskState: Int]
  package let finishedAt: JobTime?

  /// The tasks' mean, 0…100.
  package var percent: Double {
    tasks.isEmpty ? 0 : tasks.reduce(0) { $0 + $1.percent } / Double(tasks.count)
  }

  package var failures: [TaskStatus] { tasks.filter { $0.state == .failed } }

  /// - Parameter record: the job of that id, as far as there is one.
  package init(_ workflow: Workflow, record: (JobID) -> JobRecord?) {
    let isDraft = workflow.startedAt == nil
    var tasks = workflow.tasks.map { task -> TaskStatus in
      let record = isDraft ? nil : record(workflow.job(of: task))
      return TaskStatus(task: task, state: Self.own(task, record), record: record)
    }
    if !isDraft { Self.settle(&tasks, workflow) }
    self.tasks = tasks
    phases = workflow.phases.map { phase in
      let counts = Self.count(tasks.filter { $0.task.phase == phase.id })
      return PhaseStatus(phase: phase, state: Self.together(counts), counts: counts)
    }
    counts = Self.count(tasks)
    state = Self.state(workflow, counts)
    finishedAt = state.hasEnded ? tasks.compactMap { $0.record?.finishedAt }.max() ?? workflow.startedAt : nil
  }

  /// What a task's own job says; waiting where there is none.
  private static func own(_ task: Workflow.Task, _ record: JobRecord?) -> TaskState {
    guard let record else {
      return task.isCancelled ? .cancelled : task.refusal.isEmpty ? .waiting : .failed
    }
    switch record.state {
    case .queued, .parked: return task.isCancelled ? .cancelled : .queued
    case .leased, .running: return task.isCancelled ? .cancelled : .running
    case .succeeded: return .succeeded
    case .failed, .timedOut, .dead: return .failed
    case .cancelled: return .cancelled
    }
  }

  /// Those that have no job yet: their turn has come, they wait, or wait in vain.
  private static func settle(_ tasks: inout [TaskStatus], _ workflow: Workflow) {
    let order = WorkflowOrder(workflow)
    var states = Dictionary(tasks.map { ($0.task.name, $0.state) }, uniquingKeysWith: { one, _ in one })
    var indexes: [String: Int] = [:]
    for (index, task) in tasks.enumerated() { indexes[task.task.name] = index }
    for name in order.tasks where states[name] == .waiting {
      guard let index = indexes[name] else { continue }
      let parents = order.parents(of: tasks[index].task).compactMap { states[$0] }
      let state: TaskState =
        parents.contains { $0 == .failed || $0 == .cancelled || $0 == .blocked }
        ? .blocked : parents.allSatisfy { $0 == .succeeded } ? .queued : .waiting
      states[name] = state
      tasks[index].state = state
    }
  }

  private static func count(_ tasks: [TaskStatus]) -> [TaskState: Int] {
    tasks.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
  }

  /// A phase, from its tasks; one without tasks has nothing left to do.
  private static func together(_ counts: [TaskState: Int]) -> TaskState {
    func has(_ state: TaskState) -> Bool { counts[state, default: 0] > 0 }
    if has(.running) { return .running }
    if has(.queued) { return has(.succeeded) ? .running : .queued }
    for state in [TaskState.failed, .cancelled, .blocked] where has(state) { return state }
    if has(.waiting) { return has(.succeeded) ? .running : .waiting }
    return .succeeded
  }

  private static func state(_ workflow: Workflow, _ counts: [TaskState: Int]) -> State {
    guard workflow.startedAt != nil else { return .draft }
    func has(_ states: TaskState...) -> Bool { states.contains { counts[$0, default: 0] > 0 } }
    if has(.running, .queued, .waiting) { return workflow.isPaused ? .paused : .running }
    if has(.failed) { return .failed }
    return has(.cancelled, .blocked) ? .cancelled : .succeeded
  }
}

/// A workflow's tasks so that each stands behind all that it waits for.
package struct WorkflowOrder: Sendable {
  /// By name.
  package let tasks: [String]
  private let ofPhase: [String: [String]]
  private let before: [String: Set<String>]

  package init(_ workflow: Workflow) {
    let phaseParents = workflow.phaseParents
    ofPhase = Dictionary(grouping: workflow.tasks, by: \.phase).mapValues { $0.map(\.name) }
    before = Dictionary(
      workflow.phases.map { ($0.id, WorkflowGraph.ancestors(of: $0.id, in: phaseParents)) },
      uniquingKeysWith: { one, _ in one })
    var open: [String: Int] = [:]
    var children: [String: [String]] = [:]
    for task in workflow.tasks {
      let parents = Self.parents(of: task, before, ofPhase)
      open[task.name] = parents.count
      for parent in parents { children[parent, default: []].append(task.name) }
    }
    var ready = Array(workflow.tasks.map(\.name).filter { open[$0] == 0 }.reversed())
    var order: [String] = []
    while let next = ready.popLast() {
      order.append(next)
      for child in children[next] ?? [] {
        open[child, default: 0] -= 1
        if open[child] == 0 { ready.append(child) }
      }
    }
    tasks = order
  }

  /// All that must have succeeded before a task begins: what it waits for, and every task of the phases before its own.
  package func parents(of task: Workflow.Task) -> Set<String> { Self.parents(of: task, before, ofPhase) }

  private static func parents(
    of task: Workflow.Task, _ before: [String: Set<String>], _ ofPhase: [String: [String]]
  ) -> Set<String> {
    Set(task.dependencies).union((before[task.phase] ?? []).flatMap { ofPhase[$0] ?? [] })
  }
}
