import HootWire
import Tools

/// What can be asked, written down for programs: from the declarations, so that it cannot say anything else.
enum Description {
  static func tool(_ tool: Tool) -> JSONValue {
    [
      "name": .string(tool.name.rawValue), "summary": .string(tool.usage.summary),
      "seconds": .number(tool.timing.seconds), "changes": .bool(tool.isCommand),
      "parameters": schema(of: tool), "result": .array(tool.result.map { .string($0) }),
    ]
  }

  /// The JSON Schema of a tool's parameters, without those that a path gives.
  static func schema(of tool: Tool, without given: Set<String> = []) -> JSONValue {
    let own = parameters(of: tool, without: given)
    // What is not required may be null, which is the same as not given.
    let properties = own.map { ($0.name.rawValue, $0.isRequired ? property($0) : nullable(property($0))) }
    var schema = JSONObject([
      ("type", "object"), ("properties", .object(JSONObject(properties))), ("additionalProperties", false),
    ])
    let required = own.filter(\.isRequired).map { JSONValue.string($0.name.rawValue) }
    if !required.isEmpty { schema["required"] = .array(required) }
    return .object(schema)
  }

  /// What a request can say of itself, without what a path gives.
  static func parameters(of tool: Tool, without given: Set<String>) -> [Parameter] {
    tool.usage.parameters.filter { !$0.isClientOnly && !given.contains($0.name.rawValue) }
  }

  static func property(_ parameter: Parameter) -> JSONValue {
    let one = value(parameter)
    guard parameter.isRepeated else { return described(one, parameter) }
    return described(["type": "array", "items": one, "minItems": 1], parameter)
  }

  private static func described(_ schema: JSONValue, _ parameter: Parameter) -> JSONValue {
    var object = schema.object ?? JSONObject()
    let standard = parameter.defaultText.map { "; \($0) when it is not given" } ?? ""
    object["description"] = .string("\(parameter.help): \(parameter.allowed)\(standard)")
    return .object(object)
  }

  private static func nullable(_ schema: JSONValue) -> JSONValue {
    guard var object = schema.object else { return schema }
    switch object["type"] {
    case .string(let type)?: object["type"] = [.string(type), "null"]
    case .array(let types)?: object["type"] = .array(types + ["null"])
    default: break
    }
    if let words = object["enum"]?.array { object["enum"] = .array(words + [nil]) }
    return .object(object)
  }

  /// One line without control characters, as names and references are.
  static let line: JSONValue = .string(#"^[^\u0000-\u001F\u007F-\u009F]+$"#)

  private static func value(_ parameter: Parameter) -> JSONValue {
    switch parameter.kind {
    case .beats(let range), .number(let range, _), .decibels(let range):
      ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
    case .integer(let range):
      [
        "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
        "maximum": .integer(Int64(range.upperBound)),
      ]
    case .flag, .boolean: ["type": "boolean"]
    case .choice(let words): ["type": "string", "enum": .array(words.map { .string($0) })]
    case .text(let length):
      ["type": "string", "minLength": 1, "maxLength": .integer(Int64(length)), "pattern": line]
    case .position, .span: ["type": ["string", "number"], "minLength": 1, "pattern": line]
    case .point: ["type": ["string", "object"], "minLength": 1]
    case .object: ["type": "object"]
    case .document: ["type": "string", "minLength": 1]
    case .path, .material, .content, .region, .track, .clip, .marker, .bus, .strip, .soundfont, .session:
      ["type": "string", "minLength": 1, "pattern": line]
    }
  }
}
