/// What the renderer asks of the reader for one ring: the material of a region from a frame on. Only the
/// latest order of a ring counts.
package struct StreamOrder: BitwiseCopyable, Sendable {
  /// Counts the orders of this ring: what is written under an earlier number is never read.
  package var generation: UInt64 = 0
  /// The clip, by the number it was given; 0 for none: the ring is free.
  package var stream: UInt64 = 0
  /// The region it is read for.
  package var region: UInt64 = 0
  /// The material: `passes` times the clip's frames `offset ..< offset + passFrames`.
  package var offset: Int64 = 0
  package var passFrames: Int64 = 0
  package var passes: Int64 = 0
  /// The frame of the material that the ring begins with.
  package var base: Int64 = 0

  @_noLocks package init() {}

  /// Frames from `base` to the material's end.
  package var frames: Int64 {
    @_noLocks get { max(0, passFrames &* passes &- base) }
  }
}

/// Why a stream had nothing to play.
package enum StreamCause {
  /// The reader did not come along.
  package static var late: UInt64 { @_noLocks get { 1 } }
  /// Not one frame had come since the jump that began it.
  package static var notReady: UInt64 { @_noLocks get { 2 } }
  /// Every ring was taken.
  package static var noRing: UInt64 { @_noLocks get { 3 } }
  /// The file could not be opened or read.
  package static var unreadable: UInt64 { @_noLocks get { 4 } }
  /// The file has fewer frames than its header states.
  package static var cutShort: UInt64 { @_noLocks get { 5 } }
  /// Whoever makes the clip has not made it this far.
  package static var notMade: UInt64 { @_noLocks get { 6 } }
}

/// Beginnings of clips, kept in memory where the playhead may land: sorted by clip, then by frame.
package struct StreamHeads: BitwiseCopyable {
  package var revision: UInt64
  package var entries: UnsafePointer<StreamHead>
  package var count: Int
}

/// The clip's frames from `first` on.
package struct StreamHead: BitwiseCopyable {
  package var stream: UInt64
  package var first: Int64
  package var frames: Int64
  package var left: UnsafePointer<Float>
  package var right: UnsafePointer<Float>
}
