import Generators
import HootWire
import MIDI
import Tools

/// What the requests for ABC notation answer, in the daemon and in `garden` without one. Pure; any thread that may
/// take some milliseconds.
package enum ABCReport {
  /// Notes, rests and bars of a reply; the rest is counted.
  package static let elements = 5_000

  /// `abc_parse`: the tunes as they are written.
  package static func parse(_ source: ABCSource) -> JSONValue {
    let book = source.book
    var object = JSONObject([("valid", .bool(book.isValid))])
    let first = book.tunes.first
    object["title"] = JSONValue(first?.titles.first)
    object["key"] = JSONValue(first?.key.name)
    object["meter"] = JSONValue(first?.meter.text)
    object["tempo"] = first.map { .number($0.tempo?.bpm ?? 120) } ?? .null
    object["notes_count"] = .integer(Int64(first?.noteCount ?? 0))
    var room = elements
    var omitted = 0
    object["tunes"] = .array(book.tunes.map { json($0, source, &room, &omitted) })
    object["elements_omitted"] = .integer(Int64(omitted))
    addDiagnostics(book, to: &object)
    return .object(object)
  }

  /// `abc_validate`.
  package static func validate(_ source: ABCSource) -> JSONValue {
    let book = source.book
    var object = JSONObject([
      ("valid", .bool(book.isValid)), ("tunes", .integer(Int64(book.tunes.count))),
      ("notes_count", .integer(Int64(book.tunes.reduce(0) { $0 + $1.noteCount }))),
    ])
    addDiagnostics(book, to: &object)
    return .object(object)
  }

  /// `abc_transpose`. Refused where the text is not valid, and without a number or a key.
  package static func transpose(_ source: ABCSource, _ arguments: Arguments) throws(ToolError) -> JSONValue {
    try source.requireValid()
    let semitones = arguments.integer(.semitones)
    let key = arguments.text(.targetKey)
    guard (semitones == nil) != (key == nil) else {
      throw ToolError(
        code: "missing_parameter", what: "abc transpose needs a number of semitones, or a key",
        why: semitones == nil ? "Neither was given." : "Both were given.",
        next: "garden abc transpose tune.abc 2, or garden abc transpose tune.abc --target-key F#")
    }
    do {
      let result =
        if let key { try ABCTransposer.transpose(source.text, toKey: key) } else {
          try ABCTransposer.transpose(source.text, by: semitones ?? 0)
        }
      return [
        "abc": .string(result.text), "original_key": .string(result.originalKey),
        "new_key": .string(result.newKey),
        "semitones": .integer(Int64(result.semitones)),
      ]
    } catch { throw ToolError(error) }
  }

  /// `abc_to_midi`: the bytes of the file, and what is to be known of it.
  package static func midi(
    _ source: ABCSource, _ arguments: Arguments
  ) throws(ToolError) -> (bytes: [UInt8], result: JSONObject) {
    try source.requireValid()
    let tune = try source.tune(arguments.integer(.tune))
    var playing = ABCPlaying()
    playing.tempo = arguments.number(.tempo)
    playing.transpose = arguments.integer(.transpose) ?? 0
    playing.velocity = UInt8(clamping: arguments.integer(.velocity) ?? 80)
    playing.channel = arguments.integer(.channel).map { UInt8(clamping: $0 - 1) }
    playing.program = arguments.integer(.program).map { UInt8(clamping: $0) }
    do {
      let sequence = try tune.sequence(playing)
      let warnings = source.book.diagnostics.map { JSONValue.string($0.description) }
      return (
        SMFWriter.write(sequence),
        JSONObject([
          ("title", JSONValue(tune.titles.first)), ("notes_count", .integer(Int64(sequence.noteCount))),
          ("beats", .number(Double(sequence.lengthTicks) / Double(MIDILimits.ticksPerBeat))),
          ("duration_seconds", .number(MIDIReport.seconds(sequence))), ("warnings", .array(warnings)),
        ])
      )
    } catch { throw ToolError(error) }
  }

  private static func addDiagnostics(_ book: ABCBook, to object: inout JSONObject) {
    func list(_ severity: ABCDiagnostic.Severity) -> JSONValue {
      .array(
        book.diagnostics.filter { $0.severity == severity }.map {
          [
            "line": .integer(Int64($0.line)), "column": .integer(Int64($0.column)),
            "message": .string($0.message),
          ]
        })
    }
    object["errors"] = list(.error)
    object["warnings"] = list(.warning)
    object["omitted"] = .integer(Int64(book.omittedDiagnostics))
  }
}

extension ToolError {
  init(_ error: GeneratorError) {
    let exit: ExitCode = error.code == "bad_abc" || error.code == "no_notes" ? .badData : .usage
    self.init(code: error.code, exit: exit, what: error.what, why: error.why, next: error.next)
  }
}
