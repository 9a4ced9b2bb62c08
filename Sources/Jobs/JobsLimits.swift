/// Every limit of this target, named once; durations in milliseconds.
package enum JobsLimits {
  /// Jobs that are not finished; a further one is refused.
  package static let liveJobs = 1_000_000
  /// Of one client; a further one is refused.
  package static let liveJobsPerClient = 100_000
  package static let hosts = 1_000
  package static let slotsPerHost = 0...256
  package static let servicesPerHost = 64
  package static let labelsPerHost = 64
  /// UTF-8 bytes of a host's, tool's, label's or client's name.
  package static let nameBytes = 128
  /// UTF-8 bytes of a job's parameters, prompts included.
  package static let parameterBytes = 256 << 10
  package static let inputs = 64
  /// Bytes of a result's JSON value; a longer one fails the job.
  package static let valueBytes = 1 << 20
  /// Artifacts of one result; more fail the job.
  package static let artifacts = 64
  package static let parents = 64
  /// Jobs handed in together.
  package static let batch = 1_024
  /// Kept; a further one takes the place of the oldest that has ended, and is refused where none has.
  package static let workflows = 256
  package static let workflowPhases = 64
  package static let workflowTasks = 256
  /// UTF-8 bytes of all that somebody wrote of one.
  package static let workflowBytes = 256 << 10
  package static let priorities = 0...3
  package static let attempts = 1...16
  /// A message or error line that a host sent is cut to this many bytes.
  package static let messageBytes = 1_024
  /// Of a job's time limits.
  package static let timeLimit: ClosedRange<Int64> = 1...(7 * 86_400_000)
  /// Times since 1970 that are believed: up to the year 9999.
  package static let times: ClosedRange<Int64> = 0...253_402_300_799_999
  /// What a host's Retry-After is held within, in seconds.
  package static let retryAfter = 0.0...3_600.0
}
