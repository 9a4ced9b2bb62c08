import FoundationEssentials
import MusicalTime

extension SessionDocument {
  /// The timeline it describes. Whatever a document says is checked as if it had been typed, so that any file may be
  /// read.
  ///
  /// - Throws: `TempoMapError` for tempos and signatures, `ArrangementError` for the rest.
  package func timeline() throws -> Timeline {
    var timeline = Timeline(map: try map())
    try checkNumber(
      masterGainDB, "gain in dB", ArrangementLimits.masterGainDB, of: "the master", "garden session export")
    timeline.masterGainDB = masterGainDB
    timeline.tracks = try checkedTracks()
    try addBuses(to: &timeline)
    timeline.clips = try checkedClips()
    try addRegions(to: &timeline)
    try addLatents(to: &timeline)
    try timeline.checkRoom(lanes: 0, points: 1)
    timeline.markers = try checkedMarkers(on: timeline)
    timeline.dropUnusedClips()
    try addLoop(to: &timeline)
    return timeline
  }

  private func addLoop(to timeline: inout Timeline) throws(ArrangementError) {
    guard let loop else { return }
    let ticks = 0...TimeLimits.maximumTick
    try checkNumber(loop.start, "start in ticks", ticks, of: "the loop", "garden session export")
    try checkNumber(loop.end, "end in ticks", ticks, of: "the loop", "garden session export")
    guard loop.start < loop.end else {
      throw refusal(.outOfRange, "its loop starts at tick \(loop.start) and ends at tick \(loop.end)")
    }
    timeline.loop = loop.start..<loop.end
    timeline.isLooping = loop.on
  }

  private func map() throws(TempoMapError) -> TempoMap {
    try TempoMap(
      sampleRate: sampleRate,
      changes: tempos.map { TempoChange(tick: $0.tick, bpm: $0.bpm, rampTicks: $0.rampTicks) },
      signatures: signatures.map {
        SignatureChange(tick: $0.tick, numerator: $0.numerator, denominator: $0.denominator)
      })
  }

  private func checkedTracks() throws(ArrangementError) -> [Track] {
    guard tracks.allSatisfy({ (0..<ArrangementLimits.tracks).contains($0.slot) }),
      Set(tracks.map(\.slot)).count == tracks.count
    else {
      throw refusal(.outOfRange, "each track needs a slot of its own, 0 to \(ArrangementLimits.tracks - 1)")
    }
    for track in tracks { try track.check() }
    guard Set(tracks.map(\.name)).count == tracks.count, !tracks.contains(where: { $0.name == "master" })
    else {
      throw refusal(.nameTaken, "track names are unique, and none is \"master\"")
    }
    try checkUnique(tracks.map(\.id), "tracks")
    return tracks
  }

  private func checkedClips() throws(ArrangementError) -> [UUID: Clip] {
    try checkUnique(clips.map(\.id), "clips")
    for clip in clips { try clip.check() }
    return Dictionary(uniqueKeysWithValues: clips.map { ($0.id, $0) })
  }

  private func addRegions(to timeline: inout Timeline) throws(ArrangementError) {
    guard regions.count <= ArrangementLimits.regions else {
      throw refusal(
        .full, "it has \(regions.count) regions, and at most \(ArrangementLimits.regions) are allowed")
    }
    try checkUnique(regions.map(\.id), "regions")
    try checkUnique(regions.map(\.key), "regions")
    for region in regions {
      guard let clip = timeline.clips[region.clip] else {
        throw refusal(.unknownTrack, "\(region.name.prefix(64)) plays a clip that is not in it")
      }
      try timeline.check(region, clip)
      // Room for the keys of all regions still to come.
      guard (1...UInt64(Int64.max)).contains(region.key) else {
        throw refusal(.outOfRange, "the key of \(region.name) is \(region.key)")
      }
      timeline.nextKey = max(timeline.nextKey, region.key + 1)
    }
    timeline.regions.insert(new: regions)
  }

  private func addLatents(to timeline: inout Timeline) throws(ArrangementError) {
    let latents = latents ?? []
    guard latents.count <= ArrangementLimits.latents else {
      throw refusal(
        .full, "it has \(latents.count) latent regions, and at most \(ArrangementLimits.latents) are allowed")
    }
    try checkUnique(latents.map(\.id), "latent regions")
    for latent in latents {
      try latent.check()
      guard (1...UInt64(Int64.max)).contains(latent.key) else {
        throw refusal(.outOfRange, "the key of a latent region is \(latent.key)")
      }
      timeline.nextKey = max(timeline.nextKey, latent.key + 1)
      timeline.latents[latent.id] = latent
    }
  }

  private func checkedMarkers(on timeline: Timeline) throws(ArrangementError) -> [Marker] {
    guard markers.count <= ArrangementLimits.markers else {
      throw refusal(
        .full, "it has \(markers.count) markers, and at most \(ArrangementLimits.markers) are allowed")
    }
    for marker in markers {
      _ = try checkedMarkerName(marker.name)
      try checkNumber(
        marker.tick, "tick", 0...TimeLimits.maximumTick, of: marker.name, "garden session export")
    }
    try checkUnique(markers.map(\.name), "markers")
    return markers.sorted { ($0.tick, $0.name) < ($1.tick, $1.name) }
  }

  private func checkUnique<Key: Hashable>(_ keys: [Key], _ what: String) throws(ArrangementError) {
    guard Set(keys).count == keys.count else {
      throw refusal(.nameTaken, "two of its \(what) are called the same")
    }
  }

  private func refusal(_ kind: ArrangementError.Kind, _ why: String) -> ArrangementError {
    ArrangementError(kind, "the session cannot be read", why, "garden session export")
  }
}
