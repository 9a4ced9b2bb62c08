import Arrangement
import FoundationEssentials
import HootWire
import JobDispatch
import Jobs
import Ledger
import Tools

/// How a task becomes a job: what it takes of others is put in, and the ledger is asked first whether it is there already.
extension Conductor {
  /// What the ledger knows of a task's job, and of the one before it.
  struct KnownJob: Sendable {
    var record: JobRecord?
    var isPlaced = false
    var before: JobRecord?
  }

  func begin(_ task: Workflow.Task, of workflow: Workflow, _ job: JobID) {
    let earlier = (max(0, task.tries - ControlLimits.workflowTriesSeen)..<task.tries).reversed().map {
      workflow.job(of: task, tries: $0)
    }
    do throws(Refusal) {
      try readLedger(
        { store throws(LedgerError) in
          var known = KnownJob(record: try store.job(job))
          if known.record != nil {
            known.isPlaced = try store.events(of: job, after: 0, limit: LedgerLimits.page).contains {
              $0.note == Self.placedRemark
            }
          }
          for id in earlier where known.before == nil { known.before = try store.job(id) }
          return known
        },
        then: { [self] (result: Result<KnownJob, Refusal>) in
          attempt(task, of: workflow.id, job) { () throws(Refusal) in
            let known = try result.get()
            if let record = known.record { return try takeUp(task, of: workflow.id, record, known) }
            let plan = try plan(task, of: workflow.id)
            guard plan.isOfSession, !isSessionReady(for: workflow.id) else {
              return try submit(plan, task, of: workflow.id, job, known)
            }
            workflows.submitting.remove(job)
            workflows.waiting[job] = WorkflowSide.Waiting(workflow: workflow.id, task: task.name)
          }
        })
    } catch { failed(task, of: workflow.id, job, error) }
  }

  private func attempt(
    _ task: Workflow.Task, of id: JobID, _ job: JobID, _ body: () throws(Refusal) -> Void
  ) {
    do throws(Refusal) { try body() } catch { failed(task, of: id, job, error) }
  }

  /// A job that is there already: its region is put where it was to be, if nobody has done that.
  private func takeUp(
    _ task: Workflow.Task, of id: JobID, _ record: JobRecord, _ known: KnownJob
  ) throws(Refusal) {
    guard record.spec.tool == task.tool else {
      throw Refusal(
        "id_conflict", .refused, "the task \(task.name) was not begun",
        "the job \(record.id) is another's, of \(record.spec.tool)",
        "garden workflow retry \(id.text.prefix(8))")
    }
    workflows.submitting.remove(record.id)
    workflows.take(record)
    guard !known.isPlaced, let region = record.spec.region.flatMap({ UUID(wireText: $0) }) else { return }
    let plan = try plan(task, of: id)
    let place = try place(for: plan)
    try putOnTimeline(plan, SubmitAnswer(job: record.id, how: .known, record: record), region, place)
  }

  /// The request that a task is, with what the tasks before it have made.
  private func plan(_ task: Workflow.Task, of id: JobID) throws(Refusal) -> JobPlan {
    guard let run = workflows.runs[id] else { throw Self.noJobs }
    let value: JSONValue
    do { value = try JSONValue.parse(Array(task.parameters.utf8)) } catch {
      throw Refusal(
        "bad_task", .badData, "the task \(task.name) cannot be read", "\(error)", "garden workflow ls")
    }
    let filled = try ToolValue(value).resolved { reference throws(Refusal) in
      try Self.made(
        reference, by: run.workflow.task(reference.task).flatMap { run.records[run.workflow.job(of: $0)] })
    }
    guard case .object(var fields) = filled else { throw Self.noJobs }
    if let url = task.webhookURL, Catalogue.placingNames.contains(.webhookURL) {
      fields[ParameterName.webhookURL.rawValue] = .text(url)
    }
    fields[ParameterName.client.rawValue] = .text("workflow-\(id.text)")
    if let tool = Catalogue.jobTool(task.tool), let job = tool.job {
      return JobPlan(tool, job, try Self.checked(fields, by: tool))
    }
    let placing = fields.filter { field in
      ParameterName(rawValue: field.key).map { Catalogue.placingNames.contains($0) } ?? false
    }
    let own = fields.filter { placing[$0.key] == nil }
    let named = placing.merging([ParameterName.tool.rawValue: .text(task.tool)]) { $1 }
    let arguments = try Self.checked(named, by: Catalogue.tool(.generate))
    return try JobPlan(task.tool, like: JSONValue.parsed(own), arguments)
  }

  private static func checked(_ fields: [String: ToolValue], by tool: Tool) throws(Refusal) -> Arguments {
    do throws(ToolError) {
      return try tool.validate(fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    } catch { throw Refusal(error) }
  }

  private static func made(_ reference: WorkflowReference, by record: JobRecord?) throws(Refusal) -> ToolValue
  {
    func nothing(_ why: String) -> Refusal {
      Refusal(
        "bad_reference", .badData, "\(reference.text) is nothing", why,
        "garden workflow tasks \(reference.task)")
    }
    guard let record, record.state == .succeeded else { throw nothing("\(reference.task) has not succeeded") }
    switch reference.what {
    case .artifact(let index):
      guard record.artifacts.indices.contains(index) else {
        throw nothing("\(reference.task) has made \(record.artifacts.count) artifacts")
      }
      return .text(record.artifacts[index])
    case .value(let path):
      guard let bytes = record.value, var value = try? JSONValue.parse(bytes) else {
        throw nothing("\(reference.task) has made no value")
      }
      for name in path {
        guard let member = value[name] else {
          throw nothing("the value of \(reference.task) has no \(shownText(name))")
        }
        value = member
      }
      return ToolValue(value)
    }
  }

  /// Of the session as it is, though not all of it has come.
  func bounceAnyway(_ task: Workflow.Task, of id: JobID, _ job: JobID) {
    attempt(task, of: id, job) { () throws(Refusal) in
      try submit(try plan(task, of: id), task, of: id, job, KnownJob())
    }
  }

  private func submit(
    _ plan: JobPlan, _ task: Workflow.Task, of id: JobID, _ job: JobID, _ known: KnownJob
  ) throws(Refusal) {
    // What was tried before goes on in the same region, as long as that is there.
    let region = known.before?.spec.region.flatMap { UUID(wireText: $0) }.flatMap { timeline.latents[$0]?.id }
    let place = region == nil ? try place(for: plan) : nil
    let new = region ?? place.map { _ in UUID() }
    withSession(plan) { [self] plan in
      attempt(task, of: id, job) { () throws(Refusal) in
        let plan = try plan.get()
        try resolve(plan.inputs) { [self] inputs in
          attempt(task, of: id, job) { () throws(Refusal) in
            guard workflows.wants(task, of: id) else {
              workflows.submitting.remove(job)
              return
            }
            var spec = try plan.spec(job, inputs: try inputs.get(), isFresh: true)
            spec.region = new?.wireText
            spec.retryOf = region == nil ? nil : known.before?.id
            spec.deadline = place.flatMap { deadline(ofRegionAt: $0.start) }
            try hand(spec, plan, task, of: id, region == nil ? new : nil, place)
          }
        }
      }
    }
  }

  private func hand(
    _ spec: JobSpec, _ plan: JobPlan, _ task: Workflow.Task, of id: JobID, _ region: UUID?,
    _ place: RegionPlace?
  ) throws(Refusal) {
    try ask(
      Result<[SubmitAnswer], JobRefusal>.self,
      { side, answer in side.dispatcher.order(.submit([spec], key: nil, answer: answer)) },
      then: { [self] result in
        attempt(task, of: id, spec.id) { () throws(Refusal) in
          guard let answer = try result.mapError(Refusal.init).get().first else { throw Self.noJobs }
          workflows.submitting.remove(spec.id)
          workflows.take(answer.record)
          // The job is there, whatever its region comes to.
          do throws(Refusal) { try putOnTimeline(plan, answer, region, place) } catch {
            warn(
              "the region of the task \(task.name) is not on the timeline: \(error.lines[0]): \(error.lines[1])"
            )
          }
          guard let present = workflows.runs[id]?.workflow else { return }
          if present.task(task.name)?.isCancelled == true { cancelJobs(of: [task.name], in: present) }
          if present.isPaused { holdJobs(of: present, true) }
        }
      })
  }

  private func putOnTimeline(
    _ plan: JobPlan, _ answer: SubmitAnswer, _ region: UUID?, _ place: RegionPlace?
  ) throws(Refusal) {
    let command = try placeLatent(plan, answer, region, place)
    noteEdits("workflow", by: UndoHistory.machine)
    if command != nil { _ = ledger.write(.remark(answer.job, "placed", Self.placedRemark), { _ in }) }
  }

  /// Tried again where there was no room; else it is what the task has come to.
  private func failed(_ task: Workflow.Task, of id: JobID, _ job: JobID, _ refusal: Refusal) {
    workflows.submitting.remove(job)
    guard workflows.owners[job] == id else { return }
    if refusal.exit == .tryLater || refusal.passes {
      workflows.again[job] = .now + .milliseconds(ControlLimits.workflowAgainMilliseconds)
      return
    }
    let (name, tries, lines) = (task.name, task.tries, refusal.lines)
    let now = jobs?.clock() ?? 0
    do throws(Refusal) {
      try readLedger(
        { store throws(LedgerError) in
          try WorkflowKeeping.change(id.text, in: store, at: now) { workflow, _, _ throws(WorkflowRefusal) in
            workflow.refuse(name, lines, tries: tries)
          }
        },
        then: { [self] (result: Result<WorkflowKeeping.Outcome<Void>, Refusal>) in
          switch result.map(\.result) {
          case .success(.success(let (kept, _))): workflows.put(kept.workflow, kept.records)
          case .success(.failure): workflows.remove(id)
          case .failure(let refusal):
            warn("\(refusal.lines[0]): \(refusal.lines[1])")
            workflows.again[job] = .now + .milliseconds(ControlLimits.workflowAgainMilliseconds)
          }
        })
    } catch { workflows.again[job] = .now + .milliseconds(ControlLimits.workflowAgainMilliseconds) }
  }
}

extension JSONValue {
  fileprivate static func parsed(_ members: [String: ToolValue]) -> JSONObject {
    // Written down a moment ago.
    (try? JSONValue.parse(Array(ToolValue.object(members).json.utf8)))?.object ?? JSONObject()
  }
}
