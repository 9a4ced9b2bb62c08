import Generators
import HootWire

extension ABCReport {
  static func json(_ tune: ABCTune, _ source: ABCSource, _ room: inout Int, _ omitted: inout Int) -> JSONValue
  {
    [
      "number": tune.number.map { .integer(Int64($0)) } ?? .null, "line": .integer(Int64(tune.line)),
      "titles": .array(tune.titles.map { .string($0) }), "composer": JSONValue(tune.composer),
      "key": .string(tune.key.name), "sharps": .integer(Int64(tune.key.fifths)),
      "meter": .string(tune.meter.text),
      "unit": .string("\(tune.unit.numerator)/\(tune.unit.denominator)"),
      "tempo": tune.tempo.map { .number($0.bpm) } ?? .null, "notes_count": .integer(Int64(tune.noteCount)),
      "voices": .array(tune.voices.map { json($0, &room, &omitted) }),
    ]
  }

  private static func json(_ voice: ABCVoice, _ room: inout Int, _ omitted: inout Int) -> JSONValue {
    let shown = voice.elements.prefix(room)
    room -= shown.count
    omitted += voice.elements.count - shown.count
    return [
      "id": .string(voice.id), "name": JSONValue(voice.name), "notes_count": .integer(Int64(voice.noteCount)),
      "bars": .integer(Int64(voice.barCount)), "elements": .array(shown.map { json($0) }),
    ]
  }

  private static func json(_ element: ABCElement) -> JSONValue {
    switch element.kind {
    case .sound(let sound): json(sound)
    case .bar(let bar):
      [
        "type": "bar", "repeats": .integer(Int64(bar.repeatsBack)), "begins_repeat": .bool(bar.startsRepeat),
        "section": .bool(bar.isSection), "endings": .array(bar.endings.map { .integer(Int64($0)) }),
      ]
    case .overlay: ["type": "overlay"]
    case .tempo(let tempo): ["type": "tempo", "tempo_bpm": .number(tempo.bpm)]
    case .meter(let meter): ["type": "meter", "meter": .string(meter.text)]
    case .key(let key): ["type": "key", "key": .string(key.name)]
    case .program(let program): ["type": "program", "program": .integer(Int64(program))]
    }
  }

  private static func json(_ sound: ABCSound) -> JSONValue {
    var object = JSONObject([
      ("type", sound.notes.isEmpty ? "rest" : sound.notes.count == 1 ? "note" : "chord"),
      ("beats", .number(sound.beats)),
    ])
    if !sound.notes.isEmpty { object["notes"] = .array(sound.notes.map { json($0) }) }
    if !sound.graces.isEmpty { object["grace_notes"] = .array(sound.graces.map { .string($0.name) }) }
    return .object(object)
  }

  private static func json(_ note: ABCNote) -> JSONValue {
    ["pitch": .string(note.name), "key": .integer(Int64(note.key)), "tied": .bool(note.isTied)]
  }
}
