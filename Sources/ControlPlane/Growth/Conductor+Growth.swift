import Arrangement
import FoundationEssentials
import HootWire
import Jobs
import MusicalTime
import RealtimeEngine

// A region plays what its job has made so far.
extension Conductor {
  /// Has a region play what has come for it by now: from its start, or where it is played already by its rule.
  func grow(_ id: UUID) {
    guard let latent = timeline.latents[id], isGrowable(latent), let job = latent.job.flatMap({ JobID($0) }),
      let stream = growth.streams[job], let content = stream.content,
      let track = latent.track.flatMap({ timeline.track(id: $0) })
    else { return }
    if case .music = content, track.midiPort == nil, banks.playing[track.id] == nil {
      return makeSynths(forGrowthOf: id, track)
    }
    var material: ClipMaterial
    if let known = growth.regions[id], known.epoch == stream.epoch, known.job == job {
      guard known.phase == .growing else { return }
      material = known.material
      material.content = content.material
      growth.regions[id]?.material = material
      schedules.needsSending = true
      return
    }
    let isFirst = growth.regions[id] == nil
    begin(latent, track, job, stream.epoch, content)
    guard isFirst else { return }
    publishLatent([
      "type": "growing", "region_id": .string(id.wireText), "job_id": .string(job.text),
      "enters": timeline.latents[id].map { entersJSON($0) } ?? nil,
    ])
  }

  /// What is to be approved, stretched, or to bring its tempo is not heard before it is whole; and a take that plays, plays
  /// on until then.
  private func isGrowable(_ latent: LatentRegion) -> Bool {
    guard let arrival = latent.arrival, !arrival.isManual, arrival.fit == .keep else { return false }
    return timeline.regions[latent.id] == nil && (latent.status == .pending || latent.status == .running)
  }

  private func begin(
    _ latent: LatentRegion, _ track: Track, _ job: JobID, _ epoch: UInt64, _ content: GrownContent
  ) {
    let keys = GrowthShelf.keys(latent, epoch: epoch)
    let length = latent.length > 0 ? latent.length : Tick(GrowthLimits.beats) * ticksPerBeat
    let kind: Clip.Kind = if case .music = content { .midi } else { .audio }
    let clip = Clip(
      path: "what job \(job.text) has made", kind: kind, lengthTicks: kind == .midi ? length : 0,
      frames: kind == .audio ? ScheduledAudio.endless : 0, sampleRate: engine.sampleRate, fileBytes: 0,
      fileTime: 0)
    var region = Region(
      id: latent.id, key: keys.whole, name: latent.name ?? "growing", track: track.id, clip: clip.id,
      start: latent.start, length: min(length, TimeLimits.maximumTick - latent.start))
    region.curve = .linear
    let before =
      growth.regions[latent.id] == nil ? fallback(for: latent).first { Double($0.end) > exactPlayhead } : nil
    let isAnew = growth.regions[latent.id] != nil
    growth.regions[latent.id] = GrowingRegion(
      job: job, epoch: epoch, region: region, clip: clip,
      material: ClipMaterial(
        clip: clip, content: content.material, warnings: [],
        summary: .midi(notes: 0, tempos: [], signatures: [], markers: [])))
    schedules.needsSending = true
    entrances.forget(latent.id)
    // Another attempt takes the place of the one before at once.
    if !isAnew { enter(region, over: before, partKey: keys.part, latent.arrival ?? Arrival()) }
  }

  private func makeSynths(forGrowthOf id: UUID, _ track: Track) {
    guard growth.waitsForSynths.insert(track.id).inserted else { return }
    do throws(Refusal) {
      try makeSynths(for: track) { [self] made in
        growth.waitsForSynths.remove(track.id)
        // Without synths it does not grow; the whole result asks for them again, and says why there are none.
        guard case .success(let synths) = made, let now = timeline.track(id: track.id),
          synths.wish == synthSettings(now), engine.commands.turn.free() > 0
        else { return }
        if banks.playing[now.id] == nil { install(synths, on: now) }
        for latent in timeline.latents.values where latent.track == now.id { grow(latent.id) }
      }
    } catch { growth.waitsForSynths.remove(track.id) }
  }

  /// What is heard of what has grown, as the renderer knows it.
  private func heard(_ grown: GrowingRegion) -> Region? {
    guard isInside(grown.region, at: exactPlayhead) else { return nil }
    guard let entrance = entrances.active[grown.region.id] else { return grown.region }
    return entrance.heard(at: exactPlayhead, in: timeline.map)
  }

  // MARK: Ends

  /// The whole result takes the place of what has grown: notes sound on, sound is faded over a moment. What comes for a
  /// region that is still heard under the name it grew by enters by its rule.
  ///
  /// - Returns: false where nothing of it is heard, so that the region enters as any.
  func exchangeGrowth(for region: Region, _ clip: ClipMaterial, partKey: UInt64, _ arrival: Arrival) -> Bool {
    guard var grown = growth.regions.removeValue(forKey: region.id) else { return false }
    schedules.needsSending = true
    guard !grown.isLeaving, let heard = heard(grown) else {
      entrances.forget(region.id)
      return false
    }
    let isWhole = grown.phase == .growing
    grown.phase = .closing(region)
    defer { growth.regions[region.id] = grown }
    if isWhole, case .midi = clip.content, grown.clip.kind == .midi {
      grown.material.content = clip.content
      grown.clip.lengthTicks = max(1, clip.clip.lengthTicks)
      return true
    }
    grown.isLeaving = true
    let now = exactPlayhead
    let seam = ahead(of: now, seconds: Double(GrowthLimits.seamMilliseconds) / 1000) - now
    var entrance = Entrance(
      region, over: heard, partKey: partKey, line: line(for: isWhole ? .now : arrival.entry, from: now),
      crossfade: isWhole ? max(1, Tick(seam)) : arrival.crossfade)
    if isWhole { entrance.curve = .linear }
    entrances.active[region.id] = entrance
    return true
  }

  /// A region's job came to nothing, or to nothing that may sound by itself: what is heard of it ends on the next line that
  /// its rule allows, and what stands in for it goes on from there.
  func giveUpGrowth(of id: UUID, _ reason: String) {
    guard var grown = growth.regions[id], grown.phase == .growing else { return }
    schedules.needsSending = true
    let entry = timeline.latents[id]?.arrival?.entry ?? .nextBar
    let rule: Arrival.Entry = entry == .nextPass || entry == .atStart ? .nextBar : entry
    let heard = heard(grown)
    entrances.forget(id)
    growth.regions[id] = nil
    var place: Tick?
    if let heard, let line = line(for: rule, from: exactPlayhead), line < heard.end {
      grown.region = heard.part(until: line)
      if grown.clip.kind == .audio {
        grown.region.fadeOutSeconds = Double(GrowthLimits.seamMilliseconds) / 1000
      }
      // What stands in from there on has the region's own.
      grown.region.id = UUID()
      grown.phase = .ending(line)
      growth.regions[id] = grown
      place = line
    }
    server.publishEvent(
      topic: "latent",
      content: [
        "type": "given_up", "region_id": .string(id.wireText), "reason": .string(String(reason.prefix(200))),
        "at": place.map { .string(timeline.map.barBeat(atTick: $0).description) } ?? nil,
        "fallback": .string(timeline.latents[id]?.arrival?.fallback.rawValue ?? "silence"),
      ])
  }

  /// What grows follows its region, and goes when it is heard no more.
  func tendGrowth() {
    guard !growth.regions.isEmpty else { return }
    let now = exactPlayhead
    for (id, grown) in growth.regions {
      let latent = timeline.latents[id]
      switch grown.phase {
      case .growing:
        guard let latent, latent.job == grown.job.text, timeline.regions[id] == nil,
          latent.track == grown.region.track, timeline.track(id: grown.region.track) != nil
        else {
          dropGrowth(of: id)
          continue
        }
        if latent.start != grown.region.start || (latent.length > 0 && latent.length != grown.region.length) {
          dropGrowth(of: id)
          grow(id)
        }
      case .ending(let line):
        if latent == nil || transport.state != .rolling || now >= Double(line)
          || now < Double(grown.region.start)
        {
          dropGrowth(of: id)
        }
      case .closing(let region):
        let isHeard = grown.isLeaving ? entrances.active[id] != nil : isInside(region, at: now)
        if timeline.regions[id] != region || !isHeard { dropGrowth(of: id) }
      }
    }
  }

  private func dropGrowth(of id: UUID) {
    guard let grown = growth.regions.removeValue(forKey: id) else { return }
    if entrances.active[id]?.region.key == grown.region.key { entrances.forget(id) }
    schedules.needsSending = true
  }
}

extension GrownContent {
  var material: ClipMaterial.Content {
    switch self {
    case .music(let content, _, _): .midi(content)
    case .sound(let sound): .growing(sound)
    }
  }
}
