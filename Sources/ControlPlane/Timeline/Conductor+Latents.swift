import Arrangement
import ControlSocket
import FoundationEssentials
import HootWire
import MusicalTime

// Regions that come from jobs or the store: their states, and what happens when their content is there.
extension Conductor {
  func peerLatent(_ request: PeerRequest, _ arguments: PeerArguments) throws(Refusal) -> JSONValue {
    let id = try arguments.uuid("region_id")
    let wireID = JSONValue.string(id.wireText)
    var event: [(String, JSONValue)]
    switch request {
    case .updateLatentStarted:
      let job = try arguments.text("job_id")
      try change(id) { latent throws(ArrangementError) in try latent.begin(job: job) }
      event = [("type", "latent_submitted"), ("region_id", wireID), ("job_id", .string(job))]
    case .updateLatentProgress:
      let progress = try arguments.number("progress")
      try change(id) { latent throws(ArrangementError) in try latent.progress(progress) }
      event = [("type", "latent_progress"), ("region_id", wireID), ("progress", JSONValue(Float(progress)))]
    case .updateLatentResolved:
      event = try resolve(id, arguments)
    case .updateLatentFailed:
      let reason = try arguments.text("error")
      try change(id) { latent throws(ArrangementError) in try latent.fail(reason) }
      event = [("type", "latent_failed"), ("region_id", wireID), ("error", .string(reason))]
    case .approveLatent:
      let person = try arguments.uuid("decided_by")
      try change(id) { latent throws(ArrangementError) in try latent.approve(by: person) }
      event = [("type", "latent_approved"), ("region_id", wireID)]
      publishLatent(JSONValue(event))
      bringApproved(id)
      return Self.ack(arguments)
    default:
      let person = try arguments.uuid("decided_by")
      let reason = try arguments.optionalText("reason")
      try change(id) { latent throws(ArrangementError) in try latent.reject(by: person, reason: reason) }
      event = [("type", "latent_rejected"), ("region_id", wireID), ("reason", JSONValue(reason))]
    }
    publishLatent(JSONValue(event))
    return Self.ack(arguments)
  }

  private func resolve(_ id: UUID, _ arguments: PeerArguments) throws(Refusal) -> [(String, JSONValue)] {
    let asked = try arguments.text("content_hash")
    let artifact = try arguments.text("artifact_id")
    let kind: Clip.Kind
    switch try arguments.text("content_type") {
    case "audio": kind = .audio
    case "midi": kind = .midi
    case let other:
      throw Refusal.peer("`content_type` must be audio or midi, and is \(quoted(other))")
    }
    let content = try contentName(asked)
    let now = Timestamp.now
    let time = Double(now.seconds) + Double(now.nanoseconds) / 1e9
    try change(id) { latent throws(ArrangementError) in
      try latent.resolve(content: content, artifact: artifact, kind: kind, at: time)
    }
    return [
      ("type", "latent_resolved"), ("region_id", .string(id.wireText)), ("artifact_id", .string(artifact)),
      ("content_hash", .string(content)),
    ]
  }

  /// A change of state alone is no edit: nothing lands.
  private func change(
    _ id: UUID, _ step: (inout LatentRegion) throws(ArrangementError) -> Void
  ) throws(Refusal) {
    try checkJournal()
    do { try timeline.updateLatent(id, step) } catch {
      throw Refusal.peer(error.lines[0], why: error.lines[1])
    }
  }

  /// To hootenanny's listeners and to our own.
  func publishLatent(_ event: JSONValue) {
    server.publish(iopub: event)
    server.publishEvent(topic: "latent", content: event)
  }

  func pendingApprovals() -> JSONValue {
    let waiting = timeline.latents.values.filter { $0.status == .resolved }
    let approvals = waiting.sorted { ($0.resolvedAt ?? 0, $0.key) < ($1.resolvedAt ?? 0, $1.key) }.map {
      latent -> JSONValue in
      let time = latent.resolvedAt ?? 0
      let whole = time.rounded(.down)
      return [
        "region_id": .string(latent.id.wireText), "artifact_id": .string(latent.artifact ?? ""),
        "content_hash": .string(latent.content ?? ""),
        "content_type": .string(latent.kind?.rawValue ?? "audio"),
        "resolved_at": .string(
          Timestamp(seconds: Int64(whole), nanoseconds: Int32((time - whole) * 1e9)).text),
      ]
    }
    return ["type": "pending_approvals", "approvals": .array(approvals)]
  }

  // MARK: Content

  /// Once approved, content plays as soon as it is loaded.
  func bringApproved(_ id: UUID) {
    if timeline.latents[id]?.arrival != nil {
      return bringTake(of: id) { [self] problem in
        guard let problem else { return }
        warn("region \(id.wireText) is silent: \(problem.lines[0]): \(problem.lines[1])")
      }
    }
    func tell(_ problem: Refusal) {
      warn("region \(id.wireText) is silent: \(problem.lines[0]): \(problem.lines[1])")
    }
    do { try bringContent(of: id) { if let problem = $0 { tell(problem) } } } catch { tell(error) }
  }

  /// What was not in the store may be by now: looked for whenever the music starts.
  func bringMissingContent() {
    let missing = timeline.silentLatents.filter { $0.status == .approved && !bringing.contains($0.id) }
    for latent in missing.prefix(ControlLimits.contentsAtOnce) { bringApproved(latent.id) }
  }

  /// Loads a region's content and places it; `then` hears why not. The region may have moved or gone by that time.
  func bringContent(of id: UUID, then: @escaping (Refusal?) -> Void) throws(Refusal) {
    guard let content = timeline.latents[id]?.content, bringing.insert(id).inserted else { return then(nil) }
    let rate = engine.sampleRate
    let resident = settings.residentMegabytes * 1_000_000
    let present = materialOfPath[content].flatMap { material[$0] }
    let store = store
    let room = max(0, settings.clipMegabytes * 1_000_000 - material.values.reduce(0) { $0 + $1.bytes })
    do {
      try load(
        {
          .clip(
            Result { () throws(Refusal) in
              if let present, try FileStamp(path: present.clip.path).isUnchanged(since: present.clip) {
                return present
              }
              return try ClipMaterial.load(
                content, from: store, sampleRate: rate, residentBytes: resident, limitBytes: room)
            })
        },
        then: { [self] loaded in
          guard case .clip(let result) = loaded else { return }
          settle(id, then) { () throws(Refusal) in try placeContent(id, try result.get(), nil, then) }
        })
    } catch {
      bringing.remove(id)
      throw error
    }
  }

  /// Ends the bringing with a refusal, if the step is refused.
  private func settle(
    _ id: UUID, _ then: (Refusal?) -> Void, _ step: () throws(Refusal) -> Void
  ) {
    do { try step() } catch {
      bringing.remove(id)
      then(error)
    }
  }

  private func placeContent(
    _ id: UUID, _ loaded: ClipMaterial, _ synths: MadeSynths?, _ then: @escaping (Refusal?) -> Void
  ) throws(Refusal) {
    guard let latent = timeline.latents[id], timeline.regions[id] == nil else {
      bringing.remove(id)
      return then(nil)
    }
    let clip = known(loaded)
    var edited = timeline
    let track: Track
    do {
      if let found = clip.clip.content, found != latent.content {
        try edited.updateLatent(id) { latent throws(ArrangementError) in latent.found(found) }
      }
      track = try edited.contentTrack(for: clip.clip, named: latent.content ?? "")
      try edited.addRegion(
        clip: clip.clip, track: track.id, at: latent.start, name: edited.freeRegionName(for: clip.clip),
        length: latent.length, shape: { $0.id = id })
    } catch { throw Refusal(error) }
    if clip.clip.kind == .midi, banks.playing[track.id] == nil, synths?.wish != synthSettings(track) {
      return try makeSynths(for: track) { [self] made in
        settle(id, then) { () throws(Refusal) in try placeContent(id, loaded, try made.get(), then) }
      }
    }
    try take(clip, on: track, synths)
    _ = try commit("region_add", edited)
    bringing.remove(id)
    then(nil)
  }
}

extension Timeline {
  /// Files share a track; each MIDI file has one of its own, since its channels are its own, as long as there are tracks.
  fileprivate mutating func contentTrack(for clip: Clip, named content: String) throws(ArrangementError)
    -> Track
  {
    let shared = "hootenanny"
    let name = clip.kind == .audio ? shared : "midi-\(content.prefix(8))"
    if let track = tracks.first(where: { $0.name == name }) { return track }
    do { return try addTrack(name: name) } catch {
      guard error.kind == .full, let track = tracks.first(where: { $0.name == shared }) else { throw error }
      return track
    }
  }
}
