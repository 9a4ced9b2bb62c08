/// Room for one command that waits for the playhead: lent to the renderer in advance, and linked by it into a
/// tree that is sorted by place, then by the order of coming.
package struct TimedNode: BitwiseCopyable {
  var command: Command
  var sequence: UInt64
  var priority: UInt32
  var left: UnsafeMutablePointer<TimedNode>?
  /// The next one while the room is free.
  var right: UnsafeMutablePointer<TimedNode>?
}

/// Rooms, chained, on their way to the renderer.
struct TimedRooms: BitwiseCopyable {
  var first: UnsafeMutablePointer<TimedNode>
  var last: UnsafeMutablePointer<TimedNode>
}
