import Arrangement
import HootWire
import MusicalTime
import RealtimeEngine
import Tools

// Markers, and going to them.
extension Conductor {
  func go(to place: Place, _ tool: String, _ arguments: Arguments) throws(Refusal) -> Answer {
    let target = try tick("@\(place)")
    return try perform(
      Order(tool: tool, kind: .locate, tick: Double(target), effect: .locate), try moment(arguments))
  }

  func cue(_ arguments: Arguments) throws(Refusal) -> Answer {
    let target: Tick
    do { target = try timeline.marker(arguments.text(.name) ?? "").tick } catch { throw Refusal(error) }
    return try perform(
      Order(tool: "cue", kind: .locate, tick: Double(target), effect: .locate), try moment(arguments))
  }

  func addMarker(_ arguments: Arguments) throws(Refusal) -> Answer {
    let place = if let at = arguments.text(.at) { try tick(at) } else { playhead }
    let name = arguments.text(.name) ?? timeline.freeMarkerName
    let edited = try edit { timeline throws(ArrangementError) in try timeline.addMarker(name: name, at: place)
    }
    return try committed("marker_add", edited, marker: name)
  }

  func moveMarker(_ arguments: Arguments) throws(Refusal) -> Answer {
    let place = if let at = arguments.text(.at) { try tick(at) } else { playhead }
    let name = arguments.text(.name) ?? ""
    let edited = try edit { timeline throws(ArrangementError) in
      try timeline.moveMarker(name: name, to: place)
    }
    return try committed("marker_mv", edited, marker: name)
  }

  func renameMarker(_ arguments: Arguments) throws(Refusal) -> Answer {
    let name = arguments.text(.newName) ?? ""
    let edited = try edit { timeline throws(ArrangementError) in
      try timeline.renameMarker(arguments.text(.name) ?? "", to: name)
    }
    return try committed("marker_rename", edited, marker: name)
  }

  func removeMarker(_ arguments: Arguments) throws(Refusal) -> Answer {
    let edited = try edit { timeline throws(ArrangementError) in
      try timeline.removeMarker(name: arguments.text(.name) ?? "")
    }
    return .reply(.ok(["command": try commit("marker_rm", edited)]))
  }

  private func committed(_ tool: String, _ edited: Timeline, marker name: String) throws(Refusal) -> Answer {
    let command = try commit(tool, edited)
    let marker = edited.markers.first { $0.name == name }
    return .reply(.ok(["command": command, "marker": marker.map { markerJSON($0, cue: nil) } ?? nil]))
  }

  /// Each with its part in `next` and `previous`, as they stand now.
  func markers() -> JSONValue {
    let context = positionContext
    // Where there is none before or after the playhead, no marker is marked so.
    let previous = try? Position.tick("@\(Place.previousMarker)", in: context)
    let next = try? Position.tick("@\(Place.nextMarker)", in: context)
    return [
      "markers": .array(
        timeline.markers.map { marker in
          let cue: String? =
            switch marker.tick {
            case context.playhead: "here"
            case previous: "previous"
            case next: "next"
            default: nil
            }
          return markerJSON(marker, cue: cue)
        })
    ]
  }

  private func markerJSON(_ marker: Marker, cue: String?) -> JSONValue {
    JSONValue([("name", .string(marker.name))] + placeFields(Double(marker.tick)) + [("cue", JSONValue(cue))])
  }
}
