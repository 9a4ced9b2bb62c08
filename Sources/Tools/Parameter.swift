/// One argument of a tool, declared once: the command line, the sockets, help and completion read it here.
package struct Parameter: Sendable {
  package var name: ParameterName
  package var kind: Kind
  package var help: String
  /// Stands without its flag. A positional `.flag` is a bare word: `garden loop off`.
  package var isPositional = false
  package var isRequired = false
  /// May be given several times; a list on the wire.
  package var isRepeated = false
  /// Answered by the command line alone; never sent.
  package var isClientOnly = false
  /// What holds when it is not given, in words.
  package var defaultText: String?
  /// Live names that a shell completes it from, in place of what its kind gives.
  package var liveNames: String?
  /// A one-letter flag such as `-o`.
  package var shortFlag: Character?

  package init(_ name: ParameterName, _ kind: Kind, _ help: String, default defaultText: String? = nil) {
    self.name = name
    self.kind = kind
    self.help = help
    self.defaultText = defaultText
  }

  package var flag: String { name.flag }

  /// How an error and the help name it: `file` when it stands by itself, `--fade-in` otherwise.
  package var label: String { isPositional ? name.rawValue : flag }

  package func positional() -> Parameter { with { $0.isPositional = true } }
  package func required() -> Parameter { with { $0.isRequired = true } }
  package func repeated() -> Parameter { with { $0.isRepeated = true } }
  package func clientOnly() -> Parameter { with { $0.isClientOnly = true } }
  /// For a request that changes things: what is not given stays as it is.
  package func withoutDefault() -> Parameter { with { $0.defaultText = nil } }
  package func completed(from names: String) -> Parameter { with { $0.liveNames = names } }
  package func short(_ letter: Character) -> Parameter { with { $0.shortFlag = letter } }

  private func with(_ change: (inout Parameter) -> Void) -> Parameter {
    var copy = self
    change(&copy)
    return copy
  }
}

extension Parameter {
  /// What values a parameter takes.
  package enum Kind: Sendable {
    /// A place on the timeline, kept as text: `16`, `5:1`, `90s`, `@chorus`, `+4`, `-2`, `50%`.
    case position
    /// A length in beats (quarter notes).
    case beats(ClosedRange<Double>)
    case number(ClosedRange<Double>, unit: String)
    /// A gain in dB; the suffix `dB` may stand.
    case decibels(ClosedRange<Double>)
    case integer(ClosedRange<Int>)
    /// A plain number is beats, a number with `s` is seconds.
    case span
    /// A point of automation: `POS=VALUE` or `POS=VALUE:SHAPE`; on the wire also `{at, value, shape}`.
    case point(shapes: [String])
    /// One line of text without control characters.
    case text(maxLength: Int)
    /// Text of any number of lines.
    case document(Int)
    /// A JSON object of at most so many bytes; as text it is the same written down.
    case object(Int)
    /// Present or absent; `true` on the wire.
    case flag
    /// `true` or `false`.
    case boolean
    case choice([String])
    /// An absolute path; the extensions serve completion only, the content decides.
    case path(extensions: [String])
    /// An absolute path, or what content is called: a hash of 32 or 64 digits, or an artifact's id.
    case material(extensions: [String])
    /// What content is called.
    case content
    case region, track, clip, marker, bus
    /// A track or a bus.
    case strip
    /// A soundfont's path, its file name, or `embedded`.
    case soundfont
    /// An absolute path, a name without a slash, or content.
    case session
  }

  /// What a shell completes the value from.
  package enum Completion: Equatable, Sendable {
    case nothing
    case words([String])
    case files(extensions: [String])
    /// Live names, asked of the daemon: `region`, `track`, `marker`, `clip`, `soundfont`, `job`, `host`, `artifact`,
    /// `session`.
    case live(String)
    case filesOrLive(extensions: [String], String)
  }

  package var completion: Completion {
    if let liveNames { return .live(liveNames) }
    return switch kind {
    case .choice(let words): .words(words)
    case .boolean: .words(["true", "false"])
    case .path(let extensions), .material(let extensions): .files(extensions: extensions)
    case .soundfont: .files(extensions: ["sf2", "sf3"])
    case .session: .filesOrLive(extensions: ["json"], "session")
    case .content: .live("artifact")
    case .region: .live("region")
    case .track, .strip: .live("track")
    case .bus: .live("bus")
    case .clip: .live("clip")
    case .marker: .live("marker")
    case .position: .live("position")
    case .beats, .number, .decibels, .integer, .span, .point, .text, .document, .object, .flag: .nothing
    }
  }

  /// The value's place in a usage line: `BEATS`, `FILE`, `linear|equal-power`; nil for a flag.
  package var placeholder: String? {
    switch kind {
    case .position: "POS"
    case .beats: "BEATS"
    case .number(_, let unit): unit.isEmpty ? "NUMBER" : unit.uppercased()
    case .decibels: "DB"
    case .integer: "N"
    case .span: "BEATS|SECONDSs"
    case .point: "POS=VALUE[:SHAPE]"
    case .text, .document: name.rawValue.uppercased()
    case .object: "JSON"
    case .flag: nil
    case .boolean: "true|false"
    case .choice(let words): words.joined(separator: "|")
    case .path, .material: "FILE"
    case .content: "HASH"
    case .region: "REGION"
    case .track: "TRACK"
    case .bus: "BUS"
    case .strip: "TRACK|BUS"
    case .clip: "CLIP"
    case .marker: "MARKER"
    case .soundfont: "SOUNDFONT"
    case .session: "FILE|NAME"
    }
  }

  /// The allowed values as a sentence, for help and errors.
  package var allowed: String {
    switch kind {
    case .position: "a position: 16, 5:1, 90s, 1:30.5s, @marker, +4, -2, 50%"
    case .beats(let range): "\(shownRange(range)) beats"
    case .number(let range, let unit): shownRange(range) + (unit.isEmpty ? "" : " \(unit)")
    case .decibels(let range): "\(shownRange(range)) dB"
    case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .span: "beats (4) or seconds (2.5s), from 0"
    case .point(let shapes):
      "POS=VALUE or POS=VALUE:SHAPE, VALUE \(shownRange(ToolLimits.gainDecibels)) or -inf, SHAPE one of "
        + shapes.joined(separator: ", ")
    case .text(let length): "one line of 1 to \(length) characters"
    case .document(let bytes): "text of 1 to \(bytes) bytes"
    case .object(let bytes): "a JSON object of at most \(bytes) bytes"
    case .flag, .boolean: "true or false"
    case .choice(let words): "one of " + words.joined(separator: ", ")
    case .path: "an absolute path of at most \(ToolLimits.pathLength) bytes"
    case .material:
      "an absolute path of at most \(ToolLimits.pathLength) bytes, a content hash or an artifact id"
    case .content: "a content hash of 32 or 64 digits, or an artifact id"
    case .region: "a region's name, id or the start of an id"
    case .track: "a track's name or id"
    case .bus: "a bus's name or id"
    case .strip: "the name or id of a track or bus"
    case .clip: "a clip's file name, id or the start of an id"
    case .marker: "a marker's name"
    case .session: "a path, a content hash, an artifact id, or a session's name"
    case .soundfont: "a soundfont's path or file name, a content hash, an artifact id, or embedded"
    }
  }
}

func shownRange(_ range: ClosedRange<Double>) -> String {
  "\(shownNumber(range.lowerBound)) to \(shownNumber(range.upperBound))"
}
