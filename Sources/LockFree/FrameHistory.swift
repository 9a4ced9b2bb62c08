import Synchronization

/// The last frames of a stereo sound: one writer that never waits, any number of readers, each with a place of its own.
/// They take nothing away from each other and never see half a frame.
///
/// A frame is one word, its left sample in the low half: what a file of interleaved little-endian floats holds. Frames are
/// counted from the writer's first. A reader that is too slow finds its frames gone, and knows how many.
package struct FrameHistory: BitwiseCopyable, @unchecked Sendable {
  // Unchecked: everything shared is atomic.
  /// Frames that are kept.
  package let capacity: Int
  let words: UnsafeMutablePointer<Atomic<UInt64>>
  /// Frames whose writing has begun, frames that are written, and what the first one is called elsewhere; a cache line
  /// each.
  let begun: UnsafeMutablePointer<Atomic<Int>>
  let finished: UnsafeMutablePointer<Atomic<Int>>
  let called: UnsafeMutablePointer<Atomic<Int>>

  /// Ordinary thread; every page is written to. `capacity` is a power of two.
  package init(capacity: Int) {
    precondition(capacity > 0 && capacity & (capacity - 1) == 0, "a history's capacity is a power of two")
    self.capacity = capacity
    words = .allocate(capacity: capacity)
    for index in 0..<capacity { (words + index).initialize(to: Atomic<UInt64>(0)) }
    func lonely() -> UnsafeMutablePointer<Atomic<Int>> {
      let raw = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
      let mark = raw.bindMemory(to: Atomic<Int>.self, capacity: 1)
      mark.initialize(to: Atomic<Int>(0))
      return mark
    }
    begun = lonely()
    finished = lonely()
    called = lonely()
  }

  /// Ordinary thread, after the writer and every reader have stopped.
  package func deallocate() {
    words.deallocate()
    for mark in [begun, finished, called] { UnsafeMutableRawPointer(mark).deallocate() }
  }

  /// Where it is, for locking.
  package var memory: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: words, count: 8 * capacity) }

  /// What the first frame is called: a frame of somebody's clock. The writer, before its first frame.
  @_noLocks
  package func begin(at frame: Int64) { called.pointee.store(Int(frame), ordering: .relaxed) }

  /// Of use once a frame is written.
  package var origin: Int64 { Int64(called.pointee.load(ordering: .relaxed)) }

  /// Adds frames, at most `capacity`. The one writer's thread.
  @_noLocks
  package func write(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, frames: Int) {
    // A read-modify-write that acquires: no word is stored before readers can see that it is about to be.
    let first = begun.pointee.add(frames, ordering: .acquiringAndReleasing).oldValue
    var index = 0
    while index < frames {
      let word = UInt64(left[index].bitPattern) | UInt64(right[index].bitPattern) &<< 32
      words.advanced(by: (first &+ index) & (capacity &- 1)).pointee.store(word, ordering: .relaxed)
      index &+= 1
    }
    finished.pointee.store(first &+ frames, ordering: .releasing)
  }

  /// Frames written so far. Any thread.
  package var written: Int { finished.pointee.load(ordering: .acquiring) }

  /// Copies what is there of the `count` frames from `first` on: the frames of the range that is answered, the first of
  /// them to the start of `target`. The range begins later than `first` where frames are gone, and is empty when none is
  /// written yet. Any ordinary thread.
  package func read(from first: Int, count: Int, into target: UnsafeMutablePointer<UInt64>) -> Range<Int> {
    let end = min(written, first + count)
    let start = max(first, begun.pointee.load(ordering: .relaxed) - capacity)
    guard start < end else { return max(first, min(start, end))..<max(first, min(start, end)) }
    for frame in start..<end {
      target[frame - start] = words.advanced(by: frame & (capacity - 1)).pointee.load(ordering: .relaxed)
    }
    // A read-modify-write that changes nothing: it keeps the loads above before it, as a fence would, and the thread
    // sanitizer understands it. What the writer has begun to write over meanwhile is thrown away.
    let gone = begun.pointee.add(0, ordering: .acquiringAndReleasing).oldValue - capacity
    guard gone > start else { return start..<end }
    let kept = min(gone, end)
    for frame in kept..<end { target[frame - kept] = target[frame - start] }
    return kept..<end
  }
}
