/// The tones of an octave that a phrase is made of.
package enum Scale: String, CaseIterable, Sendable {
  case major, minor, dorian, phrygian, lydian, mixolydian, locrian
  case harmonicMinor = "harmonic-minor"
  case majorPentatonic = "major-pentatonic"
  case minorPentatonic = "minor-pentatonic"
  case blues
  case wholeTone = "whole-tone"
  case chromatic

  /// Semitones above the tonic, ascending from 0.
  package var semitones: [Int] {
    switch self {
    case .major: [0, 2, 4, 5, 7, 9, 11]
    case .minor: [0, 2, 3, 5, 7, 8, 10]
    case .dorian: [0, 2, 3, 5, 7, 9, 10]
    case .phrygian: [0, 1, 3, 5, 7, 8, 10]
    case .lydian: [0, 2, 4, 6, 7, 9, 11]
    case .mixolydian: [0, 2, 4, 5, 7, 9, 10]
    case .locrian: [0, 1, 3, 5, 6, 8, 10]
    case .harmonicMinor: [0, 2, 3, 5, 7, 8, 11]
    case .majorPentatonic: [0, 2, 4, 7, 9]
    case .minorPentatonic: [0, 3, 5, 7, 10]
    case .blues: [0, 3, 5, 6, 7, 10]
    case .wholeTone: [0, 2, 4, 6, 8, 10]
    case .chromatic: Array(0..<12)
    }
  }
}

/// A tonic and a scale on it.
package struct PhraseKey: Sendable, Equatable {
  /// Semitones above C, 0 … 11.
  package var tonic: Int
  package var scale: Scale

  package init(tonic: Int, scale: Scale) {
    self.tonic = ((tonic % 12) + 12) % 12
    self.scale = scale
  }

  /// The tonic's name: `C`, `F#`, `Bb`.
  package init?(_ name: String, scale: Scale) {
    guard let symbol = ABCChordSymbol(Array(name.utf8)[...]), symbol.quality.isEmpty, symbol.bass == nil
    else { return nil }
    self.init(tonic: symbol.root.semitone, scale: scale)
  }

  /// The MIDI key of a degree; degree 0 is the tonic at or above MIDI key 0. Any degree; the result may lie outside 0 … 127.
  func key(ofDegree degree: Int) -> Int {
    let tones = scale.semitones
    let octave = degree >= 0 ? degree / tones.count : -((tones.count - 1 - degree) / tones.count)
    return tonic + 12 * octave + tones[degree - octave * tones.count]
  }

  /// The degree that lies nearest to a MIDI key, the lower one of two.
  func degree(nearest key: Int) -> Int {
    let tones = scale.semitones
    var best = 0
    let octave = (key - tonic + 120) / 12 - 10
    for degree in ((octave - 1) * tones.count)...((octave + 2) * tones.count)
    where abs(self.key(ofDegree: degree) - key) < abs(self.key(ofDegree: best) - key)
      || degree == (octave - 1) * tones.count
    {
      best = degree
    }
    return best
  }

  package func contains(key: Int) -> Bool {
    scale.semitones.contains((((key - tonic) % 12) + 12) % 12)
  }
}
