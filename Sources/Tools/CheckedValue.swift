/// A value that has passed its parameter's check.
package enum CheckedValue: Equatable, Sendable {
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case span(Span)
  case point(TypedPoint)
  case list([CheckedValue])
  case object([String: ToolValue])
}

/// A point of a lane of automation: a place, a value, and the shape of the way to the next point.
package struct TypedPoint: Equatable, Sendable {
  /// A position as it was written.
  package var at: String
  package var value: Double
  package var shape: String

  package init(at: String, value: Double, shape: String) {
    self.at = at
    self.value = value
    self.shape = shape
  }
}
