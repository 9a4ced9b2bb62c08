import Synchronization

/// A cell that holds the latest of many values: one writer that never waits, any number of readers that may
/// miss values but never see half of one.
///
/// A sequence lock: the sequence is odd while the writer is inside. The value travels as 64-bit words through
/// relaxed atomics, so that a reader's torn copy is thrown away and not a data race.
package struct LatestValue<Value: BitwiseCopyable>: BitwiseCopyable, @unchecked Sendable {
  // Unchecked: every shared word is atomic, and `draft` belongs to the writer.
  /// The writer's own copy: fill it in, then `publisher.publish()`.
  package let draft: UnsafeMutablePointer<Value>
  package let publisher: LatestValuePublisher

  package init(_ initial: Value) {
    let wordCount = (MemoryLayout<Value>.size + 7) / 8
    draft = Self.aligned(words: wordCount)
    draft.pointee = initial
    publisher = LatestValuePublisher(
      draft: UnsafePointer(UnsafeMutableRawPointer(draft).assumingMemoryBound(to: UInt64.self)),
      wordCount: wordCount)
    publisher.publish()
  }

  private static func aligned(words: Int) -> UnsafeMutablePointer<Value> {
    let bytes = max(8 * words, MemoryLayout<Value>.stride)
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: max(8, MemoryLayout<Value>.alignment))
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    return raw.bindMemory(to: Value.self, capacity: 1)
  }

  /// Ordinary thread, after the writer and every reader have stopped.
  package func deallocate() {
    draft.deallocate()
    publisher.deallocate()
  }

  /// Any ordinary thread; retries while the writer is inside, which is a few dozen nanoseconds.
  package func read() -> Value {
    let copy = Self.aligned(words: publisher.wordCount)
    defer { copy.deallocate() }
    let target = UnsafeMutableRawPointer(copy).assumingMemoryBound(to: UInt64.self)
    while true {
      let before = publisher.sequence.pointee.load(ordering: .acquiring)
      guard before & 1 == 0 else { continue }
      for index in 0..<publisher.wordCount {
        target[index] = publisher.words.advanced(by: index).pointee.load(ordering: .relaxed)
      }
      // A read-modify-write that changes nothing: it keeps the loads above before it, as a fence would, and
      // the thread sanitizer understands it.
      if publisher.sequence.pointee.add(0, ordering: .acquiringAndReleasing).oldValue == before {
        return copy.pointee
      }
    }
  }
}

/// The writer's end of a `LatestValue`; not generic, because a generic body cannot be marked for the realtime
/// thread.
package struct LatestValuePublisher: BitwiseCopyable, @unchecked Sendable {
  // Unchecked: used by the one writer; what readers share is atomic.
  let sequence: UnsafeMutablePointer<Atomic<Int>>
  let words: UnsafeMutablePointer<Atomic<UInt64>>
  let draft: UnsafePointer<UInt64>
  let wordCount: Int

  init(draft: UnsafePointer<UInt64>, wordCount: Int) {
    self.draft = draft
    self.wordCount = wordCount
    sequence = .allocate(capacity: 1)
    sequence.initialize(to: Atomic<Int>(0))
    words = .allocate(capacity: wordCount)
    for index in 0..<wordCount { (words + index).initialize(to: Atomic<UInt64>(0)) }
  }

  func deallocate() {
    sequence.deallocate()
    words.deallocate()
  }

  /// Makes the draft the value that readers see. The one writer's thread.
  @_noLocks
  package func publish() {
    // Both steps are read-modify-writes that release and acquire, so the word stores stay between them.
    _ = sequence.pointee.add(1, ordering: .acquiringAndReleasing)
    var index = 0
    while index < wordCount {
      words.advanced(by: index).pointee.store(draft[index], ordering: .relaxed)
      index &+= 1
    }
    _ = sequence.pointee.add(1, ordering: .acquiringAndReleasing)
  }
}
