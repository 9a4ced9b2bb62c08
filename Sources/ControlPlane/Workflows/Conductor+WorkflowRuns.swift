import Arrangement
import FoundationEssentials
import HootWire
import JobDispatch
import Jobs
import Ledger
import Tools

// Runs workflows: what is due becomes a job, and what becomes of it is looked at anew. A task's job is called after the
// workflow, the task and how often it was tried, so whatever was done before a kill is found, and never done twice.
extension Conductor {
  func tendWorkflows() {
    guard jobs != nil else { return }
    if !workflows.isRestored {
      workflows.isRestored = true
      restoreWorkflows()
    }
    if !workflows.again.isEmpty {
      let now = ContinuousClock.now
      for (job, time) in workflows.again where time <= now {
        workflows.again[job] = nil
        if let id = workflows.owners[job] { workflows.touched.insert(id) }
      }
    }
    tendBounces()
    guard !workflows.touched.isEmpty else { return }
    let touched = workflows.touched
    workflows.touched = []
    for id in touched { tend(workflow: id) }
  }

  private func tend(workflow id: JobID) {
    guard let run = workflows.runs[id] else { return }
    let status = run.status
    tell(run, status)
    for task in run.workflow.due(status) {
      let job = run.workflow.job(of: task)
      guard workflows.again[job] == nil, workflows.waiting[job] == nil,
        workflows.submitting.insert(job).inserted
      else { continue }
      begin(task, of: run.workflow, job)
    }
    if status.state.hasEnded { workflows.remove(id) }
  }

  /// As an event, where a task's state, or the workflow's own, is another one than before.
  private func tell(_ run: WorkflowSide.Run, _ status: WorkflowStatus) {
    let before = run.told
    let states = Dictionary(
      (before?.tasks ?? []).map { ($0.task.name, $0.state) }, uniquingKeysWith: { one, _ in one })
    let changed = Set(status.tasks.filter { states[$0.task.name] != $0.state }.map(\.task.name))
    guard !changed.isEmpty || before?.state != status.state else { return }
    workflows.runs[run.workflow.id]?.told = status
    if let before, before.state != status.state, status.state.hasEnded {
      Log.info("workflow \(run.workflow.id) has ended: \(status.state.rawValue)")
    }
    guard server.isSubscribed(topic: "workflow") else { return }
    let view = WorkflowView(workflow: run.workflow, status: status, waits: waits(of: run.workflow))
    server.publishEvent(
      topic: "workflow", content: ["type": "changed", "workflow": view.json, "tasks": view.tasks(changed)])
  }

  /// What was running when the daemon ended goes on.
  private func restoreWorkflows() {
    do throws(Refusal) {
      try readLedger(
        { store throws(LedgerError) in try WorkflowKeeping.open(in: store) },
        then: { [self] (result: Result<[WorkflowKeeping.Kept], Refusal>) in
          switch result {
          case .failure(let refusal): warn("\(refusal.lines[0]): \(refusal.lines[1])")
          case .success(let open):
            for kept in open {
              workflows.put(kept.workflow, kept.records)
              takeUp(kept)
            }
            if !open.isEmpty { Log.info("\(open.count) workflows go on") }
          }
        })
    } catch { warn("\(error.lines[0]): \(error.lines[1])") }
  }

  /// What was decided before a kill and perhaps not done.
  private func takeUp(_ kept: WorkflowKeeping.Kept) {
    let workflow = kept.workflow
    cancelJobs(of: workflow.tasks.filter(\.isCancelled).map(\.name), in: workflow)
    if workflow.isPaused { holdJobs(of: workflow, true) }
    for task in workflow.tasks {
      let job = workflow.job(of: task)
      guard let record = kept.records[job], !record.state.isFinal, workflows.submitting.insert(job).inserted
      else {
        continue
      }
      // Its region may be missing.
      begin(task, of: workflow, job)
    }
  }

  // MARK: Jobs that are there

  func cancelJobs(of names: [String], in workflow: Workflow) {
    for name in names {
      guard let task = workflow.task(name) else { continue }
      workflows.waiting[workflow.job(of: task)] = nil
      give(.cancel, workflow.job(of: task))
    }
  }

  func holdJobs(of workflow: Workflow, _ isPaused: Bool) {
    for task in workflow.tasks { give(isPaused ? .pause : .resume, workflow.job(of: task)) }
  }

  private enum Wish { case cancel, pause, resume }

  /// A job that is not there, has ended or is out with a host is left as it is.
  private func give(_ wish: Wish, _ job: JobID) {
    guard let record = jobs?.live[job] else { return }
    if wish != .cancel, record.state.isOut { return }
    do throws(Refusal) {
      try order(
        { answer in
          switch wish {
          case .cancel: .cancel(job, answer: answer)
          case .pause: .pause(job, answer: answer)
          case .resume: .resume(job, answer: answer)
          }
        }, then: { _ in })
    } catch { warn("job \(job): \(error.lines[0]): \(error.lines[1])") }
  }
}
