/// Every limit of this target, named once.
package enum CaptureLimits {
  /// Minutes of the output that are always kept; 0 keeps none.
  package static let pastMinutes = 0...120
  /// Seconds kept beyond those, so that the oldest are still there while they are copied.
  static let pastSpareSeconds = 30
  /// Frames of the always-on ring that are written at once, or marked as silence and not written.
  static let blockFrames = 4096
  /// Captures that run at once; another is refused.
  package static let takes = 8
  /// Streams that run at once; another is refused.
  package static let streams = 8
  /// Bytes of a stream's chunk; another size is refused.
  package static let chunkBytes: ClosedRange<Int64> = 4096...1 << 34
  /// Frames taken from a history at once.
  static let batchFrames = 8192
  /// How long the thread rests between two looks at what was played.
  static let restMilliseconds: Int32 = 40
  /// How long it copies before it looks again.
  static let copyMilliseconds = 60
  /// How often a running file's header is brought up to date, and a stream's head is told.
  static let refreshMilliseconds = 1000
  static let headMilliseconds = 500
  /// Orders and news that wait; a further order is refused.
  static let messages = 1024
  /// A path's bytes.
  static let pathBytes = 4096
}
