/// Every limit of this target, each with what is done beyond it.
package enum WebhookLimits {
  /// Posts at once, at most one for each URL; further ones wait.
  package static let posts = 16
  /// Words and ends that wait for the courier's thread; a word that does not fit is one it has had already.
  package static let messages = 1024
  /// Seconds for a connection, and for all of a post; beyond that it failed.
  package static let connectSeconds = 10.0
  package static let seconds = 20.0
  /// Bytes of a reply; more are not read.
  package static let replyBytes = 64 << 10
  /// Secrets that sign at a time; further ones are not read.
  package static let secrets = 4
  /// Bytes of a secret (Standard Webhooks).
  package static let secretBytes = 24...64
  /// The longest that a `Retry-After` is heeded.
  package static let retryAfterSeconds = 0.0...86_400.0
  /// Milliseconds after which a URL is tried again whose last end could not be kept.
  package static let unkeptPause: Int64 = 60_000
  /// Characters of an error that are kept.
  package static let errorCharacters = 300
}
