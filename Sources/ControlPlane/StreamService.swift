import Media
import RealtimeEngine

/// What the reader does, without its thread: a renderer that has no clock to keep calls it itself. One thread
/// at a time.
final class StreamService {
  private let pool: StreamPool
  private let watch: DiskWatch
  private let tell: (StreamReader.News) -> Void
  private var clips: [UInt64: StreamedClip] = [:]
  private var rings: [RingWork]
  private var wishes: [HeadKey] = []
  /// Open places of clips that no ring reads at present: opening a file and reading its header takes time.
  private var idle: [StreamSource] = []
  private var told: Set<UInt64> = []

  /// What has come of a ring's order.
  private struct RingWork {
    var order = StreamOrder()
    var given: Int64 = 0
    var source: StreamSource?
    var isOver = true
  }

  init(_ pool: StreamPool, watch: DiskWatch, tell: @escaping (StreamReader.News) -> Void) {
    self.pool = pool
    self.watch = watch
    self.tell = tell
    rings = [RingWork](repeating: RingWork(), count: pool.count)
  }

  func take(_ message: StreamReader.Message) {
    switch message {
    case .clips(let list):
      clips = Dictionary(list.map { ($0.id, $0) }) { first, _ in first }
      idle.removeAll { source in !list.contains { $0.audio === source.audio } }
      told.formIntersection(clips.keys)
    case .heads(let keys): wishes = keys
    case .stop: break
    }
  }

  /// Nothing can be asked of it: there is no clip, and no ring is in use.
  var isIdle: Bool { clips.isEmpty && rings.allSatisfy { $0.order.stream == 0 } }

  /// Does the most urgent thing: reads one chunk into a ring, or one head. False when there is nothing to do.
  func turn() -> Bool {
    takeOrders()
    let ring = neediest()
    if let ring, ring.ahead < Int64(pool.ringFrames / 2) || wishes.isEmpty {
      fill(ring.index, taken: ring.taken)
      return true
    }
    guard !wishes.isEmpty else { return false }
    readHead(wishes.removeFirst())
    return true
  }

  private func takeOrders() {
    for index in rings.indices where pool.taken(index).generation != rings[index].order.generation {
      let order = pool.order(index)
      // Half way between two orders: the next turn sees the later one whole.
      guard order.generation == pool.taken(index).generation else { continue }
      if let source = rings[index].source { rest(source) }
      rings[index] = RingWork(order: order, given: 0, source: nil, isOver: order.stream == 0)
    }
  }

  /// The ring with the least ahead of the playhead among those that have room for a chunk.
  private func neediest() -> (index: Int, ahead: Int64, taken: Int64)? {
    var best: (index: Int, ahead: Int64, taken: Int64)?
    // A clip that it has not been told of yet is waited for.
    for index in rings.indices where !rings[index].isOver && clips[rings[index].order.stream] != nil {
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
  private func fill(_ index: Int, taken: Int64) {
    let order = rings[index].order
    let given = max(rings[index].given, taken)
    let inMaterial = order.base + given
    guard given < order.frames, order.passFrames > 0 else {
      rings[index].isOver = true
      return
    }
    guard let source = source(for: index) else { return give(index, given, failing: StreamCause.unreadable) }
    pool.prepare(index)
    let place = pool.room(index, at: given)
    let inside = inMaterial % order.passFrames
    let count = min(
      min(ControlLimits.readerChunkFrames, Int64(place.frames)),
      min(order.frames - given, order.passFrames - inside))
    watch.begin()
    defer { watch.end() }
    do {
      let got = try source.read(
        at: order.offset + inside, count: Int(count), left: place.left, right: place.right)
      give(index, given + Int64(got), failing: got < count ? StreamCause.cutShort : nil)
    } catch { give(index, given, failing: StreamCause.unreadable) }
  }

  private func give(_ index: Int, _ frames: Int64, failing cause: UInt64?) {
    let generation = rings[index].order.generation
    rings[index].given = frames
    // The cause first: who sees the last frames sees why they are the last.
    if let cause {
      pool.fail(index, generation: generation, cause: cause)
      rings[index].isOver = true
      look(at: rings[index].order.stream)
    } else if frames >= rings[index].order.frames {
      rings[index].isOver = true
    }
    pool.give(index, generation: generation, frames: frames)
  }

  private func source(for index: Int) -> StreamSource? {
    if let source = rings[index].source { return source }
    guard let source = open(rings[index].order.stream) else { return nil }
    rings[index].source = source
    return source
  }

  /// An open place of a clip: one that rests, or a new one.
  private func open(_ id: UInt64) -> StreamSource? {
    guard let clip = clips[id] else { return nil }
    look(at: id)
    if let place = idle.lastIndex(where: { $0.audio === clip.audio }) { return idle.remove(at: place) }
    watch.begin()
    defer { watch.end() }
    do { return try StreamSource(clip.audio) } catch {
      Log.warning("\(clip.audio.path) cannot be read: \(error.found)")
      return nil
    }
  }

  private func rest(_ source: StreamSource) {
    guard clips.values.contains(where: { $0.audio === source.audio }) else { return }
    idle.append(source)
    if idle.count > ControlLimits.restingSources { idle.removeFirst() }
  }

  /// Tells once of a file that is no longer what it was.
  private func look(at id: UInt64) {
    guard let clip = clips[id], clip.audio.isChanged, told.insert(id).inserted else { return }
    tell(.changed(clip: id))
  }

  private func readHead(_ key: HeadKey) {
    guard let clip = clips[key.clip], let source = open(key.clip) else { return }
    let frames = min(
      Int64(EngineLimits.headSeconds * clip.audio.sampleRate), clip.audio.frames - key.first)
    guard frames > 0 else { return rest(source) }
    let head = StreamHeadContent(
      stream: key.clip, first: key.first, channels: clip.audio.channels, frames: Int(frames))
    watch.begin()
    defer { watch.end() }
    do {
      head.frames = try source.read(
        at: key.first, count: head.capacity, left: head.left, right: head.right)
    } catch { head.frames = 0 }
    rest(source)
    tell(.head(head))
  }
}
