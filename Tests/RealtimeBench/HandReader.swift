import RealtimeEngine

/// The reader of streams, turned by hand: it reads from arrays, and as late as a test wants.
package final class HandReader {
  package let pool: StreamPool
  package var isStalled = false
  /// Frames that it gives at most at a turn, to each ring.
  package var framesPerTurn = 8192
  /// Frames of a clip that its file really has; nil for all.
  package var fileFrames: [UInt64: Int64] = [:]
  package private(set) var framesRead = 0
  private var clips: [UInt64: (left: [Float], right: [Float]?)] = [:]
  private var orders: [StreamOrder]
  private var given: [Int64]

  package init(_ engine: Engine) {
    pool = engine.streams
    orders = [StreamOrder](repeating: StreamOrder(), count: pool.count)
    given = [Int64](repeating: 0, count: pool.count)
  }

  package func add(_ stream: UInt64, left: [Float], right: [Float]? = nil) {
    clips[stream] = (left, right)
  }

  /// Gives every ring what it has room for, up to `framesPerTurn`.
  package func turn() {
    guard !isStalled else { return }
    for index in 0..<pool.count {
      let (generation, taken) = pool.taken(index)
      if generation != orders[index].generation {
        orders[index] = pool.order(index)
        given[index] = 0
      }
      guard let clip = clips[orders[index].stream] else { continue }
      fill(index, clip, taken: taken)
    }
  }

  private func fill(_ index: Int, _ clip: (left: [Float], right: [Float]?), taken: Int64) {
    let order = orders[index]
    given[index] = max(given[index], taken)
    pool.prepare(index)
    let room = Int64(pool.ringFrames) - (given[index] - taken)
    let count = min(min(room, Int64(framesPerTurn)), order.frames - given[index])
    guard count > 0 else { return }
    for _ in 0..<count {
      let frame = Int(order.offset + (order.base + given[index]) % order.passFrames)
      if let end = fileFrames[order.stream], frame >= end {
        pool.fail(index, generation: order.generation, cause: StreamCause.cutShort)
        break
      }
      let place = pool.room(index, at: given[index])
      place.left.pointee = clip.left[frame]
      if let right = clip.right { place.right.pointee = right[frame] }
      given[index] += 1
      framesRead += 1
    }
    pool.give(index, generation: order.generation, frames: given[index])
  }

  /// A head as the real reader would make it.
  package func head(_ stream: UInt64, first: Int, frames: Int = 24_000) -> StreamHeadContent {
    let clip = clips[stream] ?? ([], nil)
    let count = min(frames, clip.left.count - first)
    let head = StreamHeadContent(
      stream: stream, first: Int64(first), channels: clip.right == nil ? 1 : 2, frames: count)
    for frame in 0..<count {
      head.left[frame] = clip.left[first + frame]
      if let right = clip.right { head.right[frame] = right[first + frame] }
    }
    head.frames = count
    return head
  }
}

/// A clip for regions that stream: it owns nothing.
package final class StreamedContent {
  package init() {}
}

extension Song {
  /// The same region twice: from memory, and as a stream.
  package func streaming(as stream: UInt64, keys: Set<UInt64>) -> Song {
    var song = self
    for index in song.regions.indices where keys.contains(song.regions[index].region.key) {
      let audio = song.regions[index].region.audio
      song.regions[index].region.audio = ScheduledAudio(
        stream: stream, isMono: audio.isMono, offset: audio.offset, passFrames: audio.passFrames,
        passes: audio.passes, skip: audio.skip)
    }
    return song
  }
}
