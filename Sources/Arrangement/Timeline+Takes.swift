import FoundationEssentials
import MusicalTime

extension Timeline {
  /// Has a region play another clip from now on: as new to the renderer, so that both can sound while one takes the
  /// other's place. The clip before stays until `dropIdleClips`. A region that was cut or drawn out stays as long as it is.
  ///
  /// - Returns: the region, and a second number for the renderer that nobody else has.
  package mutating func replaceClip(
    of id: UUID, with clip: Clip, length: Tick
  ) throws(ArrangementError) -> (region: Region, spareKey: UInt64) {
    guard var region = regions[id] else { throw Timeline.noLatent(id) }
    let isWhole = clips[region.clip].map {
      $0.kind == .audio || region.length == region.naturalLength(of: $0, in: map)
    }
    addClip(clip)
    region.clip = clip.id
    region.key = nextKey
    region.offsetTicks = 0
    region.offsetSeconds = 0
    region.skipTicks = 0
    region.skipFrames = 0
    if length == 0, isWhole ?? true { region.length = region.naturalLength(of: clip, in: map) }
    try check(region, clip)
    nextKey += 2
    regions.insert(region)
    return (region, nextKey - 1)
  }

  /// A name that no region has, made or to be made: with a number where it is taken.
  package func freeLatentName(_ wish: String) -> String {
    let wish = fittedName(wish, orElse: "generated")
    let taken = Set(latents.values.compactMap(\.name))
    guard taken.contains(wish) || regions.hasName(wish) else { return wish }
    for number in 2... where !taken.contains("\(wish)-\(number)") && !regions.hasName("\(wish)-\(number)") {
      return "\(wish)-\(number)"
    }
    return wish
  }

  /// A number for the renderer that nobody else has.
  package mutating func takeKey() -> UInt64 {
    nextKey += 1
    return nextKey - 1
  }

  /// Clips that no region plays any more, but for some.
  package mutating func dropIdleClips(except kept: Set<UUID>) {
    clips = clips.filter { kept.contains($0.key) || regions.count(ofClip: $0.key) > 0 }
  }

  /// The timeline with other regions in the place of some: for the renderer alone.
  package func overlaid(without ids: [UUID], with added: [Region], clips more: [Clip] = []) -> Timeline {
    var copy = self
    for clip in more { copy.clips[clip.id] = clip }
    copy.regions.remove(ids.compactMap { regions[$0] })
    copy.regions.insert(new: added)
    return copy
  }

  /// The region on a track that ends last of those that end at a tick or before it, among the nearest `look`.
  package func region(before tick: Tick, on track: UUID, look: Int) -> Region? {
    var best: Region?
    var looked = 0
    for chunk in regions.chunks.reversed() {
      guard let first = chunk.elements.first, first.start < tick else { continue }
      for region in chunk.elements.reversed() where region.start < tick {
        looked += 1
        if looked > look { return best }
        if region.track == track, region.end <= tick, region.end > best?.end ?? -1 { best = region }
      }
    }
    return best
  }
}

extension Region {
  /// What sounds of it from a tick within it on, as a region of its own.
  package func part(from tick: Tick, in map: TempoMap) -> Region {
    var part = self
    part.start = tick
    part.length = end - tick
    part.fadeInSeconds = 0
    part.skipTicks += tick - start
    part.skipFrames += map.frame(atTick: tick) - map.frame(atTick: start)
    part.automation = automation?.split(at: tick - start).1
    return part
  }

  /// What sounds of it until a tick within it.
  package func part(until tick: Tick) -> Region {
    var part = self
    part.length = tick - start
    part.automation = automation?.split(at: tick - start).0
    return part
  }
}
