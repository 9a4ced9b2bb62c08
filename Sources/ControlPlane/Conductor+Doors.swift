import ContentStore
import HootWire
import Media
import Settings

// What the programs around the Conductor need of it before or without one.
extension Conductor {
  /// The path of a font that can be played, for `auto`, `embedded`, a path, a name or what content is called.
  package static func checkedFont(_ reference: String, _ settings: Settings) throws(Refusal) -> String {
    try FontDescription.read(reference, in: ContentStore(settings)).path
  }

  /// What `soundfont inspect` tells.
  package static func inspectedFont(_ reference: String, _ settings: Settings) throws(Refusal) -> JSONValue {
    try FontDescription.read(reference, in: ContentStore(settings)).json
  }

  /// The path of a file that is named by it, or by what content is called.
  package static func pathOfFile(_ reference: String, _ settings: Settings) throws(Refusal) -> String {
    try ContentStore(settings).file(reference).path
  }
}

extension Refusal {
  package static func media(_ error: MediaError) -> Refusal { Refusal(error) }
}

extension OfflineSession {
  /// From the first to the last tick of the timeline.
  package var timelineSeconds: Double { timeline.map.seconds(atTick: Double(timeline.end)) }
}
