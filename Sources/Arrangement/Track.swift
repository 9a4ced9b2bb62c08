import FoundationEssentials

/// A track: a strip of the mixer with a soundfont of its own for the MIDI on it.
package struct Track: Sendable, Equatable, Codable {
  /// How near notes are to their frames: ±32 frames, or ±8.
  package enum Timing: String, Sendable, Codable, CaseIterable { case normal, sharp }
  package enum Interpolation: String, Sendable, Codable, CaseIterable { case none, linear, cubic, seventh }

  package var id: UUID
  /// The renderer's number for it, and its place in the sum: 0 ..< `ArrangementLimits.tracks`.
  package var slot: Int
  package var name: String
  package var gainDB = 0.0
  /// −1 left … 1 right.
  package var pan = 0.0
  package var isMuted = false
  package var isSoloed = false
  /// nil: the session's default.
  package var soundfont: String?
  package var polyphony = 256
  package var interpolation = Interpolation.cubic
  /// nil: the session's default.
  package var timing: Timing?
  /// nil without lanes.
  package var automation: Automation?
  /// The MIDI output port that its notes go to instead of its synths, by its full name.
  package var midiPort: String?

  package init(id: UUID = UUID(), slot: Int, name: String) {
    self.id = id
    self.slot = slot
    self.name = name
  }
}

/// A named place.
package struct Marker: Sendable, Equatable, Codable {
  package var name: String
  package var tick: Int64

  package init(name: String, tick: Int64) {
    self.name = name
    self.tick = tick
  }
}
