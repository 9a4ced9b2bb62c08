import Media
import RealtimeEngine
import Threading

/// What the readers do, without their threads: a renderer that has no clock to keep calls it itself. Any ordinary
/// threads, each with a number of its own.
///
/// What is to be done is found, and what came of it is handed on, under a lock; the disk is waited for without it,
/// with memory and an open file that nobody else has. So one that hangs holds nothing up but its own file.
final class StreamService: @unchecked Sendable {
  // Unchecked: `desk` is touched under `lock` alone, and what a reader has taken from it by that reader alone.
  private let pool: StreamPool
  private let watch: DiskWatch
  private let tell: @Sendable (StreamReader.News) -> Void
  private let lock = Locked(())
  private var desk: ReaderDesk
  private let scratch: [UnsafeMutablePointer<Float>]

  init(
    _ pool: StreamPool, watch: DiskWatch, readers: Int = 1,
    tell: @escaping @Sendable (StreamReader.News) -> Void
  ) {
    self.pool = pool
    self.watch = watch
    self.tell = tell
    desk = ReaderDesk(pool, readers: readers)
    scratch = (0..<readers).map { _ in .allocate(capacity: 2 * Int(ControlLimits.readerChunkFrames)) }
    for memory in scratch { memory.initialize(repeating: 0, count: 2 * Int(ControlLimits.readerChunkFrames)) }
  }

  deinit {
    for memory in scratch { memory.deallocate() }
  }

  func take(_ message: StreamReader.Message) {
    lock.withLock { _ in
      switch message {
      case .clips(let list): desk.know(list)
      case .heads(let keys): desk.wishes = keys
      }
    }
  }

  /// Nothing can be asked of it: there is no clip, and no ring is in use.
  var isIdle: Bool { lock.withLock { _ in desk.isIdle } }

  /// Does the most urgent thing that this reader may: reads one chunk into a ring, or one head. False when there is
  /// nothing to do.
  func turn(_ reader: Int = 0) -> Bool {
    // Those before it that come back from their disks do all the work.
    for earlier in 0..<reader where watch.seconds(earlier) <= ControlLimits.hungReadSeconds { return false }
    let hung = (0..<scratch.count).filter {
      $0 != reader && watch.seconds($0) > ControlLimits.hungReadSeconds
    }
    let (task, dropped) = lock.withLock { _ in (desk.take(for: reader, hung: hung), desk.takeDropped()) }
    // Files are closed out here: that may take a disk's time, too.
    withExtendedLifetime(dropped) {}
    guard let task else { return false }
    perform(task, reader)
    return true
  }

  private func perform(_ task: ReaderTask, _ reader: Int) {
    watch.begin(reader)
    defer { watch.end(reader) }
    let source = task.source ?? open(task.clip)
    let isChanged = task.isFresh && task.clip.audio.isChanged
    switch task.work {
    case .ring(let work): fill(task, work, source, reader, isChanged: isChanged)
    case .head(let key): readHead(task, key, source, reader, isChanged: isChanged)
    }
  }

  private func open(_ clip: StreamedClip) -> StreamSource? {
    do { return try StreamSource(clip.audio) } catch {
      Log.warning("\(clip.audio.path) cannot be read: \(error.found)")
      return nil
    }
  }

  /// One chunk of a ring's order.
  private func fill(
    _ task: ReaderTask, _ work: ReaderTask.Ring, _ source: StreamSource?, _ reader: Int, isChanged: Bool
  ) {
    let left = scratch[reader]
    let right = left + Int(ControlLimits.readerChunkFrames)
    var got = 0
    var cause: UInt64? = StreamCause.unreadable
    if let source {
      do {
        got = try source.read(at: work.frame, count: work.count, left: left, right: right)
        cause = got < work.count ? StreamCause.cutShort : nil
      } catch { got = 0 }
    }
    let isBad = isChanged || (cause != nil && task.clip.audio.isChanged)
    let isNews = lock.withLock { _ in
      desk.finish(task, reader, source)
      if desk.isInForce(work) { give(work, got, left, right, failing: cause) }
      return isBad && desk.isNews(task.clip.id)
    }
    if isNews { tell(.changed(clip: task.clip.id)) }
  }

  /// Under the lock, so that a reader that was away does not write over what another has given meanwhile.
  private func give(
    _ work: ReaderTask.Ring, _ got: Int, _ left: UnsafeMutablePointer<Float>,
    _ right: UnsafeMutablePointer<Float>, failing cause: UInt64?
  ) {
    pool.prepare(work.index)
    let place = pool.room(work.index, at: work.given)
    place.left.update(from: left, count: got)
    place.right.update(from: right, count: got)
    // The cause first: who sees the last frames sees why they are the last.
    if let cause { pool.fail(work.index, generation: work.order.generation, cause: cause) }
    desk.gave(work, frames: work.given + Int64(got), isLast: cause != nil)
    pool.give(work.index, generation: work.order.generation, frames: work.given + Int64(got))
  }

  private func readHead(
    _ task: ReaderTask, _ key: HeadKey, _ source: StreamSource?, _ reader: Int, isChanged: Bool
  ) {
    let audio = task.clip.audio
    let frames = min(Int64(EngineLimits.headSeconds * audio.sampleRate), audio.frames - key.first)
    var head: StreamHeadContent?
    if let source, frames > 0 {
      let content = StreamHeadContent(
        stream: key.clip, first: key.first, channels: audio.channels, frames: Int(frames))
      do {
        content.frames = try source.read(
          at: key.first, count: content.capacity, left: content.left, right: content.right)
      } catch { content.frames = 0 }
      head = content
    }
    let isNews = lock.withLock { _ in
      desk.finish(task, reader, source)
      return isChanged && desk.isNews(key.clip)
    }
    if isNews { tell(.changed(clip: key.clip)) }
    if let head { tell(.head(head)) }
  }
}
