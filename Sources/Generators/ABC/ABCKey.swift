/// A key as a K: field gives it.
package struct ABCKey: Sendable, Equatable {
  package enum Mode: String, Sendable, CaseIterable {
    case major, minor, mixolydian, dorian, phrygian, lydian, locrian, ionian, aeolian

    /// Sharps more than major has.
    var fifths: Int {
      switch self {
      case .lydian: 1
      case .major, .ionian: 0
      case .mixolydian: -1
      case .dorian: -2
      case .minor, .aeolian: -3
      case .phrygian: -4
      case .locrian: -5
      }
    }

    /// By its first three letters, as ABC has it, or `m`.
    init?(_ word: String) {
      let word = word.lowercased()
      if word.isEmpty {
        self = .major
      } else if word == "m" {
        self = .minor
      } else {
        guard word.count >= 3,
          let mode = Self.allCases.first(where: { $0.rawValue.hasPrefix(word.prefix(3)) })
        else { return nil }
        self = mode
      }
    }
  }

  /// A key without a name of its own: `none`, or the pipes' `HP` and `Hp`.
  package enum Special: String, Sendable {
    case none
    case pipes = "HP"
    case markedPipes = "Hp"
  }

  package var tonic = ABCPitch(letter: 0, alter: 0)
  package var mode = Mode.major
  package var special: Special?
  /// Only `changes` are in the signature.
  package var isExplicit = false
  /// Accidentals that the field adds to the signature or replaces in it.
  package var changes: [ABCPitch] = []

  package init() {}

  package init(_ special: Special) {
    self.special = special
    if special != .none {
      tonic = ABCPitch(letter: 5, alter: 0)
      mode = .mixolydian
    }
  }

  /// Sharps of the signature; flats count below 0. `changes` apart.
  package var fifths: Int { tonic.fifths + mode.fifths }

  /// Semitones by letter, C first.
  var signature: [Int] {
    var alters = Array(repeating: 0, count: 7)
    if !isExplicit {
      for letter in 0..<7 {
        // Sharps come in the order of fifths from F, flats the other way from B.
        let rank = ABCPitch(letter: letter, alter: 0).fifths + 1
        alters[letter] = fifths > rank ? 1 : fifths < rank - 6 ? -1 : 0
      }
    }
    for change in changes { alters[change.letter] = change.alter }
    return alters
  }

  /// `D`, `F#m`, `Edor`, `none`.
  package var name: String {
    if let special { return special.rawValue }
    let suffix: String =
      switch mode {
      case .major, .ionian: ""
      case .minor: "m"
      default: String(mode.rawValue.prefix(3))
      }
    return tonic.name + suffix
  }
}
