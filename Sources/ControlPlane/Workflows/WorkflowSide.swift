import Jobs

/// What the Conductor holds of workflows: those that run. Drafts and those that have ended are in the ledger alone.
struct WorkflowSide {
  struct Run {
    var workflow: Workflow
    /// Its jobs, as they were last told of.
    var records: [JobID: JobRecord] = [:]
    /// As it was last told of.
    var told: WorkflowStatus?

    var status: WorkflowStatus { WorkflowStatus(workflow) { records[$0] } }
  }

  /// A task whose session is not ready to be rendered.
  struct Waiting {
    var workflow: JobID
    var task: String
    /// When its regions were all decided on; some are not on the timeline yet.
    var since: ContinuousClock.Instant?
  }

  var runs: [JobID: Run] = [:]
  /// The workflow that a job belongs to.
  var owners: [JobID: JobID] = [:]
  /// Tasks that are on their way to become jobs, by the jobs' ids.
  var submitting: Set<JobID> = []
  /// Those of which something has changed.
  var touched: Set<JobID> = []
  var waiting: [JobID: Waiting] = [:]
  /// When what there was no room for is tried again, by the jobs' ids.
  var again: [JobID: ContinuousClock.Instant] = [:]
  var isRestored = false

  /// Takes a workflow up, or what it has become; what is known of its jobs already stays when it is newer.
  mutating func put(_ workflow: Workflow, _ records: [JobID: JobRecord]) {
    var run = runs[workflow.id] ?? Run(workflow: workflow)
    run.workflow = workflow
    for (id, record) in records where record.revision >= run.records[id]?.revision ?? 0 {
      run.records[id] = record
    }
    runs[workflow.id] = run
    for task in workflow.tasks { owners[workflow.job(of: task)] = workflow.id }
    touched.insert(workflow.id)
  }

  mutating func take(_ record: JobRecord) {
    guard let id = owners[record.id], record.revision >= runs[id]?.records[record.id]?.revision ?? 0 else {
      return
    }
    runs[id]?.records[record.id] = record
    touched.insert(id)
  }

  mutating func remove(_ id: JobID) {
    guard let run = runs.removeValue(forKey: id) else { return }
    touched.remove(id)
    for task in run.workflow.tasks {
      let job = run.workflow.job(of: task)
      owners[job] = nil
      waiting[job] = nil
      again[job] = nil
    }
  }

  /// Whether a task is still to become this job.
  func wants(_ task: Workflow.Task, of id: JobID) -> Bool {
    guard let run = runs[id], let present = run.workflow.task(task.name) else { return false }
    return present.tries == task.tries && !present.isCancelled && !run.workflow.isPaused
  }
}
