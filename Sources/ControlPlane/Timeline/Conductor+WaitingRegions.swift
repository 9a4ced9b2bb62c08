import Arrangement
import FoundationEssentials
import HootWire
import MusicalTime
import Tools

// Regions that nothing has come for yet are moved and removed like any other.
extension Conductor {
  /// One that does not play yet, by what it is called; nil when a region that plays is meant, or none.
  func waitingRegion(_ reference: String) -> LatentRegion? {
    guard !timeline.latents.isEmpty, (try? timeline.region(reference)) == nil,
      let latent = try? latent(reference), timeline.regions[latent.id] == nil
    else { return nil }
    return latent
  }

  /// Only what has a meaning without content: the rest is asked of what comes.
  func change(_ latent: LatentRegion, _ arguments: Arguments, in timeline: inout Timeline) throws(Refusal) {
    let allowed: Set<ParameterName> = [.region, .name, .mute]
    guard arguments.names.allSatisfy({ allowed.contains($0) }) else { throw Self.isEmpty(latent) }
    do throws(ArrangementError) {
      let name = arguments.text(.name).map { timeline.freeLatentName($0) }
      try timeline.updateLatent(latent.id) { latent throws(ArrangementError) in
        if let name { latent.name = name }
        if let isMuted = arguments.bool(.mute) { latent.isMuted = isMuted ? true : nil }
      }
    } catch { throw Refusal(error) }
  }

  static func isEmpty(_ latent: LatentRegion) -> Refusal {
    let name = latent.name ?? String(latent.id.wireText.prefix(8))
    return Refusal(
      "not_there_yet", .refused, "nothing has come for \(name) yet",
      "it is \(latent.status.rawValue); until then it can be moved, muted, named and removed",
      "garden region show \(name.shellWord)")
  }

  /// What comes for it is attached where it is by then.
  func moveLatent(_ latent: LatentRegion, to start: Tick, on name: String?) throws(Refusal) -> Answer {
    let track: Track? = if let name { try track(name) } else { nil }
    let edited = try edit { timeline throws(ArrangementError) in
      try timeline.updateLatent(latent.id) { latent throws(ArrangementError) in
        latent.start = start
        if let track { latent.track = track.id }
      }
    }
    let command = try commit("region_mv", edited)
    let moved = edited.latents[latent.id] ?? latent
    return .reply(.ok(["command": command, "region": latentJSON(moved)]))
  }
}
