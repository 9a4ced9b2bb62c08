/// A letter and its accidental: a place on the line of fifths, C at 0, G at 1, F at -1, F sharp at 6.
package struct ABCPitch: Sendable, Hashable {
  /// C is 0 … B is 6.
  package var letter: Int
  /// Semitones, -2 … 2.
  package var alter: Int

  package init(letter: Int, alter: Int) {
    self.letter = letter
    self.alter = alter
  }

  init(fifths: Int) {
    let turned = fifths + 1
    alter = turned >= 0 ? turned / 7 : -((6 - turned) / 7)
    letter = Self.ofFifths[turned - 7 * alter]
  }

  static let semitones = [0, 2, 4, 5, 7, 9, 11]
  static let letters = Array("CDEFGAB".utf8)
  /// Letters as they follow on the line of fifths from F.
  private static let ofFifths = [3, 0, 4, 1, 5, 2, 6]
  private static let fifthsOf = [0, 2, 4, -1, 1, 3, 5]

  var fifths: Int { Self.fifthsOf[letter] + 7 * alter }
  /// Above C; may lie outside 0 … 11.
  var semitone: Int { Self.semitones[letter] + alter }

  /// `F#`, `Bb`.
  var name: String {
    let sign = alter > 0 ? String(repeating: "#", count: alter) : String(repeating: "b", count: -alter)
    return String(decoding: [Self.letters[letter]], as: UTF8.self) + sign
  }

  /// The letter that a byte means, whatever its case; nil for another byte.
  static func letter(_ byte: UInt8) -> Int? { letters.firstIndex(of: byte & 0xDF) }
}

/// What an unmarked note means: the key's signature, and what the bar has changed.
struct ABCAccidentals: Sendable {
  /// How far an accidental reaches within its bar (ABC 2.1, section 11.3: by default, all octaves).
  enum Reach: String, Sendable { case not, octave, pitch }

  var signature: [Int] = Array(repeating: 0, count: 7)
  var reach = Reach.pitch
  private var changed: [Int: Int] = [:]

  mutating func beginBar() { changed.removeAll(keepingCapacity: true) }

  func alter(letter: Int, octave: Int) -> Int {
    changed[place(letter, octave)] ?? signature[letter]
  }

  mutating func note(letter: Int, octave: Int, alter: Int) {
    guard reach != .not else { return }
    changed[place(letter, octave)] = alter
  }

  private func place(_ letter: Int, _ octave: Int) -> Int { reach == .octave ? letter + 7 * octave : letter }
}
