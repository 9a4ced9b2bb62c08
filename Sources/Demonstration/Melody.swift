/// The tune, a string for each bar: a note's name and octave (or - for a rest), a dot, its length in
/// sixteenths.
enum Melody {
  struct Note {
    /// Sixteenths from the bar's start.
    let start: Int
    let length: Int
    let key: Int
  }

  static func notes(in bar: Song.Bar) -> [Note] { parse(line(for: bar)) }

  private static func line(for bar: Song.Bar) -> String {
    switch bar.section {
    case .intro: intro[bar.index]
    case .verse: (bar.pass == 0 ? verse : secondVerse)[bar.index]
    case .chorus: (bar.pass == 2 ? lastChorus : chorus)[bar.index]
    case .bridge: bridge[bar.index]
    case .outro: outro[bar.index]
    }
  }

  private static let intro = ["-.16", "-.16", "-.8 A4.2 D5.2 E5.4", "F#5.10 -.6"]

  private static let verse = [
    "-.4 F#5.4 E5.2 D5.2 A4.4", "B4.6 D5.2 F#5.6 E5.2", "D5.6 B4.2 A4.2 B4.2 D5.4", "E5.10 -.2 D5.2 E5.2",
    "F#5.6 A5.2 F#5.2 E5.2 D5.4", "B4.4 D5.4 F#5.4 A5.4", "B5.6 A5.2 F#5.4 D5.4", "E5.8 C#5.4 A4.4",
  ]

  private static let secondVerse = [
    "D5.2 E5.2 F#5.4 E5.2 D5.2 A4.4", "B4.6 D5.2 F#5.4 A5.2 F#5.2", "D5.6 B4.2 A4.2 B4.2 D5.2 F#5.2",
    "E5.10 -.2 D5.2 E5.2", "F#5.4 G5.2 A5.2 B5.2 A5.2 F#5.4", "D5.4 F#5.4 A5.4 C#6.4",
    "B5.6 A5.2 F#5.2 G5.2 A5.4", "E5.4 F#5.2 G5.2 A5.8",
  ]

  private static let chorus = [
    "B5.4 A5.2 G5.2 B5.4 D6.4", "C#6.6 B5.2 A5.4 E5.4", "F#5.2 A5.2 C#6.4 B5.2 A5.2 F#5.4",
    "D5.2 F#5.2 B5.8 -.4", "B5.4 A5.2 G5.2 B5.4 D6.4", "E6.6 D6.2 C#6.4 A5.4", "D6.8 A5.2 F#5.2 A5.4",
    "F#5.10 -.6",
  ]

  private static let lastChorus = [
    "B5.4 A5.2 G5.2 B5.4 D6.4", "C#6.4 D6.2 B5.2 A5.4 E5.4", "F#5.2 A5.2 C#6.4 E6.2 C#6.2 A5.4",
    "D6.2 C#6.2 B5.8 F#5.4", "B5.4 A5.2 G5.2 B5.2 D6.2 G6.4", "F#6.6 E6.2 C#6.4 A5.4", "F#6.8 E6.2 D6.2 A5.4",
    "D6.12 -.4",
  ]

  private static let bridge = [
    "G5.8 B4.4 E5.4", "A5.8 C#5.4 F#5.4", "B5.8 F#5.4 G5.4", "C#6.4 B5.4 A5.4 E5.4", "D6.8 A5.4 F5.4",
    "E6.8 C6.4 G5.4", "D6.4 C#6.2 D6.2 E6.8", "A5.2 B5.2 C#6.2 D6.2 E6.2 F#6.2",
  ]

  private static let outro = [
    "F#5.6 E5.2 D5.8", "E5.6 D5.2 C#5.8", "C#5.4 E5.4 A5.8", "F#5.6 E5.2 D5.4 B4.4", "A4.4 B4.4 D5.8",
    "F#5.16",
  ]

  private static func parse(_ line: String) -> [Note] {
    var notes: [Note] = []
    var start = 0
    for word in line.split(separator: " ") {
      let parts = word.split(separator: ".")
      guard parts.count == 2, let length = Int(parts[1]) else { preconditionFailure("not a note: \(word)") }
      if parts[0] != "-" { notes.append(Note(start: start, length: length, key: key(parts[0]))) }
      start += length
    }
    return notes
  }

  private static func key(_ name: Substring) -> Int {
    let steps: [Character: Int] = ["C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11]
    guard let letter = name.first, let step = steps[letter], let octave = name.last?.wholeNumberValue else {
      preconditionFailure("not a key: \(name)")
    }
    return (octave + 1) * 12 + step + (name.contains("#") ? 1 : 0)
  }
}
