import MusicalTime

/// A schedule and everything it points to: made on an ordinary thread, lent to the realtime thread by
/// address, and kept until `Notice.retiredSchedule` names its revision.
package final class CompiledSchedule {
  package let revision: UInt64
  /// What it takes by itself: chunks and tempo are shared with other schedules.
  package let bytes: Int
  let pointer: UnsafePointer<Schedule>
  private let memory = EngineMemory()
  private let audio: [RegionChunk]
  private let midi: [RegionChunk]
  private let tempo: CompiledTempo
  private let lanes: [AutomationContent]

  /// Each region of a chunk starts after all of the chunk before it. A loop shorter than
  /// `EngineLimits.minimumLoopSeconds` is not taken.
  ///
  /// - Parameter notAfter: the tick at which the playhead may be at most, while it rolls, for this to be taken.
  package init(
    revision: UInt64, tempo: CompiledTempo, audio: [RegionChunk], midi: [RegionChunk],
    loop: Range<Tick>? = nil, trackLanes: [Int: AutomationContent] = [:], notAfter: Double = .infinity
  ) {
    self.revision = revision
    lanes = Array(trackLanes.values)
    self.audio = audio
    self.midi = midi
    self.tempo = tempo
    let header: UnsafeMutablePointer<Schedule> = memory.allocate(1)
    header.initialize(
      to: Schedule(
        revision: revision, tempo: tempo.view, tempoRevision: tempo.revision, audio: memory.table(of: audio),
        midi: memory.table(of: midi), loopStart: loop?.lowerBound ?? 0, loopEnd: loop?.upperBound ?? 0,
        loops: Self.isPlayable(loop, tempo.map), signatures: tempo.signatures,
        signatureCount: tempo.map.signatures.count, trackLanes: Self.table(of: trackLanes, in: memory),
        notAfter: notAfter))
    pointer = UnsafePointer(header)
    bytes = memory.bytes
  }

  /// Of regions that need not be sorted.
  package convenience init(
    revision: UInt64, tempo: TempoMap, tempoRevision: UInt64, regions: [RegionEntry],
    loop: Range<Tick>? = nil, trackLanes: [Int: AutomationContent] = [:], notAfter: Double = .infinity
  ) {
    self.init(
      revision: revision, tempo: CompiledTempo(tempo, revision: tempoRevision),
      audio: RegionChunk.chunks(of: regions.filter { $0.region.isAudio }),
      midi: RegionChunk.chunks(of: regions.filter { !$0.region.isAudio }), loop: loop,
      trackLanes: trackLanes, notAfter: notAfter)
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
