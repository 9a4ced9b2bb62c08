import FoundationEssentials
import MusicalTime

extension TimelineChange {
  /// What leads from one timeline to the next; nil where nothing does.
  ///
  /// What both share is told by its storage and costs nothing: of a hundred thousand regions only those are looked at
  /// that stand in chunks which are not the same objects.
  package init?(from old: Timeline, to new: Timeline) {
    self.init(nextKey: new.nextKey)
    tracks = Self.difference(old.tracks, new.tracks, isPlaced: true)
    buses = Self.difference(old.buses, new.buses, isPlaced: true)
    markers = Self.difference(old.markers, new.markers, isPlaced: false)
    if old.routes != new.routes {
      routes = Self.difference(
        SessionDocument.routings(old), SessionDocument.routings(new), isPlaced: false)
    }
    if old.latents != new.latents {
      latents = Self.difference(of: Set(old.latents.keys).union(new.latents.keys)) {
        (old.latents[$0], new.latents[$0])
      }
    }
    regions = Self.difference(old.regions, new.regions)
    clips = Self.clips(from: old, to: new, with: regions ?? [])
    if old.map != new.map {
      map = ValueChange(old: Map(old.map), new: Map(new.map))
    }
    if old.loop != new.loop || old.isLooping != new.isLooping {
      loop = ValueChange(old: Loop(old), new: Loop(new))
    }
    if old.masterGainDB != new.masterGainDB {
      masterGain = ValueChange(old: old.masterGainDB, new: new.masterGainDB)
    }
    guard count > 0 else { return nil }
  }

  private static func difference<Item: Changeable>(
    _ old: [Item], _ new: [Item], isPlaced: Bool
  ) -> [ItemChange<Item>]? {
    guard old != new else { return nil }
    let shorter = min(old.count, new.count)
    let front = (0..<shorter).first { old[$0] != new[$0] } ?? shorter
    let back =
      (0..<shorter - front).first { old[old.count - 1 - $0] != new[new.count - 1 - $0] } ?? shorter - front
    let after = new[front..<new.count - back]
    let known = Dictionary(after.map { ($0.object, $0) }, uniquingKeysWith: { $1 })
    var changes: [ItemChange<Item>] = []
    var seen: Set<TimelineObject> = []
    for (index, item) in old[front..<old.count - back].enumerated() {
      seen.insert(item.object)
      guard known[item.object] != item else { continue }
      changes.append(
        ItemChange(old: item, new: known[item.object], place: isPlaced ? front + index : nil))
    }
    for (index, item) in after.enumerated() where !seen.contains(item.object) {
      changes.append(ItemChange(old: nil, new: item, place: isPlaced ? front + index : nil))
    }
    return changes.isEmpty ? nil : changes
  }

  private static func difference<Item: Changeable>(
    of ids: Set<UUID>, _ items: (UUID) -> (Item?, Item?)
  ) -> [ItemChange<Item>]? {
    var changes: [ItemChange<Item>] = []
    for id in ids.sorted(by: { $0.uuidString < $1.uuidString }) {
      let (old, new) = items(id)
      if old != new { changes.append(ItemChange(old: old, new: new)) }
    }
    return changes.isEmpty ? nil : changes
  }

  /// A clip comes with its first region and goes with its last.
  private static func clips(
    from old: Timeline, to new: Timeline, with regions: [ItemChange<Region>]
  ) -> [ItemChange<Clip>]? {
    guard !regions.isEmpty || old.clips.count != new.clips.count else { return nil }
    let used = Set(regions.flatMap { [$0.old?.clip, $0.new?.clip].compactMap { $0 } })
    let found = difference(of: used) { (old.clips[$0], new.clips[$0]) }
    let growth = (found ?? []).reduce(0) { $0 + ($1.new == nil ? 0 : 1) - ($1.old == nil ? 0 : 1) }
    guard old.clips.count + growth != new.clips.count else { return found }
    return difference(of: Set(old.clips.keys).union(new.clips.keys)) { (old.clips[$0], new.clips[$0]) }
  }

  private static func difference(_ old: RegionSet, _ new: RegionSet) -> [ItemChange<Region>]? {
    let (gone, come) = RegionSet.changedChunks(old.chunks, new.chunks)
    guard !gone.isEmpty || !come.isEmpty else { return nil }
    let (before, after) = unlike(gone, come)
    var changes: [ItemChange<Region>] = []
    var left: [UUID: Region] = [:]
    var added: [Region] = []
    var next = before.startIndex
    for region in after {
      while next < before.endIndex, before[next].place < region.place {
        left[before[next].id] = before[next]
        next += 1
      }
      guard next < before.endIndex, before[next].place == region.place else {
        added.append(region)
        continue
      }
      if before[next] != region { changes.append(ItemChange(old: before[next], new: region)) }
      next += 1
    }
    for region in before[next...] { left[region.id] = region }
    for region in added {
      changes.append(ItemChange(old: left.removeValue(forKey: region.id), new: region))
    }
    changes += left.values.sorted { $0.place < $1.place }.map { ItemChange(old: $0, new: nil) }
    return changes.isEmpty ? nil : changes
  }

  /// The regions of chunks without those that both have in front and at the back. An edit of one region makes a chunk
  /// anew, whose others need no copy.
  private static func unlike(
    _ gone: [SortedChunk<Region>], _ come: [SortedChunk<Region>]
  ) -> (before: ArraySlice<Region>, after: ArraySlice<Region>) {
    let (old, new) = (elements(gone), elements(come))
    let shorter = min(old.count, new.count)
    let front = (0..<shorter).first { old[$0] != new[$0] } ?? shorter
    let back =
      (0..<shorter - front).first { old[old.count - 1 - $0] != new[new.count - 1 - $0] } ?? shorter - front
    return (old[front..<old.count - back], new[front..<new.count - back])
  }

  /// Those of one chunk are its own, not copied.
  private static func elements(_ chunks: [SortedChunk<Region>]) -> [Region] {
    chunks.count == 1 ? chunks[0].elements : chunks.flatMap(\.elements)
  }
}

extension RegionSet {
  /// The chunks that only one of two sets has.
  static func changedChunks(
    _ old: [SortedChunk<Region>], _ new: [SortedChunk<Region>]
  ) -> (gone: [SortedChunk<Region>], come: [SortedChunk<Region>]) {
    let isSame = old.withUnsafeBufferPointer { old in
      new.withUnsafeBufferPointer { old.baseAddress == $0.baseAddress && old.count == $0.count }
    }
    if isSame { return ([], []) }
    let shorter = Swift.min(old.count, new.count)
    var front = 0
    while front < shorter, old[front] === new[front] { front += 1 }
    var back = 0
    while back < shorter - front, old[old.count - 1 - back] === new[new.count - 1 - back] { back += 1 }
    let (gone, come) = (old[front..<old.count - back], new[front..<new.count - back])
    guard gone.count > 4, come.count > 4 else { return (Array(gone), Array(come)) }
    let known = Set(gone.map(ObjectIdentifier.init)).intersection(come.map(ObjectIdentifier.init))
    return (
      gone.filter { !known.contains(ObjectIdentifier($0)) },
      come.filter { !known.contains(ObjectIdentifier($0)) }
    )
  }
}

extension TimelineChange.Map {
  init(_ map: TempoMap) {
    tempos = map.changes.map {
      SessionDocument.Tempo(tick: $0.tick, bpm: $0.bpm, rampTicks: $0.rampTicks)
    }
    signatures = map.signatures.map {
      SessionDocument.Signature(tick: $0.tick, numerator: $0.numerator, denominator: $0.denominator)
    }
  }

  func map(sampleRate: Double) throws(TempoMapError) -> TempoMap {
    try TempoMap(
      sampleRate: sampleRate,
      changes: tempos.map { TempoChange(tick: $0.tick, bpm: $0.bpm, rampTicks: $0.rampTicks) },
      signatures: signatures.map {
        SignatureChange(tick: $0.tick, numerator: $0.numerator, denominator: $0.denominator)
      })
  }
}

extension TimelineChange.Loop {
  init(_ timeline: Timeline) {
    range = timeline.loop.map {
      SessionDocument.Loop(start: $0.lowerBound, end: $0.upperBound, on: timeline.isLooping)
    }
  }
}
