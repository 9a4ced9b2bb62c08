/// What the fields of a header say, until voices take it over.
struct ABCTuneSettings: Sendable {
  var meter = ABCMeter.common
  /// Nil: by the meter.
  var unit: ABCFraction?
  var tempo: ABCTempo?
  var key = ABCKey()
  var reach = ABCAccidentals.Reach.pitch
  var voices: [ABCVoiceHead] = []
  var program: UInt8?
  /// What the clef of K: does to the voices that have none.
  var keyShift = 0
  var keyIsPercussion = false

  /// ABC 2.1, section 3.1.7: sixteenths below three quarters, else eighths.
  var defaultUnit: ABCFraction {
    unit
      ?? (!meter.isFree && meter.numerator * 4 < meter.denominator * 3
        ? ABCFraction(1, 16) : ABCFraction(1, 8))
  }
}

/// What V: says of a voice.
struct ABCVoiceHead: Sendable {
  var id: String
  var name: String?
  /// Semitones that it sounds higher than written.
  var shift = 0
  var isPercussion = false
}

/// What holds where a voice is being read.
struct ABCVoiceState: Sendable {
  var key: ABCKey
  var meter: ABCMeter
  var unit: ABCFraction
  var accidentals = ABCAccidentals()
  /// Semitones that it sounds higher than written, by its clef and by `transpose=` and `octave=`.
  var shift = 0
  var tuplet: (factor: ABCFraction, left: Int)?
  /// What the length of the next note is multiplied with, after `>` or `<`.
  var broken: ABCFraction?
  /// The element that `>` or `<` would change.
  var lastSound: Int?
  var ties: [Tie] = []
  /// Those at the end of what the endings share.
  var tiesBeforeEndings: [Tie] = []
  var graces: [ABCNote] = []
  var velocity: UInt8?
  var isAccented = false
  var isStaccato = false
  /// Since the last bar line, of `ABCTime.whole`.
  var barLength: Int64 = 0
  var longestInBar: Int64 = 0
  var barMayBeShort = true
  var barOffset = 0

  struct Tie: Equatable, Sendable {
    var letter: Int
    var octave: Int
    var alter: Int
  }

  init(_ settings: ABCTuneSettings, _ head: ABCVoiceHead) {
    key = settings.key
    meter = settings.meter
    unit = settings.defaultUnit
    shift = head.shift
    accidentals.signature = settings.key.signature
    accidentals.reach = settings.reach
  }
}
