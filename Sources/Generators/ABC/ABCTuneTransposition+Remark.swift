// How keys and notes were written that had to be written otherwise, in a line behind the first, as
// `%%key-spelling 1=C# 3=none n12=^^B@11`: the number is the place among the keys or notes.
extension ABCTuneTransposition {
  mutating func readRemark() {
    var start = tune.range.lowerBound
    while start < tune.range.upperBound {
      let stop =
        bytes[start..<tune.range.upperBound].firstIndex { $0 == 10 || $0 == 13 } ?? tune.range.upperBound
      var next = min(stop + 1, tune.range.upperBound)
      if next < tune.range.upperBound, bytes[stop] == 13, bytes[next] == 10 { next += 1 }
      if bytes[start..<stop].starts(with: Self.remark) {
        for pair in bytes[start..<stop].split(separator: 32).dropFirst() { readPair(pair) }
        changes.append(ABCTextChange(range: start..<next, text: ""))
        return
      }
      start = next
    }
  }

  private mutating func readPair(_ pair: ArraySlice<UInt8>) {
    let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return }
    let value = String(decoding: parts[1], as: UTF8.self)
    if parts[0].first == UInt8(ascii: "n") {
      guard let place = Int(String(decoding: parts[0].dropFirst(), as: UTF8.self)) else { return }
      notes[place] = ABCOriginalNote(value)
    } else if let place = Int(String(decoding: parts[0], as: UTF8.self)) {
      spellings[place] = value
    }
  }

  mutating func writeRemark() {
    guard !spellings.isEmpty || !notes.isEmpty,
      let stop = bytes[tune.range].firstIndex(where: { $0 == 10 || $0 == 13 })
    else { return }
    let isPair = bytes[stop] == 13 && stop + 1 < tune.range.upperBound && bytes[stop + 1] == 10
    let next = stop + (isPair ? 2 : 1)
    let keys = spellings.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
    let notes = notes.sorted { $0.key < $1.key }.map { " n\($0.key)=\($0.value.text)@\($0.value.height)" }
    let lineEnd = String(decoding: bytes[stop..<next], as: UTF8.self)
    changes.append(
      ABCTextChange(
        range: next..<next,
        text: String(decoding: Self.remark, as: UTF8.self) + (keys + notes).joined() + lineEnd))
  }
}

/// A note as it stood, and its semitones above middle C.
struct ABCOriginalNote {
  var text: String
  var height: Int

  init(text: String, height: Int) { (self.text, self.height) = (text, height) }

  /// `^^B,@-1`; nil where it is no such thing.
  init?(_ remark: String) {
    let parts = remark.split(separator: "@")
    guard parts.count == 2, let height = Int(parts[1]), (-60...67).contains(height) else { return nil }
    self.init(text: String(parts[0]), height: height)
    let bytes = Array(text.utf8)
    let letters = bytes.filter { ABCPitch.letter($0) != nil }
    guard letters.count == 1, bytes.count <= 16,
      let place = bytes.firstIndex(where: { ABCPitch.letter($0) != nil }),
      let letter = ABCPitch.letter(bytes[place]),
      ["", "=", "^", "^^", "_", "__"].contains(String(decoding: bytes[..<place], as: UTF8.self)),
      bytes[(place + 1)...].allSatisfy({ $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "'") })
    else { return nil }
    // Without an accidental it has one of the key or the bar.
    let plain = 12 * octave(bytes[place...]) + ABCPitch.semitones[letter]
    guard explicit.map({ plain + $0.alter == height }) ?? (abs(plain - height) <= 2) else { return nil }
  }

  /// Its pitch where it has an accidental of its own.
  var explicit: (letter: Int, octave: Int, alter: Int)? {
    let bytes = Array(text.utf8)
    guard let place = bytes.firstIndex(where: { ABCPitch.letter($0) != nil }), place > 0,
      let letter = ABCPitch.letter(bytes[place])
    else { return nil }
    let alter = bytes[..<place].reduce(0) {
      $0 + ($1 == UInt8(ascii: "^") ? 1 : $1 == UInt8(ascii: "_") ? -1 : 0)
    }
    return (letter, octave(bytes[place...]), alter)
  }

  /// Of a letter and its marks.
  private func octave(_ note: ArraySlice<UInt8>) -> Int {
    note.reduce(note.first ?? 0 >= 97 ? 1 : 0) {
      $0 + ($1 == UInt8(ascii: "'") ? 1 : $1 == UInt8(ascii: ",") ? -1 : 0)
    }
  }
}
