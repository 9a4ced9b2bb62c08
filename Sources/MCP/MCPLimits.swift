/// Every limit of the Model Context Protocol's door, with the refusal it gives.
package enum MCPLimits {
  /// Bytes of one message. Longer: error -32600, and the rest of its line is passed over.
  package static let messageBytes = 4 << 20
  /// Requests of one client that are worked on at a time. More: error -32000.
  package static let requests = 64
  /// Sessions of the older dialect over HTTP. More: the one that was silent longest ends, and its client is told 404.
  package static let sessions = 256
  /// Bytes of a request's id. Longer: error -32600.
  package static let idBytes = 256
  /// Characters of a prompt's argument. Longer: error -32602.
  package static let promptCharacters = 1000
  /// Seconds that an answer is waited for at least, beyond what its tool may take.
  package static let answerSeconds = 5.0
  /// Seconds between two looks at a job that is waited for; a job that ends is seen at once.
  package static let lookSeconds = 1.0
  /// Seconds that a region is waited for whose job has succeeded.
  package static let regionSeconds = 2.0
  /// Seconds that unfinished answers have once the input has ended.
  package static let endSeconds = 10.0
  /// Milliseconds for which a task is kept at least: jobs are kept for a day after their end.
  package static let taskMilliseconds: Int64 = 24 * 3_600_000
  /// Milliseconds between two looks at a task that are asked of a client.
  package static let pollMilliseconds: ClosedRange<Int64> = 250...5_000
  /// Milliseconds that a listed tool may be taken for unchanged.
  package static let freshMilliseconds: Int64 = 3_600_000
  /// Artifacts of one job that are described; the others are only named.
  package static let described = 4
}
