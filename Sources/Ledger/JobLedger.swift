import Jobs

/// Jobs and the timeline's journal at rest: in memory, or in a file that survives the program. One thread uses it,
/// `Ledger`'s; both kinds pass the same tests.
package protocol JobLedger: AnyObject {
  /// Does all of it or, where it throws, nothing; durable when it returns. One answer for each write.
  func apply(_ writes: [LedgerWrite], at now: JobTime) throws(LedgerError) -> [LedgerAnswer]

  /// Every job that is not final, by age: the working set.
  func liveJobs() throws(LedgerError) -> [JobRecord]
  func job(_ id: JobID) throws(LedgerError) -> JobRecord?
  /// Jobs whose id begins so: hexadecimal digits of either case, with or without hyphens.
  func jobs(beginningWith text: String, limit: Int) throws(LedgerError) -> [JobID]
  /// A page of jobs, the newest first: those submitted before `sequence`.
  func jobs(_ filter: JobFilter, before sequence: UInt64?, limit: Int) throws(LedgerError) -> [JobRecord]
  /// The number of the last job.
  func lastSequence() throws(LedgerError) -> UInt64
  /// The last job that succeeded with the same request, of a tool whose result depends on nothing else, and whose
  /// artifacts are known still.
  func result(of spec: JobSpec) throws(LedgerError) -> JobRecord?
  /// What happened to a job, or to all, after an event.
  func events(of job: JobID?, after number: Int64, limit: Int) throws(LedgerError) -> [JobHistory]
  func attempts(of job: JobID) throws(LedgerError) -> [AttemptRow]
  /// In the order in which they were made.
  func attachments(after number: Int64, limit: Int) throws(LedgerError) -> [AttachmentRow]
  /// Those of one job, in the order of their slots.
  func attachments(of job: JobID) throws(LedgerError) -> [AttachmentRow]
  func hosts() throws(LedgerError) -> [HostSpec]
  /// A page of artifacts, the newest first: those behind a place in that order.
  func artifacts(type: String?, after place: ArtifactPlace, limit: Int) throws(LedgerError) -> [ArtifactRow]
  /// Artifacts whose hash begins so.
  func artifacts(beginningWith text: String, limit: Int) throws(LedgerError) -> [ArtifactRow]
  /// The regions that an artifact was made for.
  func regions(of artifact: String) throws(LedgerError) -> [String]
  func artifact(_ hash: String) throws(LedgerError) -> ArtifactRow?
  /// Calls that hosts were to let go of and may not have.
  func debts() throws(LedgerError) -> [Debt]
  /// The job that an idempotency key stands for.
  func idempotency(_ key: String, at now: JobTime) throws(LedgerError) -> (
    job: JobID, fingerprint: Fingerprint
  )?
  /// A session's entries in their order, those after a number.
  func journal(_ session: String, after number: Int64, limit: Int) throws(LedgerError) -> [JournalEntry]

  /// A session with its document; nil where none is kept.
  func session(_ name: String) throws(LedgerError) -> SessionRow?
  /// All that are kept, by name, without their documents.
  func sessions() throws(LedgerError) -> [SessionRow]
  /// A small thing that is kept by name.
  func note(_ name: String) throws(LedgerError) -> String?

  /// What is due to be posted: of each URL the oldest, none of those in `busy`.
  func dueWebhooks(at now: JobTime, except busy: Set<String>, limit: Int) throws(LedgerError)
    -> [WebhookDelivery]
  /// When the next of them is due, whether or not that is past.
  func nextWebhook(except busy: Set<String>) throws(LedgerError) -> JobTime?
  func webhook(_ id: String) throws(LedgerError) -> WebhookDelivery?
  /// What is posted of a job's end, each with what was tried, the oldest first.
  func webhooks(of job: JobID) throws(LedgerError) -> [WebhookHistory]
  /// Where something is posted to, or was within the time that deliveries are kept, by URL.
  func webhookEndpoints() throws(LedgerError) -> [WebhookEndpoint]

  func workflow(_ id: JobID) throws(LedgerError) -> Workflow?
  /// Workflows whose id begins so.
  func workflows(beginningWith text: String, limit: Int) throws(LedgerError) -> [JobID]
  /// A page of workflows, the newest first: those made before a number.
  func workflows(before number: UInt64?, limit: Int) throws(LedgerError) -> [Workflow]
  func workflowCount() throws(LedgerError) -> Int

  /// Forgets jobs that ended before a time, with what happened to them, but for those of workflows; artifacts and
  /// attachments stay.
  ///
  /// - Returns: how many, at most `LedgerLimits.pruned`.
  func prune(before time: JobTime) throws(LedgerError) -> Int
  func close()
}

/// Something to be kept.
package enum LedgerWrite: Sendable, Equatable {
  /// New jobs, with the idempotency key that the request bore. None of them where one is there already.
  case submit([JobRecord], key: String? = nil, expires: JobTime = .max)
  /// What a job has become. Only while it is live, and of this lease or the one before.
  case update(JobRecord)
  /// A job's end with what it made, all at once. Only while it is live, and of this very lease.
  case complete(JobRecord, artifacts: [ArtifactRow], attachments: [AttachmentRow])
  /// Something that happened around a job and did not change it: a word in the place of its state, and what it was.
  case remark(JobID, String, String)
  /// One more region for a finished job's artifact; nothing where the region has it already.
  case attach(JobID, region: String, artifact: String)
  /// The host of a finished job may still be working on it.
  case owe(Debt)
  /// It is not any more.
  case paid(JobID, host: String)
  /// One that no job made.
  case keepArtifact(ArtifactRow)
  case forgetArtifacts([String])
  case setHost(HostSpec)
  case removeHost(String)
  /// One edit of a session.
  case append(session: String, bytes: [UInt8])
  /// Forgets a session's entries up to a number.
  case truncate(session: String, through: Int64)
  /// A whole session, in the place of what was kept under its name.
  case putSession(SessionRow)
  /// A session with its entries.
  case removeSession(String)
  /// A small thing, by name.
  case note(String, String)
  /// A workflow, in the place of what was kept under its id. A new one gets its number here.
  case putWorkflow(Workflow)
  case removeWorkflow(JobID)
  /// Entries that cannot be used, from a number on, go where they are in nobody's way.
  case setAside(session: String, from: Int64)
  /// Where the end of every job is posted to, besides where its request says.
  case setWebhooks([String])
  /// What came of posting a delivery; nothing where it is not there any more.
  case webhookTried(WebhookTry)
  /// A delivery once more from the beginning, under its id.
  case webhookReplay(String)
  /// A URL that was given up is posted to again.
  case webhookEnable(String)
}

package enum LedgerAnswer: Sendable, Equatable {
  case done
  /// The job is final, or of a later lease: nothing was changed.
  case stale
  /// A job of that id, or a request of that key, is there: nothing was changed.
  case duplicate(JobID)
  /// The entry's number.
  case entry(Int64)
}

package struct ArtifactRow: Sendable, Equatable {
  package var hash: String
  package var type: String
  package var bytes: Int64
  package var label: String
  package var job: JobID
  package var at: JobTime

  package init(hash: String, type: String, bytes: Int64, label: String = "", job: JobID, at: JobTime) {
    (self.hash, self.type, self.bytes, self.label) = (hash, type, bytes, label)
    (self.job, self.at) = (job, at)
  }
}

/// An artifact for a region: a job has one for each place of its result.
package struct AttachmentRow: Sendable, Equatable {
  /// In the order of making; given by the ledger.
  package var number: Int64 = 0
  package var job: JobID
  package var slot: Int
  package var region: String
  package var artifact: String
  package var at: JobTime

  package init(job: JobID, slot: Int, region: String, artifact: String, at: JobTime) {
    (self.job, self.slot, self.region, self.artifact, self.at) = (job, slot, region, artifact, at)
  }
}

/// One change of a job.
package struct JobHistory: Sendable, Equatable {
  package var number: Int64
  package var job: JobID
  /// `JobState.name`, or the word of a remark.
  package var state: String
  package var at: JobTime
  package var note: String
}

/// One call of a job.
package struct AttemptRow: Sendable, Equatable {
  package var epoch: UInt64
  package var attempt: Int
  package var host: String
  package var began: JobTime
  package var ended: JobTime?
  /// `JobState.name` of what followed it.
  package var outcome: String?
}

package struct Debt: Sendable, Equatable {
  package var job: JobID
  package var epoch: UInt64
  package var host: String
  package var remote: String?
  package var startToFinish: Int64

  package init(job: JobID, epoch: UInt64, host: String, remote: String?, startToFinish: Int64) {
    (self.job, self.epoch, self.host) = (job, epoch, host)
    (self.remote, self.startToFinish) = (remote, startToFinish)
  }
}

package struct JournalEntry: Sendable, Equatable {
  package var number: Int64
  package var at: JobTime
  package var bytes: [UInt8]
}

/// A session as a whole, as it was after one of its edits.
package struct SessionRow: Sendable, Equatable {
  package var name: String
  package var at: JobTime
  package var tracks: Int
  package var regions: Int
  /// How long it lasts.
  package var seconds: Double
  /// Its document; empty in a list.
  package var bytes: [UInt8]

  package init(name: String, at: JobTime, tracks: Int, regions: Int, seconds: Double, bytes: [UInt8]) {
    (self.name, self.at, self.tracks) = (name, at, tracks)
    (self.regions, self.seconds, self.bytes) = (regions, seconds, bytes)
  }
}

/// Which jobs are meant: all that fit everything that is not nil.
package struct JobFilter: Sendable, Equatable {
  package var codes: Set<Int>?
  package var tool: String?
  package var host: String?
  package var since: JobTime?

  package init() {}

  func fits(_ record: JobRecord) -> Bool {
    (codes?.contains(record.state.code) ?? true) && (tool.map { $0 == record.spec.tool } ?? true)
      && (host.map { $0 == record.host } ?? true) && (since.map { record.createdAt >= $0 } ?? true)
  }
}
