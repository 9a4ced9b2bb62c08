import MusicalTime

/// Every limit of the timeline, with the refusal it gives in `ArrangementError`.
package enum ArrangementLimits {
  package static let tracks = 64
  package static let buses = 16
  /// Of one track or bus.
  package static let sends = 8
  package static let regions = 100_000
  package static let markers = 10_000
  /// Regions that come from jobs or the store, and the bytes of a text that such a one keeps.
  package static let latents = 10_000
  package static let latentTextBytes = 4096
  /// Points of one lane of automation, lanes, and points of all of them together.
  package static let lanePoints = 10_000
  package static let lanes = 10_000
  package static let automationPoints = 1_000_000
  package static let nameCharacters = NameLimits.characters
  /// In UTF-8: one character may be made of any number of bytes.
  package static let nameBytes = NameLimits.bytes
  package static let maximumFadeSeconds = 600.0
  package static let loops = 1...10_000
  package static let gainDB = -120.0...24.0
  package static let masterGainDB = -120.0...12.0
  package static let pan = -1.0...1.0
  package static let polyphony = 1...256
  package static let decaySeconds = 0.1...20.0
  package static let predelaySeconds = 0.0...0.25
  package static let chorusHertz = 0.05...5.0
  package static let chorusSeconds = 0.0...0.01
  package static let transpose = -48...48
  package static let velocityScale = 0.01...4.0
  package static let channels = 1...16
  package static let banks = 0...16_383
  package static let programs = 0...127
  /// Frames of one audio clip, far above what fits in memory: so that no sum of them leaves 63 bits.
  package static let clipFrames: Int64 = 1 << 40
  /// Results that one region keeps to choose from.
  package static let takes = 256
  /// Of what was asked for, kept beside a region for its next take.
  package static let latentParameterBytes = 256 << 10
}
