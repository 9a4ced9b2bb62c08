/// Which job goes to which host, and when: the working set in memory. It has no clock, no dice of its own, no
/// socket and no database; it takes what happens and a time, and says what is to be done.
///
/// A value that one thread owns. After any call `takeActions` has what is to be done; `nextTime` is when `decide`
/// must be called if nothing happens before. Jobs that are final are forgotten.
package struct Scheduler: Sendable {
  package struct Policy: Sendable, Equatable {
    package var backoff = Backoff()
    package var busy = BusyPolicy()
    /// Milliseconds of waiting that outweigh one step of priority; nil: none does, however long a job waits.
    package var ageing: Int64?
    /// Whether a critical job that finds no slot stops a restartable one of priority 2 or 3.
    package var preempts = false
    /// Calls at once over all hosts; nil: as many as those have slots.
    package var mostCalls: Int?
    /// Milliseconds that a host has to let go of a call that is not wanted any more.
    package var cancelGrace: Int64 = 5_000

    package init() {}
  }

  package var policy: Policy
  package internal(set) var estimates = Estimates()
  package internal(set) var counts = Counts()

  var dice: Dice
  var entries: [Entry?] = []
  var freeEntries: [Int] = []
  var index: [JobID: Int] = [:]
  var perClient: [String: Int] = [:]
  var lanes: [Lane?] = []
  var laneIndex: [Lane.Key: Int] = [:]
  /// Lanes with a job that waits and a host that takes it, by their first job.
  var ready = KeyedHeap<Int, Order>()
  var hosts: [HostState?] = []
  var hostIndex: [String: Int] = [:]
  var timers = KeyedHeap<Timer, JobTime>()
  /// Every slot that is taken, by the call that holds it.
  var held: [CallKey: Held] = [:]
  var inFlight: [Fingerprint: JobID] = [:]
  /// What may be stopped for a critical job: the least important first, then what began last.
  var restartable = RankedSet<Victim>()
  /// Lanes in which a critical job came to wait.
  var pressed: Set<Int> = []
  var sequence: UInt64
  var actions: [SchedulerAction] = []

  /// - Parameters:
  ///   - seed: the same seed and the same calls give the same decisions.
  ///   - sequence: the number of the last job that was ever submitted.
  package init(policy: Policy = Policy(), seed: UInt64, sequence: UInt64 = 0) {
    self.policy = policy
    self.sequence = sequence
    dice = Dice(seed: seed)
  }

  /// What is to be done since it was last asked, in order.
  package mutating func takeActions() -> [SchedulerAction] {
    defer { actions = [] }
    return actions
  }

  /// When `decide` must be called next though nothing happens; nil: never.
  package var nextTime: JobTime? { timers.first?.key }

  package var liveJobs: Int { index.count }

  package func record(_ job: JobID) -> JobRecord? { index[job].flatMap { entries[$0]?.record } }

  /// Every job that is not final; in no order.
  package var records: [JobRecord] { entries.compactMap { $0?.record } }
}

/// What is to be done.
package enum SchedulerAction: Sendable, Equatable {
  /// The job is not as it was; it is not final.
  case changed(JobRecord)
  /// The job is final, and forgotten.
  case finished(JobRecord)
  /// Keep the lease, then call the host.
  case lease(JobRecord, HostCall.Opening)
  /// The call is not wanted any more.
  case cancel(JobID, epoch: UInt64, host: String)
  /// Nothing holds the call any more, and the host may still be working on it.
  case release(JobID, remote: String?, host: String)
  /// A host that had a call that was not wanted any more is known to be free of it.
  case freed(JobID, host: String)
  case probe(host: String)
  /// It will not be there in time, by so many milliseconds as far as is known.
  case late(JobID, by: Int64)
}

extension Scheduler {
  /// Since it was made.
  package struct Counts: Sendable, Equatable {
    package var submitted = 0
    package var shared = 0
    package var leases = 0
    package var succeeded = 0
    package var failed = 0
    package var cancelled = 0
    package var timedOut = 0
    package var dead = 0
    package var busyAnswers = 0
    package var retries = 0
    package var preempted = 0
    package var resent = 0
    /// Reports that came after the end of their call or of their job.
    package var stale = 0
    package var late = 0
  }

  struct Entry: Sendable {
    var record: JobRecord
    let lane: Int
    let fingerprint: Fingerprint
    var order: Order
    var openParents = 0
    var children: [JobID] = []
    /// The host is done; the result is being kept.
    var isSettling = false
    /// The deadline that was said to be missed.
    var saidLateFor: JobTime?
    /// A call of an earlier lease that the host may still be working on.
    var blocker: CallKey?
    var hasPreempted = false
    /// When its host was last asked about because of its silence.
    var probedAt: JobTime = .min / 2
  }

  /// Where a waiting job stands among those for the same hosts.
  struct Order: Comparable, Sendable {
    var rank: Int64
    var deadline: JobTime
    var sequence: UInt64
    var slot: Int

    static func < (one: Order, other: Order) -> Bool {
      if one.rank != other.rank { return one.rank < other.rank }
      if one.deadline != other.deadline { return one.deadline < other.deadline }
      return one.sequence < other.sequence
    }
  }

  struct Victim: Comparable, Sendable {
    var priority: Int
    var leasedAt: JobTime
    var slot: Int

    static func < (one: Victim, other: Victim) -> Bool {
      (other.priority, other.leasedAt, other.slot) < (one.priority, one.leasedAt, one.slot)
    }
  }

  struct CallKey: Hashable, Sendable {
    let job: JobID
    let epoch: UInt64
  }

  /// A slot that is taken.
  struct Held: Sendable {
    enum State: Sendable, Equatable {
      case wanted
      /// Told to stop, at a time.
      case draining(since: JobTime)
      /// Nothing is heard of it, and the host may still be working on it.
      case lost(since: JobTime)
    }

    let host: Int
    let service: Int
    let startToFinish: Int64
    let since: JobTime
    var state = State.wanted
    var remote: String?
  }

  enum Timer: Hashable, Sendable {
    case job(Int)
    case host(Int)
  }

  /// Jobs that the same hosts can do.
  struct Lane: Sendable {
    struct Key: Hashable, Sendable {
      var tool: String
      var host: String?
      var labels: [String]
    }

    let key: Key
    var waiting = RankedSet<Order>()
    /// Hosts that would take one now, the best first.
    var hosts = KeyedHeap<Int, Preference>()
    /// Hosts that can do them at all, with the service.
    var members: [Int: Int] = [:]
    /// Live jobs.
    var jobs = 0
  }

  /// Why one host stands before another: it is quicker, freer, can do less else.
  struct Preference: Comparable, Sendable {
    var duration: Int64
    var used: Int
    var breadth: Int
    var host: Int

    static func < (one: Preference, other: Preference) -> Bool {
      (one.duration, one.used, one.breadth, one.host) < (
        other.duration, other.used, other.breadth, other.host
      )
    }
  }

  struct HostState: Sendable {
    var spec: HostSpec
    var isDraining = false
    var isLeaving = false
    var used = 0
    var governor: SlotGovernor
    /// How many calls it took at most when it last said that it was busy.
    var ceiling: Int?
    var successes = 0
    var breaker = Breaker()
    var gates: [BusyGate]
    var rateUntil: JobTime?
    var lanes: [Int] = []
    var calls: Set<CallKey> = []
    var health: HostHealth?
    var downs = 0
    var probeAt: JobTime?

    init(spec: HostSpec) {
      self.spec = spec
      governor = SlotGovernor(slots: spec.slots)
      gates = (0..<max(1, spec.services.count)).map { _ in BusyGate() }
    }

    var capacity: Int { min(spec.followsLoad ? governor.slots : spec.slots, ceiling ?? .max) }

    func takes(service: Int) -> Bool {
      !isDraining && used < capacity && breaker.allows && rateUntil == nil && gates[service].allows
    }
  }
}
