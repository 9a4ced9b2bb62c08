/// The checked arguments of one request. Only `Tool.validate` makes them, so a getter never sees a value out
/// of its declared range; asking for a parameter of another kind gives nil.
package struct Arguments: Equatable, Sendable {
  package internal(set) var values: [ParameterName: CheckedValue] = [:]

  package init() {}

  /// The same, with what a locked stage asks for.
  package var confirmed: Arguments {
    var copy = self
    copy.values[.confirm] = .bool(true)
    return copy
  }

  /// Puts another request's values of these names in place of its own.
  package mutating func take(_ names: Set<ParameterName>, from other: Arguments) {
    for name in names { values[name] = other.values[name] ?? values[name] }
  }

  /// What was given.
  package var names: Set<ParameterName> { Set(values.keys) }

  package func has(_ name: ParameterName) -> Bool { values[name] != nil }

  /// The value as it was checked, for handing it on.
  package subscript(_ name: ParameterName) -> CheckedValue? { values[name] }

  /// Text of any kind: positions, names, paths, references, choices.
  package func text(_ name: ParameterName) -> String? {
    guard case .text(let value)? = values[name] else { return nil }
    return value
  }

  package func object(_ name: ParameterName) -> [String: ToolValue]? {
    guard case .object(let members)? = values[name] else { return nil }
    return members
  }

  /// Beats, numbers and decibels.
  package func number(_ name: ParameterName) -> Double? {
    guard case .number(let value)? = values[name] else { return nil }
    return value
  }

  package func integer(_ name: ParameterName) -> Int? {
    guard case .integer(let value)? = values[name] else { return nil }
    return value
  }

  /// A boolean that may be left out: nil means "as it is".
  package func bool(_ name: ParameterName) -> Bool? {
    guard case .bool(let value)? = values[name] else { return nil }
    return value
  }

  /// Whether a flag was given.
  package func isSet(_ name: ParameterName) -> Bool { bool(name) == true }

  package func span(_ name: ParameterName) -> Span? {
    guard case .span(let value)? = values[name] else { return nil }
    return value
  }

  /// A repeated parameter's texts, in the order given; empty when it was not given.
  package func texts(_ name: ParameterName) -> [String] {
    guard case .list(let list)? = values[name] else { return text(name).map { [$0] } ?? [] }
    return list.compactMap { if case .text(let value) = $0 { value } else { nil } }
  }

  /// A repeated parameter's numbers, in the order given; empty when it was not given.
  package func numbers(_ name: ParameterName) -> [Double] {
    guard case .list(let list)? = values[name] else { return number(name).map { [$0] } ?? [] }
    return list.compactMap { if case .number(let value) = $0 { value } else { nil } }
  }

  package func points(_ name: ParameterName) -> [TypedPoint] {
    guard case .list(let list)? = values[name] else { return [] }
    return list.compactMap { if case .point(let value) = $0 { value } else { nil } }
  }

  /// A choice as an enum whose raw values are the declared words.
  package func choice<Choice: RawRepresentable>(_ name: ParameterName, as: Choice.Type = Choice.self)
    -> Choice?
  where Choice.RawValue == String {
    text(name).flatMap(Choice.init(rawValue:))
  }
}
