import HootWire
import Tools

extension ToolValue {
  /// The members of a request's content but for its type, as they arrived. Any thread.
  package static func fields(ofRequest content: JSONValue) -> [(String, ToolValue)] {
    (content.object?.members ?? []).filter { $0.key != "type" && $0.key != "if_match" }.map {
      ($0.key, ToolValue($0.value))
    }
  }

  init(_ value: JSONValue) {
    switch value {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .integer(let value): self = .integer(value)
    case .unsigned(let value): self = .number(Double(value))
    case .number(let value): self = .number(value)
    case .string(let value): self = .text(value)
    case .array(let values): self = .list(values.map(ToolValue.init))
    case .object(let object):
      self = .object(
        Dictionary(object.members.map { ($0.key, ToolValue($0.value)) }, uniquingKeysWith: { $1 }))
    }
  }
}
