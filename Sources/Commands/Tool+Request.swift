import HootWire
import Tools

extension Tool {
  /// A request's content on the wire: `{"type": name, …}` with every argument that is not the command line's own.
  package func request(_ arguments: Arguments) -> JSONValue {
    var members: [(String, JSONValue)] = [("type", .string(name.rawValue))]
    for parameter in usage.parameters where !parameter.isClientOnly {
      if let value = arguments[parameter.name] { members.append((parameter.name.rawValue, Self.json(value))) }
    }
    return .object(JSONObject(members))
  }

  private static func json(_ value: CheckedValue) -> JSONValue {
    switch value {
    case .bool(let value): .bool(value)
    case .integer(let value): .integer(Int64(value))
    case .number(let value): .number(value)
    case .text(let value): .string(value)
    case .span(.beats(let value)): .number(value)
    case .span(.seconds(let value)): .string("\(value)s")
    case .point(let point):
      ["at": .string(point.at), "value": .number(point.value), "shape": .string(point.shape)]
    case .list(let values): .array(values.map(json))
    case .object(let members): json(ToolValue.object(members))
    }
  }

  private static func json(_ value: ToolValue) -> JSONValue {
    switch value {
    case .null: nil
    case .bool(let value): .bool(value)
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .text(let value): .string(value)
    case .list(let values): .array(values.map(json))
    case .object(let members):
      .object(JSONObject(members.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) }))
    }
  }
}
