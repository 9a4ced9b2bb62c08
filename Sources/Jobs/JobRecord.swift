/// A job and what became of it so far. A value that changes by `apply(_:at:)` and `hear` alone; what is at rest is read
/// back into it field by field.
package struct JobRecord: Sendable, Equatable {
  package var spec: JobSpec
  /// In the order of submission, over all jobs.
  package let sequence: UInt64
  package var state: JobState
  /// Where it is or last was.
  package var host: String?
  /// The host's own name for it.
  package var remote: String?
  /// Counts its leases: what comes from an earlier one changes nothing.
  package var epoch: UInt64 = 0
  /// Failures so far. A busy host is none.
  package var failures = 0
  package var busyAnswers = 0
  /// When a host first turned it away since it last ran.
  package var busySince: JobTime?
  /// When it will be looked at again; nil when that is not a matter of time.
  package var nextAt: JobTime?
  package var leasedAt: JobTime?
  package var startedAt: JobTime?
  package var heardAt: JobTime?
  package var progress = JobProgress()
  /// Counts the changes.
  package var revision: UInt64 = 0
  package let createdAt: JobTime
  package var updatedAt: JobTime
  package var finishedAt: JobTime?
  /// Why it failed or waits to be tried again: three lines, else none.
  package var error: [String] = []
  /// Artifacts' names in the store, the first for the region.
  package var artifacts: [String] = []
  /// One JSON value.
  package var value: [UInt8]?
  /// Whether it was sent again because nobody knew what had become of it.
  package var isResent = false
  /// Regions beside its own that wait for the same result.
  package var sharers: [String] = []

  package init(spec: JobSpec, sequence: UInt64, at now: JobTime) {
    self.spec = spec
    self.sequence = sequence
    state = .queued
    createdAt = now
    updatedAt = now
  }

  package var id: JobID { spec.id }

  /// The attempt that runs or comes next, from 1; of a job that has failed the last there was.
  package var attempt: Int {
    switch state {
    case .failed, .dead: max(1, failures)
    case .queued, .parked, .leased, .running, .succeeded, .cancelled, .timedOut: failures + 1
    }
  }
}

/// How far a job is. It never goes back, whatever the host says.
package struct JobProgress: Sendable, Equatable {
  /// 0…100.
  package private(set) var percent = 0.0
  package private(set) var message = ""
  /// Parts of the result that came so far.
  package var chunks = 0

  package init(percent: Double = 0, message: String = "") {
    take(percent: percent, message: message)
  }

  /// Whether anything changed. What is no number is not taken.
  @discardableResult
  package mutating func take(percent: Double?, message: String?) -> Bool {
    let before = self
    if let percent, percent.isFinite { self.percent = max(self.percent, min(percent, 100)) }
    if let message { self.message = String.cut(message, bytes: JobsLimits.messageBytes) }
    return self != before
  }
}

extension String {
  /// The longest beginning of whole characters within so many bytes.
  static func cut(_ text: String, bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    var end = text.startIndex
    var used = 0
    for index in text.indices {
      used += text[index].utf8.count
      guard used <= bytes else { break }
      end = text.index(after: index)
    }
    return String(text[..<end])
  }
}
