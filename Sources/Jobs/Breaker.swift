/// Whether a host is called at all, after calls that did not reach it. A busy answer is a sign of life.
package struct Breaker: Sendable, Equatable {
  package enum State: Sendable, Equatable {
    /// Every call goes. Exit: open.
    case closed
    /// None goes until a time. Exit: halfOpen.
    case open(until: JobTime)
    /// One goes, to see. Exits: closed, open.
    case halfOpen(tried: Bool)
  }

  /// So many failures to reach it, one after the other and within so many milliseconds, open it.
  static let failuresToOpen = 3
  static let memory: Int64 = 60_000

  package private(set) var state = State.closed
  /// Failures to reach it since it was last reached.
  package private(set) var failures = 0
  /// Times it opened since it was last reached: each doubles the wait.
  private var trips = 0
  private var failedAt: JobTime = 0

  package init() {}

  package var allows: Bool {
    switch state {
    case .closed: true
    case .open: false
    case .halfOpen(let tried): !tried
    }
  }

  /// When it will let a call try the host; nil unless it is open.
  package var opensAt: JobTime? {
    if case .open(let until) = state { return until }
    return nil
  }

  /// A call begins.
  package mutating func begin() {
    if case .halfOpen = state { state = .halfOpen(tried: true) }
  }

  /// The host answered something.
  package mutating func reached() { self = Breaker() }

  /// The call came to nothing, and says nothing of the host.
  package mutating func abandon() {
    if case .halfOpen = state { state = .halfOpen(tried: false) }
  }

  package mutating func failed(at now: JobTime, using dice: inout some RandomNumberGenerator) {
    if case .closed = state {
      failures = now - failedAt > Self.memory ? 1 : failures + 1
      failedAt = now
      guard failures >= Self.failuresToOpen else { return }
    } else {
      failures += 1
      failedAt = now
      // Calls that began before it opened come back late; they make it no longer.
      if case .open = state { return }
    }
    trips += 1
    let ceiling = Backoff().ceiling(failures: trips + 2)
    state = .open(until: now.later(ceiling / 2 + Int64.random(in: 0...ceiling / 2, using: &dice)))
  }

  package mutating func tick(at now: JobTime) {
    if case .open(let until) = state, until <= now { state = .halfOpen(tried: false) }
  }
}

/// Whether a service takes calls, after a busy answer: when the window is over one call tries it.
package struct BusyGate: Sendable, Equatable {
  package enum State: Sendable, Equatable {
    case open
    case closed(until: JobTime)
    /// One call may try. Exits: tried.
    case ready
    /// One tries. Exits: open, closed.
    case tried(since: JobTime)
  }

  package private(set) var state = State.open
  package private(set) var answers = 0
  /// Milliseconds it was shut over its life, as far as they have passed.
  package private(set) var shutTime: Int64 = 0
  private var shutAt: JobTime = 0

  package init() {}

  package var allows: Bool {
    switch state {
    case .open, .ready: true
    case .closed, .tried: false
    }
  }

  /// When something changes by itself.
  func due(settle: Int64) -> JobTime? {
    switch state {
    case .open, .ready: nil
    case .closed(let until): until
    case .tried(let since): since.later(settle)
    }
  }

  /// Whether this call is the one that tries.
  @discardableResult
  mutating func begin(at now: JobTime) -> Bool {
    guard state == .ready else { return false }
    state = .tried(since: now)
    return true
  }

  mutating func busy(until: JobTime, at now: JobTime) {
    answers += 1
    if case .closed(let other) = state {
      state = .closed(until: max(other, until))
    } else {
      shutAt = now
      state = .closed(until: until)
    }
  }

  /// The host took a call, or the one that tried ended without saying that it was busy.
  mutating func taken() {
    if case .tried = state { state = .open }
  }

  /// The call that tried was withdrawn.
  mutating func abandon() {
    if case .tried = state { state = .ready }
  }

  mutating func tick(at now: JobTime, settle: Int64) {
    switch state {
    case .closed(let until) where until <= now:
      shutTime += max(0, until - shutAt)
      state = .ready
    case .tried(let since) where since.later(settle) <= now: state = .open
    default: break
    }
  }
}

/// How many slots a host that reports its load has.
package struct SlotGovernor: Sendable, Equatable {
  /// Above so much of its memory it gets one slot less, at once.
  static let memoryAtMost = 0.95
  /// Below so much load, with memory to spare and every slot in use, one more within a window.
  static let loadAtMost = 0.70
  static let memoryToSpare = 0.85
  static let window: Int64 = 10_000

  package private(set) var slots: Int
  private var grewAt: JobTime = .min / 2

  package init(slots: Int) { self.slots = slots }

  package mutating func take(_ health: HostHealth, allInUse: Bool, atMost: Int, at now: JobTime) {
    if let memory = health.gpuMemory, memory > Self.memoryAtMost {
      slots = max(1, slots - 1)
      grewAt = now
    } else if let load = health.gpuLoad, load < Self.loadAtMost, allInUse, slots < atMost,
      (health.gpuMemory ?? 0) < Self.memoryToSpare, now - grewAt >= Self.window
    {
      slots += 1
      grewAt = now
    }
  }
}
