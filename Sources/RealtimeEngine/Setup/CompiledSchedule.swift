import MusicalTime

/// A schedule and everything it points to: made on an ordinary thread, lent to the realtime thread by
/// address, and kept until `Notice.retiredSchedule` names its revision.
package final class CompiledSchedule {
  package let revision: UInt64
  package let bytes: Int
  let pointer: UnsafePointer<Schedule>
  private let memory = EngineMemory()
  /// What the regions' pointers point into.
  private let contents: [AnyObject]

  /// Regions and timed commands need not be sorted. Of a region's pointers its `content` is the owner. A loop
  /// shorter than `EngineLimits.minimumLoopSeconds` is not taken.
  package init(
    revision: UInt64, tempo: TempoMap, tempoRevision: UInt64, regions: [RegionEntry],
    timed: [TimedCommand] = [], loop: Range<Tick>? = nil, trackLanes: [Int: AutomationContent] = [:]
  ) {
    self.revision = revision
    contents = regions.map(\.content) + regions.compactMap(\.lanes) + Array(trackLanes.values)
    let sorted = regions.map(\.region).sorted { ($0.start, $0.key) < ($1.start, $1.key) }
    let byKey = sorted.indices.sorted { sorted[$0].key < sorted[$1].key }
    var reach: [Tick] = []
    reach.reserveCapacity(sorted.count)
    for region in sorted { reach.append(max(region.end, reach.last ?? .min)) }
    let segments = memory.copy(tempo.segments)
    let header: UnsafeMutablePointer<Schedule> = memory.allocate(1)
    header.initialize(
      to: Schedule(
        revision: revision, tempo: TempoMapView(segments: segments, count: tempo.segments.count),
        tempoRevision: tempoRevision, regions: memory.copy(sorted), regionCount: sorted.count,
        reach: memory.copy(reach), indexesByKey: memory.copy(byKey.map { Int32($0) }),
        timed: memory.copy(timed.sorted { $0.tick < $1.tick }), timedCount: timed.count,
        loopStart: loop?.lowerBound ?? 0, loopEnd: loop?.upperBound ?? 0, loops: Self.isPlayable(loop, tempo),
        signatures: memory.copy(
          tempo.signatures.map {
            ScheduledSignature(tick: $0.tick, beatTicks: $0.beatTicks, barTicks: $0.barTicks)
          }), signatureCount: tempo.signatures.count,
        trackLanes: Self.table(of: trackLanes, in: memory))
    )
    pointer = UnsafePointer(header)
    bytes = sorted.count * (MemoryLayout<ScheduledRegion>.stride + 12) + timed.count * 72
  }

  private static func table(
    of lanes: [Int: AutomationContent], in memory: EngineMemory
  ) -> UnsafePointer<ScheduledLanes>? {
    guard !lanes.isEmpty else { return nil }
    return memory.copy((0..<EngineLimits.tracks).map { lanes[$0]?.pointer.pointee ?? ScheduledLanes() })
  }

  private static func isPlayable(_ loop: Range<Tick>?, _ tempo: TempoMap) -> Bool {
    guard let loop, loop.lowerBound >= 0, loop.upperBound <= TimeLimits.maximumTick else { return false }
    let frames = tempo.frame(atTick: loop.upperBound) - tempo.frame(atTick: loop.lowerBound)
    return Double(frames) >= EngineLimits.minimumLoopSeconds * tempo.sampleRate
  }

  /// What `Command.Kind.schedule` carries.
  package var address: UInt { UInt(bitPattern: pointer) }

  deinit { memory.deallocate() }
}

/// A region for the renderer and the owner of what it points to.
package struct RegionEntry {
  package var region: ScheduledRegion
  package var content: AnyObject
  package var lanes: AutomationContent?

  package init(region: ScheduledRegion, content: AnyObject, lanes: AutomationContent? = nil) {
    self.region = region
    self.region.lanes = lanes?.pointer
    self.content = content
    self.lanes = lanes
  }
}

extension EngineMemory {
  func copy<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafePointer<Element> {
    let pointer: UnsafeMutablePointer<Element> = allocate(values.count)
    for (index, value) in values.enumerated() { pointer[index] = value }
    return UnsafePointer(pointer)
  }
}
