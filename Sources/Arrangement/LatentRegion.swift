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
  /// nil: as its content is called.
  package var name: String?
  /// nil: a track by the kind of its content.
  package var track: UUID?
  /// nil of those that others make and decide on.
  package var arrival: Arrival?
  /// What was asked for: one JSON object, for the next take.
  package var parameters: String?
  /// All that came for it, the oldest first.
  package internal(set) var takes: [Take]?
  /// Which of them the region plays.
  package var playing: Int?
  /// The content that the next take is a variation of.
  package internal(set) var parent: String?
  /// Muted before there was anything to play.
  package var isMuted: Bool?

  /// One that a job makes.
  package init(
    id: UUID = UUID(), key: UInt64, start: Tick, length: Tick, job: String, track: UUID? = nil
  ) {
    self.track = track
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

  /// A job makes another take; what plays goes on.
  package mutating func vary(job: String) throws(ArrangementError) {
    guard status != .pending, status != .running else { throw refusal("varied") }
    status = .running
    progress = 0
    reason = nil
    parent = content
    self.job = job
  }

  /// What a job made has come. The same again changes nothing.
  ///
  /// - Returns: whether it is new.
  package mutating func take(_ take: Take, artifact: String) throws(ArrangementError) -> Bool {
    var takes = takes ?? []
    guard !takes.contains(where: { $0.job == take.job && $0.content == take.content }) else { return false }
    guard takes.count < ArrangementLimits.takes else {
      throw ArrangementError(
        .full, "a take of region \(shownID) was not kept", "it has \(takes.count), and may have no more",
        "garden region rm \(shownID)")
    }
    var take = take
    take.parent = parent
    takes.append(take)
    self.takes = takes
    guard take.job == job, status == .pending || status == .running else { return true }
    try resolve(content: take.content, artifact: artifact, kind: take.kind, at: take.at)
    return true
  }

  package func hasTake(of job: String) -> Bool { takes?.contains { $0.job == job } ?? false }

  /// Whether what its job makes is still wanted: to be played, or to be chosen from.
  package var awaitsTake: Bool {
    switch status {
    case .pending, .running, .approved, .resolved, .rejected: true
    case .failed: false
    }
  }

  package var roomForTakes: Int { max(0, ArrangementLimits.takes - (takes?.count ?? 0)) }

  /// Another take than the newest is to play.
  package mutating func choose(take number: Int) throws(ArrangementError) {
    guard let takes, takes.indices.contains(number) else {
      throw ArrangementError(
        .outOfRange, "region \(shownID) has no take \(number + 1)", "it has \(takes?.count ?? 0)",
        "garden region show \(shownID)")
    }
    status = .approved
    content = takes[number].content
    artifact = takes[number].content
    kind = takes[number].kind
    reason = nil
  }

  /// Why it waits for a person, or does not sound.
  package mutating func remark(_ reason: String?) { self.reason = reason }

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
