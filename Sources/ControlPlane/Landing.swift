import MusicalTime

/// Commands between acceptance and landing: each has an id from the moment it is accepted, and one event
/// later.
struct Landing {
  struct Pending {
    var tool: String
    var dueFrame: Int64
    /// What it does to the transport when it lands.
    var effect = TransportView.Effect.none
    /// Where it puts the playhead, in ticks; NaN where it leaves it.
    var place = Double.nan
  }

  private(set) var nextID: UInt64 = 1
  private(set) var pending: [UInt64: Pending] = [:]
  /// Edits accepted since the last schedule was sent.
  private(set) var edits: [UInt64] = []
  /// Edits that ride on a schedule, by the id of its command.
  private var riding: [UInt64: [UInt64]] = [:]
  /// Commands that wait for the playhead; they keep nobody from being polled slowly.
  private(set) var timed: [UInt64: Pending] = [:]

  /// How many have been accepted since the start.
  private(set) var accepted: UInt64 = 0

  /// Whether something is about to land: then the notice ring is looked at every half millisecond.
  var isWaiting: Bool { !pending.isEmpty || !riding.isEmpty }
  var outstanding: Int { pending.count }

  mutating func newID() -> UInt64 {
    defer { nextID += 1 }
    return nextID
  }

  mutating func expect(_ id: UInt64, _ command: Pending, timed isTimed: Bool = false) {
    if isTimed { timed[id] = command } else { pending[id] = command }
    accepted += 1
  }

  mutating func expectEdit(_ id: UInt64, _ command: Pending) {
    pending[id] = command
    accepted += 1
    edits.append(id)
  }

  /// The edits now ride on the schedule that command `id` brings.
  mutating func ride(on id: UInt64) {
    riding[id] = edits
    edits = []
  }

  /// The schedule of command `id` was not taken: its edits ride on the next.
  mutating func rideAgain(_ id: UInt64) { edits = (riding.removeValue(forKey: id) ?? []) + edits }

  /// What is about to move the transport, in the order it will land.
  var transportCommands: [Pending] {
    pending.filter { $0.value.effect != .none }.sorted { $0.key < $1.key }.map(\.value)
  }

  func isPending(_ id: UInt64) -> Bool { pending[id] != nil || timed[id] != nil }

  /// The session is left: edits that were not sent and commands that wait for its playhead never land.
  mutating func leaveSession() -> [UInt64] {
    let ids = (edits + timed.keys).sorted()
    for id in edits { pending[id] = nil }
    edits = []
    timed = [:]
    return ids
  }

  /// A command that waited was taken back.
  mutating func withdraw(_ id: UInt64) { timed[id] = nil }

  /// What landed with command `id`, in the order it was accepted.
  mutating func land(_ id: UInt64) -> [(id: UInt64, command: Pending)] {
    let ids = riding.removeValue(forKey: id) ?? [id]
    return ids.compactMap { id in
      (pending.removeValue(forKey: id) ?? timed.removeValue(forKey: id)).map { (id, $0) }
    }
  }
}
