import HootWire
import Tools

// JSON Schemas from declarations. Every node has a type, and none a `default`: programs that turn schemas into grammars
// take them as they are.

extension Parameter {
  /// What a request may have in this parameter's place.
  package var schema: JSONValue {
    let text = help + (defaultText.map { "; by default \($0)" } ?? "")
    guard isRepeated else { return .object(Self.described(Self.schema(kind), text)) }
    let most = if case .point = kind { ToolLimits.points } else { ToolLimits.repetitions }
    return .object(
      Self.described(
        [
          ("type", "array"), ("items", .object(JSONObject(Self.schema(kind)))), ("minItems", 1),
          ("maxItems", .integer(Int64(most))),
        ], text))
  }

  private static func described(_ members: [(String, JSONValue)], _ text: String) -> JSONObject {
    JSONObject(members + [("description", .string(text))])
  }

  private static func schema(_ kind: Kind) -> [(String, JSONValue)] {
    switch kind {
    case .position:
      [("type", ["string", "number"]), ("maxLength", .integer(Int64(ToolLimits.positionLength)))]
    case .beats(let range), .number(let range, _), .decibels(let range): bounds("number", range)
    case .integer(let range):
      // Numbers beyond 2^53 do not survive in every client.
      [
        ("type", "integer"), ("minimum", .integer(Int64(max(range.lowerBound, -(1 << 53))))),
        ("maximum", .integer(Int64(min(range.upperBound, 1 << 53)))),
      ]
    case .span: [("type", ["number", "string"]), ("maxLength", 32)]
    case .point(let shapes): [("type", ["object", "string"]), ("properties", point(shapes))]
    case .text(let length): string(length)
    case .document(let bytes): string(bytes)
    case .object: [("type", "object")]
    case .flag, .boolean: [("type", "boolean")]
    case .choice(let words): [("type", "string"), ("enum", .array(words.map { .string($0) }))]
    case .path, .material, .session, .soundfont: string(ToolLimits.pathLength)
    case .content, .region, .track, .clip, .marker, .bus, .strip: string(ToolLimits.referenceLength)
    }
  }

  private static func point(_ shapes: [String]) -> JSONValue {
    [
      "at": ["type": ["string", "number"]], "value": ["type": ["number", "string"]],
      "shape": ["type": "string", "enum": .array(shapes.map { .string($0) })],
    ]
  }

  private static func bounds(_ type: String, _ range: ClosedRange<Double>) -> [(String, JSONValue)] {
    [
      ("type", .string(type)), ("minimum", .number(range.lowerBound)), ("maximum", .number(range.upperBound)),
    ]
  }

  private static func string(_ length: Int) -> [(String, JSONValue)] {
    [("type", "string"), ("minLength", 1), ("maxLength", .integer(Int64(length)))]
  }
}

/// A JSON Schema of an object, put together from its members.
package enum ObjectSchema {
  /// Anything at all, said as types.
  package static let anything: JSONValue = ["object", "array", "string", "number", "boolean", "null"]

  static func of(
    _ members: [(String, JSONValue)], required: [String] = [], isClosed: Bool = true
  ) -> JSONValue {
    var fields: [(String, JSONValue)] = [("type", "object"), ("properties", .object(JSONObject(members)))]
    if !required.isEmpty { fields.append(("required", .array(required.map { .string($0) }))) }
    if isClosed { fields.append(("additionalProperties", false)) }
    return JSONValue(fields)
  }

  /// Of a result, from its declaration: `jobs: [job]`, `count, bytes: what goes`. What a line says decides the type; where
  /// it says none, any may stand there.
  static func of(result lines: [String]) -> JSONValue {
    var members: [(String, JSONValue)] = []
    for line in lines {
      let colon = line.firstIndex(of: ":") ?? line.endIndex
      let text = line[colon...].drop { $0 == ":" || $0 == " " }
      let type: JSONValue =
        switch text.first {
        case "[": ["array", "null"]
        case "{": ["object", "null"]
        default: anything
        }
      for word in line[..<colon].split(separator: ",") {
        let name = String(word.drop { $0 == " " })
        guard name.utf8.allSatisfy(isWord) else { continue }
        var schema: [(String, JSONValue)] = [("type", type)]
        if !text.isEmpty { schema.append(("description", .string(String(text)))) }
        members.append((name, JSONValue(schema)))
      }
    }
    return of(members, isClosed: false)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

extension JSONValue {
  package init(_ members: [(String, JSONValue)]) { self = .object(JSONObject(members)) }
}
