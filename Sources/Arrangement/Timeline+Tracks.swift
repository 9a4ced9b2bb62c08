import FoundationEssentials

extension Timeline {
  /// A track by name or by the start of its id.
  package func track(_ reference: String) throws(ArrangementError) -> Track {
    if let exact = tracks.first(where: { $0.name == reference }) { return exact }
    let wanted = reference.lowercased()
    let matches = tracks.filter { $0.id.uuidString.lowercased().hasPrefix(wanted) }
    if matches.count == 1, wanted.count >= 4 { return matches[0] }
    let names = tracks.map(\.name).prefix(8).joined(separator: ", ")
    throw ArrangementError(
      matches.count > 1 ? .ambiguous : .unknownTrack, "there is no track \"\(reference)\"",
      tracks.isEmpty ? "the session has no tracks" : "tracks: \(names)",
      "garden track add \(reference.shellWord)")
  }

  package func track(id: UUID) -> Track? { tracks.first { $0.id == id } }

  /// The clip's own name, with a number where a track has it already.
  package func freeTrackName(for clip: Clip) -> String { freeTrackName(like: clip.defaultTrackName) }

  /// A text made to fit the rule for names, with a number where a track has it already.
  package func freeTrackName(like text: String) -> String {
    let wanted = fittedName(text, orElse: "track")
    let names = Set(tracks.map(\.name)).union(["master", "cue"])
    guard names.contains(wanted) else { return wanted }
    var free = FreeNames(like: wanted) { names.contains($0) }
    return free.next()
  }

  @discardableResult
  package mutating func addTrack(name: String) throws(ArrangementError) -> Track {
    let name = try checkedName(name, for: "track")
    try checkFree(name, for: "track")
    let taken = Set(tracks.map(\.slot))
    guard let slot = (0..<ArrangementLimits.tracks).first(where: { !taken.contains($0) }) else {
      throw ArrangementError(
        .full, "the track \"\(name)\" was not made",
        "a session has at most \(ArrangementLimits.tracks) tracks",
        "garden track rm NAME")
    }
    let track = Track(slot: slot, name: name)
    tracks.append(track)
    return track
  }

  /// Gives the tracks other slots, in the same order, that are not among `taken`; where too few are left, the last
  /// tracks get taken ones.
  package mutating func placeTracks(avoiding taken: Set<Int>) {
    let slots = Self.slots(tracks.count, of: ArrangementLimits.tracks, avoiding: taken)
    let order = tracks.indices.sorted { tracks[$0].slot < tracks[$1].slot }
    for (index, slot) in zip(order, slots) { tracks[index].slot = slot }
  }

  /// The same for the buses.
  package mutating func placeBuses(avoiding taken: Set<Int>) {
    let slots = Self.slots(buses.count, of: ArrangementLimits.buses, avoiding: taken)
    let order = buses.indices.sorted { buses[$0].slot < buses[$1].slot }
    for (index, slot) in zip(order, slots) { buses[index].slot = slot }
  }

  private static func slots(_ count: Int, of all: Int, avoiding taken: Set<Int>) -> [Int] {
    let free = (0..<all).filter { !taken.contains($0) }
    return Array((free + (0..<all).filter { taken.contains($0) }).prefix(count))
  }

  package mutating func updateTrack(_ track: Track) throws(ArrangementError) {
    guard let index = tracks.firstIndex(where: { $0.id == track.id }) else { return }
    try track.check()
    if track.name != tracks[index].name { try checkFree(track.name, for: "track") }
    tracks[index] = track
  }

  /// Removes a track with its regions, and with those that wait to be filled on it.
  package mutating func removeTrack(_ id: UUID) {
    tracks.removeAll { $0.id == id }
    routes[id] = nil
    if regions.count(onTrack: id) > 0 { remove(regions.filter { $0.track == id }) }
    if !latents.isEmpty { removeLatents(silentLatents.filter { $0.track == id }.map(\.id)) }
  }
}
