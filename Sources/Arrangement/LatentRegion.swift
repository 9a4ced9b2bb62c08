import FoundationEssentials
import MusicalTime

/// A region whose clip is not there yet: a job is still making it, or the store has not got it. When the clip comes, a
/// `Region` of the same id plays it, and this stays beside it as the record of where it came from.
///
/// A value without clock or thread: what a change means to others is the caller's to tell.
package struct LatentRegion: Sendable, Equatable, Codable {
  package enum Status: String, Sendable, Codable {
    /// Nobody works on it. Exits: running, resolved, failed.
    case pending
    /// A job does. Exits: resolved, failed.
    case running
    /// The content is there and waits to be heard by a person. Exits: approved, rejected.
    case resolved
    /// It plays as soon as its clip is loaded. No exit.
    case approved
    /// It never plays. Exit: running, when a job takes it up again.
    case rejected
    /// The job gave up. Exit: running, when a job takes it up again.
    case failed
  }

  package var id: UUID
  /// Its age among the regions.
  package var key: UInt64
  package var start: Tick
  /// 0: as long as its content.
  package var length: Tick
  /// nil for one that never was a job's, but was placed by its content.
  package var job: String?
  package var tool: String?
  package internal(set) var status: Status
  /// 0…1.
  package internal(set) var progress = 0.0
  package internal(set) var artifact: String?
  /// The content's name in the store.
  package internal(set) var content: String?
  package internal(set) var kind: Clip.Kind?
  /// Seconds since 1970.
  package internal(set) var resolvedAt: Double?
  /// Why the job failed, or why the content was rejected.
  package internal(set) var reason: String?
  package internal(set) var decidedBy: UUID?

  /// One that a job makes.
  package init(id: UUID = UUID(), key: UInt64, start: Tick, length: Tick, job: String) {
    self.id = id
    self.key = key
    self.start = start
    self.length = length
    self.job = job
    status = .pending
  }

  /// One that is placed by its content, which nobody needs to approve.
  package init(id: UUID = UUID(), key: UInt64, start: Tick, length: Tick, content: String) {
    self.id = id
    self.key = key
    self.start = start
    self.length = length
    self.content = content
    status = .approved
  }

  package var isJob: Bool { job != nil }
}

extension LatentRegion {
  package mutating func begin(job: String) throws(ArrangementError) {
    switch status {
    case .pending, .failed, .rejected:
      status = .running
      progress = 0
      reason = nil
      content = nil
      artifact = nil
      self.job = job
    case .running where self.job == job: break
    case .running, .resolved, .approved: throw refusal("started")
    }
  }

  package mutating func progress(_ progress: Double) throws(ArrangementError) {
    guard (0...1).contains(progress) else {
      throw ArrangementError(
        .outOfRange, "the progress of region \(shownID) is out of range",
        "it is \(progress), and 0 to 1 are allowed", "garden region ls")
    }
    switch status {
    case .pending, .running:
      status = .running
      self.progress = progress
    case .resolved, .approved, .rejected, .failed: throw refusal("in progress")
    }
  }

  /// - Parameter time: seconds since 1970.
  package mutating func resolve(
    content: String, artifact: String, kind: Clip.Kind?, at time: Double
  ) throws(ArrangementError) {
    switch status {
    case .pending, .running:
      status = .resolved
      progress = 1
      self.content = content
      self.artifact = artifact
      self.kind = kind
      resolvedAt = time
    case .resolved, .approved, .rejected, .failed: throw refusal("resolved")
    }
  }

  package mutating func fail(_ error: String) throws(ArrangementError) {
    switch status {
    case .pending, .running:
      status = .failed
      reason = error
    case .resolved, .approved, .rejected, .failed: throw refusal("failed")
    }
  }

  package mutating func approve(by person: UUID?) throws(ArrangementError) {
    guard status == .resolved else { throw refusal("approved") }
    status = .approved
    decidedBy = person
  }

  package mutating func reject(by person: UUID?, reason: String?) throws(ArrangementError) {
    guard status == .resolved else { throw refusal("rejected") }
    status = .rejected
    decidedBy = person
    self.reason = reason
  }

  /// The content was asked for by another name than its own.
  package mutating func found(_ content: String) { self.content = content }

  private var shownID: String { id.uuidString.lowercased() }

  private func refusal(_ wish: String) -> ArrangementError {
    ArrangementError(
      .wrongState, "region \(shownID) cannot be \(wish)", "it is \(status.rawValue)", "garden region ls")
  }
}
