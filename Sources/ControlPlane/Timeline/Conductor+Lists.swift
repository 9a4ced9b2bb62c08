import Arrangement
import FoundationEssentials
import HootWire
import Jobs
import MusicalTime
import Tools

extension Conductor {
  func listRegions(_ arguments: Arguments) throws(Refusal) -> Answer {
    let from: Tick? = if let text = arguments.text(.from) { try tick(text) } else { nil }
    let to: Tick? = if let text = arguments.text(.to) { try tick(text) } else { nil }
    let only: Track? = if let name = arguments.text(.track) { try track(name) } else { nil }
    let limit = arguments.integer(.limit) ?? Catalogue.listed
    let skipped = Int64(arguments.integer(.skip) ?? 0)
    var total: Int64 = 0
    var listed: [Region] = []
    for chunk in timeline.regions.chunks where chunk.reach > from ?? -1 {
      for region in chunk.elements
      where region.end > from ?? -1 && region.start < to ?? .max && (only == nil || region.track == only?.id)
      {
        total += 1
        if total > skipped, listed.count < limit { listed.append(region) }
      }
    }
    let regions = listed.map { regionJSON($0, in: timeline) }
    let latents = timeline.silentLatents.sorted { ($0.start, $0.key) < ($1.start, $1.key) }
    return .reply(
      .ok([
        "total": .integer(total), "regions": .array(regions),
        "latent": .array(latents.prefix(limit).map(latentJSON)),
      ]))
  }

  /// One that does not play yet.
  func latentJSON(_ latent: LatentRegion) -> JSONValue {
    [
      "id": .string(latent.id.wireText), "name": JSONValue(latent.name),
      "track": JSONValue(latent.track.flatMap { timeline.track(id: $0)?.name }),
      "position": .string(timeline.map.barBeat(atTick: latent.start).description),
      "tool": JSONValue(latent.tool), "mute": .bool(latent.isMuted ?? false),
      "takes": .integer(Int64(latent.takes?.count ?? 0)), "enters": entersJSON(latent),
      "beat": .number(Double(latent.start) / Double(ticksPerBeat)),
      "length_beats": .number(Double(latent.length) / Double(ticksPerBeat)),
      "status": .string(latent.status.rawValue), "progress": .number(progress(of: latent)),
      "growing": growingJSON(latent.id), "job": JSONValue(latent.job), "content": JSONValue(latent.content),
      "reason": JSONValue(latent.reason),
    ]
  }

  /// What has come for a region, the oldest first: what it is a variation of, and which of them plays.
  func lineageJSON(_ latent: LatentRegion) -> JSONValue {
    let takes = latent.takes ?? []
    return .array(
      takes.enumerated().map { index, take in
        let parent = take.parent.flatMap { parent in takes.prefix(index).lastIndex { $0.content == parent } }
        return [
          "take": .integer(Int64(index + 1)), "label": .string(take.label), "content": .string(take.content),
          "kind": .string(take.kind.rawValue),
          "job": .string(String(take.job.prefix { $0 != "#" })),
          "at": .string(JobView.text(Int64(take.at * 1_000))),
          "variation_of": parent.map { .integer(Int64($0 + 1)) } ?? nil,
          "playing": .bool(timeline.regions[latent.id] != nil && latent.playing == index),
        ]
      })
  }

  /// A region with all that came for it, of one that jobs make.
  private func withLineage(_ region: JSONValue, _ latent: LatentRegion?) -> JSONValue {
    guard let latent, latent.isJob, let object = region.object else { return region }
    return JSONValue(object.members.map { ($0.key, $0.value) } + [("lineage", lineageJSON(latent))])
  }

  /// As its job says, or as whoever made it has said.
  private func progress(of latent: LatentRegion) -> Double {
    guard latent.arrival != nil, let job = latent.job.flatMap({ JobID($0) }) else { return latent.progress }
    return jobs?.live[job].map { $0.progress.percent / 100 } ?? latent.progress
  }

  func showRegion(_ arguments: Arguments) throws(Refusal) -> Answer {
    .reply(.ok(["region": try shownRegion(arguments)]))
  }

  /// A region as it is shown by itself.
  func shownRegion(_ arguments: Arguments) throws(Refusal) -> JSONValue {
    if let latent = waitingRegion(arguments.texts(.region).first ?? "") {
      return withLineage(latentJSON(latent), latent)
    }
    let region = try region(arguments)
    return withLineage(regionJSON(region, in: timeline), timeline.latents[region.id])
  }

  func json(_ id: UUID, in timeline: Timeline) -> JSONValue {
    timeline.regions[id].map { regionJSON($0, in: timeline) } ?? nil
  }

  func regionJSON(_ region: Region, in timeline: Timeline) -> JSONValue {
    let clip = timeline.clips[region.clip]
    let latent = timeline.latents[region.id]
    let beats = Double(ticksPerBeat)
    return [
      "id": .string(region.id.uuidString.lowercased()), "name": .string(region.name),
      "track": .string(timeline.track(id: region.track)?.name ?? ""),
      "kind": .string(clip?.kind.rawValue ?? ""),
      "position": .string(timeline.map.barBeat(atTick: region.start).description),
      "beat": .number(Double(region.start) / beats), "length_beats": .number(Double(region.length) / beats),
      "end": .string(timeline.map.barBeat(atTick: region.end).description),
      "clip": .string(clip?.fileName ?? ""), "path": .string(clip?.path ?? ""),
      "content_hash": JSONValue(clip?.content), "tool": JSONValue(latent?.tool),
      "take": latent?.playing.map { .integer(Int64($0 + 1)) } ?? nil,
      "takes": latent.map { .integer(Int64($0.takes?.count ?? 0)) } ?? nil,
      "gain_db": .number(region.gainDB), "mute": .bool(region.isMuted),
      "fade_in_seconds": .number(region.fadeInSeconds), "fade_out_seconds": .number(region.fadeOutSeconds),
      "curve": .string(region.curve.rawValue), "loop": .integer(Int64(region.loops)),
      "offset_beats": .number(Double(region.offsetTicks) / beats),
      "offset_seconds": .number(region.offsetSeconds),
      "transpose": .integer(Int64(region.transpose)), "velocity": .number(region.velocityScale),
      "channel": JSONValue(region.channel.map(Int64.init)), "bank": JSONValue(region.bank.map(Int64.init)),
      "program": JSONValue(region.program.map(Int64.init)),
    ]
  }

  // MARK: Clips

  func clips() -> JSONValue {
    let sorted = material.values.sorted { $0.clip.path < $1.clip.path }
    return ["clips": .array(sorted.map(clipJSON))]
  }

  func showClip(_ arguments: Arguments) throws(Refusal) -> Answer {
    .reply(.ok(["clip": clipJSON(try clip(arguments))]))
  }

  /// The clip that a request names.
  func clip(_ arguments: Arguments) throws(Refusal) -> ClipMaterial {
    let wanted = arguments.text(.clip) ?? ""
    let matches = material.values.filter { material in
      material.clip.fileName == wanted || material.clip.path == wanted || material.clip.stem == wanted
        || (wanted.count >= 4 && material.clip.id.uuidString.lowercased().hasPrefix(wanted.lowercased()))
    }
    // A path or an id means one; several files may have a name.
    let exact = matches.first { $0.clip.path == wanted }
    guard let found = exact ?? matches.first else {
      let names = material.values.map(\.clip.fileName).sorted().prefix(8).joined(separator: ", ")
      throw Refusal(
        "unknown_clip", .refused, "there is no clip \"\(wanted)\"",
        material.isEmpty ? "no clip is loaded" : "clips: \(names)", "garden clip ls")
    }
    return found
  }

  private func clipJSON(_ material: ClipMaterial) -> JSONValue {
    let clip = material.clip
    var fields: [(String, JSONValue)] = [
      ("id", .string(clip.id.uuidString.lowercased())), ("name", .string(clip.fileName)),
      ("path", .string(clip.path)), ("kind", .string(clip.kind.rawValue)),
      ("content_hash", JSONValue(clip.content)), ("bytes", .integer(Int64(material.bytes))),
      ("regions", .integer(Int64(timeline.regions.count(ofClip: clip.id)))),
    ]
    switch material.summary {
    case .audio(let info):
      fields += [
        ("seconds", .number(Double(clip.frames) / clip.sampleRate)), ("frames", .integer(clip.frames)),
        ("channels", .integer(Int64(info.channels))), ("sample_rate", .integer(Int64(info.sampleRate))),
        ("format", .string(info.format)),
      ]
    case .midi(let notes, let tempos, let signatures, let markers):
      fields += [
        ("beats", .number(Double(clip.lengthTicks) / Double(ticksPerBeat))),
        ("notes", .integer(Int64(notes))),
        ("tempo_changes", .integer(Int64(tempos.count))),
        ("signature_changes", .integer(Int64(signatures.count))),
        ("markers", .array(markers.prefix(100).map { .string($0.name) })),
      ]
    }
    fields.append(("warnings", .array(material.warnings.map { .string($0) })))
    return JSONValue(fields)
  }
}
