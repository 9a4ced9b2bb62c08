import FoundationEssentials
import MusicalTime

extension Timeline {
  /// A region by name, by id, or by the start of its id.
  package func region(_ reference: String) throws(ArrangementError) -> Region {
    let wanted = reference.lowercased()
    var matches = regions.values.filter { $0.name == reference }
    if matches.isEmpty {
      matches = regions.values.filter { $0.id.uuidString.lowercased().hasPrefix(wanted) }
      if wanted.count < 4, matches.count == 1, !matches[0].id.uuidString.lowercased().elementsEqual(wanted) {
        matches = []
      }
    }
    guard matches.count <= 1 else {
      let ids = matches.prefix(4).map { String($0.id.uuidString.lowercased().prefix(8)) }.sorted()
      throw ArrangementError(
        .ambiguous, "\"\(reference)\" means \(matches.count) regions",
        "their ids begin with \(ids.joined(separator: ", "))", "garden region show \(ids[0])")
    }
    guard let found = matches.first else {
      let names = sortedRegions.prefix(8).map(\.name).joined(separator: ", ")
      throw ArrangementError(
        .unknownRegion, "there is no region \"\(reference)\"",
        regions.isEmpty ? "the timeline has no regions" : "regions: \(names)", "garden region ls")
    }
    return found
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
      key: nextKey, name: try checkedName(name ?? clip.defaultName, for: "region"), track: track, clip: clip.id,
      start: start, length: length)
    shape(&region)
    if region.length <= 0 { region.length = region.naturalLength(of: clip, in: map) }
    try check(region, clip)
    clips[clip.id] = clip
    nextKey += 1
    regions[region.id] = region
    return region
  }

  /// Puts a changed region in the place of the old one. `keepsLength` false: its length follows its material
  /// again.
  package mutating func updateRegion(_ changed: Region, keepsLength: Bool = true) throws(ArrangementError) {
    guard let clip = clips[changed.clip], regions[changed.id] != nil else { return }
    var region = changed
    _ = try checkedName(region.name, for: "region")
    if !keepsLength { region.length = region.naturalLength(of: clip, in: map) }
    try check(region, clip)
    regions[region.id] = region
  }

  package mutating func removeRegions(_ ids: [UUID]) {
    for id in ids { regions[id] = nil }
    dropUnusedClips()
  }

  /// Copies, end to end from `start` on.
  package mutating func duplicate(
    _ region: Region, at start: Tick, times: Int
  ) throws(ArrangementError) -> [Region] {
    guard let clip = clips[region.clip] else { return [] }
    try checkRoom(for: times)
    var copies: [Region] = []
    for index in 0..<times {
      var copy = region
      copy.id = UUID()
      copy.key = nextKey
      nextKey += 1
      copy.start = start + Tick(index) * region.length
      copy.name = freeName(like: region.name)
      try check(copy, clip)
      regions[copy.id] = copy
      copies.append(copy)
    }
    return copies
  }

  /// Cuts a region in two that sound together as the one did.
  package mutating func split(_ region: Region, at tick: Tick) throws(ArrangementError) -> (Region, Region) {
    guard tick > region.start, tick < region.end else {
      throw ArrangementError(
        .notInside, "\(region.name) cannot be cut there",
        "it lasts from \(map.barBeat(atTick: region.start)) to \(map.barBeat(atTick: region.end))",
        "garden region show \(region.name)")
    }
    try checkRoom(for: 1)
    var left = region
    var right = region
    left.length = tick - region.start
    left.fadeOutSeconds = 0
    right.id = UUID()
    right.key = nextKey
    nextKey += 1
    right.name = freeName(like: region.name)
    right.start = tick
    right.length = region.end - tick
    right.fadeInSeconds = 0
    right.skipTicks += tick - region.start
    right.skipFrames += map.frame(atTick: tick) - map.frame(atTick: region.start)
    regions[left.id] = left
    regions[right.id] = right
    return (left, right)
  }

  private func freeName(like name: String) -> String {
    let taken = Set(regions.values.map(\.name))
    var number = 2
    while taken.contains("\(name)-\(number)") { number += 1 }
    return "\(name)-\(number)"
  }

  private func checkRoom(for count: Int) throws(ArrangementError) {
    guard regions.count + count <= ArrangementLimits.regions else {
      throw ArrangementError(
        .full, "the timeline is full", "it holds at most \(ArrangementLimits.regions) regions",
        "garden region rm NAME")
    }
  }

  private func check(_ region: Region, _ clip: Clip) throws(ArrangementError) {
    guard region.start >= 0, region.length > 0, region.start <= TimeLimits.maximumTick,
      region.length <= TimeLimits.maximumTick - region.start
    else {
      throw ArrangementError(
        .outOfRange, "\(region.name) does not fit on the timeline",
        "it would last from tick \(region.start) for \(region.length) ticks, and the last tick is "
          + "\(TimeLimits.maximumTick)", "garden help positions")
    }
    let isInside =
      clip.kind == .midi
      ? (0..<max(1, clip.lengthTicks)).contains(region.offsetTicks)
      : region.offsetSeconds >= 0 && region.offsetSeconds * clip.sampleRate < Double(clip.frames)
    guard isInside else {
      let length =
        clip.kind == .midi
        ? "\(Double(clip.lengthTicks) / Double(ticksPerBeat)) beats"
        : "\(Double(clip.frames) / clip.sampleRate) s"
      throw ArrangementError(
        .outOfRange, "the offset lies outside \(clip.fileName)", "the clip is \(length) long",
        "garden clip show \(clip.fileName)")
    }
  }

  mutating func dropUnusedClips() {
    let used = Set(regions.values.map(\.clip))
    clips = clips.filter { used.contains($0.key) }
  }
}
