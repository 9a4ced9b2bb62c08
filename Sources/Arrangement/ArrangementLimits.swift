import MusicalTime

/// Every limit of the timeline, with the refusal it gives in `ArrangementError`.
package enum ArrangementLimits {
  package static let tracks = 64
  package static let regions = 100_000
  package static let markers = 10_000
  package static let nameCharacters = 200
  package static let maximumFadeSeconds = 600.0
  package static let loops = 1...10_000
  package static let gainDB = -120.0...24.0
  package static let masterGainDB = -120.0...12.0
}
