import Arrangement
import FoundationEssentials
import HootWire
import MusicalTime
import RealtimeEngine

/// What a schedule is compiled from.
struct Sounding {
  var timeline: Timeline
  var material: [UUID: ClipMaterial]
  var passes: [UUID: ScheduledRegion.Pass] = [:]
}

extension Conductor {
  /// What the renderer plays: the timeline, with what is entering, what stands in for what has not come, and what grows.
  var sounding: Sounding {
    let fallbacks = fallbacks
    guard !entrances.active.isEmpty || !fallbacks.isEmpty || !growth.regions.isEmpty else {
      return Sounding(timeline: timeline, material: material)
    }
    var sounding = Sounding(timeline: timeline, material: material)
    var added = fallbacks
    for entrance in entrances.active.values {
      for (region, pass) in entrance.parts(in: timeline.map) {
        added.append(region)
        sounding.passes[region.id] = pass
      }
    }
    for grown in growth.regions.values {
      if !grown.isLeaving, entrances.active[grown.region.id] == nil { added.append(grown.region) }
      sounding.material[grown.clip.id] = grown.material
    }
    sounding.timeline = timeline.overlaid(
      without: Array(entrances.active.keys) + Array(growth.regions.keys), with: added,
      clips: growth.regions.values.map(\.clip))
    return sounding
  }

  /// Has new content of a region enter by its rule: at once where nothing is heard of the region now.
  ///
  /// - Parameters:
  ///   - old: what plays there now.
  ///   - misses: how often it came too late for its line already.
  func enter(
    _ region: Region, over old: Region?, partKey: UInt64, _ arrival: Arrival, misses: Int = 0
  ) {
    let now = exactPlayhead
    entrances.forget(region.id)
    func expect(_ line: Tick) {
      entrances.expect(
        EntranceShelf.Awaited(
          region: region, old: old, partKey: partKey, arrival: arrival, line: line, misses: misses))
    }
    guard isInside(region, at: now) else {
      if transport.state == .rolling, Double(region.start) > now { expect(region.start) }
      return
    }
    let entrance = Entrance(
      region, over: old, partKey: partKey, line: line(for: arrival.entry, from: now, misses: misses),
      crossfade: arrival.crossfade)
    entrances.active[region.id] = entrance
    if case .approaching(let line, _) = entrance.phase { expect(line) }
    schedules.needsSending = true
  }

  /// The renderer was past a line when the schedule came: what was to enter there takes the next one, with more time.
  func missed(_ notice: Notice) {
    landing.rideAgain(notice.id)
    schedules.needsSending = true
    for late in entrances.missed(notice.id) {
      let isGrowing = growth.regions[late.region.id].map { $0.region.key == late.region.key } ?? false
      // It was moved or changed by hand in the meantime: it is as the hand has it.
      guard isGrowing || timeline.regions[late.region.id] == late.region else { continue }
      enter(
        late.region, over: late.old, partKey: late.partKey, late.arrival,
        misses: min(late.misses + 1, ControlLimits.entranceMisses))
      guard server.isSubscribed(topic: "latent") else { continue }
      server.publishEvent(
        topic: "latent",
        content: [
          "type": "postponed", "region_id": .string(late.region.id.wireText),
          "missed": .string(timeline.map.barBeat(atTick: late.line).description),
          "enters": timeline.latents[late.region.id].map { entersJSON($0) } ?? nil,
        ])
    }
  }

  /// A region that begins in a moment counts as begun: what is sent now may come after its start.
  func isInside(_ region: Region, at tick: Double) -> Bool {
    guard transport.state == .rolling else { return false }
    return Double(region.start) <= ahead(of: tick, seconds: ControlLimits.entranceSeconds)
      && tick < Double(region.end)
  }

  func ahead(of tick: Double, seconds: Double) -> Double {
    timeline.map.tick(atSeconds: timeline.map.seconds(atTick: tick) + seconds)
  }

  /// nil: where the region begins, the next time; likewise where the playhead goes around its loop before.
  func line(for entry: Arrival.Entry, from tick: Double, misses: Int = 0) -> Tick? {
    let margin = Double(engine.lookAheadFrames + 2 * (keeper?.status().period ?? 0)) / engine.sampleRate
    let soonest = ahead(of: tick, seconds: margin + 0.01 * Double(1 << misses))
    let line: Tick
    switch entry {
    case .now: line = Tick(soonest.rounded(.up))
    case .nextBeat: line = timeline.map.line(.beat, atOrAfter: soonest)
    case .nextBar: line = timeline.map.line(.bar(every: 1), atOrAfter: soonest)
    case .nextPass, .atStart: return nil
    }
    if timeline.isLooping, let loop = timeline.loop, tick < Double(loop.upperBound), line >= loop.upperBound {
      return nil
    }
    return line
  }

  func tendEntrances() {
    guard !entrances.active.isEmpty else { return }
    let now = exactPlayhead
    for (id, entrance) in entrances.active {
      var entrance = entrance
      let isGrowing = growth.regions[id].map { $0.region.key == entrance.region.key } ?? false
      guard isGrowing || timeline.regions[id] == entrance.region else {
        // It was moved or changed by hand in the meantime: it is as the hand has it.
        endEntrance(id)
        continue
      }
      // What the renderer has not taken has not entered, wherever the playhead is.
      guard !entrances.isAwaited(id) || transport.state != .rolling else { continue }
      guard entrance.move(to: now, isInside: isInside(entrance.region, at: now), in: timeline.map) else {
        continue
      }
      schedules.needsSending = true
      if entrance.phase == .done { endEntrance(id) } else { entrances.active[id] = entrance }
    }
  }

  /// The renderer has begun to play a region: perhaps what was to come.
  func entranceStarted(_ key: UInt64) -> Region? {
    guard !entrances.active.isEmpty else { return nil }
    for (id, entrance) in entrances.active {
      if entrance.partKey == key {
        entrances.active[id]?.partBegan()
        return entrance.region
      }
      var entrance = entrance
      if entrance.started(key) { endEntrance(id) }
    }
    return nil
  }

  private func endEntrance(_ id: UUID) {
    entrances.forget(id)
    schedules.needsSending = true
    var kept = timeline
    kept.dropIdleClips(except: Set(entrances.active.values.compactMap { $0.old?.clip }))
    guard kept.clips.count != timeline.clips.count else { return }
    timeline = kept
    material = material.filter { kept.clips[$0.key] != nil }
    materialOfPath = materialOfPath.filter { material[$0.value] != nil }
  }

  // MARK: What stands in

  /// Regions that play where nothing has come yet.
  private var fallbacks: [Region] {
    guard !timeline.latents.isEmpty else { return [] }
    return timeline.silentLatents.flatMap { latent -> [Region] in
      guard let grown = growth.regions[latent.id] else { return fallback(for: latent) }
      // Where what has grown is given up, it stands in from there on.
      guard case .ending(let line) = grown.phase else { return [] }
      return fallback(for: latent).compactMap { region in
        region.start >= line ? region : region.end <= line ? nil : region.part(from: line, in: timeline.map)
      }
    }
  }

  func fallback(for latent: LatentRegion) -> [Region] {
    guard let arrival = latent.arrival, let track = latent.track,
      arrival.fallback == .extend || arrival.fallback == .loop,
      let before = timeline.region(before: latent.start, on: track, look: ControlLimits.fallbackLook)
    else { return [] }
    let length = latent.length > 0 ? latent.length : before.length
    // Above the keys of all regions, and one for each latent region.
    var copy = before
    copy.key = 1 << 62 | latent.key
    copy.id = latent.id
    copy.automation = nil
    copy.fadeInSeconds = 0
    copy.fadeOutSeconds = 0
    copy.isMuted = copy.isMuted || latent.isMuted == true
    switch arrival.fallback {
    case .extend:
      copy.length = latent.start + length - copy.start
      let passes = Double(copy.length) / Double(max(1, before.length)) + 1
      if before.loops > 1 { copy.loops = min(10_000, Int(passes) * before.loops) }
      return [copy.part(from: latent.start, in: timeline.map)]
    case .loop: return repeated(copy, from: latent.start, length: length)
    case .silence, .previousTake: return []
    }
  }

  private func repeated(_ region: Region, from start: Tick, length: Tick) -> [Region] {
    var copies: [Region] = []
    var place = start
    while place < start + length, copies.count < 256 {
      var copy = region
      copy.id = copies.isEmpty ? region.id : UUID()
      // Different numbers for the renderer, far above those of regions.
      copy.key = region.key + UInt64(copies.count) << 40
      copy.start = place
      copy.length = min(region.length, start + length - place)
      copies.append(copy)
      place += max(1, region.length)
    }
    return copies
  }

  // MARK: When it will be heard

  /// Where a region of a job starts: as it was asked for, until there is one that a hand may have moved.
  func start(of latent: LatentRegion) -> Tick { timeline.regions[latent.id]?.start ?? latent.start }

  /// `{at, in_bars, in_seconds}` of a region that waits or is entering; null where that cannot be said.
  func entersJSON(_ latent: LatentRegion) -> JSONValue {
    let now = exactPlayhead
    let at: Tick
    let entrance = entrances.active[latent.id]
    if entrance == nil, latent.status == .failed || latent.status == .rejected { return nil }
    if let entrance {
      guard case .approaching(let line, _) = entrance.phase else {
        return ["at": .string("the region's next start"), "in_bars": nil, "in_seconds": nil]
      }
      at = line
    } else if growth.regions[latent.id] != nil, Double(latent.start) <= now {
      return nil
    } else if timeline.regions[latent.id] == nil || Double(start(of: latent)) > now {
      at = start(of: latent)
    } else {
      return nil
    }
    let isAhead = Double(at) >= now && transport.state == .rolling
    let bars = timeline.map.barBeat(atTick: at).bar - timeline.map.barBeat(atTick: Tick(max(0, now))).bar
    return [
      "at": .string(timeline.map.barBeat(atTick: at).description),
      "in_bars": Double(at) >= now ? .integer(Int64(bars)) : nil,
      "in_seconds": isAhead
        ? .number((timeline.map.seconds(atTick: Double(at)) - timeline.map.seconds(atTick: now)).hundredths)
        : nil,
    ]
  }
}
