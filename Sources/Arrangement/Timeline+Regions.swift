import FoundationEssentials
import MusicalTime

extension Timeline {
  /// A region by name, by id, or by the start of its id.
  package func region(_ reference: String) throws(ArrangementError) -> Region {
    let named = regions.named(reference, atMost: 4)
    if !named.isEmpty {
      let count = named.count > 1 ? regions.count(named: reference) : 1
      return try only(named, of: count, reference)
    }
    let (found, count) = regions.identified(by: reference, atMost: 4)
    // A few characters that mean one region mean it by chance.
    if !found.isEmpty, count > 1 || reference.count >= 4 { return try only(found, of: count, reference) }
    let names = regions.prefix(8).map(\.name).joined(separator: ", ")
    throw ArrangementError(
      .unknownRegion, "there is no region \"\(reference)\"",
      regions.isEmpty ? "the timeline has no regions" : "regions: \(names)", "garden region ls")
  }

  private func only(
    _ found: some Collection<Region>, of count: Int, _ reference: String
  ) throws(ArrangementError) -> Region {
    guard count > 1, let first = found.first else { return found[found.startIndex] }
    let ids = found.map { String($0.id.uuidString.lowercased().prefix(8)) }.sorted()
    throw ArrangementError(
      .ambiguous, "\"\(reference)\" means \(count) regions",
      "their ids begin with \(ids.joined(separator: ", "))",
      "garden region show \(first.id.uuidString.lowercased().prefix(8))")
  }

  package mutating func addClip(_ clip: Clip) { clips[clip.id] = clip }

  /// Places a clip. `shape` sets what differs from the defaults; a length of 0 means the material's own.
  @discardableResult
  package mutating func addRegion(
    clip: Clip, track: UUID, at start: Tick, name: String? = nil, length: Tick = 0,
    shape: (inout Region) -> Void = { _ in }
  ) throws(ArrangementError) -> Region {
    try checkRoom(for: 1)
    var region = Region(
      key: nextKey, name: name ?? clip.defaultName, track: track, clip: clip.id, start: start,
      length: length)
    shape(&region)
    try checkMaterial(region, clip)
    if region.length == 0 { region.length = region.naturalLength(of: clip, in: map) }
    try check(region, clip)
    if clips[clip.id] != clip { clips[clip.id] = clip }
    nextKey += 1
    regions.insert(region)
    return region
  }

  /// Puts a changed region in the place of the old one. `keepsLength` false: its length follows its material again.
  package mutating func updateRegion(_ changed: Region, keepsLength: Bool = true) throws(ArrangementError) {
    guard let clip = clips[changed.clip], regions[changed.id] != nil else { return }
    var region = changed
    if !keepsLength {
      try checkMaterial(region, clip)
      region.length = region.naturalLength(of: clip, in: map)
    }
    try check(region, clip)
    regions.insert(region)
  }

  package mutating func removeRegions(_ ids: [UUID]) {
    var gone: [UUID: Region] = [:]
    for id in ids { gone[id] = regions[id] }
    remove(Array(gone.values))
  }

  mutating func remove(_ gone: [Region]) {
    regions.remove(gone)
    if !latents.isEmpty { for region in gone { latents[region.id] = nil } }
    for clip in Set(gone.map(\.clip)) where regions.count(ofClip: clip) == 0 { clips[clip] = nil }
  }

  /// Copies, end to end from `start` on, named after the region with a number. All or none.
  package mutating func duplicate(
    _ region: Region, at start: Tick, times: Int
  ) throws(ArrangementError) -> [Region] {
    guard let clip = clips[region.clip] else { return [] }
    guard times >= 1 else {
      throw ArrangementError(
        .outOfRange, "\(region.name) was not repeated", "\(times) times were asked for, and 1 is the least",
        "garden region dup \(region.name.shellWord)")
    }
    try checkRoom(for: times)
    try checkRoom(
      lanes: times * (region.automation?.lanes ?? 0), points: times * (region.automation?.points ?? 0))
    var names = FreeNames(like: region.name, in: regions)
    var copies: [Region] = []
    copies.reserveCapacity(times)
    var copy = region
    copy.start = start
    for index in 0..<times {
      copy.id = UUID()
      copy.key = nextKey + UInt64(index)
      copy.name = names.next()
      try check(copy, clip)
      copies.append(copy)
      // No overflow: both are within the timeline, which `check` has seen to.
      copy.start += copy.length
    }
    nextKey += UInt64(times)
    regions.insert(new: copies)
    return copies
  }

  /// Cuts a region in two that sound together as the one did.
  package mutating func split(_ region: Region, at tick: Tick) throws(ArrangementError) -> (Region, Region) {
    guard tick > region.start, tick < region.end else {
      throw ArrangementError(
        .notInside, "\(region.name) cannot be cut there",
        "it lasts from \(map.barBeat(atTick: region.start)) to \(map.barBeat(atTick: region.end))",
        "garden region show \(region.name.shellWord)")
    }
    try checkRoom(for: 1)
    var names = FreeNames(like: region.name, in: regions)
    var left = region
    var right = region
    left.length = tick - region.start
    left.fadeOutSeconds = 0
    right.id = UUID()
    right.key = nextKey
    right.name = names.next()
    right.start = tick
    right.length = region.end - tick
    right.fadeInSeconds = 0
    right.skipTicks += tick - region.start
    right.skipFrames += map.frame(atTick: tick) - map.frame(atTick: region.start)
    if let (before, after) = region.automation?.split(at: tick - region.start) {
      left.automation = before
      right.automation = after
      try checkRoom(
        lanes: after.lanes, points: before.points + after.points - (region.automation?.points ?? 0))
      try before.check(of: left.name)
      try after.check(of: right.name)
    }
    nextKey += 1
    regions.insert(left)
    regions.insert(right)
    return (left, right)
  }

  /// The clip's own name, with a number where a region has it already.
  package func freeRegionName(for clip: Clip) -> String {
    guard regions.hasName(clip.defaultName) else { return clip.defaultName }
    var free = FreeNames(like: clip.defaultName, in: regions)
    return free.next()
  }

  private func checkRoom(for count: Int) throws(ArrangementError) {
    guard count <= ArrangementLimits.regions - regions.count else {
      throw ArrangementError(
        .full, "the timeline is full", "it holds at most \(ArrangementLimits.regions) regions",
        "garden region rm NAME")
    }
  }

  mutating func dropUnusedClips() {
    clips = clips.filter { regions.count(ofClip: $0.key) > 0 }
  }
}
