/// A length or an offset in one of two units, told apart by the writer: `4` is beats, `2.5s` is seconds.
package enum Span: Equatable, Sendable {
  case beats(Double)
  case seconds(Double)
}
