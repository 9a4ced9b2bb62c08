import Synchronization

/// A single-producer, single-consumer ring: fixed size, allocated once, touched before use.
///
/// Made and freed on an ordinary thread, after both ends have stopped. `Element` is trivially copyable, so
/// nothing in a slot needs releasing. The two ends are different types, because mistaking "free" for "filled"
/// costs silence.
package struct Ring<Element: BitwiseCopyable>: @unchecked Sendable {
  // Unchecked: the two indexes are atomic, and a slot belongs to one end at a time.
  package let capacity: Int
  package let producer: RingProducer<Element>
  package let consumer: RingConsumer<Element>

  /// `capacity` is a power of two.
  package init(capacity: Int, filling: Element) {
    precondition(capacity > 0 && capacity & (capacity - 1) == 0, "a ring's capacity is a power of two")
    self.capacity = capacity
    let slots = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    slots.initialize(repeating: filling, count: capacity)
    let indexes = RingIndexes(capacity: capacity)
    producer = RingProducer(slots: slots, turn: RingProducerTurn(indexes: indexes))
    consumer = RingConsumer(slots: slots, turn: RingConsumerTurn(indexes: indexes))
  }

  /// Ordinary thread, after both ends have stopped.
  package func deallocate() {
    producer.slots.deallocate()
    producer.turn.indexes.deallocate()
  }
}

/// Where the two ends stand. Not generic, because a generic body cannot be marked for the realtime thread.
struct RingIndexes: BitwiseCopyable, @unchecked Sendable {
  // Unchecked: both indexes are atomic.
  let head: UnsafeMutablePointer<Atomic<Int>>
  let tail: UnsafeMutablePointer<Atomic<Int>>
  let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    // A cache line each: the two threads must not fight over one.
    func lonelyIndex() -> UnsafeMutablePointer<Atomic<Int>> {
      let raw = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
      let index = raw.bindMemory(to: Atomic<Int>.self, capacity: 1)
      index.initialize(to: Atomic<Int>(0))
      return index
    }
    head = lonelyIndex()
    tail = lonelyIndex()
  }

  func deallocate() {
    UnsafeMutableRawPointer(head).deallocate()
    UnsafeMutableRawPointer(tail).deallocate()
  }
}

/// The writing end's turns, for the realtime thread: ask for a slot, fill it, commit it.
package struct RingProducerTurn: BitwiseCopyable, Sendable {
  let indexes: RingIndexes

  /// The slot to fill next, or -1 when the ring is full. Never waits.
  @_noLocks
  package func slot() -> Int {
    let tail = indexes.tail.pointee.load(ordering: .relaxed)
    let filled = tail &- indexes.head.pointee.load(ordering: .acquiring)
    return filled < indexes.capacity ? tail & (indexes.capacity &- 1) : -1
  }

  /// Hands the slot that `slot()` named to the reader.
  @_noLocks
  package func commit() {
    let tail = indexes.tail.pointee.load(ordering: .relaxed)
    indexes.tail.pointee.store(tail &+ 1, ordering: .releasing)
  }

  /// Free slots, at least: the reader may be making more.
  @_noLocks
  package func free() -> Int {
    let filled =
      indexes.tail.pointee.load(ordering: .relaxed) &- indexes.head.pointee.load(ordering: .acquiring)
    return indexes.capacity &- filled
  }
}

/// The reading end's turns, for the realtime thread: ask for a slot, read it, give it back.
package struct RingConsumerTurn: BitwiseCopyable, Sendable {
  let indexes: RingIndexes

  /// The oldest filled slot, or -1 when the ring is empty.
  @_noLocks
  package func slot() -> Int {
    let head = indexes.head.pointee.load(ordering: .relaxed)
    let filled = indexes.tail.pointee.load(ordering: .acquiring) &- head
    return filled > 0 ? head & (indexes.capacity &- 1) : -1
  }

  /// Gives the slot that `slot()` named back to the writer.
  @_noLocks
  package func release() {
    let head = indexes.head.pointee.load(ordering: .relaxed)
    indexes.head.pointee.store(head &+ 1, ordering: .releasing)
  }
}

/// The end that writes; used by exactly one thread.
package struct RingProducer<Element: BitwiseCopyable>: BitwiseCopyable, @unchecked Sendable {
  // Unchecked: a slot is written only between `turn.slot()` and `turn.commit()`.
  package let slots: UnsafeMutablePointer<Element>
  package let turn: RingProducerTurn

  /// Appends one element, or answers false when the ring is full. Never waits. Ordinary threads; the realtime
  /// thread uses `turn` and `slots`.
  package func push(_ element: Element) -> Bool {
    let slot = turn.slot()
    guard slot >= 0 else { return false }
    slots[slot] = element
    turn.commit()
    return true
  }
}

/// The end that reads; used by exactly one thread.
package struct RingConsumer<Element: BitwiseCopyable>: BitwiseCopyable, @unchecked Sendable {
  // Unchecked: a slot is read only between `turn.slot()` and `turn.release()`.
  package let slots: UnsafeMutablePointer<Element>
  package let turn: RingConsumerTurn

  /// Takes the oldest element, or nil. Ordinary threads; the realtime thread uses `turn` and `slots`.
  package func pop() -> Element? {
    let slot = turn.slot()
    guard slot >= 0 else { return nil }
    let element = slots[slot]
    turn.release()
    return element
  }
}
