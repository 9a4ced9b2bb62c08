import MusicalTime

extension Timeline {
  /// Names a place; a name that is taken moves there.
  package mutating func addMarker(name: String, at tick: Tick) throws(ArrangementError) {
    let name = try checkedName(name, for: "marker")
    let isNew = !markers.contains { $0.name == name }
    guard !isNew || markers.count < ArrangementLimits.markers else {
      throw ArrangementError(
        .full, "the marker \"\(name)\" was not made",
        "a session has at most \(ArrangementLimits.markers) markers", "garden marker rm NAME")
    }
    markers.removeAll { $0.name == name }
    markers.append(Marker(name: name, tick: tick))
    markers.sort { ($0.tick, $0.name) < ($1.tick, $1.name) }
  }

  package mutating func removeMarker(name: String) throws(ArrangementError) {
    guard markers.contains(where: { $0.name == name }) else {
      let names = markers.prefix(8).map(\.name).joined(separator: ", ")
      throw ArrangementError(
        .unknownMarker, "there is no marker \"\(name)\"",
        markers.isEmpty ? "the timeline has no markers" : "markers: \(names)", "garden marker ls")
    }
    markers.removeAll { $0.name == name }
  }
}
