import Arrangement
import FoundationEssentials
import HootWire
import JobDispatch
import Jobs
import Ledger

extension Conductor {
  /// What the dispatcher tells: kept, told on, and done to the regions that wait for it.
  func take(_ news: JobNews) {
    switch news {
    case .submitted(let record):
      workflows.take(record)
      let before = jobs?.live.updateValue(record, forKey: record.id)
      jobs?.meter.take(record, before: before, isNew: true)
      follow(record)
      publish(record, "submitted")
    case .changed(let record):
      guard !record.state.isFinal else { return }
      workflows.take(record)
      let before = jobs?.live.updateValue(record, forKey: record.id)
      jobs?.meter.take(record, before: before)
      publish(record, before?.state == record.state ? "progress" : "changed")
      tellProgress(record)
    case .finished(let record, let attachments):
      let before = jobs?.live.removeValue(forKey: record.id)
      jobs?.meter.take(record, before: before)
      jobs?.deadlines[record.id] = nil
      publish(record, record.state.name)
      growth.settle(record.id)
      settle(record, attachments)
      // Behind its regions: who waits for them looks at them then.
      workflows.take(record)
    case .attached(let attachment): arrive(attachment)
    case .late(let job, let by): tellLate(job, by: by)
    case .chunk(let job, let epoch, let chunk): take(chunk, of: job, epoch: epoch)
    case .host(let view):
      let now = jobs?.clock() ?? 0
      server.publishEvent(topic: "host", content: ["type": "host", "host": view.json(at: now)])
      tendProbes(view.spec.name)
    case .called(let call): note(call)
    case .unkept(let job, let error): warn("job \(job): \(error.lines.prefix(2).joined(separator: ": "))")
    }
  }

  func tendJobs() {
    tendPolls()
    tendProbes()
    tendEntrances()
    tendGrowth()
    tendDeadlines()
    tendNaps()
    tendWorkflows()
    tendTelemetry()
  }

  private func publish(_ record: JobRecord, _ type: String) {
    note(record, type)
    guard server.isSubscribed(topic: "job") else { return }
    let shown = JobView(record: record).json(at: jobs?.clock() ?? 0)
    server.publishEvent(topic: "job", content: ["type": .string(type), "job": shown])
  }

  // MARK: Regions

  /// The regions that wait for a job: its own, and those that share it.
  func regions(of record: JobRecord) -> [UUID] {
    ([record.spec.region].compactMap { $0 } + record.sharers).compactMap { UUID(wireText: $0) }
      .filter { timeline.latents[$0] != nil }
  }

  /// One of the steps of a latent region, which must not fail: what comes late, twice or from a job that the region waits
  /// for no more changes nothing.
  func step(_ id: UUID, _ change: (inout LatentRegion) throws(ArrangementError) -> Void) -> Bool {
    do {
      try timeline.updateLatent(id, change)
      return true
    } catch { return false }
  }

  /// A job that is tried anew is followed by the region of the one before.
  private func follow(_ record: JobRecord) {
    guard let old = record.spec.retryOf else { return }
    for id in regions(of: record) where timeline.latents[id]?.job == old.text {
      guard
        step(
          id,
          { latent throws(ArrangementError) in
            if latent.status == .pending || latent.status == .running {
              latent.job = record.id.text
            } else {
              try latent.vary(job: record.id.text)
            }
          })
      else { continue }
      publishLatent([
        "type": "latent_submitted", "region_id": .string(id.wireText), "job_id": .string(record.id.text),
      ])
    }
  }

  /// How far it is stands with the job alone: a hundred steps are no hundred edits.
  private func tellProgress(_ record: JobRecord) {
    guard record.state == .running else { return }
    let progress = record.progress.percent / 100
    for id in regions(of: record) {
      guard let latent = timeline.latents[id], latent.job == record.id.text,
        latent.status == .pending || latent.status == .running
      else { continue }
      if latent.status == .pending {
        _ = step(id, { latent throws(ArrangementError) in try latent.progress(0) })
      }
      publishLatent([
        "type": "latent_progress", "region_id": .string(id.wireText), "progress": JSONValue(Float(progress)),
      ])
    }
  }

  private func tellLate(_ job: JobID, by: Int64) {
    guard let record = jobs?.live[job] else { return }
    for id in regions(of: record) {
      server.publishEvent(
        topic: "latent",
        content: [
          "type": "late", "region_id": .string(id.wireText), "job_id": .string(job.text),
          "by_seconds": .number((Double(by) / 1_000).hundredths),
          "fallback": .string(timeline.latents[id]?.arrival?.fallback.rawValue ?? "silence"),
        ])
    }
  }

  private func settle(_ record: JobRecord, _ attachments: [AttachmentRow]) {
    for attachment in attachments {
      arrive(attachment, of: record.spec, more: Array(record.artifacts.dropFirst()))
    }
    guard record.state != .succeeded else {
      if attachments.isEmpty { failRegions(of: record, "the job made nothing that sounds") }
      return
    }
    failRegions(of: record, record.error.first ?? "the job was \(record.state.name)")
  }

  func failRegions(of record: JobRecord, _ reason: String) {
    for id in regions(of: record) where timeline.latents[id]?.job == record.id.text { fail(id, reason) }
  }

  func fail(_ id: UUID, _ reason: String) {
    let text = String(reason.prefix(200))
    guard step(id, { latent throws(ArrangementError) in try latent.fail(text) }) else { return }
    giveUpGrowth(of: id, text)
    publishLatent(["type": "latent_failed", "region_id": .string(id.wireText), "error": .string(text)])
  }

  // MARK: After a restart

  /// Regions that are back, by undo or redo, and whose jobs have ended in the meantime.
  func reconcileOutlived() {
    let isOutlived = timeline.latents.values.contains { latent in
      guard latent.arrival != nil, let job = latent.job.flatMap({ JobID($0) }) else { return false }
      switch latent.status {
      case .pending, .running: return jobs?.live[job] == nil
      case .approved: return timeline.regions[latent.id] == nil
      case .resolved, .rejected, .failed: return false
      }
    }
    if isOutlived { reconcileJobs() }
  }

  /// What the ledger knows of the jobs that regions wait for is done to them, as if it had just been told: each step
  /// changes nothing the second time.
  func reconcileJobs() {
    for latent in timeline.silentLatents where latent.status == .approved && latent.arrival != nil {
      bringApproved(latent.id)
    }
    let waiting = timeline.latents.values.filter {
      $0.arrival != nil && ($0.status == .pending || $0.status == .running)
    }
    let ids = Set(waiting.compactMap { $0.job.flatMap { JobID($0) } })
    guard !ids.isEmpty else { return }
    do {
      try readLedger(
        { store throws(LedgerError) in
          var found: [JobID: (JobRecord, [AttachmentRow])] = [:]
          for id in ids {
            if let record = try store.job(id) { found[id] = (record, try store.attachments(of: id)) }
          }
          return found
        },
        then: { [self] (result: Result<[JobID: (JobRecord, [AttachmentRow])], Refusal>) in
          guard case .success(let found) = result else { return }
          for id in ids {
            guard let (record, attachments) = found[id] else {
              for latent in waiting where latent.job == id.text {
                fail(latent.id, "its job is not known any more")
              }
              continue
            }
            if record.state.isFinal { settle(record, attachments) }
          }
        })
    } catch { warn("\(error.lines[0]): \(error.lines[1])") }
  }
}
