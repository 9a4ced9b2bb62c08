/// Where a job stands. The last five are final: nothing leads out of them.
package enum JobState: Sendable, Hashable {
  /// Waits for a slot. Exits: leased, parked, cancelled, timedOut, failed (a job it waits for failed).
  case queued
  /// Waits for something else. Exits: queued, leased (the busy host has room), cancelled, timedOut, failed.
  case parked(Park)
  /// Promised to a host, not yet known to run there. Exits: running, parked, queued, and every final one.
  case leased
  /// Exits: parked, queued (pre-empted), and every final one.
  case running
  case succeeded
  /// It would fail again.
  case failed
  case cancelled
  case timedOut
  /// Every attempt failed.
  case dead

  package enum Park: Int, Sendable, CaseIterable {
    case dependency = 0
    case hostBusy = 1
    case rate = 2
    case backoff = 3
    case paused = 4
  }

  package var isFinal: Bool {
    switch self {
    case .queued, .parked, .leased, .running: false
    case .succeeded, .failed, .cancelled, .timedOut, .dead: true
    }
  }

  /// Whether a host has it.
  package var isOut: Bool { self == .leased || self == .running }

  /// The number it has at rest.
  package var code: Int {
    switch self {
    case .queued: 0
    case .parked: 1
    case .leased: 2
    case .running: 3
    case .succeeded: 4
    case .failed: 5
    case .cancelled: 6
    case .timedOut: 7
    case .dead: 8
    }
  }

  package var park: Park? {
    if case .parked(let park) = self { return park }
    return nil
  }

  /// Nil for numbers that no state has, and for a park without its reason.
  package init?(code: Int, park: Int?) {
    switch code {
    case 0: self = .queued
    case 1:
      guard let reason = park.flatMap(Park.init(rawValue:)) else { return nil }
      self = .parked(reason)
    case 2: self = .leased
    case 3: self = .running
    case 4: self = .succeeded
    case 5: self = .failed
    case 6: self = .cancelled
    case 7: self = .timedOut
    case 8: self = .dead
    default: return nil
    }
  }
}

extension JobState {
  /// As it is shown and written in JSON.
  package var name: String {
    switch self {
    case .queued: "queued"
    case .parked(.dependency): "waiting_for_jobs"
    case .parked(.hostBusy): "waiting_for_gpu"
    case .parked(.rate): "waiting_for_rate"
    case .parked(.backoff): "waiting_to_retry"
    case .parked(.paused): "paused"
    case .leased: "leased"
    case .running: "running"
    case .succeeded: "succeeded"
    case .failed: "failed"
    case .cancelled: "cancelled"
    case .timedOut: "timed_out"
    case .dead: "dead"
    }
  }

  /// As programs name it that know five states: pending, processing, complete, failed, cancelled.
  package var nameOfFive: String {
    switch self {
    case .queued, .parked: "pending"
    case .leased, .running: "processing"
    case .succeeded: "complete"
    case .failed, .timedOut, .dead: "failed"
    case .cancelled: "cancelled"
    }
  }

  /// As programs name it that know four: pending, running, completed, failed.
  package var nameOfFour: String {
    switch self {
    case .queued, .parked: "pending"
    case .leased, .running: "running"
    case .succeeded: "completed"
    case .failed, .timedOut, .dead, .cancelled: "failed"
    }
  }

  /// As a list of tasks names it: open, in_progress, closed, blocked, cancelled.
  package var nameInTaskList: String {
    switch self {
    case .queued, .parked: "open"
    case .leased, .running: "in_progress"
    case .succeeded: "closed"
    case .failed, .timedOut, .dead: "blocked"
    case .cancelled: "cancelled"
    }
  }
}

extension JobState {
  /// The number at rest of a state by its plain name: `parked` for all that wait for something.
  package static func code(named name: String) -> Int? {
    if name == "parked" { return 1 }
    return [JobState.queued, .leased, .running, .succeeded, .failed, .cancelled, .timedOut, .dead]
      .first { $0.name == name }?.code
  }
}
