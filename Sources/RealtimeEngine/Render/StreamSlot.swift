/// What the renderer knows of one ring. Realtime thread.
struct StreamSlot: BitwiseCopyable {
  /// Exits: by `arm` to armed.
  static var free: Int32 { @_noLocks get { 0 } }
  /// Filled ahead of the playhead, or of a jump. Exits: a voice takes it, it is given to another region, or
  /// swept when nothing is to come to its place any more.
  static var armed: Int32 { @_noLocks get { 1 } }
  /// A voice reads it. Exits: free, when the voice ends.
  static var bound: Int32 { @_noLocks get { 2 } }

  var ring: UnsafeMutablePointer<StreamRing>
  var use = Int32(0)
  var stamp = UInt64(0)
  var order = StreamOrder()
  /// The round of arming that last wanted it.
  var mark = Int64(0)

  @_noLocks
  init(ring: UnsafeMutablePointer<StreamRing>) { self.ring = ring }

  /// Frames of the order that may be read.
  @_noLocks
  func given() -> Int64 {
    let (generation, frames) = StreamRing.parts(ring.pointee.given.pointee.load(ordering: .acquiring))
    return generation == order.generation ? frames : 0
  }

  /// Why no more will come; 0 when more will.
  @_noLocks
  func trouble() -> UInt64 {
    let (generation, cause) = StreamRing.parts(ring.pointee.trouble.pointee.load(ordering: .acquiring))
    return generation == order.generation ? UInt64(truncatingIfNeeded: cause) : 0
  }

  /// Tells the reader which frames may be written over. Frames already given stay where they are.
  @_noLocks
  func take(to frames: Int64) {
    ring.pointee.taken.pointee.store(StreamRing.word(order.generation, frames), ordering: .releasing)
  }

  /// Puts an order in force.
  @_noLocks
  mutating func place(_ wanted: StreamOrder) {
    let generation = (order.generation &+ 1) & 0xFF_FFFF
    order = wanted
    order.generation = generation
    ring.pointee.order.draft.pointee = order
    ring.pointee.order.publisher.publish()
    take(to: 0)
  }
}

/// Everything the renderer has to do with streams. Realtime thread.
struct StreamDesk: BitwiseCopyable {
  var slots: UnsafeMutablePointer<StreamSlot>
  var count: Int
  var heads: UnsafePointer<StreamHeads>
  /// Replaced tables of heads that a voice may still read.
  var retiringHeads: UnsafeMutablePointer<UInt64>
  var retiringHeadCount = 0
  /// Frames before its start that a region is armed.
  var aheadFrames: Int64
  /// Frames before a head's end that its stream is opened.
  var leadFrames: Int64
  /// The first region that has not been looked at for arming.
  var nextAhead = RegionPlace()
  var mark = Int64(0)
  /// What is to be armed has to be found anew.
  var isStale = true
  var isLoopArmed = false
  var jump = WaitingJump()
}

/// A jump whose streams are being filled; what sounded sounds on. Realtime thread.
struct WaitingJump: BitwiseCopyable {
  var isWaiting = false
  var command = Command(id: 0, kind: .pause, dueFrame: 0)
  /// Jumps then, ready or not.
  var deadline: Int64 = 0

  @_noLocks init() {}
}
