import HootWire

/// Every limit of Cap'n Proto bodies. A message beyond one is refused with `capnp_parse_error`.
package enum CapnProtoLimits {
  /// Segments of a message, as many as the peers' own readers take.
  package static let segments: UInt64 = 512
  /// Words that may be walked over for each word of a message. More than one, since pointers may share what they point
  /// to; not many, since a small message could otherwise unfold to hours of work.
  package static let traversalPerWord: UInt64 = 2
  /// Deepest nesting of structs and lists.
  package static let nesting: Int32 = 64
  /// Values (numbers, texts, structs) of one message.
  package static let values = UInt64(HootLimits.jsonValues)
  /// Bytes of text that one message may unfold to.
  package static let textBytes: UInt64 = 4 * UInt64(HootLimits.bodyBytes)
}
