/// A place on the timeline as people and programs write it, one grammar at every door:
///
/// | written | meaning |
/// |---|---|
/// | `16`, `4.5` | beats (quarter notes) after the start: `16` is `5:1` in 4/4 |
/// | `5:1`, `5:1:480` | bar, beat and tick; bars and beats count from 1, beats in the signature's denominator |
/// | `90s`, `1:30.5s`, `1:02:03s` | time after the start |
/// | `@chorus` | a marker |
/// | `@next-bar`, `@next-beat`, `@next-4-bars` | the next line of a raster, see `Place` |
/// | `@next-marker`, `@loop-start`, `@end`, … | a place that has a name of its own, see `Place` |
/// | `+4`, `-2` | beats from the playhead; `+0` is the playhead itself, `-0` is refused |
/// | `50%` | part of the way to the timeline's end |
package enum Position: Sendable, Equatable {
  case beats(Double)
  case bar(BarBeat)
  case seconds(Double)
  case marker(String)
  case place(Place)
  case relativeBeats(Double)
  case percent(Double)
}

/// Why a position was refused; carries the text that was given.
package enum PositionError: Error, Sendable, Equatable {
  case unreadable(String)
  case noSuchBeat(String, signature: String)
  case unknownMarker(String, known: [String])
  case noSuchPlace(Place, why: String, next: String)
  case beforeStart(String)
  case tooFar(String)

  /// What failed, why, and what to type next; one line each, whatever the text holds.
  package var lines: [String] { plainLines.map(\.oneLine) }

  private var plainLines: [String] {
    switch self {
    case .unreadable(let text):
      [
        "\"\(text)\" is not a position",
        "a position is 16 (beats), 5:1 or 5:1:480 (bar:beat:tick), 90s or 1:30.5s, @marker, +4, -2 or 50%",
        "garden help positions",
      ]
    case .noSuchBeat(let text, let signature):
      [
        "there is no place \"\(text)\" on the timeline",
        "bars and beats count from 1, and the signature there is \(signature)",
        "garden help positions",
      ]
    case .unknownMarker(let name, let known):
      [
        "there is no marker \"\(name)\"",
        known.isEmpty ? "the timeline has no markers" : "markers: " + known.joined(separator: ", "),
        "garden marker add \(name.shellWord) --at 5:1",
      ]
    case .noSuchPlace(let place, let why, let next): ["there is no @\(place)", why, next]
    case .beforeStart(let text):
      ["\"\(text)\" lies before the start of the timeline", "the first place is 0, or 1:1", "garden seek 0"]
    case .tooFar(let text):
      [
        "\"\(text)\" lies too far away",
        "the last place is beat \(TimeLimits.maximumTick / ticksPerBeat)", "garden help positions",
      ]
    }
  }
}

extension Position {
  /// Reads the grammar above; blanks around it are allowed, inside it not.
  package static func parse(_ text: String) throws(PositionError) -> Position {
    guard text.utf8.count <= TimeLimits.maximumPositionCharacters else {
      // By scalars: one character may be as long as it likes.
      throw .unreadable(String(text.unicodeScalars.prefix(32)) + "…")
    }
    let trimmed = text.trimmingBlanks()
    guard let first = trimmed.first else { throw .unreadable(text) }
    let read: Position? =
      switch first {
      case "@": trimmed.count > 1 ? named(trimmed.dropFirst()) : nil
      case "+": decimal(trimmed.dropFirst()).map { .relativeBeats($0) }
      case "-": decimal(trimmed.dropFirst()).flatMap { $0 > 0 ? .relativeBeats(-$0) : nil }
      default: parseAbsolute(trimmed)
      }
    guard let read else { throw .unreadable(text) }
    return read
  }

  private static func named(_ name: Substring) -> Position {
    Place(name).map { .place($0) } ?? .marker(String(name))
  }

  private static func parseAbsolute(_ text: Substring) -> Position? {
    switch text.last {
    case "%": decimal(text.dropLast()).map { .percent($0) }
    case "s": clock(text.dropLast()).map { .seconds($0) }
    default: text.contains(":") ? barBeat(text).map { .bar($0) } : decimal(text).map { .beats($0) }
    }
  }

  private static func barBeat(_ text: Substring) -> BarBeat? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(whole)
    guard parts.count == 2 || parts.count == 3, !parts.contains(nil) else { return nil }
    let numbers = parts.compactMap { $0 }
    return BarBeat(bar: numbers[0], beat: numbers[1], tick: numbers.count == 3 ? numbers[2] : 0)
  }

  /// `90`, `1:30.5` or `1:02:03.25` in seconds; minutes and seconds below 60 where something larger stands
  /// before.
  private static func clock(_ text: Substring) -> Double? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count), let seconds = decimal(parts[parts.count - 1]) else { return nil }
    guard parts.count > 1 else { return seconds }
    guard seconds < 60 else { return nil }
    var minutes = 0.0
    for (index, part) in parts.dropLast().enumerated() {
      guard let number = whole(part), index == 0 || number < 60 else { return nil }
      minutes = minutes * 60 + Double(number)
    }
    return minutes * 60 + seconds
  }

  private static func whole(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 10, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  /// Digits with at most one point: no sign, exponent, `inf` or `nan`.
  private static func decimal(_ text: Substring) -> Double? {
    let digits = text.utf8.filter { (0x30...0x39).contains($0) }.count
    let points = text.utf8.filter { $0 == 0x2E }.count
    guard digits > 0, points <= 1, digits + points == text.utf8.count, text.utf8.count <= 24 else {
      return nil
    }
    return Double(text)
  }
}

extension String {
  fileprivate func trimmingBlanks() -> Substring {
    var rest = self[...]
    while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return rest
  }
}
