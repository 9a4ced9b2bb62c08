/// A text whose tunes were transposed. Everything that is not a note, a key or a chord symbol stands as it stood.
package struct ABCTransposition: Sendable, Equatable {
  package var text: String
  /// Of the first tune.
  package var originalKey: String
  package var newKey: String
  package var semitones: Int
}

/// Moves the notes of a text along the line of fifths, all as far as their key: what stands in the key stays without
/// accidentals, and the way back leads to the same letters. A key of more than six sharps or five flats is written
/// with fewer; a remark in the tune keeps how it was written, for when it comes back.
package enum ABCTransposer {
  /// `semitones` within `GeneratorLimits.transpose`.
  package static func transpose(_ text: String, by semitones: Int) throws(GeneratorError) -> ABCTransposition
  {
    guard GeneratorLimits.transpose.contains(semitones) else {
      throw .range("semitones", seen: semitones, allowed: "-48 to 48")
    }
    let bytes = Array(text.utf8)
    let book = try readable(bytes)
    var changes: [ABCTextChange] = []
    var keys: (old: String, new: String)?
    for tune in book.tunes {
      var work = ABCTuneTransposition(tune, bytes, semitones)
      try work.run()
      changes += work.changes
      keys = keys ?? work.headKeys
    }
    let name = book.tunes.first?.key.name ?? "none"
    return ABCTransposition(
      text: ABCTextChange.apply(changes, to: bytes), originalKey: keys?.old ?? name,
      newKey: keys?.new ?? name,
      semitones: semitones)
  }

  /// To a key of this tonic, whichever way is nearer; the mode stays. The text says `D`, `F#` or `Bbm`.
  package static func transpose(_ text: String, toKey key: String) throws(GeneratorError) -> ABCTransposition
  {
    let book = try readable(Array(text.utf8))
    guard let first = book.tunes.first, let target = ABCChordSymbol(Array(key.utf8)[...]),
      abs(target.root.alter) < 2,
      target.bass == nil
    else {
      throw GeneratorError(
        "bad_key", "\(shown(key.utf8)) is no key", why: "A key is a letter of A to G, with # or b behind it.",
        next: "garden abc transpose tune.abc --target-key F#")
    }
    let way = ((target.root.semitone - first.key.tonic.semitone) % 12 + 12) % 12
    return try transpose(text, by: way > 6 ? way - 12 : way)
  }

  private static func readable(_ bytes: [UInt8]) throws(GeneratorError) -> ABCBook {
    let book = ABCParser.parse(bytes)
    if let error = book.diagnostics.first(where: { $0.severity == .error }) {
      throw GeneratorError(
        "bad_abc", "The ABC text cannot be read: line \(error.line), column \(error.column)",
        why: error.message + ".",
        next: "garden abc validate FILE")
    }
    return book
  }

  /// Spelled with two accidentals at most.
  static func spelled(_ fifths: Int) -> ABCPitch {
    var fifths = fifths
    while fifths > 19 { fifths -= 12 }
    while fifths < -15 { fifths += 12 }
    return ABCPitch(fifths: fifths)
  }
}

/// Bytes that take the place of others.
struct ABCTextChange {
  var range: Range<Int>
  var text: String

  static func apply(_ changes: [ABCTextChange], to bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 64)
    var done = 0
    let ordered = changes.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    for change in ordered where change.range.lowerBound >= done {
      result += bytes[done..<change.range.lowerBound]
      result += Array(change.text.utf8)
      done = change.range.upperBound
    }
    result += bytes[done...]
    return String(decoding: result, as: UTF8.self)
  }
}
