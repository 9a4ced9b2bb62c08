import MIDI
import MusicalTime

extension Timeline {
  /// The first of `cue-1`, `cue-2`, … that is not taken.
  package var freeMarkerName: String {
    let taken = Set(markers.map(\.name))
    return (1...).lazy.map { "cue-\($0)" }.first { !taken.contains($0) } ?? "cue"
  }

  /// Names a place; a name that is taken moves there.
  package mutating func addMarker(name: String, at tick: Tick) throws(ArrangementError) {
    let name = try checkedMarkerName(name)
    guard (0...TimeLimits.maximumTick).contains(tick) else {
      throw ArrangementError(
        .outOfRange, "the marker \"\(name)\" does not fit on the timeline",
        "it would be at tick \(tick), and the last tick is \(TimeLimits.maximumTick)", "garden help positions"
      )
    }
    let old = markers.firstIndex { $0.name == name }
    guard old != nil || markers.count < ArrangementLimits.markers else {
      throw ArrangementError(
        .full, "the marker \"\(name)\" was not made",
        "a session has at most \(ArrangementLimits.markers) markers", "garden marker rm NAME")
    }
    if let old { markers.remove(at: old) }
    let place = markers.firstIndex { (tick, name) < ($0.tick, $0.name) } ?? markers.count
    markers.insert(Marker(name: name, tick: tick), at: place)
  }

  /// Takes over a file's markers from `start` on, but for names that stand already. Answers which could not be taken.
  package mutating func adopt(markers added: [MIDIMarker], at start: Tick) -> [String] {
    var warnings: [String] = []
    for marker in added where !markers.contains(where: { $0.name == marker.name }) {
      do { try addMarker(name: marker.name, at: start + marker.tick) } catch {
        warnings.append("the file's marker at tick \(marker.tick) was left out: \(error.lines[1])")
      }
    }
    return warnings
  }

  package mutating func removeMarker(name: String) throws(ArrangementError) {
    _ = try marker(name)
    markers.removeAll { $0.name == name }
  }

  package func marker(_ name: String) throws(ArrangementError) -> Marker {
    guard let found = markers.first(where: { $0.name == name }) else {
      let names = markers.prefix(8).map(\.name).joined(separator: ", ")
      throw ArrangementError(
        .unknownMarker, "there is no marker \"\(name)\"",
        markers.isEmpty ? "the timeline has no markers" : "markers: \(names)", "garden marker ls")
    }
    return found
  }

  package mutating func moveMarker(name: String, to tick: Tick) throws(ArrangementError) {
    _ = try marker(name)
    try addMarker(name: name, at: tick)
  }

  /// A name that another marker has is refused, so that none is lost.
  package mutating func renameMarker(_ old: String, to new: String) throws(ArrangementError) {
    let marker = try marker(old)
    guard new != old else { return }
    guard !markers.contains(where: { $0.name == new }) else {
      throw ArrangementError(
        .nameTaken, "there already is a marker \"\(new)\"", "marker names are unique", "garden marker ls")
    }
    var edited = self
    edited.markers.removeAll { $0.name == old }
    try edited.addMarker(name: new, at: marker.tick)
    self = edited
  }
}

/// The rule for names, and none that a position gives a meaning of its own.
func checkedMarkerName(_ name: String) throws(ArrangementError) -> String {
  let name = try checkedName(name, for: "marker")
  guard !Place.isReserved(name) else {
    throw ArrangementError(
      .badName, "a marker cannot be called \"\(name)\"",
      "@\(name) has a meaning of its own in every position", "garden help positions")
  }
  return name
}
