import Media
import RealtimeEngine

/// One thing that a reader does: it has the clip's open place for itself until it is done.
struct ReaderTask: @unchecked Sendable {
  // Unchecked: the source goes from hand to hand under the service's lock.
  enum Work {
    case ring(Ring)
    case head(HeadKey)
  }

  /// A chunk of a ring's order.
  struct Ring {
    var index: Int
    var order: StreamOrder
    /// Frames of the order that are there.
    var given: Int64
    /// Where in the clip, and how many.
    var frame: Int64
    var count: Int
  }

  var clip: StreamedClip
  var work: Work
  var source: StreamSource?
  /// Nobody has read the file for this before.
  var isFresh: Bool
}

/// What is to be read, and by whom it is being read. Under the lock of its `StreamService`.
struct ReaderDesk {
  var wishes: [HeadKey] = []
  private let pool: StreamPool
  private var clips: [UInt64: StreamedClip] = [:]
  private var rings: [RingWork]
  /// Open places of clips that no ring reads at present: opening a file and reading its header takes time.
  private var idle: [StreamSource] = []
  /// Open places that nobody needs any more.
  private var dropped: [StreamSource] = []
  private var told: Set<UInt64> = []
  /// What each reader is reading.
  private var reading: [StreamedClip?]

  /// What has come of a ring's order.
  private struct RingWork {
    var order = StreamOrder()
    var given: Int64 = 0
    var source: StreamSource?
    var isOver = true
    /// A reader is at it.
    var isTaken = false
  }

  init(_ pool: StreamPool, readers: Int) {
    self.pool = pool
    rings = [RingWork](repeating: RingWork(), count: pool.count)
    reading = Array(repeating: nil, count: readers)
  }

  mutating func know(_ list: [StreamedClip]) {
    clips = Dictionary(list.map { ($0.id, $0) }) { first, _ in first }
    let known = Set(list.map { ObjectIdentifier($0.audio) })
    dropped += idle.filter { !known.contains(ObjectIdentifier($0.audio)) }
    idle.removeAll { !known.contains(ObjectIdentifier($0.audio)) }
    told.formIntersection(clips.keys)
  }

  var isIdle: Bool { clips.isEmpty && rings.allSatisfy { $0.order.stream == 0 } }

  mutating func takeDropped() -> ReaderLeavings {
    defer { dropped = [] }
    return ReaderLeavings(sources: dropped)
  }

  /// The most urgent thing that may be done while some readers hang: not with a file that one of them waits for,
  /// and not with a disk that several wait for.
  mutating func take(for reader: Int, hung: [Int]) -> ReaderTask? {
    takeOrders()
    let waiting = hung.compactMap { reading[$0]?.audio }
    func isLeftAlone(_ id: UInt64) -> Bool {
      guard !waiting.isEmpty, let audio = clips[id]?.audio else { return false }
      return waiting.contains { $0.isSameFile(as: audio) }
        || waiting.count { $0.disk == audio.disk } >= ControlLimits.readersOfADisk
    }
    let wish = wishes.firstIndex { clips[$0.clip] != nil && !isLeftAlone($0.clip) }
    var task: ReaderTask?
    while task == nil, let ring = neediest(butNot: isLeftAlone),
      ring.ahead < Int64(pool.ringFrames / 2) || wish == nil
    {
      task = take(ring.index, taken: ring.taken)
    }
    if task == nil, let wish {
      let key = wishes.remove(at: wish)
      task = clips[key.clip].map {
        ReaderTask(clip: $0, work: .head(key), source: restingSource(of: $0), isFresh: true)
      }
    }
    reading[reader] = task?.clip
    return task
  }

  private mutating func takeOrders() {
    for index in rings.indices where pool.taken(index).generation != rings[index].order.generation {
      let order = pool.order(index)
      // Half way between two orders: the next turn sees the later one whole.
      guard order.generation == pool.taken(index).generation else { continue }
      if let source = rings[index].source { rest(source) }
      rings[index] = RingWork(order: order, given: 0, source: nil, isOver: order.stream == 0)
    }
  }

  /// The ring with the least ahead of the playhead among those that have room for a chunk.
  private func neediest(
    butNot isLeftAlone: (UInt64) -> Bool
  ) -> (index: Int, ahead: Int64, taken: Int64)? {
    var best: (index: Int, ahead: Int64, taken: Int64)?
    // A clip that it has not been told of yet is waited for.
    for index in rings.indices where !rings[index].isOver && !rings[index].isTaken {
      let id = rings[index].order.stream
      guard clips[id] != nil, !isLeftAlone(id) else { continue }
      let (generation, taken) = pool.taken(index)
      guard generation == rings[index].order.generation else { continue }
      let given = max(rings[index].given, taken)
      let room = Int64(pool.ringFrames) - (given - taken)
      guard room >= min(ControlLimits.readerChunkFrames, rings[index].order.frames - given) else { continue }
      if let best, best.ahead <= given - taken { continue }
      best = (index, given - taken, taken)
    }
    return best
  }

  /// One chunk of a ring's order. What the renderer has passed meanwhile is left out.
  private mutating func take(_ index: Int, taken: Int64) -> ReaderTask? {
    let order = rings[index].order
    let given = max(rings[index].given, taken)
    guard let clip = clips[order.stream], given < order.frames, order.passFrames > 0 else {
      rings[index].isOver = true
      return nil
    }
    let inside = (order.base + given) % order.passFrames
    let edge = Int64(pool.ringFrames) - given % Int64(pool.ringFrames)
    let count = min(
      min(ControlLimits.readerChunkFrames, edge), min(order.frames - given, order.passFrames - inside))
    let work = ReaderTask.Ring(
      index: index, order: order, given: given, frame: order.offset + inside, count: Int(count))
    let isFresh = rings[index].source == nil
    let source = rings[index].source ?? restingSource(of: clip)
    rings[index].source = nil
    rings[index].isTaken = true
    return ReaderTask(clip: clip, work: .ring(work), source: source, isFresh: isFresh)
  }

  /// An open place of a clip that rests.
  private mutating func restingSource(of clip: StreamedClip) -> StreamSource? {
    idle.lastIndex { $0.audio === clip.audio }.map { idle.remove(at: $0) }
  }

  private mutating func rest(_ source: StreamSource) {
    guard clips.values.contains(where: { $0.audio === source.audio }) else {
      dropped.append(source)
      return
    }
    idle.append(source)
    if idle.count > ControlLimits.restingSources { dropped.append(idle.removeFirst()) }
  }

  // MARK: What came of it

  /// A reader is back: its open place goes back to the ring that still wants it, or rests.
  mutating func finish(_ task: ReaderTask, _ reader: Int, _ source: StreamSource?) {
    reading[reader] = nil
    guard case .ring(let work) = task.work, isInForce(work) else {
      if let source { rest(source) }
      return
    }
    rings[work.index].isTaken = false
    rings[work.index].source = source
  }

  /// Whether a ring still has the order that a chunk was read for.
  func isInForce(_ work: ReaderTask.Ring) -> Bool {
    rings[work.index].order.generation == work.order.generation && rings[work.index].given <= work.given
      && pool.taken(work.index).generation == work.order.generation
  }

  mutating func gave(_ work: ReaderTask.Ring, frames: Int64, isLast: Bool) {
    rings[work.index].given = frames
    if isLast || frames >= work.order.frames { rings[work.index].isOver = true }
  }

  /// Whether nobody has been told yet that a file is no longer what it was.
  mutating func isNews(_ id: UInt64) -> Bool { clips[id] != nil && told.insert(id).inserted }
}

/// Open places that are closed with it.
struct ReaderLeavings: @unchecked Sendable {
  // Unchecked: nobody else has them any more.
  let sources: [StreamSource]
}
