import HootWire

extension JSONValue {
  /// An object from fields that were gathered one by one.
  init(_ fields: [(String, JSONValue)]) { self = .object(JSONObject(fields)) }
}
