/// What an ABC text holds, as it is written: nothing is repeated, nothing left out.
package struct ABCBook: Sendable {
  package internal(set) var tunes: [ABCTune] = []
  /// In the order of the text, at most `GeneratorLimits.diagnostics`.
  package internal(set) var diagnostics: [ABCDiagnostic] = []
  /// Those beyond.
  package internal(set) var omittedDiagnostics = 0
  /// Errors among all of them.
  package internal(set) var errorCount = 0

  package var isValid: Bool { errorCount == 0 }
}

/// One tune: its header, and its voices in the order they first stand.
package struct ABCTune: Sendable {
  /// Of its X: field.
  package internal(set) var number: Int?
  /// Its first line in the text, from 1.
  package internal(set) var line = 1
  package internal(set) var titles: [String] = []
  package internal(set) var composer: String?
  package internal(set) var meter = ABCMeter.common
  /// The length of an unmarked note in the header's end.
  package internal(set) var unit = ABCFraction(1, 8)
  package internal(set) var tempo: ABCTempo?
  package internal(set) var key = ABCKey()
  package internal(set) var voices: [ABCVoice] = []
  /// What transposing changes, in the order of the text.
  var marks: [ABCMark] = []
  /// Bytes of the text that are this tune.
  var range = 0..<0

  package init() {}

  /// Notes as they are written, those of chords each, grace notes apart.
  package var noteCount: Int { voices.reduce(0) { $0 + $1.noteCount } }
}

package struct ABCVoice: Sendable {
  /// What V: calls it; `1` where there is only one.
  package internal(set) var id: String
  package internal(set) var name: String?
  package internal(set) var elements: [ABCElement] = []
  /// MIDI channel, 0 … 15, where the text gives one.
  package internal(set) var channel: UInt8?
  /// On the drum channel.
  package internal(set) var isPercussion = false

  package var noteCount: Int {
    elements.reduce(0) { count, element in
      if case .sound(let sound) = element.kind { count + sound.notes.count } else { count }
    }
  }
  /// Bars with something in them, rests counted.
  package var barCount: Int {
    var count = 0
    var isFilled = false
    for element in elements {
      switch element.kind {
      case .sound: isFilled = true
      case .bar:
        count += isFilled ? 1 : 0
        isFilled = false
      default: break
      }
    }
    return count + (isFilled ? 1 : 0)
  }
}

package struct ABCElement: Sendable {
  package enum Kind: Sendable {
    case sound(ABCSound)
    case bar(ABCBar)
    /// What follows sounds from the start of the bar.
    case overlay
    case tempo(ABCTempo)
    case meter(ABCMeter)
    case key(ABCKey)
    case program(UInt8)
  }

  package var kind: Kind
  /// Where in the text, in bytes.
  package var offset: Int
}

/// A note, a chord, or a rest.
package struct ABCSound: Sendable {
  /// None: a rest.
  package var notes: [ABCNote] = []
  /// Of `ABCTime.whole`.
  package var length: Int64
  /// Before it, from its time.
  package var graces: [ABCNote] = []
  /// Set by a dynamic that stands before it, for it and what follows.
  package var velocity: UInt8?
  package var isAccented = false
  package var isStaccato = false
}

package struct ABCNote: Sendable {
  package var pitch: ABCPitch
  /// 0 holds middle C.
  package var octave: Int
  /// MIDI key.
  package var key: UInt8
  package var length: Int64
  /// Goes on in the next note of its pitch.
  package var isTied = false
}

extension ABCSound {
  /// Quarter notes.
  package var beats: Double { Double(length) * 4 / Double(ABCTime.whole) }
}

extension ABCNote {
  /// `F#4`; middle C is C4.
  package var name: String { pitch.name + String(octave + 4) }
}

/// A bar line, and what it does to the order of play.
package struct ABCBar: Sendable, Equatable {
  /// How many times more the section before it is played; 0: none ends here.
  package var repeatsBack = 0
  /// A section to repeat begins.
  package var startsRepeat = false
  /// Double, or thick.
  package var isSection = false
  /// The passes in which what follows is played; empty: no ending begins here.
  package var endings: [Int] = []
}

/// A meter; free where it has none.
package struct ABCMeter: Sendable, Equatable {
  package var numerator: Int
  package var denominator: Int
  package var isFree = false

  static let common = ABCMeter(numerator: 4, denominator: 4)
  /// Of `ABCTime.whole`.
  var length: Int64 { ABCTime.whole * Int64(numerator) / Int64(denominator) }
  var isCompound: Bool { denominator == 8 && numerator % 3 == 0 && numerator > 3 }
  package var text: String { isFree ? "none" : "\(numerator)/\(denominator)" }
}

package struct ABCTempo: Sendable, Equatable {
  /// Quarter notes a minute.
  package var bpm: Double
}

package struct ABCFraction: Sendable, Equatable {
  package var numerator: Int
  package var denominator: Int

  package init(_ numerator: Int, _ denominator: Int) {
    self.numerator = numerator
    self.denominator = denominator
  }
}

/// Musical time finer than ticks, so that tuplets of up to 16 add up.
enum ABCTime {
  /// A whole note: 2^14 · 3² · 5 · 7 · 11 · 13.
  static let whole: Int64 = 738_017_280
  static let perTick = whole / 3840

  static func ticks(_ length: Int64) -> Int64 { (length + perTick / 2) / perTick }

  /// `whole` times both fractions, rounded. Numbers are within `GeneratorLimits.lengthNumber`.
  static func length(_ unit: ABCFraction, _ note: ABCFraction, tuplet: ABCFraction) -> Int64 {
    let top = whole * Int64(unit.numerator * note.numerator) * Int64(tuplet.numerator)
    let bottom = Int64(unit.denominator * note.denominator * tuplet.denominator)
    return (top + bottom / 2) / bottom
  }
}

/// Something that transposing writes anew, or that changes what unmarked notes mean.
enum ABCMark: Sendable {
  case note(ABCNoteMark)
  case bar(voice: Int)
  /// A key: nil of a header, which holds for every voice.
  case key(ABCKeyMark, voice: Int?)
  case chordSymbol(Range<Int>, voice: Int)
  case reach(ABCAccidentals.Reach)
}

struct ABCNoteMark: Sendable {
  /// Accidental, letter and octave.
  var range: Range<Int>
  var voice: Int
  var pitch: ABCPitch
  var octave: Int
  var isExplicit: Bool
  /// Its accidental comes from the note before, by a tie.
  var isTiedInto: Bool
  /// Written against habit: `C'` or `c,`.
  var isOddlyWritten: Bool
  var isLower: Bool
}

struct ABCKeyMark: Sendable {
  var key: ABCKey
  /// Of the tonic and the accidental behind it, or of `none` and its like.
  var tonicRange: Range<Int>
  /// The same with the mode.
  var nameRange: Range<Int>
  var changeRanges: [Range<Int>]
}
