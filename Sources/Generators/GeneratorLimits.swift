/// Every limit of this target, each with what is done beyond it.
package enum GeneratorLimits {
  /// Bytes of an ABC text; a longer one is one diagnostic.
  package static let abcBytes = 1 << 20
  /// Tunes of one text; those behind are left out with a diagnostic.
  package static let tunes = 1000
  /// Voices of a tune; music of a further one is a diagnostic.
  package static let voices = 32
  /// Notes, rests and bars of a tune as it is written.
  package static let elements = 100_000
  /// Notes of a chord, or of one group of grace notes.
  package static let notesAtOnce = 32
  /// Titles kept of a tune.
  package static let titles = 16
  /// Diagnostics kept of a text; the rest is counted.
  package static let diagnostics = 100
  /// Characters of the text that a diagnostic shows.
  package static let shownCharacters = 40
  /// Characters kept of a title or a name.
  package static let nameCharacters = 128
  /// Of a note's length, a default length or a tuplet.
  package static let lengthNumber = 1024
  /// Passes of a repeated section.
  package static let passes = 32
  /// Notes and rests of a tune with its repeats played out.
  package static let playedElements = 500_000
  /// Beats of a tune with its repeats played out, and of what is generated.
  package static let beats = 100_000
  /// Semitones up or down.
  package static let transpose = -48...48
  /// Beats a minute, in quarter notes: what the timeline plays.
  package static let tempo = 20.0...999.0

  /// Beats of a generated phrase, continuation, bridge or loop.
  package static let phraseBeats = 1.0...1024.0
  /// Share of the steps of a bar on which notes begin.
  package static let density = 0.0...1.0
  /// How far the choice of a step strays from the most likely one.
  package static let temperature = 0.0...2.0
  /// Keys apart at least: an octave, so that every scale fits.
  package static let registerSpan = 12
}
