/// A chord symbol such as `F#m7/C#`; words that merely begin with a letter of a note are none.
struct ABCChordSymbol {
  var root: ABCPitch
  var quality: String
  var bass: ABCPitch?

  init?(_ text: ArraySlice<UInt8>) {
    var rest = text
    guard let root = Self.pitch(&rest) else { return nil }
    self.root = root
    let slash = rest.lastIndex(of: UInt8(ascii: "/"))
    var quality = rest
    if let slash {
      var behind = rest[(slash + 1)...]
      guard let bass = Self.pitch(&behind), behind.isEmpty else { return nil }
      self.bass = bass
      quality = rest[..<slash]
    }
    self.quality = String(decoding: quality, as: UTF8.self)
    guard Self.isQuality(self.quality) else { return nil }
  }

  private static func pitch(_ text: inout ArraySlice<UInt8>) -> ABCPitch? {
    guard let first = text.first, (65...71).contains(first), let letter = ABCPitch.letter(first) else {
      return nil
    }
    text = text.dropFirst()
    var alter = 0
    while let sign = text.first, sign == UInt8(ascii: "#") || sign == UInt8(ascii: "b"), abs(alter) < 2 {
      let step = sign == UInt8(ascii: "#") ? 1 : -1
      if alter * step < 0 { break }
      alter += step
      text = text.dropFirst()
    }
    return ABCPitch(letter: letter, alter: alter)
  }

  private static let words = [
    "maj", "min", "dim", "aug", "sus", "add", "dom", "alt", "M", "m", "+", "-", "o", "ø", "°", "#", "b", "(",
    ")", ",", "0",
    "1", "2", "3", "4", "5", "6", "7", "8", "9",
  ]

  private static func isQuality(_ text: String) -> Bool {
    var rest = Substring(text)
    guard rest.utf8.count <= 24 else { return false }
    while !rest.isEmpty {
      guard let word = words.first(where: { rest.hasPrefix($0) }) else { return false }
      rest = rest.dropFirst(word.count)
    }
    return true
  }

  /// The symbol so many fifths on; spelled with one accidental at most where it would take more than two.
  func shifted(byFifths shift: Int) -> String {
    Self.shift(root, shift).name + quality + (bass.map { "/" + Self.shift($0, shift).name } ?? "")
  }

  private static func shift(_ pitch: ABCPitch, _ shift: Int) -> ABCPitch {
    ABCTransposer.spelled(pitch.fifths + shift)
  }
}
