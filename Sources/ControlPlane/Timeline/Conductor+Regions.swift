import Arrangement
import ControlSocket
import FoundationEssentials
import HootWire
import MusicalTime
import RealtimeEngine
import Tools

extension Conductor {
  /// Loads the file, then the track's synths if it needs any, then places the region: each step on the
  /// loader, so that nobody waits but the client who asked.
  func addRegion(
    _ arguments: Arguments, _ incoming: Incoming, on port: PortPlay? = nil
  ) throws(Refusal) -> Answer {
    let path = arguments.text(.file) ?? ""
    if let at = arguments.text(.at) { _ = try tick(at) }
    let rate = engine.sampleRate
    let resident = settings.residentMegabytes * 1_000_000
    let loaded = materialOfPath[ContentName(path)?.hash ?? path].flatMap { material[$0] }
    let store = store
    let room = settings.clipMegabytes * 1_000_000 - material.values.reduce(0) { $0 + $1.bytes }
    try load(
      {
        .clip(
          Result { () throws(Refusal) in
            // Only looked at where it is what was loaded before.
            if let loaded, try FileStamp(path: loaded.clip.path).isUnchanged(since: loaded.clip) {
              return loaded
            }
            return try ClipMaterial.load(
              path, from: store, sampleRate: rate, residentBytes: resident, limitBytes: max(0, room))
          })
      },
      then: { [self] loaded in
        resume(incoming) { () throws(Refusal) in
          guard case .clip(let result) = loaded else { return }
          try place(try result.get(), with: nil, arguments, on: port, incoming)
        }
      })
    return .later
  }

  /// Goes on with a request after the loader has brought something: unless nobody wants to know what comes of it, and
  /// with its refusal as the reply if it has one.
  func resume(_ incoming: Incoming, _ work: () throws(Refusal) -> Void) {
    guard peers.isWanted(incoming) else { return }
    do { try work() } catch { finish(incoming, error.content) }
  }

  /// Places the region on the timeline as it is by now. Synths that its track needs and lacks are made first; by then
  /// the timeline may be another one, so all is looked up again.
  private func place(
    _ loaded: ClipMaterial, with synths: MadeSynths?, _ arguments: Arguments, on port: PortPlay?,
    _ incoming: Incoming
  ) throws(Refusal) {
    let clip = known(loaded)
    let (prepared, track) =
      if let port {
        try timelineWithTrack(leadingTo: port.port, for: clip.clip)
      } else { try timelineWithTrack(arguments.text(.track), for: clip.clip) }
    var region: Region?
    var warnings = clip.warnings
    let edited = try placed(clip, on: track, arguments, in: prepared, &region, &warnings)
    let lacksSynths = clip.clip.kind == .midi && track.midiPort == nil && banks.playing[track.id] == nil
    if lacksSynths, synths?.wish != synthSettings(track) {
      return try makeSynths(for: track, incoming) { [self] made throws(Refusal) in
        try place(loaded, with: made, arguments, on: port, incoming)
      }
    }
    try take(clip, on: track, lacksSynths ? synths : nil)
    let command = try commit("region_add", edited)
    if port != nil { sendRoutes() }
    guard let region else { return }
    let texts = warnings.map { JSONValue.string($0) }
    let fields: [(String, JSONValue)] = [
      ("command", command), ("region", regionJSON(region, in: edited)), ("warnings", .array(texts)),
    ]
    guard let port else { return finish(incoming, .ok(JSONValue(fields))) }
    finish(incoming, port.reply(JSONValue(fields + portFields(region, clip, port.port))))
  }

  /// Takes a clip, and synths for its track, into use; the timeline that plays it is committed next.
  func take(_ clip: ClipMaterial, on track: Track, _ synths: MadeSynths?) throws(Refusal) {
    try checkRoom(for: 3)
    try stream(clip)
    material[clip.clip.id] = clip
    materialOfPath[clip.clip.path] = clip.clip.id
    if let hash = clip.clip.content { materialOfPath[hash] = clip.clip.id }
    if timeline.track(id: track.id) == nil { sendUnannounced(.resetTrack, track: track.slot) }
    if let synths { install(synths, on: track) }
  }

  /// The track of that name or else the clip's; made when there is none.
  private func timelineWithTrack(_ name: String?, for clip: Clip) throws(Refusal) -> (Timeline, Track) {
    let wanted = name ?? clip.defaultTrackName
    do { return (timeline, try timeline.track(wanted)) } catch {
      guard error.kind == .unknownTrack else { throw Refusal(error) }
    }
    var edited = timeline
    do {
      let track = try edited.addTrack(name: wanted)
      return (edited, track)
    } catch { throw Refusal(error) }
  }

  /// The clip that was loaded before from the same file, unchanged since; or this one.
  func known(_ loaded: ClipMaterial) -> ClipMaterial {
    if let known = materialOfPath[loaded.clip.path].flatMap({ material[$0] }),
      known.clip.fileTime == loaded.clip.fileTime, known.clip.fileBytes == loaded.clip.fileBytes
    {
      return known
    }
    return loaded
  }

  private func placed(
    _ material: ClipMaterial, on track: Track, _ arguments: Arguments, in timeline: Timeline,
    _ region: inout Region?, _ warnings: inout [String]
  ) throws(Refusal) -> Timeline {
    var edited = timeline
    let start = if let at = arguments.text(.at) { try tick(at) } else { Tick(0) }
    if arguments.text(.tempo) == "adopt",
      case .midi(_, let tempos, let signatures, let markers) = material.summary
    {
      do {
        warnings += try edited.adopt(tempos: tempos, signatures: signatures, at: start)
      } catch { throw Refusal(error) }
      warnings += edited.adopt(markers: markers, at: start)
    }
    let shape = try RegionShape(arguments, for: material.clip, map: edited.map, at: start)
    do {
      region = try edited.addRegion(
        clip: material.clip, track: track.id, at: start,
        name: arguments.text(.name) ?? edited.freeRegionName(for: material.clip),
        length: shape.length ?? 0,
        shape: shape.apply)
    } catch { throw Refusal(error) }
    return edited
  }

  // MARK: Edits of what is there

  func moveRegion(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    let start = try tick(arguments.text(.at) ?? "0")
    if let latent = waitingRegion(arguments.texts(.region).first ?? "") {
      return try moveLatent(latent, to: start, on: arguments.text(.track))
    }
    let region = try region(arguments)
    guard let name = arguments.text(.track) else { return .reply(try move(region.id, to: start, on: nil)) }
    let target = try track(name)
    // A MIDI region needs synths where it goes; they are made first if that track has none.
    guard timeline.clips[region.clip]?.kind == .midi, banks.playing[target.id] == nil, target.midiPort == nil
    else {
      return .reply(try move(region.id, to: start, on: target.id))
    }
    try makeSynths(for: target, incoming) { [self] synths throws(Refusal) in
      guard let target = timeline.track(id: target.id) else { throw Self.trackGone }
      try checkRoom(for: 2)
      if banks.playing[target.id] == nil { install(synths, on: target) }
      finish(incoming, try move(region.id, to: start, on: target.id))
    }
    return .later
  }

  private func move(_ id: UUID, to start: Tick, on track: UUID?) throws(Refusal) -> JSONValue {
    let edited = try edit { timeline throws(ArrangementError) in
      guard var moved = timeline.regions[id] else {
        throw ArrangementError(
          .unknownRegion, "the region is gone", "it was removed in the meantime", "garden region ls")
      }
      moved.start = start
      if let track { moved.track = track }
      try timeline.updateRegion(moved)
    }
    return .ok(["command": try commit("region_mv", edited), "region": json(id, in: edited)])
  }

  func setRegions(_ arguments: Arguments) throws(Refusal) -> Answer {
    let references = arguments.texts(.region)
    var edited = timeline
    var changed: [JSONValue] = []
    for reference in references {
      if let latent = waitingRegion(reference) {
        try change(latent, arguments, in: &edited)
        changed.append(edited.latents[latent.id].map(latentJSON) ?? nil)
        continue
      }
      let region: Region
      do { region = try edited.region(reference) } catch { throw Refusal(error) }
      guard let clip = edited.clips[region.clip] else { continue }
      let shape = try RegionShape(arguments, for: clip, map: edited.map, at: region.start)
      var copy = region
      shape.apply(&copy)
      if let name = arguments.text(.name) { copy.name = name }
      do { try edited.updateRegion(copy, keepsLength: !shape.changesMaterial || shape.length != nil) } catch {
        throw Refusal(error)
      }
      changed.append(json(region.id, in: edited))
    }
    return .reply(.ok(["command": try commit("region_set", edited), "regions": .array(changed)]))
  }

  func removeRegions(_ arguments: Arguments) throws(Refusal) -> Answer {
    var ids: [UUID] = []
    var waiting: [UUID] = []
    for reference in arguments.texts(.region) {
      if let latent = waitingRegion(reference) {
        waiting.append(latent.id)
        continue
      }
      do { ids.append(try timeline.region(reference).id) } catch { throw Refusal(error) }
    }
    let edited = try edit { timeline throws(ArrangementError) in
      timeline.removeRegions(ids)
      timeline.removeLatents(waiting)
    }
    ids += waiting
    let removed = Int64(Set(ids).count)
    return .reply(.ok(["command": try commit("region_rm", edited), "removed": .integer(removed)]))
  }

  func clearRegions(_ arguments: Arguments) throws(Refusal) -> Answer {
    let only: Track? = if let name = arguments.text(.track) { try track(name) } else { nil }
    let ids = timeline.regions.filter { only == nil || $0.track == only?.id }.map(\.id)
    let waiting = timeline.silentLatents.filter { only == nil || $0.track == only?.id }.map(\.id)
    let edited = try edit { timeline throws(ArrangementError) in
      timeline.removeRegions(ids)
      timeline.removeLatents(waiting)
    }
    let removed = Int64(ids.count + waiting.count)
    return .reply(.ok(["command": try commit("region_clear", edited), "removed": .integer(removed)]))
  }

  func duplicateRegion(_ arguments: Arguments) throws(Refusal) -> Answer {
    let region = try region(arguments)
    let start = if let at = arguments.text(.at) { try tick(at) } else { region.end }
    var copies: [Region] = []
    let edited = try edit { timeline throws(ArrangementError) in
      copies = try timeline.duplicate(region, at: start, times: arguments.integer(.times) ?? 1)
    }
    let command = try commit("region_dup", edited)
    let told = copies.prefix(Catalogue.listed).map { regionJSON($0, in: edited) }
    return .reply(
      .ok(["command": command, "count": .integer(Int64(copies.count)), "regions": .array(told)]))
  }

  func splitRegion(_ arguments: Arguments) throws(Refusal) -> Answer {
    let region = try region(arguments)
    let place = try tick(arguments.text(.at) ?? "0")
    var parts: [Region] = []
    let edited = try edit { timeline throws(ArrangementError) in
      let (left, right) = try timeline.split(region, at: place)
      parts = [left, right]
    }
    let command = try commit("region_split", edited)
    return .reply(.ok(["command": command, "regions": .array(parts.map { regionJSON($0, in: edited) })]))
  }

  func region(_ arguments: Arguments) throws(Refusal) -> Region {
    if let latent = waitingRegion(arguments.texts(.region).first ?? "") { throw Self.isEmpty(latent) }
    do { return try timeline.region(arguments.texts(.region).first ?? "") } catch { throw Refusal(error) }
  }

  func track(_ name: String) throws(Refusal) -> Track {
    do { return try timeline.track(name) } catch { throw Refusal(error) }
  }
}
