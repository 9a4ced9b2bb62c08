import Arrangement
import FoundationEssentials
import HootWire
import MusicalTime

// Regions that nothing has come for yet are moved and removed like any other.
extension Conductor {
  /// One that does not play yet, by what it is called; nil when a region that plays is meant, or none.
  func waitingRegion(_ reference: String) -> LatentRegion? {
    guard !timeline.latents.isEmpty, (try? timeline.region(reference)) == nil,
      let latent = try? latent(reference), timeline.regions[latent.id] == nil
    else { return nil }
    return latent
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
