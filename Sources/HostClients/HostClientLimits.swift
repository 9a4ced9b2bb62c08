/// Every limit of this target, each with what is done beyond it.
package enum HostClientLimits {
  /// Calls of all HTTP hosts at once; a further one fails as retryable.
  package static let calls = 256
  /// Orders that wait for the thread of the calls.
  package static let orders = 4096
  /// Seconds without an answer, a busy one coming sooner, after which a request that was sent counts as taken on.
  static let takenSeconds = 0.5
  /// Bytes of all header lines of a reply; more end the call.
  package static let headerBytes = 64 << 10
  /// Bytes of a request, its inputs included; a larger one is refused.
  package static let requestBytes = 256 << 20
  /// Bytes of one event of a stream; more end the call.
  package static let eventBytes = 32 << 20
  /// Bytes of one part of a result; a larger one is counted and not used.
  package static let chunkBytes = 4 << 20
  /// Parts of one call; those beyond are counted and not used.
  package static let chunks = 65_536
  /// Artifacts of one reply; the rest is refused with it.
  package static let artifacts = 64
  /// Bytes of what a host says of itself.
  package static let healthBytes = 256 << 10
  /// Bytes of a URL that somebody else chose.
  package static let urlBytes = 2048
  /// Characters shown of what a host says.
  package static let shownCharacters = 300

  /// Children at once; a further one waits for nothing and fails as retryable.
  package static let children = 64
  /// Bytes kept of what a child says on standard error.
  package static let talkBytes = 64 << 10
  /// Seconds between asking a child's group to end and ending it.
  package static let endSeconds = 2.0
  /// Bytes of address space of a child, unless its host says otherwise.
  package static let childMemory = 8 << 30
  /// Open files of a child.
  package static let childFiles = 256
}
