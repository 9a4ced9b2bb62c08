import Jobs

/// A ledger that ends with the program: for tests, and for a daemon that is to leave nothing behind.
package final class MemoryLedger: JobLedger {
  private struct Contents {
    var jobs: [JobID: JobRecord] = [:]
    var events: [JobHistory] = []
    var attempts: [JobID: [AttemptRow]] = [:]
    var attachments: [AttachmentRow] = []
    var attached: Set<String> = []
    var artifacts: [String: ArtifactRow] = [:]
    var hosts: [String: HostSpec] = [:]
    var debts: [String: Debt] = [:]
    var keys: [String: (job: JobID, fingerprint: Fingerprint, expires: JobTime)] = [:]
    var journal: [String: [JournalEntry]] = [:]
    var entries: Int64 = 0
    var sessions: [String: SessionRow] = [:]
    var notes: [String: String] = [:]
    var aside: [String: [JournalEntry]] = [:]
    var workflows: [JobID: Workflow] = [:]
    var workflowsMade: UInt64 = 0
    var sequence: UInt64 = 0
  }

  private var contents = Contents()
  private var hooks = WebhookShelf()
  /// Writes that it takes before it says that the disk is full; nil: any number.
  package var room: Int?

  package init() {}

  package func apply(_ writes: [LedgerWrite], at now: JobTime) throws(LedgerError) -> [LedgerAnswer] {
    if let room {
      guard writes.count <= room else {
        throw LedgerError(
          .diskFull, "Nothing was kept.", why: "There is room for \(room) writes.", next: "Make room.")
      }
      self.room = room - writes.count
    }
    return writes.map { apply($0, at: now) }
  }

  private func apply(_ write: LedgerWrite, at now: JobTime) -> LedgerAnswer {
    switch write {
    case .submit(let records, let key, let expires):
      if let key, let known = contents.keys[key], known.expires > now { return .duplicate(known.job) }
      if let known = records.first(where: { contents.jobs[$0.id] != nil }) { return .duplicate(known.id) }
      for record in records {
        put(record, at: record.createdAt)
        contents.sequence = max(contents.sequence, record.sequence)
      }
      if let key, let first = records.first {
        contents.keys[key] = (first.id, Fingerprint(of: first.spec), expires)
      }
    case .update(let record):
      guard let present = contents.jobs[record.id], !present.state.isFinal, present.epoch <= record.epoch
      else {
        return .stale
      }
      put(record, at: now)
    case .complete(let record, let artifacts, let attachments):
      guard let present = contents.jobs[record.id], !present.state.isFinal, present.epoch == record.epoch
      else {
        return .stale
      }
      put(record, at: now)
      for artifact in artifacts where contents.artifacts[artifact.hash] == nil {
        contents.artifacts[artifact.hash] = artifact
      }
      for var attachment in attachments
      where contents.attached.insert("\(attachment.job) \(attachment.slot)").inserted {
        attachment.number = Int64(contents.attachments.count) + 1
        contents.attachments.append(attachment)
      }
    case .remark(let job, let state, let note):
      guard contents.jobs[job] != nil else { return .done }
      contents.events.append(
        JobHistory(number: Int64(contents.events.count) + 1, job: job, state: state, at: now, note: note))
    case .attach(let job, let region, let artifact):
      let own = contents.attachments.filter { $0.job == job }
      guard contents.jobs[job]?.state == .succeeded, !own.contains(where: { $0.region == region }) else {
        return .stale
      }
      var attachment = AttachmentRow(
        job: job, slot: (own.map(\.slot).max() ?? -1) + 1, region: region, artifact: artifact, at: now)
      attachment.number = Int64(contents.attachments.count) + 1
      contents.attached.insert("\(job) \(attachment.slot)")
      contents.attachments.append(attachment)
    case .owe(let debt): contents.debts["\(debt.job) \(debt.host)"] = debt
    case .paid(let job, let host): contents.debts["\(job) \(host)"] = nil
    case .keepArtifact(let artifact):
      if contents.artifacts[artifact.hash] == nil { contents.artifacts[artifact.hash] = artifact }
    case .forgetArtifacts(let hashes): for hash in hashes { contents.artifacts[hash] = nil }
    case .setHost(let host): contents.hosts[host.name] = host
    case .removeHost(let name): contents.hosts[name] = nil
    case .append(let session, let bytes):
      contents.entries += 1
      contents.journal[session, default: []].append(
        JournalEntry(number: contents.entries, at: now, bytes: bytes))
      return .entry(contents.entries)
    case .truncate(let session, let through): contents.journal[session]?.removeAll { $0.number <= through }
    case .putSession(let row): contents.sessions[row.name] = row
    case .removeSession(let name): (contents.sessions[name], contents.journal[name]) = (nil, nil)
    case .note(let name, let text): contents.notes[name] = text
    case .putWorkflow(let workflow):
      var workflow = workflow
      if let present = contents.workflows[workflow.id] {
        workflow.number = present.number
      } else {
        contents.workflowsMade += 1
        workflow.number = contents.workflowsMade
      }
      contents.workflows[workflow.id] = workflow
    case .removeWorkflow(let id): contents.workflows[id] = nil
    case .setAside(let session, let number):
      contents.aside[session, default: []] += contents.journal[session, default: []].filter {
        $0.number >= number
      }
      contents.journal[session]?.removeAll { $0.number >= number }
    case .setWebhooks, .webhookTried, .webhookReplay, .webhookEnable: return hooks.keep(write, at: now)
    }
    return .done
  }

  private func put(_ record: JobRecord, at now: JobTime) {
    let before = contents.jobs[record.id]
    contents.jobs[record.id] = record
    if before?.state != record.state || before?.epoch != record.epoch {
      contents.events.append(
        JobHistory(
          number: Int64(contents.events.count) + 1, job: record.id, state: record.state.name, at: now,
          note: record.note))
    }
    if record.state.isOut, before?.epoch != record.epoch {
      contents.attempts[record.id, default: []].append(
        AttemptRow(
          epoch: record.epoch, attempt: record.attempt, host: record.host ?? "", began: now, ended: nil,
          outcome: nil))
    } else if !record.state.isOut, let last = contents.attempts[record.id]?.indices.last,
      contents.attempts[record.id]?[last].ended == nil
    {
      contents.attempts[record.id]?[last].ended = now
      contents.attempts[record.id]?[last].outcome = record.state.name
    }
    if record.state.isFinal, before?.state.isFinal != true { hooks.announce(record, at: now) }
  }

  package func dueWebhooks(at now: JobTime, except busy: Set<String>, limit: Int) -> [WebhookDelivery] {
    hooks.due(at: now, except: busy, limit: limit)
  }

  package func nextWebhook(except busy: Set<String>) -> JobTime? { hooks.next(except: busy) }
  package func webhook(_ id: String) -> WebhookDelivery? { hooks.deliveries[id] }
  package func webhooks(of job: JobID) -> [WebhookHistory] { hooks.history(of: job) }
  package func webhookEndpoints() -> [WebhookEndpoint] { hooks.endpointList }

  package func liveJobs() -> [JobRecord] {
    contents.jobs.values.filter { !$0.state.isFinal }.sorted { $0.sequence < $1.sequence }
  }

  package func job(_ id: JobID) -> JobRecord? { contents.jobs[id] }

  package func jobs(_ filter: JobFilter, before sequence: UInt64?, limit: Int) -> [JobRecord] {
    let fitting = contents.jobs.values.filter { $0.sequence < sequence ?? .max && filter.fits($0) }
    return Array(fitting.sorted { $0.sequence > $1.sequence }.prefix(min(max(limit, 0), LedgerLimits.page)))
  }

  package func lastSequence() -> UInt64 { contents.sequence }

  package func result(of spec: JobSpec) -> JobRecord? {
    contents.jobs.values.filter {
      $0.state == .succeeded && $0.spec.isDeterministic && $0.spec.asksTheSame(as: spec)
        && $0.artifacts.allSatisfy { contents.artifacts[$0] != nil }
    }.max { $0.sequence < $1.sequence }
  }

  package func events(of job: JobID?, after number: Int64, limit: Int) -> [JobHistory] {
    let fitting = contents.events.filter { $0.number > number && (job == nil || $0.job == job) }
    return Array(fitting.prefix(min(max(limit, 0), LedgerLimits.page)))
  }

  package func attempts(of job: JobID) -> [AttemptRow] { contents.attempts[job] ?? [] }

  package func attachments(after number: Int64, limit: Int) -> [AttachmentRow] {
    Array(contents.attachments.filter { $0.number > number }.prefix(min(max(limit, 0), LedgerLimits.page)))
  }

  package func jobs(beginningWith text: String, limit: Int) -> [JobID] {
    let digits = text.lowercased().filter { $0 != "-" }
    return Array(
      contents.jobs.keys.filter { $0.text.filter { $0 != "-" }.hasPrefix(digits) }.sorted().prefix(limit))
  }

  package func attachments(of job: JobID) -> [AttachmentRow] {
    contents.attachments.filter { $0.job == job }.sorted { $0.slot < $1.slot }
  }

  package func artifacts(type: String?, after place: ArtifactPlace, limit: Int) -> [ArtifactRow] {
    let fitting = contents.artifacts.values.filter {
      ($0.at, $0.hash) < (place.at, place.hash) && (type ?? $0.type) == $0.type
    }
    return Array(
      fitting.sorted { ($1.at, $1.hash) < ($0.at, $0.hash) }.prefix(min(max(limit, 0), LedgerLimits.page)))
  }

  package func artifacts(beginningWith text: String, limit: Int) -> [ArtifactRow] {
    Array(
      contents.artifacts.values.filter { $0.hash.hasPrefix(text.lowercased()) }.sorted { $0.hash < $1.hash }
        .prefix(limit))
  }

  package func regions(of artifact: String) -> [String] {
    contents.attachments.filter { $0.artifact == artifact }.map(\.region)
  }

  package func hosts() -> [HostSpec] { contents.hosts.values.sorted { $0.name < $1.name } }
  package func artifact(_ hash: String) -> ArtifactRow? { contents.artifacts[hash] }
  package func debts() -> [Debt] { contents.debts.values.sorted { ($0.job, $0.host) < ($1.job, $1.host) } }

  package func idempotency(_ key: String, at now: JobTime) -> (job: JobID, fingerprint: Fingerprint)? {
    contents.keys[key].flatMap { $0.expires > now ? ($0.job, $0.fingerprint) : nil }
  }

  package func journal(_ session: String, after number: Int64, limit: Int) -> [JournalEntry] {
    let entries = contents.journal[session, default: []].filter { $0.number > number }
    return Array(entries.prefix(min(max(limit, 0), LedgerLimits.page)))
  }

  package func session(_ name: String) -> SessionRow? { contents.sessions[name] }

  package func sessions() -> [SessionRow] {
    contents.sessions.values.sorted { $0.name < $1.name }.map { row in
      var row = row
      row.bytes = []
      return row
    }
  }

  package func note(_ name: String) -> String? { contents.notes[name] }

  package func workflow(_ id: JobID) -> Workflow? { contents.workflows[id] }

  package func workflows(beginningWith text: String, limit: Int) -> [JobID] {
    let digits = text.lowercased().filter { $0 != "-" }
    return Array(
      contents.workflows.keys.filter { $0.text.filter { $0 != "-" }.hasPrefix(digits) }.sorted().prefix(limit)
    )
  }

  package func workflows(before number: UInt64?, limit: Int) -> [Workflow] {
    let fitting = contents.workflows.values.filter { $0.number < number ?? .max }
    return Array(fitting.sorted { $0.number > $1.number }.prefix(min(max(limit, 0), LedgerLimits.page)))
  }

  package func workflowCount() -> Int { contents.workflows.count }

  package func prune(before time: JobTime) -> Int {
    let kept = Set(
      contents.workflows.values.flatMap { workflow in workflow.tasks.map { workflow.job(of: $0) } })
    let old = contents.jobs.values.filter {
      $0.state.isFinal && $0.finishedAt ?? .max < time && !kept.contains($0.id)
    }
    .sorted { $0.sequence < $1.sequence }.prefix(LedgerLimits.pruned)
    let ids = Set(old.map(\.id))
    for id in ids {
      contents.jobs[id] = nil
      contents.attempts[id] = nil
    }
    contents.events.removeAll { ids.contains($0.job) }
    contents.keys = contents.keys.filter { !ids.contains($0.value.job) }
    hooks.prune(before: time)
    return ids.count
  }

  package func close() {}
}

extension JobRecord {
  /// What is to be read beside its state in its history.
  var note: String {
    switch state {
    case .leased, .running: host ?? ""
    case .parked(.hostBusy): "\(host ?? "") until \(nextAt ?? 0)"
    default: error.first ?? ""
    }
  }
}
