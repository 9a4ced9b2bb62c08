import Jobs
import Ledger

extension Desk {
  /// First stage of a submission: what the ledger knows of it. The second is `submit`, the last `submitted`.
  func lookUp(_ request: DispatchMessage.Request, at now: JobTime) {
    let wanted = Set(
      request.specs.flatMap { [$0.id] + $0.parents } + (request.retry.map { [$0.old, $0.new] } ?? [])
    ).filter { scheduler.record($0) == nil }
    let isTaken = ledger.read { [post] store in
      var known = DispatchMessage.Known()
      do throws(LedgerError) {
        for id in wanted { known.jobs[id] = try store.job(id) }
        if let key = request.key, let hit = try store.idempotency(key, at: now) {
          known.keyed = try store.job(hit.job)
          known.keyedFingerprint = hit.fingerprint
        }
        for spec in request.specs where spec.isDeterministic && !spec.isFresh {
          known.results[spec.id] = try store.result(of: spec)
        }
        post(.known(request, known))
      } catch {
        post(.unknown(request, error))
      }
    }
    if !isTaken {
      request.answer(
        .failure(
          JobRefusal(
            .busy, "No job was taken on.",
            why: "\(LedgerLimits.waiting) requests wait for the ledger already.",
            next: "Try again.")))
    }
  }

  func submit(_ request: DispatchMessage.Request, _ known: DispatchMessage.Known, at now: JobTime) {
    do throws(JobRefusal) {
      var request = request
      if let (old, new) = request.retry {
        request.specs = [try self.retry(old, as: new, known)]
      }
      if let keyed = known.keyed { return try answer(request, keyed: keyed, known.keyedFingerprint) }
      try refuseForeignIDs(request.specs, known)
      var answers: [SubmitAnswer] = []
      var open: [JobSpec] = []
      for spec in request.specs {
        if let result = known.results[spec.id], known.jobs[spec.id] == nil {
          share(result, for: spec, at: now)
          answers.append(SubmitAnswer(job: result.id, how: .shared, record: result))
        } else {
          open.append(spec)
        }
      }
      guard !open.isEmpty else { return request.answer(.success(answers)) }
      let made = try scheduler.submit(open, at: now) { known.jobs[$0]?.state }
      answers += made.compactMap { self.answer($0, known) }
      keep(request, made, answers)
    } catch {
      request.answer(.failure(error))
    }
  }

  private func answer(_ submission: Submission, _ known: DispatchMessage.Known) -> SubmitAnswer? {
    switch submission {
    case .created(let record): return SubmitAnswer(job: record.id, how: .created, record: record)
    case .shared(let record): return SubmitAnswer(job: record.id, how: .shared, record: record)
    case .known(let id):
      return (scheduler.record(id) ?? known.jobs[id]).map { SubmitAnswer(job: id, how: .known, record: $0) }
    }
  }

  /// Has the new jobs made durable, then the request answered.
  private func keep(_ request: DispatchMessage.Request, _ made: [Submission], _ answers: [SubmitAnswer]) {
    let created = made.compactMap { submission -> JobRecord? in
      if case .created(let record) = submission { return record }
      return nil
    }
    for record in created { mark(record) }
    // What is shared with another is written as a change of that one, in its turn before this.
    write(
      .submit(created, key: request.key, expires: created.first?.createdAt.later(Self.keyLife) ?? .max)
    ) { [post] in post(.submitted(request, answers, $0)) }
  }

  func submitted(
    _ request: DispatchMessage.Request, _ answers: [SubmitAnswer],
    _ result: Result<LedgerAnswer, LedgerError>,
    at now: JobTime
  ) {
    switch result {
    case .success(.done):
      for answer in answers where answer.how == .created { news(.submitted(answer.record)) }
      request.answer(.success(answers))
    case .success:
      undo(answers, at: now)
      request.answer(
        .failure(
          JobRefusal(
            .conflict, "No job was taken on.", why: "The same request came a moment before.",
            next: "See what became of it: garden job ls")))
    case .failure(let error):
      undo(answers, at: now)
      request.answer(.failure(error.refusal("No job was taken on.")))
    }
  }

  /// Jobs that could not be kept do not exist.
  private func undo(_ answers: [SubmitAnswer], at now: JobTime) {
    for answer in answers where answer.how == .created {
      do { try scheduler.cancel(answer.job, at: now) } catch { continue }
    }
  }

  /// A key stands for one request.
  private func answer(
    _ request: DispatchMessage.Request, keyed record: JobRecord, _ fingerprint: Fingerprint?
  ) throws(JobRefusal) {
    guard let first = request.specs.first, Fingerprint(of: first) == fingerprint else {
      throw JobRefusal(
        .conflict, "No job was taken on.",
        why: "The idempotency key stands for another request, the job \(record.id).",
        next: "Give each request a key of its own.")
    }
    let record = scheduler.record(record.id) ?? record
    request.answer(.success([SubmitAnswer(job: record.id, how: .known, record: record)]))
  }

  private func refuseForeignIDs(_ specs: [JobSpec], _ known: DispatchMessage.Known) throws(JobRefusal) {
    for spec in specs {
      guard let present = known.jobs[spec.id]?.spec, !present.asksTheSame(as: spec) else { continue }
      throw JobRefusal(
        .conflict, "The job \(spec.id) was not taken on.",
        why: "The id belongs to another job, of \(present.tool).",
        next: "Leave the id out, or make a new one.")
    }
  }

  private func retry(_ old: JobID, as new: JobID, _ known: DispatchMessage.Known) throws(JobRefusal)
    -> JobSpec
  {
    guard let record = known.jobs[old] else {
      throw JobRefusal(
        .unknownJob, "Nothing was tried anew.", why: "There is no job \(old).",
        next: "See which there are: garden job ls")
    }
    guard record.state != .succeeded else {
      throw JobRefusal(
        .finished, "Nothing was tried anew.", why: "The job \(old) succeeded.",
        next: "Ask for another: garden generate \(record.spec.tool) --fresh")
    }
    var spec = record.spec
    spec.id = new
    spec.retryOf = old
    spec.parents = []
    spec.notBefore = 0
    return spec
  }

  /// A finished job's result for one more region.
  private func share(_ record: JobRecord, for spec: JobSpec, at now: JobTime) {
    guard let region = spec.region, let artifact = record.artifacts.first else { return }
    let attachment = AttachmentRow(job: record.id, slot: -1, region: region, artifact: artifact, at: now)
    write(.attach(record.id, region: region, artifact: artifact)) { [post] in post(.attached(attachment, $0))
    }
  }
}
