import Arrangement
import FoundationEssentials
import MusicalTime

/// What is entering, and what the renderer has not taken yet of it.
struct EntranceShelf {
  /// Something that is to begin on a line which the playhead has not reached. Until the renderer has it, it may come too
  /// late for that line; then another is chosen for it.
  struct Awaited {
    let region: Region
    let old: Region?
    let partKey: UInt64
    let arrival: Arrival
    let line: Tick
    /// How often it came too late.
    let misses: Int
    /// The command whose schedule brings it; nil before one was sent.
    fileprivate(set) var carrier: UInt64?
  }

  var active: [UUID: Entrance] = [:]
  private var awaited: [UUID: Awaited] = [:]

  /// The tick at which a schedule with all this in it has to be with the renderer.
  var notAfter: Double { awaited.values.reduce(.infinity) { min($0, Double($1.line)) } }

  func isAwaited(_ id: UUID) -> Bool { awaited[id] != nil }

  mutating func expect(_ wish: Awaited) { awaited[wish.region.id] = wish }

  mutating func forget(_ id: UUID) {
    active[id] = nil
    awaited[id] = nil
  }

  /// What is awaited comes with the schedule of command `id`, if not with one before it.
  mutating func ride(on id: UInt64) {
    for region in awaited.keys where awaited[region]?.carrier == nil { awaited[region]?.carrier = id }
  }

  mutating func landed(_ id: UInt64) {
    guard !awaited.isEmpty else { return }
    awaited = awaited.filter { $0.value.carrier != id }
  }

  /// What came too late with the schedule of command `id`, and is awaited no more.
  mutating func missed(_ id: UInt64) -> [Awaited] {
    let late = awaited.values.filter { $0.carrier == id }
    for wish in late { forget(wish.region.id) }
    return late
  }
}
