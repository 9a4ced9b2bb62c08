/// Every limit of this target, each named with the refusal or the note it gives.
package enum MIDILimits {
  /// Ticks in one beat (a quarter note) of a `MIDISequence`.
  package static let ticksPerBeat: Int64 = 960
  /// The latest tick a file may reach; a later one is refused with `SMFError.Reason.tickTooLarge`.
  package static let maximumTick: Int64 = 1 << 40
  /// Larger files are refused with `SMFError.Reason.fileTooLarge`.
  package static let maximumFileBytes = 64 << 20
  /// Channel messages in one file; more are refused with `SMFError.Reason.tooManyEvents`.
  package static let maximumEvents = 4_000_000
  /// Tempos, time signatures and markers together; more are refused with
  /// `SMFError.Reason.tooManyMetaEvents`.
  package static let maximumMetaEvents = 1_000_000
  /// Track chunks in one file; more are refused with `SMFError.Reason.tooManyTracks`.
  package static let maximumTracks = 4096
  /// Bytes kept of a track or marker name; the rest is cut off.
  package static let maximumNameBytes = 256
  /// Warnings kept per sequence; later ones are counted in `MIDISequence.omittedWarnings`.
  package static let maximumWarnings = 100
  /// The largest power of two in a time signature's denominator (64th notes); a larger one is ignored with
  /// a warning.
  package static let maximumDenominatorPower = 6
  /// Tempos outside it are kept as they are, with a warning: whoever imports the sequence decides.
  package static let playableTempoBPM: ClosedRange<Double> = 20...999
  /// What a file without any tempo event plays at: 120 BPM, as the file format says.
  package static let defaultMicrosecondsPerQuarter = 500_000
}
