import Arrangement
import ContentStore
import FoundationEssentials
import HootWire
import Jobs
import MusicalTime
import Tools

// A render of the session as a job: the session is put into the store first, as it is then, and the job gets its name.
extension JobPlan {
  /// Whether it is of the session as it is.
  var isOfSession: Bool {
    declaration?.name == .bounce && parameters[ParameterName.sessionHash.rawValue] == nil
  }
}

extension Conductor {
  /// The plan with the session that it is about.
  func withSession(_ plan: JobPlan, then: @escaping (Result<JobPlan, Refusal>) -> Void) {
    guard plan.isOfSession else { return then(.success(plan)) }
    let (document, store) = (sessionDocument, store)
    do throws(Refusal) {
      try load(
        on: storekeeper,
        {
          .text(
            Result { () throws(Refusal) in
              let bytes: [UInt8]
              do { bytes = Array(try document.encode()) } catch {
                throw Refusal(
                  "export", .internalError, "the session could not be written down", "\(error)",
                  "garden status")
              }
              do throws(StoreError) { return try store.put(bytes, mimeType: "application/json").hash } catch {
                throw Refusal(error)
              }
            })
        },
        then: { loaded in
          guard case .text(let result) = loaded else { return }
          then(
            result.map { hash in
              var plan = plan
              plan.parameters[ParameterName.sessionHash.rawValue] = .string(hash)
              if let name = ContentName(hash) {
                plan.inputs.append((ParameterName.sessionHash.rawValue, name))
              }
              return plan
            })
        })
    } catch { then(.failure(error)) }
  }

  // MARK: Of a workflow

  /// Whether all that a workflow's tasks have made is on the timeline, or is not to be.
  func isSessionReady(for id: JobID) -> Bool { unready(for: id).isEmpty }

  /// The regions that are not decided on yet, and those that are about to come.
  private func unready(for id: JobID) -> [LatentRegion] {
    guard let run = workflows.runs[id] else { return [] }
    return run.workflow.tasks.compactMap { task in
      guard let record = run.records[run.workflow.job(of: task)], record.state == .succeeded,
        let region = record.spec.region.flatMap({ UUID(wireText: $0) }), let latent = timeline.latents[region]
      else { return nil }
      switch latent.status {
      case .pending, .running, .resolved: return latent
      case .approved: return timeline.regions[region] == nil ? latent : nil
      case .rejected, .failed: return nil
      }
    }
  }

  /// Bounces wait until every region of their workflow has come or was decided on.
  func tendBounces() {
    for (job, waiting) in workflows.waiting {
      let left = unready(for: waiting.workflow)
      guard !left.isEmpty else {
        workflows.waiting[job] = nil
        workflows.touched.insert(waiting.workflow)
        continue
      }
      // One that was approved and cannot be played is silent: it is not waited for longer than loading may take.
      let isComing = left.allSatisfy { $0.status == .approved }
      guard isComing else {
        workflows.waiting[job]?.since = nil
        continue
      }
      let since = waiting.since ?? .now
      workflows.waiting[job]?.since = since
      if since + .seconds(ControlLimits.workflowSettleSeconds) <= .now { go(on: job, waiting) }
    }
  }

  private func go(on job: JobID, _ waiting: WorkflowSide.Waiting) {
    workflows.waiting[job] = nil
    guard let task = workflows.runs[waiting.workflow]?.workflow.task(waiting.task),
      workflows.wants(task, of: waiting.workflow), workflows.submitting.insert(job).inserted
    else { return }
    bounceAnyway(task, of: waiting.workflow, job)
  }

  /// What keeps tasks from beginning, by their names.
  func waits(of workflow: Workflow) -> [String: String] {
    var waits: [String: String] = [:]
    for waiting in workflows.waiting.values where waiting.workflow == workflow.id {
      let left = unready(for: workflow.id).map { latent in
        let name = latent.name ?? latent.id.wireText
        return latent.status == .resolved ? "garden approve \(name)" : "\(name) to come"
      }
      if !left.isEmpty { waits[waiting.task] = "waits for \(left.prefix(4).joined(separator: ", "))" }
    }
    return waits
  }
}
