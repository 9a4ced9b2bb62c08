import MusicalTime

/// Regions of one kind as the renderer reads them, sorted by start, then by key: immutable, and shared by all
/// schedules in which they stand unchanged. Made and freed on ordinary threads.
package final class RegionChunk: @unchecked Sendable {
  // Unchecked: written only in `init`.
  /// The most regions in one: what is made anew for an edit inside it.
  package static let capacity = 256
  /// What a region takes in the renderer's form, its share of the chunk's table included.
  package static var bytesPerRegion: Int {
    MemoryLayout<ScheduledRegion>.stride + MemoryLayout<Tick>.stride / RegionTable.gathered + 1
  }

  package let count: Int
  package let bytes: Int
  let regions: UnsafePointer<ScheduledRegion>
  let end: Tick
  let ends: UnsafePointer<Tick>
  private let memory = EngineMemory()
  /// What the regions' pointers point into.
  private let contents: [AnyObject]

  /// - Parameter entries: at least one, all of a kind, sorted. Of their pointers their `content` is the owner.
  package init(_ entries: some Collection<RegionEntry>) {
    precondition(!entries.isEmpty, "a chunk holds at least one region")
    let regions: UnsafeMutablePointer<ScheduledRegion> = memory.allocate(entries.count)
    let gathered = RegionTable.gathered
    let gatherings = (entries.count + gathered - 1) / gathered
    let ends: UnsafeMutablePointer<Tick> = memory.filled(gatherings, with: .min)
    var owners: [ObjectIdentifier: AnyObject] = [:]
    var last: AnyObject?
    var index = 0
    for entry in entries {
      regions[index] = entry.region
      ends[index / gathered] = max(ends[index / gathered], entry.region.end)
      // Neighbours are often of one clip.
      if entry.content !== last { owners[ObjectIdentifier(entry.content)] = entry.content }
      last = entry.content
      if let lanes = entry.lanes { owners[ObjectIdentifier(lanes)] = lanes }
      index += 1
    }
    count = entries.count
    self.regions = UnsafePointer(regions)
    self.ends = UnsafePointer(ends)
    end = (0..<gatherings).reduce(Tick.min) { max($0, ends[$1]) }
    contents = Array(owners.values)
    bytes = memory.bytes
  }

  /// Sorts regions of one kind and cuts them into chunks.
  package static func chunks(of entries: some Sequence<RegionEntry>) -> [RegionChunk] {
    let sorted = entries.sorted { ($0.region.start, $0.region.key) < ($1.region.start, $1.region.key) }
    return stride(from: 0, to: sorted.count, by: capacity).map { first in
      RegionChunk(sorted[first..<min(sorted.count, first + capacity)])
    }
  }

  deinit { memory.deallocate() }
}

extension EngineMemory {
  /// The table of some chunks, which must stay as long as this memory does.
  func table(of chunks: [RegionChunk]) -> RegionTable {
    let gathered = RegionTable.gathered
    let views: UnsafeMutablePointer<RegionChunkView> = allocate(chunks.count)
    let ends: UnsafeMutablePointer<Tick> = filled((chunks.count + gathered - 1) / gathered, with: .min)
    var firstIndex = 0
    for (index, chunk) in chunks.enumerated() {
      views[index] = RegionChunkView(
        regions: chunk.regions, count: chunk.count, firstIndex: firstIndex,
        firstStart: chunk.regions.pointee.start, end: chunk.end, ends: chunk.ends)
      ends[index / gathered] = max(ends[index / gathered], chunk.end)
      firstIndex += chunk.count
    }
    return RegionTable(
      chunks: UnsafePointer(views), chunkCount: chunks.count, ends: UnsafePointer(ends))
  }
}

/// A tempo map as the renderer reads it, shared by all schedules that keep it.
package final class CompiledTempo: @unchecked Sendable {
  // Unchecked: written only in `init`.
  package let revision: UInt64
  package let map: TempoMap
  package let bytes: Int
  let view: TempoMapView
  let signatures: UnsafePointer<ScheduledSignature>
  private let memory = EngineMemory()

  /// Another `revision` makes the renderer keep the musical position, not the frame.
  package init(_ map: TempoMap, revision: UInt64) {
    self.map = map
    self.revision = revision
    view = TempoMapView(segments: memory.copy(map.segments), count: map.segments.count)
    signatures = memory.copy(
      map.signatures.map {
        ScheduledSignature(tick: $0.tick, beatTicks: $0.beatTicks, barTicks: $0.barTicks)
      })
    bytes = memory.bytes
  }

  deinit { memory.deallocate() }
}
