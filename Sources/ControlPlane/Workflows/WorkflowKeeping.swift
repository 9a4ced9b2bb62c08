import Jobs
import Ledger

/// Workflows in the ledger: looked up, changed and kept in one go. On the ledger's thread.
enum WorkflowKeeping {
  struct Kept: Sendable {
    var workflow: Workflow
    var records: [JobID: JobRecord]
  }

  struct Outcome<Extra: Sendable>: Sendable {
    var result: Result<(Kept, Extra), WorkflowRefusal>
    /// One that had to go to make room.
    var forgotten: JobID?
  }

  static func find(
    _ reference: String, in store: any JobLedger
  ) throws(LedgerError) -> Result<Workflow, WorkflowRefusal> {
    let digits = reference.utf8.filter { $0 != UInt8(ascii: "-") }
    let isBeginning =
      (4...32).contains(digits.count) && reference.utf8.count <= 36
      && digits.allSatisfy { "0123456789abcdefABCDEF".utf8.contains($0) }
    let found = isBeginning ? try store.workflows(beginningWith: reference, limit: 2) : []
    if found.count == 1, let workflow = try store.workflow(found[0]) { return .success(workflow) }
    let shown = String(reference.prefix(40))
    return .failure(
      WorkflowRefusal(
        .unknownWorkflow, "\"\(shown)\" means \(found.isEmpty ? "no workflow" : "several workflows").",
        why: found.isEmpty
          ? isBeginning ? "None has such an id." : "An id is a UUID, or at least four digits of one."
          : "Their ids are \(found.map(\.text).joined(separator: ", ")) …", next: "garden workflow ls"))
  }

  static func records(of workflow: Workflow, in store: any JobLedger) throws(LedgerError) -> [JobID:
    JobRecord]
  {
    guard workflow.startedAt != nil else { return [:] }
    var records: [JobID: JobRecord] = [:]
    for task in workflow.tasks {
      let id = workflow.job(of: task)
      records[id] = try store.job(id)
    }
    return records
  }

  static func change<Extra: Sendable>(
    _ reference: String, in store: any JobLedger, at now: JobTime,
    _ edit: (inout Workflow, WorkflowStatus, any JobLedger) throws(WorkflowRefusal) -> Extra
  ) throws(LedgerError) -> Outcome<Extra> {
    var workflow: Workflow
    switch try find(reference, in: store) {
    case .failure(let refusal): return Outcome(result: .failure(refusal))
    case .success(let found): workflow = found
    }
    let records = try records(of: workflow, in: store)
    let before = workflow
    let extra: Extra
    do throws(WorkflowRefusal) {
      extra = try edit(&workflow, WorkflowStatus(workflow) { records[$0] }, store)
    } catch { return Outcome(result: .failure(error)) }
    if workflow != before { _ = try store.apply([.putWorkflow(workflow)], at: now) }
    return Outcome(result: .success((Kept(workflow: workflow, records: records), extra)))
  }

  /// A new one, or what is there already under its id and asks for the same. Whether it is new.
  static func new(
    _ workflow: Workflow, isStarted: Bool, in store: any JobLedger, at now: JobTime
  ) throws(LedgerError) -> Outcome<Bool> {
    var workflow = workflow
    var writes: [LedgerWrite] = []
    var forgotten: JobID?
    let present = try store.workflow(workflow.id)
    if var present {
      let asksTheSame =
        present.asksTheSame(as: workflow)
        || (!isStarted && present.name == workflow.name && present.about == workflow.about)
      guard asksTheSame else {
        return Outcome(
          result: .failure(
            WorkflowRefusal(
              .conflict, "The workflow \(workflow.id) was not taken on.",
              why: "The id belongs to another workflow, \"\(present.name)\".",
              next: "Leave the id out, or make a new one.")))
      }
      present.isPaused = present.isPaused && present.startedAt != nil
      workflow = present
    } else {
      switch try room(in: store) {
      case .failure(let refusal): return Outcome(result: .failure(refusal))
      case .success(let removed): forgotten = removed
      }
      if let forgotten { writes.append(.removeWorkflow(forgotten)) }
    }
    let before = present
    if isStarted {
      do throws(WorkflowRefusal) { _ = try workflow.start(at: now) } catch {
        return Outcome(result: .failure(error))
      }
    }
    if workflow != before { writes.append(.putWorkflow(workflow)) }
    if !writes.isEmpty { _ = try store.apply(writes, at: now) }
    let kept = try store.workflow(workflow.id) ?? workflow
    return Outcome(
      result: .success((Kept(workflow: kept, records: try records(of: kept, in: store)), present == nil)),
      forgotten: forgotten)
  }

  /// nil where there is room; else the oldest that has ended, which makes room.
  private static func room(in store: any JobLedger) throws(LedgerError) -> Result<JobID?, WorkflowRefusal> {
    guard try store.workflowCount() >= JobsLimits.workflows else { return .success(nil) }
    for workflow in try store.workflows(before: nil, limit: LedgerLimits.page).reversed() {
      let records = try records(of: workflow, in: store)
      if WorkflowStatus(workflow, record: { records[$0] }).state.hasEnded { return .success(workflow.id) }
    }
    return .failure(
      WorkflowRefusal(
        .full, "The workflow was not made.",
        why: "\(JobsLimits.workflows) workflows are kept, and none of them has ended.",
        next: "garden workflow rm ID"))
  }

  static func remove(
    _ reference: String, from store: any JobLedger
  ) throws(LedgerError) -> Result<JobID, WorkflowRefusal> {
    let workflow: Workflow
    switch try find(reference, in: store) {
    case .failure(let refusal): return .failure(refusal)
    case .success(let found): workflow = found
    }
    let records = try records(of: workflow, in: store)
    let state = WorkflowStatus(workflow) { records[$0] }.state
    guard state == .draft || state.hasEnded else {
      return .failure(
        WorkflowRefusal(
          .running, "The workflow was not forgotten.", why: "It is \(state.rawValue).",
          next: "garden workflow cancel \(workflow.id.text.prefix(8))"))
    }
    _ = try store.apply([.removeWorkflow(workflow.id)], at: 0)
    return .success(workflow.id)
  }

  /// Those that were started and have not ended.
  static func open(in store: any JobLedger) throws(LedgerError) -> [Kept] {
    var open: [Kept] = []
    for workflow in try store.workflows(before: nil, limit: LedgerLimits.page) where workflow.startedAt != nil
    {
      let records = try records(of: workflow, in: store)
      guard !WorkflowStatus(workflow, record: { records[$0] }).state.hasEnded else { continue }
      open.append(Kept(workflow: workflow, records: records))
    }
    return open
  }
}
