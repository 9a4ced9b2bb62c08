/// A frame: one sample per channel, the audio clock's unit.
package typealias Frame = Int64

/// A tick: 1/960 of a beat; a beat is a quarter note whatever the time signature says.
package typealias Tick = Int64

// Computed, because a stored global is initialised lazily and the realtime thread may not call the
// initialiser.
package var ticksPerBeat: Tick { @_noLocks get { 960 } }

/// A whole note in ticks: a signature's denominator divides it.
package var ticksPerWholeNote: Tick { 3840 }

/// Every limit of musical time, with the refusal it gives in `TempoMapError` and `PositionError`.
package enum TimeLimits {
  package static let minimumBPM = 20.0
  package static let maximumBPM = 999.0
  package static let minimumSampleRate = 8_000.0
  package static let maximumSampleRate = 384_000.0
  /// About 97 days at 120 BPM; keeps every sum of two ticks and every frame at 384 kHz far inside 63 bits.
  package static let maximumTick: Tick = 1 << 34
  package static let maximumTempoChanges = 100_000
  package static let maximumSignatureChanges = 10_000
  package static let maximumNumerator = 64
  package static let maximumPositionCharacters = 128
  /// The coarsest raster of bars, as in `@next-64-bars`.
  package static let maximumBarRaster = 1024
}
