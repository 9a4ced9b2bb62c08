import HootWire

/// Holds values against the schemas that this door gives out: the part of JSON Schema that they use.
package enum SchemaCheck {
  /// What is wrong, and where; nil when nothing is.
  package static func problem(_ value: JSONValue, _ schema: JSONValue, at path: String = "") -> String? {
    let place = path.isEmpty ? "it" : "`\(path)`"
    let types = schema["type"]?.array?.compactMap(\.string) ?? schema["type"]?.string.map { [$0] } ?? []
    if !types.isEmpty, !types.contains(where: { matches(value, $0) }) {
      return "\(place) must be \(types.joined(separator: " or ")), and is \(value.kind)"
    }
    if let words = schema["enum"]?.array, !words.contains(value) {
      return
        "\(place) must be one of \(words.map(\.text).joined(separator: ", ")), and is \(quoted(value.text))"
    }
    switch value {
    case .integer, .unsigned, .number: return range(value, schema, place)
    case .string(let text): return length(text, schema, place)
    case .array(let elements): return items(elements, schema, path, place)
    case .object(let object): return members(object, schema, path, place)
    case .null, .bool: return nil
    }
  }

  private static func matches(_ value: JSONValue, _ type: String) -> Bool {
    switch type {
    case "null": value.isNull
    case "boolean": value.bool != nil
    case "string": value.string != nil
    case "number": value.double != nil
    case "integer": value.double.map { $0 == $0.rounded() } ?? false
    case "array": value.array != nil
    case "object": value.object != nil
    default: false
    }
  }

  private static func range(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> String? {
    guard let number = value.double else { return nil }
    let least = schema["minimum"]?.double ?? -.infinity
    let most = schema["maximum"]?.double ?? .infinity
    guard !(least...most).contains(number) else { return nil }
    return "\(place) must be \(least) to \(most), and is \(value.text)"
  }

  private static func length(_ text: String, _ schema: JSONValue, _ place: String) -> String? {
    let count = text.unicodeScalars.count
    let least = schema["minLength"]?.int ?? 0
    let most = schema["maxLength"]?.int ?? .max
    guard count < least || count > most else { return nil }
    return "\(place) must have \(least) to \(most) characters, and has \(count)"
  }

  private static func items(
    _ elements: [JSONValue], _ schema: JSONValue, _ path: String, _ place: String
  ) -> String? {
    let least = schema["minItems"]?.int ?? 0
    let most = schema["maxItems"]?.int ?? .max
    guard (least...most).contains(Int64(elements.count)) else {
      return "\(place) must have \(least) to \(most) elements, and has \(elements.count)"
    }
    guard let element = schema["items"] else { return nil }
    for (index, value) in elements.enumerated() {
      if let problem = problem(value, element, at: "\(path)[\(index)]") { return problem }
    }
    return nil
  }

  private static func members(
    _ object: JSONObject, _ schema: JSONValue, _ path: String, _ place: String
  ) -> String? {
    for name in schema["required"]?.array?.compactMap(\.string) ?? [] where object[name] == nil {
      return "\(place) needs `\(name)`"
    }
    let known = schema["properties"]?.object
    for member in object.members {
      if let schema = known?[member.key] {
        let path = path.isEmpty ? member.key : "\(path).\(member.key)"
        if let problem = problem(member.value, schema, at: path) { return problem }
      } else if schema["additionalProperties"] == .bool(false) {
        return "\(place) has no \(quoted(member.key)); it has "
          + (known?.members.map(\.key) ?? []).joined(separator: ", ")
      }
    }
    return nil
  }
}
