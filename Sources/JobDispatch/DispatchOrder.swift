import Jobs
import Ledger

/// What the dispatcher can be asked for. Each `answer` comes once, on the dispatcher's thread, and must not wait.
package enum DispatchOrder: Sendable {
  /// Answered when the jobs are durable, or refused: all of them or none.
  ///
  /// - `key`: an idempotency key of the request; the same again, within 24 hours, is answered with the same job.
  case submit([JobSpec], key: String? = nil, answer: @Sendable (Result<[SubmitAnswer], JobRefusal>) -> Void)
  /// Answered when it is durable. A job that is out is final at once; its host hears of it.
  case cancel(JobID, answer: @Sendable (JobRefusal?) -> Void)
  /// Every job that is not final, or those of one client; answered with how many.
  case cancelAll(client: String?, answer: @Sendable (Result<Int, JobRefusal>) -> Void)
  /// A new job that asks for what a finished one that did not succeed asked for, for the same region.
  case retry(JobID, as: JobID, answer: @Sendable (Result<[SubmitAnswer], JobRefusal>) -> Void)
  case pause(JobID, answer: @Sendable (JobRefusal?) -> Void)
  case resume(JobID, answer: @Sendable (JobRefusal?) -> Void)
  case setPriority(Int, JobID, answer: @Sendable (JobRefusal?) -> Void)
  /// When each job's content is needed now: after a seek, a change of tempo or a move of its region.
  case setDeadlines([(job: JobID, deadline: JobTime?)])
  case setHost(HostSpec, answer: @Sendable (JobRefusal?) -> Void)
  case drain(host: String, Bool, answer: @Sendable (JobRefusal?) -> Void)
  case removeHost(String, answer: @Sendable (JobRefusal?) -> Void)
  /// Asks a host how it does; the answer is news.
  case probe(host: String, answer: @Sendable (JobRefusal?) -> Void)
  /// Looks at the working set: `Scheduler.outlook`, `allHosts`, `record`, `counts`. It must be short.
  case look(@Sendable (borrowing Scheduler, JobTime) -> Void)
}

/// What became of a request for a job.
package struct SubmitAnswer: Sendable, Equatable {
  package enum How: String, Sendable {
    case created
    /// The same request came before.
    case known
    /// Another in flight, or a finished one of a tool whose result depends on nothing else, answers for it.
    case shared
  }

  package let job: JobID
  package let how: How
  /// As it was then.
  package let record: JobRecord

  package init(job: JobID, how: How, record: JobRecord) {
    (self.job, self.how, self.record) = (job, how, record)
  }
}

/// What the dispatcher tells of: on its thread, in order, and not to be waited in.
package enum JobNews: Sendable, Equatable {
  /// It is durable.
  case submitted(JobRecord)
  /// Its state or progress.
  case changed(JobRecord)
  /// It will not be there in time, by so many milliseconds as far as is known.
  case late(JobID, by: Int64)
  /// A part of a result, of a job that is live and of its present call.
  case chunk(JobID, epoch: UInt64, HostChunk)
  /// It is final and durable; what its regions are to play comes with it, once. The same is in the ledger's
  /// attachments, from which it is taken up again after a crash.
  case finished(JobRecord, [AttachmentRow])
  /// A region shares the result of a job that is finished already.
  case attached(AttachmentRow)
  case host(HostView)
  /// A call has ended, whatever becomes of its job.
  case called(CallNote)
  /// The ledger could not keep something: a job's state in memory is ahead of the disk.
  case unkept(JobID, LedgerError)
}

/// Where artifacts are stored: handed in, so that whoever waits for a disk does so elsewhere.
package protocol ArtifactShelf: Sendable {
  /// Checks what a host made, stores it by its hash and syncs it. One answer, on any thread, with a row for each
  /// artifact in the same order; temporary files are gone then. `job` and `at` of the rows are filled in by the
  /// dispatcher.
  func store(
    _ artifacts: [HostArtifact], of job: JobRecord,
    _ answer: @escaping @Sendable (Result<[ArtifactRow], HostFailure>) -> Void)
}

/// What the dispatcher keeps jobs in: a `Ledger`, or a stand-in that answers when a test says so.
package protocol LedgerDoor: Sendable {
  func write(_ write: LedgerWrite, _ answer: @escaping Ledger.Answer) -> Bool
  func read(_ body: @escaping @Sendable (any JobLedger) -> Void) -> Bool
}

extension Ledger: LedgerDoor {}
