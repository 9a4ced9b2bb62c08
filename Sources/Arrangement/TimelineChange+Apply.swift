import FoundationEssentials
import MusicalTime

/// Why a change cannot be made: a thing is not as the change found it. Nothing was changed.
package struct TimelineConflict: Error, Sendable, Equatable {
  package var object: TimelineObject
  /// What it is, for people: `the track lead`.
  package var name: String
  /// How it differs.
  package var why: String
}

extension TimelineChange {
  /// Makes the change to a timeline on which all that it touches stands as it was before it. What else has changed
  /// since stays.
  ///
  /// - Throws: `TimelineConflict`, `ArrangementError` or `TempoMapError`; the timeline is then as it was.
  package func apply(to timeline: inout Timeline) throws {
    var edited = timeline
    edited.nextKey = max(edited.nextKey, nextKey)
    try applyStrips(&edited)
    try applyRegions(&edited)
    try applyMarkers(&edited)
    try applyValues(&edited)
    try check(edited)
    timeline = edited
  }

  // MARK: Strips

  private func applyStrips(_ timeline: inout Timeline) throws {
    try Self.change(&timeline.tracks, tracks ?? [], id: \.id) { "the track \($0.name)" }
    try Self.change(&timeline.buses, buses ?? [], id: \.id) { "the bus \($0.name)" }
    // Another may have taken the strip in the meantime.
    for change in tracks ?? [] where change.old == nil {
      guard let new = change.new, timeline.tracks.count(where: { $0.slot == new.slot }) > 1 else { continue }
      let taken = Set(timeline.tracks.map(\.slot))
      let free = (0..<ArrangementLimits.tracks).first { !taken.contains($0) }
      guard let index = timeline.tracks.firstIndex(where: { $0.id == new.id }), let free else {
        throw TimelineConflict(
          object: new.object, name: "the track \(new.name)", why: "all strips are in use")
      }
      timeline.tracks[index].slot = free
    }
    for change in buses ?? [] where change.old == nil {
      guard let new = change.new, timeline.buses.count(where: { $0.slot == new.slot }) > 1 else { continue }
      let taken = Set(timeline.buses.map(\.slot))
      let free = (0..<ArrangementLimits.buses).first { !taken.contains($0) }
      guard let index = timeline.buses.firstIndex(where: { $0.id == new.id }), let free else {
        throw TimelineConflict(object: new.object, name: "the bus \(new.name)", why: "all strips are in use")
      }
      timeline.buses[index].slot = free
    }
    for change in routes ?? [] {
      guard let strip = (change.new ?? change.old)?.strip else { continue }
      guard timeline.routes[strip] == change.old?.route else {
        throw Self.changed(.route(strip), "where \(timeline.stripName(strip)) goes")
      }
      timeline.routes[strip] = change.new?.route
    }
  }

  private static func change<Item: Changeable>(
    _ items: inout [Item], _ changes: [ItemChange<Item>], id: KeyPath<Item, UUID>, _ name: (Item) -> String
  ) throws {
    for change in changes {
      guard let item = change.new ?? change.old else { continue }
      let index = items.firstIndex { $0[keyPath: id] == item[keyPath: id] }
      let present = index.map { items[$0] }
      guard present == change.old else { throw changed(item.object, name(present ?? item)) }
      if let index {
        if let new = change.new { items[index] = new } else { items.remove(at: index) }
      }
    }
    let added = changes.filter { $0.old == nil }.sorted { $0.place ?? 0 < $1.place ?? 0 }
    for change in added {
      guard let new = change.new else { continue }
      items.insert(new, at: min(max(change.place ?? items.count, 0), items.count))
    }
  }

  static func changed(_ object: TimelineObject, _ name: String) -> TimelineConflict {
    TimelineConflict(object: object, name: name, why: "it was changed since")
  }

  // MARK: Regions

  private func applyRegions(_ timeline: inout Timeline) throws {
    for change in clips ?? [] {
      if let new = change.new, timeline.clips[new.id] == nil || change.old != nil {
        timeline.clips[new.id] = new
      }
    }
    var (gone, come): ([Region], [Region]) = ([], [])
    for change in regions ?? [] {
      guard let region = change.new ?? change.old else { continue }
      let present = timeline.regions[region.id]
      guard present == change.old else {
        throw Self.changed(region.object, "the region \((present ?? region).name)")
      }
      if let old = change.old { gone.append(old) }
      if let new = change.new { come.append(new) }
    }
    timeline.regions.remove(gone)
    let keys = Set(come.map(\.key))
    guard keys.count == come.count, !come.contains(where: { timeline.regions[key: $0.key] != nil }) else {
      throw ArrangementError(
        .nameTaken, "two regions would have the same key", "nothing was changed", "garden region ls")
    }
    timeline.regions.insert(new: come)
    for change in latents ?? [] {
      guard let latent = change.new ?? change.old else { continue }
      guard timeline.latents[latent.id] == change.old else {
        throw Self.changed(latent.object, "the latent region \(latent.id.uuidString.lowercased())")
      }
      timeline.latents[latent.id] = change.new
    }
    for change in clips ?? [] where change.new == nil {
      if let old = change.old, timeline.regions.count(ofClip: old.id) == 0 { timeline.clips[old.id] = nil }
    }
  }

  // MARK: The rest

  private func applyMarkers(_ timeline: inout Timeline) throws {
    guard let markers else { return }
    for change in markers {
      guard let name = (change.new ?? change.old)?.name else { continue }
      let index = timeline.markers.firstIndex { $0.name == name }
      guard index.map({ timeline.markers[$0] }) == change.old else {
        throw Self.changed(.marker(name), "the marker \(name)")
      }
      if let index { timeline.markers.remove(at: index) }
    }
    for change in markers {
      if let new = change.new { try timeline.addMarker(name: new.name, at: new.tick) }
    }
  }

  private func applyValues(_ timeline: inout Timeline) throws {
    if let map {
      guard Map(timeline.map) == map.old else { throw Self.changed(.map, "the tempo map") }
      timeline.map = try map.new.map(sampleRate: timeline.map.sampleRate)
    }
    if let loop {
      guard Loop(timeline) == loop.old else { throw Self.changed(.loop, "the loop") }
      if let range = loop.new.range {
        guard range.start >= 0, range.start < range.end, range.end <= TimeLimits.maximumTick else {
          throw ArrangementError(
            .outOfRange, "the loop does not fit", "it would be \(range.start) to \(range.end)",
            "garden loop 1:1 5:1")
        }
        timeline.loop = range.start..<range.end
        timeline.isLooping = range.on
      } else {
        timeline.loop = nil
        timeline.isLooping = false
      }
    }
    if let masterGain {
      guard timeline.masterGainDB == masterGain.old else {
        throw Self.changed(.masterGain, "the master's gain")
      }
      try checkNumber(
        masterGain.new, "gain in dB", ArrangementLimits.masterGainDB, of: "the master", "garden track ls")
      timeline.masterGainDB = masterGain.new
    }
  }

  // MARK: Whether it holds together

  /// What the change has put there, beside what others have.
  private func check(_ timeline: Timeline) throws {
    if tracks != nil || buses != nil || routes != nil { try checkStrips(timeline) }
    guard timeline.regions.count <= ArrangementLimits.regions,
      timeline.latents.count <= ArrangementLimits.latents
    else {
      throw ArrangementError(
        .full, "the timeline is full", "it holds at most \(ArrangementLimits.regions) regions",
        "garden region rm NAME")
    }
    for change in regions ?? [] {
      guard let region = change.new else { continue }
      guard let clip = timeline.clips[region.clip] else {
        throw TimelineConflict(
          object: .clip(region.clip), name: "the region \(region.name)", why: "its clip is gone")
      }
      try timeline.check(region, clip)
    }
    for change in latents ?? [] { try change.new?.check() }
  }

  private func checkStrips(_ timeline: Timeline) throws {
    let names = timeline.tracks.map(\.name) + timeline.buses.map(\.name)
    for change in tracks ?? [] {
      guard let track = change.new else {
        if let old = change.old, timeline.regions.count(onTrack: old.id) > 0 {
          throw TimelineConflict(
            object: old.object, name: "the track \(old.name)", why: "regions play on it since")
        }
        if let old = change.old, timeline.silentLatents.contains(where: { $0.track == old.id }) {
          throw TimelineConflict(
            object: old.object, name: "the track \(old.name)", why: "regions wait on it since")
        }
        continue
      }
      try track.check()
      try Self.checkName(track.name, names, track.object)
    }
    for change in buses ?? [] {
      guard let bus = change.new else { continue }
      try bus.check()
      try Self.checkName(bus.name, names, bus.object)
    }
    guard timeline.tracks.count <= ArrangementLimits.tracks, timeline.buses.count <= ArrangementLimits.buses
    else {
      throw ArrangementError(
        .full, "the session is full",
        "it has at most \(ArrangementLimits.tracks) tracks and "
          + "\(ArrangementLimits.buses) buses", "garden track rm NAME")
    }
    let buses = Set(timeline.buses.map(\.id))
    for (strip, route) in timeline.routes {
      let isWhole =
        (timeline.track(id: strip) != nil || buses.contains(strip))
        && (route.sends.map(\.bus) + (route.output.map { [$0] } ?? [])).allSatisfy(buses.contains)
      guard isWhole else {
        throw TimelineConflict(
          object: .route(strip), name: "where \(timeline.stripName(strip)) goes",
          why: "a bus or a track of it would be missing")
      }
      guard !route.sends.contains(where: { timeline.reaches(strip, from: $0.bus) }),
        !(route.output.map { timeline.reaches(strip, from: $0) } ?? false)
      else {
        throw TimelineConflict(
          object: .route(strip), name: "where \(timeline.stripName(strip)) goes",
          why: "it would go round for ever")
      }
    }
  }

  private static func checkName(_ name: String, _ names: [String], _ object: TimelineObject) throws {
    guard names.count(where: { $0 == name }) == 1 else {
      throw TimelineConflict(object: object, name: name, why: "the name has been given to another since")
    }
  }
}

extension Timeline {
  fileprivate func stripName(_ id: UUID) -> String {
    track(id: id)?.name ?? bus(id: id)?.name ?? "a strip"
  }
}
