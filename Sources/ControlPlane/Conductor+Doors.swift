import HootWire
import Media

// What the programs around the Conductor need of it before or without one.
extension Conductor {
  /// The path of a font that can be played, for `auto`, `embedded`, a path or a name.
  package static func checkedFont(_ reference: String) throws(Refusal) -> String {
    try FontDescription.read(reference).path
  }

  /// What `soundfont inspect` tells.
  package static func inspectedFont(_ reference: String) throws(Refusal) -> JSONValue {
    try FontDescription.read(reference).json
  }
}

extension Refusal {
  package static func media(_ error: MediaError) -> Refusal { Refusal(error) }
}

extension OfflineSession {
  /// From the first to the last tick of the timeline.
  package var timelineSeconds: Double { timeline.map.seconds(atTick: Double(timeline.end)) }
}
