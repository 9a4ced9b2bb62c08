import FoundationEssentials
import MusicalTime

/// Where a region stands in the order of the timeline: by start, then by age.
package struct RegionPlace: Sendable, Comparable {
  package var start: Tick
  package var key: UInt64

  package static func < (one: RegionPlace, other: RegionPlace) -> Bool {
    one.start != other.start ? one.start < other.start : one.key < other.key
  }
}

extension Region: SortedElement {
  package var place: RegionPlace { RegionPlace(start: start, key: key) }
  package var reach: Int64 { end }
}

/// The regions of a timeline, up to a hundred thousand: sorted by start, and found by id, name or key. A copy costs
/// nothing, and a change as much as the logarithm of their number.
package struct RegionSet: Sendable, Equatable {
  private var sorted = SortedChunks<Region>()
  private var ids = SortedChunks<Identified>()
  private var names = SortedChunks<Named>()
  private var keys = SortedChunks<Keyed>()
  private var clips = SortedChunks<Use>()
  private var tracks: [UUID: Int] = [:]

  package init() {}

  package static func == (one: RegionSet, other: RegionSet) -> Bool { one.sorted == other.sorted }

  package var count: Int { sorted.count }
  package var isEmpty: Bool { sorted.count == 0 }

  /// Regions in the order of the timeline, each chunk the same object as long as nothing in it changes. A chunk's
  /// `reach` is its last end.
  package var chunks: [SortedChunk<Region>] { sorted.chunks }

  /// The end of the last region.
  package var end: Tick { Swift.max(0, sorted.reach) }

  package subscript(id: UUID) -> Region? { ids[BigID(id)].flatMap { sorted[$0.region] } }

  package subscript(key key: UInt64) -> Region? {
    keys[key].flatMap { sorted[RegionPlace(start: $0.start, key: key)] }
  }

  /// How many regions play a clip, or are on a track.
  package func count(ofClip id: UUID) -> Int { clips[BigID(id)]?.count ?? 0 }
  package func count(onTrack id: UUID) -> Int { tracks[id] ?? 0 }

  package func hasName(_ name: String) -> Bool { named(name, atMost: 1).first != nil }

  /// Regions of a name, the oldest of equal starts first.
  package func named(_ name: String, atMost limit: Int) -> [Region] {
    let from = NamePlace(name: name, region: RegionPlace(start: .min, key: 0))
    return names.elements(from: from).prefix(limit).prefix { $0.name == name }.compactMap {
      sorted[$0.region]
    }
  }

  package func count(named name: String) -> Int {
    names.count(before: NamePlace(name: name, region: RegionPlace(start: .max, key: .max)))
      - names.count(before: NamePlace(name: name, region: RegionPlace(start: .min, key: 0)))
  }

  /// Regions whose id begins so, in hexadecimal with or without the hyphens, and how many there are.
  package func identified(by beginning: String, atMost limit: Int) -> (some Collection<Region>, Int) {
    guard let range = BigID.range(beginning) else { return ([Region](), 0) }
    let count = ids.count(before: range.upperBound) + (ids[range.upperBound] == nil ? 0 : 1)
    let found = ids.elements(from: range.lowerBound).prefix(limit).prefix { $0.id <= range.upperBound }
    return (found.compactMap { sorted[$0.region] }, count - ids.count(before: range.lowerBound))
  }

  /// The first regions, in the order of the timeline, that end after a tick.
  package func first(_ limit: Int, endingAfter tick: Tick) -> [Region] {
    var found: [Region] = []
    for chunk in sorted.chunks where chunk.reach > tick {
      for region in chunk.elements where region.end > tick {
        found.append(region)
        if found.count == limit { return found }
      }
    }
    return found
  }

  // MARK: Changes

  /// Adds a region, or puts it in the place of the one with its id.
  package mutating func insert(_ region: Region) {
    let old = self[region.id]
    if let old { forget(old, but: region) }
    sorted.insert(region)
    if old?.place != region.place || old?.name != region.name {
      names.insert(Named(name: region.name, region: region.place))
    }
    if old?.place != region.place {
      ids.insert(Identified(id: BigID(region.id), region: region.place))
      keys.insert(Keyed(key: region.key, start: region.start))
    }
    count(region, 1)
  }

  /// Regions whose ids are not there yet.
  package mutating func insert(new regions: [Region]) {
    sorted.insert(contentsOf: regions)
    ids.insert(contentsOf: regions.map { Identified(id: BigID($0.id), region: $0.place) })
    names.insert(contentsOf: regions.map { Named(name: $0.name, region: $0.place) })
    keys.insert(contentsOf: regions.map { Keyed(key: $0.key, start: $0.start) })
    count(regions, 1)
  }

  package mutating func remove(_ gone: [Region]) {
    sorted.remove(gone.map(\.place))
    ids.remove(gone.map { BigID($0.id) })
    names.remove(gone.map { NamePlace(name: $0.name, region: $0.place) })
    keys.remove(gone.map(\.key))
    count(gone, -1)
  }

  /// Takes out what of an old region the new one of the same id and key does not replace by itself.
  private mutating func forget(_ old: Region, but new: Region) {
    if old.place != new.place { sorted.remove(old.place) }
    if old.place != new.place || old.name != new.name {
      names.remove(NamePlace(name: old.name, region: old.place))
    }
    if old.key != new.key { keys.remove(old.key) }
    count(old, -1)
  }

  private mutating func count(_ regions: [Region], _ change: Int) {
    var uses: [UUID: Int] = [:]
    for region in regions {
      uses[region.clip, default: 0] += change
      tracks[region.track, default: 0] += change
    }
    for (clip, change) in uses { count(clip: clip, change) }
  }

  private mutating func count(_ region: Region, _ change: Int) {
    tracks[region.track, default: 0] += change
    count(clip: region.clip, change)
  }

  private mutating func count(clip: UUID, _ change: Int) {
    let count = count(ofClip: clip) + change
    if count > 0 { clips.insert(Use(clip: BigID(clip), count: count)) } else { clips.remove(BigID(clip)) }
  }
}

extension RegionSet: Sequence {
  package func makeIterator() -> some IteratorProtocol<Region> { sorted.elements.makeIterator() }
  package var underestimatedCount: Int { sorted.count }
}
