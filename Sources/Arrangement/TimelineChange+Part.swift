import FoundationEssentials

extension TimelineChange {
  /// What it does to one region, to what waits in its place, and to the clips of it; with the tempo map where the region
  /// brings its own. nil where it does nothing to them.
  package func part(of id: UUID) -> TimelineChange? {
    let own = regions?.filter { ($0.new ?? $0.old)?.id == id } ?? []
    let waiting = latents?.filter { ($0.new ?? $0.old)?.id == id } ?? []
    guard !own.isEmpty || !waiting.isEmpty else { return nil }
    var part = TimelineChange(nextKey: nextKey)
    if !own.isEmpty {
      part.regions = own
      let used = Set(own.flatMap { [$0.old?.clip, $0.new?.clip].compactMap { $0 } })
      let changed = clips?.filter { ($0.new ?? $0.old).map { used.contains($0.id) } ?? false } ?? []
      if !changed.isEmpty { part.clips = changed }
      if waiting.contains(where: { $0.new?.arrival?.fit == .adopt }) { part.map = map }
    }
    if !waiting.isEmpty { part.latents = waiting }
    return part
  }

  /// Makes the change but for the tempo map where somebody has changed that since: it is not the region's any more.
  ///
  /// - Throws: as `apply(to:)`.
  package func applyAsPart(to timeline: inout Timeline) throws {
    var part = self
    if let map, Map(timeline.map) != map.old { part.map = nil }
    try part.apply(to: &timeline)
  }
}
