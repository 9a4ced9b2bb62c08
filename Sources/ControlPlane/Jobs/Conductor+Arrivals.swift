import Arrangement
import FoundationEssentials
import HootWire
import Jobs
import Ledger
import MusicalTime
import RealtimeEngine

// What a job has made comes into the music: loaded, judged, approved, placed.
extension Conductor {
  /// - Parameters:
  ///   - spec: the job's, where it is known.
  ///   - more: further artifacts of the same job, which are kept as takes.
  func arrive(_ attachment: AttachmentRow, of spec: JobSpec? = nil, more: [String] = []) {
    guard let id = UUID(wireText: attachment.region), let latent = timeline.latents[id],
      latent.job == attachment.job.text, !latent.hasTake(of: attachment.job.text), latent.awaitsTake
    else { return }
    let attaching = beginAttach(attachment, of: spec)
    bring(attachment.artifact, for: id) { [self] result in
      switch result {
      case .success(let content):
        take(content, attachment, more)
        endAttach(attaching, nil)
      case .failure(let refusal):
        let why = refusal.lines.prefix(2).joined(separator: ": ")
        fail(id, why)
        endAttach(attaching, why)
      }
    }
  }

  /// Loads and judges content for a region, on the loader's thread.
  private func bring(
    _ content: String, for id: UUID, then: @escaping (Result<JudgedContent, Refusal>) -> Void
  ) {
    guard let latent = timeline.latents[id] else { return }
    let map = timeline.map
    let start = start(of: latent)
    let gate = Gate(arrival: latent.arrival ?? Arrival(), length: latent.length) { frames in
      let from = map.exactFrame(atTick: Double(start))
      return Tick(map.tick(atFrame: from + Double(frames)).rounded()) - start
    }
    let rate = engine.sampleRate
    let resident = settings.residentMegabytes * 1_000_000
    let store = store
    let room = max(0, settings.clipMegabytes * 1_000_000 - material.values.reduce(0) { $0 + $1.bytes })
    do {
      try load(
        {
          .judged(
            Result { () throws(Refusal) in
              try gate.load(
                content, from: store, sampleRate: rate, residentBytes: resident, limitBytes: room)
            })
        },
        then: { loaded in if case .judged(let result) = loaded { then(result) } })
    } catch { then(.failure(error)) }
  }

  private func take(_ content: JudgedContent, _ attachment: AttachmentRow, _ more: [String]) {
    guard let id = UUID(wireText: attachment.region) else { return }
    let clip = content.material.clip
    let time = Double(attachment.at) / 1_000
    let job = attachment.job.text
    let hash = clip.content ?? attachment.artifact
    // Somebody has chosen another take in the meantime: this one is kept to choose from.
    let isAwaited = timeline.latents[id].map { $0.status == .pending || $0.status == .running } ?? false
    var edited = timeline
    var isNew = false
    do throws(ArrangementError) {
      try edited.updateLatent(id) { latent throws(ArrangementError) in
        isNew = try latent.take(
          Take(job: job, content: hash, kind: clip.kind, label: more.isEmpty ? "" : "variation 1", at: time),
          artifact: attachment.artifact)
        guard isNew else { return }
        for (index, artifact) in more.prefix(latent.roomForTakes).enumerated() {
          _ = try latent.take(
            Take(
              job: job + "#\(index + 2)", content: artifact, kind: clip.kind,
              label: "variation \(index + 2)", at: time), artifact: artifact)
        }
        if isAwaited { latent.remark(content.objection) }
      }
    } catch { return fail(id, error.lines.prefix(2).joined(separator: ": ")) }
    guard isNew else { return }
    timeline = edited
    // In one with its approval: a kill between them would leave it waiting for a person.
    if isAwaited { decide(on: content, for: id, attachment, hash) }
    noteEdits("attach", by: UndoHistory.machine)
  }

  /// Approved by rule, or kept back for a person.
  private func decide(
    on content: JudgedContent, for id: UUID, _ attachment: AttachmentRow, _ hash: String
  ) {
    guard let latent = timeline.latents[id], latent.status == .resolved else { return }
    publishLatent([
      "type": "latent_resolved", "region_id": .string(id.wireText),
      "artifact_id": .string(attachment.artifact), "content_hash": .string(hash),
    ])
    if let objection = content.objection {
      return hold(id, "it waits for a person: \(objection)")
    }
    guard latent.arrival?.isManual == false else { return hold(id, "it waits for garden approve") }
    guard step(id, { latent throws(ArrangementError) in try latent.approve(by: nil) }) else { return }
    publishLatent(["type": "latent_approved", "region_id": .string(id.wireText)])
    place(content.material, for: id) { [self] problem in
      guard let problem else { return }
      giveUpGrowth(of: id, problem.lines[0])
      warn("region \(id.wireText) is silent: \(problem.lines[0]): \(problem.lines[1])")
    }
  }

  private func hold(_ id: UUID, _ why: String) {
    giveUpGrowth(of: id, why)
    server.publishEvent(
      topic: "latent",
      content: ["type": "held", "region_id": .string(id.wireText), "reason": .string(why)])
  }

  /// Has a region play the take that it was given: after an approval, and after a restart.
  func bringTake(of id: UUID, then: @escaping (Refusal?) -> Void) {
    guard let content = timeline.latents[id]?.content, bringing.insert(id).inserted else { return then(nil) }
    bring(content, for: id) { [self] result in
      bringing.remove(id)
      switch result {
      case .success(let judged): place(judged.material, for: id, then: then)
      case .failure(let refusal): then(refusal)
      }
    }
  }

  // MARK: Placing

  private func place(
    _ loaded: ClipMaterial, for id: UUID, with synths: MadeSynths? = nil, then: @escaping (Refusal?) -> Void
  ) {
    do throws(Refusal) {
      let clip = known(loaded)
      // Where its track has gone, the region went with it.
      guard let latent = timeline.latents[id],
        let track = (timeline.regions[id]?.track ?? latent.track).flatMap({ timeline.track(id: $0) })
      else {
        return then(nil)
      }
      let lacksSynths = clip.clip.kind == .midi && track.midiPort == nil && banks.playing[track.id] == nil
      if lacksSynths, synths?.wish != synthSettings(track) {
        return try makeSynths(for: track) { [self] made in
          switch made {
          case .success(let made): place(loaded, for: id, with: made, then: then)
          case .failure(let refusal): then(refusal)
          }
        }
      }
      try place(clip, on: track, latent, lacksSynths ? synths : nil)
      then(nil)
    } catch { then(error) }
  }

  private func place(
    _ clip: ClipMaterial, on track: Track, _ latent: LatentRegion, _ synths: MadeSynths?
  ) throws(Refusal) {
    var edited = timeline
    let old = timeline.regions[latent.id]
    let arrival = latent.arrival ?? Arrival()
    let region: Region
    let partKey: UInt64
    if arrival.fit == .adopt, case .midi(_, let tempos, let signatures, _) = clip.summary {
      do throws(TempoMapError) {
        _ = try edited.adopt(tempos: tempos, signatures: signatures, at: start(of: latent))
      } catch { throw Refusal(error) }
    }
    do throws(ArrangementError) {
      if old == nil {
        region = try edited.addRegion(
          clip: clip.clip, track: track.id, at: latent.start, name: latent.name ?? clip.clip.defaultName,
          length: latent.length,
          shape: {
            $0.id = latent.id
            $0.isMuted = latent.isMuted ?? false
          })
        partKey = edited.takeKey()
      } else {
        (region, partKey) = try edited.replaceClip(of: latent.id, with: clip.clip, length: latent.length)
      }
      try edited.updateLatent(latent.id) { latent throws(ArrangementError) in
        latent.playing = latent.takes?.lastIndex { $0.content == latent.content }
      }
    } catch { throw Refusal(error) }
    let before = old ?? fallback(for: latent).first { Double($0.end) > exactPlayhead }
    try take(clip, on: track, synths)
    _ = try commit("attach", edited)
    noteEdits("attach", by: UndoHistory.machine)
    if !exchangeGrowth(for: region, clip, partKey: partKey, arrival) {
      enter(region, over: before, partKey: partKey, arrival)
    }
    publishPlaced(region, latent)
  }

  private func publishPlaced(_ region: Region, _ latent: LatentRegion) {
    guard server.isSubscribed(topic: "latent") else { return }
    server.publishEvent(
      topic: "latent",
      content: [
        "type": "placed", "region_id": .string(region.id.wireText), "content_hash": JSONValue(latent.content),
        "enters": timeline.latents[region.id].map { entersJSON($0) } ?? nil,
      ])
  }
}
