/// A value that has passed its parameter's check.
package enum CheckedValue: Equatable, Sendable {
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case span(Span)
  case list([CheckedValue])
}
