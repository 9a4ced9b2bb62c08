/// Every limit of this target, named once.
package enum ThreadingLimits {
  /// A Linux thread name holds 15 bytes; longer names are cut at a character's border.
  package static let nameBytes = 15
  package static let stackBytes = 64 * 1024...64 * 1024 * 1024
  package static let stackBytesUsual = 512 * 1024
  package static let mailboxMessages = 1...1_048_576
  /// Linux's SCHED_FIFO priorities.
  package static let priorities = 1...99
}

/// A thread or mailbox that could not be made.
package struct ThreadingError: Error, Equatable, CustomStringConvertible {
  /// What failed, why (the value seen and the value allowed), what to do next.
  package let lines: [String]

  package init(_ what: String, why: String, next: String) { lines = [what, why, next] }

  package var description: String { lines.joined(separator: "\n") }
}
