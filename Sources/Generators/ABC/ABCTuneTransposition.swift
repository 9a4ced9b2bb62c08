/// One tune on its way to another key.
struct ABCTuneTransposition {
  static let remark = Array("%%key-spelling".utf8)

  let tune: ABCTune
  let bytes: [UInt8]
  private let semitones: Int
  var changes: [ABCTextChange] = []
  private(set) var headKeys: (old: String, new: String)?
  /// Fifths that a voice is moved by.
  private var shifts: [Int]
  private var accidentals: [ABCAccidentals]
  /// Keys counted so far, and how those were written that are to be written so again.
  private var keyCount = 0
  var spellings: [Int: String] = [:]
  private var noteCount = 0
  var notes: [Int: ABCOriginalNote] = [:]

  init(_ tune: ABCTune, _ bytes: [UInt8], _ semitones: Int) {
    self.tune = tune
    self.bytes = bytes
    self.semitones = semitones
    // Without a K: field that could be read, as in C.
    let shift = Self.shift(ofSignature: 0, semitones)
    shifts = Array(repeating: shift, count: tune.voices.count)
    accidentals = Array(repeating: ABCAccidentals(), count: tune.voices.count)
  }

  mutating func run() throws(GeneratorError) {
    readRemark()
    for mark in tune.marks {
      switch mark {
      case .note(let note): try move(note)
      case .bar(let voice): accidentals[voice].beginBar()
      case .key(let key, let voice): move(key, voice)
      case .chordSymbol(let range, let voice): move(symbol: range, voice)
      case .reach(let reach): for index in accidentals.indices { accidentals[index].reach = reach }
      }
    }
    writeRemark()
  }

  /// To the signature of at most six sharps or five flats that lies so many semitones on.
  private static func shift(ofSignature fifths: Int, _ semitones: Int) -> Int {
    if semitones % 12 == 0 { return 0 }
    let wanted = fifths + 7 * semitones
    let place = ((wanted + 5) % 12 + 12) % 12 - 5
    return place - fifths
  }

  private mutating func move(_ mark: ABCKeyMark, _ voice: Int?) {
    keyCount += 1
    var key = mark.key
    let original = String(decoding: bytes[mark.tonicRange], as: UTF8.self)
    var shift = Self.shift(ofSignature: key.fifths, semitones)
    var written: String?
    if shift != 0, let spelling = spellings[keyCount], let before = Self.key(spelling),
      (before.tonic.semitone - key.tonic.semitone - semitones) % 12 == 0
    {
      shift = before.tonic.fifths - key.tonic.fifths
      written = before.special == nil ? nil : spelling
      if before.special != nil { key.special = before.special }
      spellings[keyCount] = nil
    } else if shift != 0 {
      if key.special != nil || !(-5...6).contains(key.fifths), spellings[keyCount] == nil {
        spellings[keyCount] = original
      }
      if key.special == .pipes || key.special == .markedPipes {
        written = ABCPitch(fifths: key.tonic.fifths + shift).name + "mix"
      }
      key.special = nil
    }
    key.tonic = ABCPitch(fifths: key.tonic.fifths + shift)
    if shift != 0 {
      changes.append(
        written.map { ABCTextChange(range: mark.nameRange, text: $0) }
          ?? ABCTextChange(range: mark.tonicRange, text: key.tonic.name))
    }
    for (index, range) in mark.changeRanges.enumerated() where shift != 0 {
      key.changes[index] = ABCTransposer.spelled(key.changes[index].fifths + shift)
      let isLower = bytes[range.upperBound - 1] >= 97
      changes.append(ABCTextChange(range: range, text: Self.text(key.changes[index], isLower: isLower)))
    }
    if headKeys == nil { headKeys = (mark.key.name, key.name) }
    for index in shifts.indices where voice == nil || voice == index {
      shifts[index] = shift
      accidentals[index].signature = key.signature
      if voice != nil { accidentals[index].beginBar() }
    }
  }

  private mutating func move(_ note: ABCNoteMark) throws(GeneratorError) {
    noteCount += 1
    let shift = shifts[note.voice]
    let plain = note.pitch.fifths + shift
    let pitch = ABCTransposer.spelled(plain)
    let height = 12 * note.octave + note.pitch.semitone + semitones
    guard (-60...67).contains(height) else {
      throw GeneratorError(
        "out_of_range", "Transposed by \(semitones), a note lies beyond MIDI's keys",
        why: "Seen key \(height + 60), allowed 0 to 127.", next: "transpose by less")
    }
    if let original = notes[noteCount], original.height == height {
      notes[noteCount] = nil
      return restore(note, original)
    }
    let octave = (height - pitch.semitone) / 12
    let implied = accidentals[note.voice].alter(letter: pitch.letter, octave: octave)
    let isRespelled = pitch.fifths != plain
    let isExplicit = note.isExplicit || isRespelled || (!note.isTiedInto && implied != pitch.alter)
    if isExplicit {
      accidentals[note.voice].note(letter: pitch.letter, octave: octave, alter: pitch.alter)
    }
    if isRespelled || isExplicit != note.isExplicit, notes[noteCount] == nil {
      let text = String(decoding: bytes[note.range], as: UTF8.self)
      notes[noteCount] = ABCOriginalNote(text: text, height: height - semitones)
    }
    changes.append(
      ABCTextChange(
        range: note.range,
        text: (isExplicit ? Self.sign(pitch.alter) : "") + Self.letter(pitch.letter, octave, note)))
  }

  private mutating func restore(_ note: ABCNoteMark, _ original: ABCOriginalNote) {
    changes.append(ABCTextChange(range: note.range, text: original.text))
    guard let explicit = original.explicit else { return }
    accidentals[note.voice].note(letter: explicit.letter, octave: explicit.octave, alter: explicit.alter)
  }

  private mutating func move(symbol range: Range<Int>, _ voice: Int) {
    guard shifts[voice] != 0, let symbol = ABCChordSymbol(bytes[range]) else { return }
    changes.append(ABCTextChange(range: range, text: symbol.shifted(byFifths: shifts[voice])))
  }

  private static func sign(_ alter: Int) -> String {
    switch alter {
    case 0: "="
    case 1...: String(repeating: "^", count: alter)
    default: String(repeating: "_", count: -alter)
    }
  }

  private static func text(_ pitch: ABCPitch, isLower: Bool) -> String {
    let letter = ABCPitch.letters[pitch.letter]
    return sign(pitch.alter) + String(decoding: [isLower ? letter | 32 : letter], as: UTF8.self)
  }

  /// By habit capitals up to middle C's octave and small letters above; what was written otherwise stays so, so that
  /// it can be told.
  private static func letter(_ letter: Int, _ octave: Int, _ note: ABCNoteMark) -> String {
    let isLower = note.isOddlyWritten ? note.isLower : octave > 0
    let marks = octave - (isLower ? 1 : 0)
    var text = String(decoding: [ABCPitch.letters[letter] | (isLower ? 32 : 0)], as: UTF8.self)
    let isUsual = isLower ? marks >= 0 : marks <= 0
    if note.isOddlyWritten, isUsual { text += isLower ? ",'" : "'," }
    text += String(repeating: marks > 0 ? "'" : ",", count: abs(marks))
    return text
  }

  private static func key(_ name: String) -> ABCKey? {
    switch name {
    case "", "none": return ABCKey(.none)
    case "HP": return ABCKey(.pipes)
    case "Hp": return ABCKey(.markedPipes)
    default:
      let bytes = Array(name.utf8)
      guard let first = bytes.first, let letter = ABCPitch.letter(first) else { return nil }
      var key = ABCKey()
      let sign = bytes.count > 1 ? bytes[1] : 0
      key.tonic = ABCPitch(
        letter: letter, alter: sign == UInt8(ascii: "#") ? 1 : sign == UInt8(ascii: "b") ? -1 : 0)
      return key
    }
  }
}
