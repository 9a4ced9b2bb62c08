/// A JSON value that keeps what the wire distinguishes: integers from floating-point numbers, all 64 bits of
/// either sign, and the order of an object's members.
///
/// Any thread. Equality ignores the order of an object's members; `1` and `1.0` are different values.
package enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Only for integers above `Int64.max`; `init(_: UInt64)` and the parser choose `integer` where it fits.
  case unsigned(UInt64)
  /// NaN and the infinities may stand here; they are written as null.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  package init(_ value: UInt64) {
    self = Int64(exactly: value).map(JSONValue.integer) ?? .unsigned(value)
  }

  /// A single-precision number, written with the digits that single precision needs: `0.8`, not
  /// `0.800000011920929`.
  package init(_ value: Float) {
    self = .number(Double(value.description) ?? Double(value))
  }

  /// The member `key` of an object; nil when absent or when this is no object.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let object) = self else { return nil }
    return object[key]
  }

  /// An integer that fits; a floating-point number is none, even a whole one.
  package var int: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// A non-negative integer.
  package var unsignedInt: UInt64? {
    switch self {
    case .integer(let value): UInt64(exactly: value)
    case .unsigned(let value): value
    default: nil
    }
  }

  /// Any number; an integer beyond 2^53 is rounded.
  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  package var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  package var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  package var array: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  package var object: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  package var isNull: Bool { self == .null }

  /// What kind of value this is, in the words of an error message.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .unsigned: "an integer"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// The members of a JSON object in the order in which they are written; no key twice.
///
/// Look-up is linear: the objects of this protocol have a handful of members. Keys are compared as Swift
/// strings, so two spellings of one text (composed and decomposed) are one key.
package struct JSONObject: Sendable, Equatable {
  package struct Member: Sendable, Equatable {
    package let key: String
    package fileprivate(set) var value: JSONValue
  }

  package private(set) var members: [Member] = []

  package init() {}

  /// The parser's way in: it has already refused duplicate keys.
  init(uniqueMembers: [Member]) {
    members = uniqueMembers
  }

  mutating func reserve(_ count: Int) { members.reserveCapacity(count) }

  private func index(of key: String) -> Int? {
    for index in members.indices where members[index].key == key { return index }
    return nil
  }

  package subscript(key: String) -> JSONValue? {
    get { index(of: key).map { members[$0].value } }
    set {
      let index = index(of: key)
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  package static func == (left: JSONObject, right: JSONObject) -> Bool {
    guard left.members.count == right.members.count else { return false }
    if left.members == right.members { return true }
    let others = Dictionary(uniqueKeysWithValues: right.members.map { ($0.key, $0.value) })
    return left.members.allSatisfy { others[$0.key] == $0.value }
  }
}
