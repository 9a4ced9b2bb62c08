import FoundationEssentials
import MusicalTime

extension Timeline {
  /// Puts a latent region on the timeline. `make` gets the key it is to have.
  package mutating func addLatent(_ make: (UInt64) -> LatentRegion) throws(ArrangementError) -> LatentRegion {
    guard latents.count < ArrangementLimits.latents else {
      throw ArrangementError(
        .full, "the region was not made",
        "at most \(ArrangementLimits.latents) regions may come from jobs or the store", "garden region ls")
    }
    let latent = make(nextKey)
    try latent.check()
    nextKey += 1
    latents[latent.id] = latent
    return latent
  }

  /// Changes a latent region by one of its own steps.
  package mutating func updateLatent(
    _ id: UUID, _ change: (inout LatentRegion) throws(ArrangementError) -> Void
  ) throws(ArrangementError) {
    guard var latent = latents[id] else { throw Timeline.noLatent(id) }
    try change(&latent)
    try latent.check()
    latents[id] = latent
  }

  /// Its region, if it plays already, goes too.
  package mutating func removeLatents(_ ids: some Sequence<UUID>) {
    for id in ids { latents[id] = nil }
    removeRegions(ids.filter { regions[$0] != nil })
  }

  /// Those of which no region plays yet.
  package var silentLatents: [LatentRegion] { latents.values.filter { regions[$0.id] == nil } }

  static func noLatent(_ id: UUID) -> ArrangementError {
    ArrangementError(
      .unknownRegion, "region not found: \(id.uuidString.lowercased())",
      "no region with this id is made by a job", "garden region ls")
  }
}

extension LatentRegion {
  func check() throws(ArrangementError) {
    guard (0...TimeLimits.maximumTick).contains(start), length >= 0, length <= TimeLimits.maximumTick - start
    else {
      throw ArrangementError(
        .outOfRange, "the region does not fit on the timeline",
        "it would last from tick \(start) for \(length) ticks, and the last tick is \(TimeLimits.maximumTick)",
        "garden help positions")
    }
    for (text, most) in [
      (job, ArrangementLimits.latentTextBytes), (tool, ArrangementLimits.latentTextBytes),
      (artifact, ArrangementLimits.latentTextBytes), (content, ArrangementLimits.latentTextBytes),
      (reason, ArrangementLimits.latentTextBytes), (parameters, ArrangementLimits.latentParameterBytes),
    ] {
      guard let text, text.utf8.count > most else { continue }
      throw ArrangementError(
        .outOfRange, "a text of region \(id.uuidString.lowercased()) is too long",
        "it has \(text.utf8.count) bytes, and at most \(most) are kept",
        "garden region ls")
    }
    guard (0...1).contains(progress) else {
      throw ArrangementError(
        .outOfRange, "the progress of region \(id.uuidString.lowercased()) is out of range",
        "it is \(progress), and 0 to 1 are allowed", "garden region ls")
    }
  }
}
