import Jobs
import Ledger

/// What comes to the dispatcher's thread.
enum DispatchMessage: Sendable {
  case order(DispatchOrder)
  /// What the ledger knows of a request's jobs.
  case known(Request, Known)
  case unknown(Request, LedgerError)
  /// A request's jobs are durable, or are not.
  case submitted(Request, [SubmitAnswer], Result<LedgerAnswer, LedgerError>)
  case leased(JobRecord, HostCall.Opening, Result<LedgerAnswer, LedgerError>)
  case report(JobID, epoch: UInt64, HostReport)
  case shelved(JobRecord, value: [UInt8]?, Result<[ArtifactRow], HostFailure>)
  case completed(JobRecord, [AttachmentRow], Result<LedgerAnswer, LedgerError>)
  case ended(JobRecord, Result<LedgerAnswer, LedgerError>)
  case updated(JobID, Result<LedgerAnswer, LedgerError>)
  case health(host: String, HostHealth)
  case released(JobID, host: String, HostRelease)
  case attached(AttachmentRow, Result<LedgerAnswer, LedgerError>)
  case stop

  /// A submission on its way.
  struct Request: Sendable {
    var specs: [JobSpec]
    var key: String?
    var answer: @Sendable (Result<[SubmitAnswer], JobRefusal>) -> Void
    /// The job that is tried anew, with the new one's id.
    var retry: (old: JobID, new: JobID)?
  }

  struct Known: Sendable {
    var jobs: [JobID: JobRecord] = [:]
    var keyed: JobRecord?
    var keyedFingerprint: Fingerprint?
    /// By the asking job's id.
    var results: [JobID: JobRecord] = [:]
  }
}
