import LockFree
import Testing
import Threading

/// The ring against a queue, and between two threads.
struct RingTests {
  /// Every sequence of twelve pushes and pops, from every place the indexes can stand at.
  @Test(arguments: [1, 2, 4, 8])
  func everyShortSequenceAnswersAsAQueueDoes(capacity: Int) {
    for sequence in 0..<(1 << 12) {
      for start in 0..<capacity {
        let ring = Ring(capacity: capacity, filling: -1)
        defer { ring.deallocate() }
        for _ in 0..<start { #expect(ring.producer.push(0) && ring.consumer.pop() == 0) }
        if let wrong = Self.firstDifference(ring, sequence) {
          Issue.record("capacity \(capacity), start \(start), sequence \(sequence): \(wrong)")
          return
        }
      }
    }
  }

  /// Bit by bit: 1 pushes the next number, 0 pops. Nil when the ring does all that a queue of its size does.
  private static func firstDifference(_ ring: Ring<Int>, _ sequence: Int) -> String? {
    var queue: [Int] = []
    for step in 0..<12 {
      if sequence >> step & 1 == 1 {
        let hasRoom = queue.count < ring.capacity
        guard ring.producer.push(step) == hasRoom else { return "push \(step) answers \(!hasRoom)" }
        if hasRoom { queue.append(step) }
      } else {
        let expected = queue.isEmpty ? nil : queue.removeFirst()
        let popped = ring.consumer.pop()
        guard popped == expected else { return "pop \(step) answers \(String(describing: popped))" }
      }
      guard ring.producer.turn.free() == ring.capacity - queue.count else {
        return "step \(step) counts wrong"
      }
      guard (ring.producer.turn.slot() == -1) == (queue.count == ring.capacity) else {
        return "step \(step): full"
      }
      guard (ring.consumer.turn.slot() == -1) == queue.isEmpty else { return "step \(step): empty" }
    }
    return nil
  }

  @Test func aFullRingKeepsWhatItHasAndRefusesMore() {
    let ring = Ring(capacity: 4, filling: 0)
    defer { ring.deallocate() }
    for number in 1...4 { #expect(ring.producer.push(number)) }
    #expect(!ring.producer.push(5) && ring.producer.turn.free() == 0)
    #expect((1...4).map { _ in ring.consumer.pop() } == [1, 2, 3, 4])
    #expect(ring.consumer.pop() == nil && ring.producer.turn.free() == 4)
  }

  @Test func slotsAreTakenInTurnAndOnlyByCommitting() {
    let ring = Ring(capacity: 2, filling: 0)
    defer { ring.deallocate() }
    let (writer, reader) = (ring.producer, ring.consumer)
    #expect(writer.turn.slot() == 0 && writer.turn.slot() == 0 && reader.turn.slot() == -1)
    writer.slots[0] = 7
    writer.turn.commit()
    #expect(writer.turn.slot() == 1 && reader.turn.slot() == 0 && reader.slots[0] == 7)
    reader.turn.release()
    #expect(reader.turn.slot() == -1 && writer.turn.slot() == 1)
    writer.turn.commit()
    #expect(writer.turn.slot() == 0 && reader.turn.slot() == 1)
  }

  @Test func capacitiesThatAreNoPowerOfTwoStopTheProgram() async {
    await #expect(processExitsWith: .failure) { _ = Ring(capacity: 0, filling: 0) }
    await #expect(processExitsWith: .failure) { _ = Ring(capacity: 3, filling: 0) }
    await #expect(processExitsWith: .failure) { _ = Ring(capacity: 6, filling: 0) }
    await #expect(processExitsWith: .failure) { _ = Ring(capacity: -8, filling: 0) }
  }

  /// The slots are used in place, as the realtime thread does, and hold single words: so the thread sanitizer sees
  /// every access. A small ring makes the threads wait for each other at almost every element, so it sees fewer.
  @Test(arguments: [(1, 50_000), (2, 100_000), (64, 1_000_000), (1_024, 1_000_000)])
  func numberedElementsArriveInOrderFromAnotherThread(capacity: Int, count: Int) throws {
    let ring = Ring(capacity: capacity, filling: -1)
    defer { ring.deallocate() }
    let (producer, consumer) = (ring.producer, ring.consumer)
    let writer = try OwnedThread(name: "writer") {
      for number in 0..<count {
        var slot = producer.turn.slot()
        while slot < 0 {
          Processor.rest()
          slot = producer.turn.slot()
        }
        producer.slots[slot] = number
        producer.turn.commit()
      }
    }
    var expected = 0
    var wrong = 0
    while expected < count {
      let slot = consumer.turn.slot()
      guard slot >= 0 else {
        Processor.rest()
        continue
      }
      if consumer.slots[slot] != expected { wrong += 1 }
      consumer.turn.release()
      expected += 1
    }
    writer.join()
    #expect(wrong == 0 && ring.consumer.pop() == nil)
  }

  /// An element larger than a word: its two ends must belong together.
  struct Wide: BitwiseCopyable {
    var number: Int
    var padding: (Int, Int, Int) = (0, 0, 0)
    var complement: Int

    init(_ number: Int) {
      self.number = number
      complement = ~number
    }
  }

  @Test func wideElementsArriveWhole() throws {
    let count = 200_000
    let ring = Ring(capacity: 16, filling: Wide(0))
    defer { ring.deallocate() }
    let producer = ring.producer
    let writer = try OwnedThread(name: "writer") {
      for number in 0..<count {
        while !producer.push(Wide(number)) { Processor.rest() }
      }
    }
    var expected = 0
    var wrong = 0
    while expected < count {
      guard let element = ring.consumer.pop() else {
        Processor.rest()
        continue
      }
      if element.number != expected || element.complement != ~expected { wrong += 1 }
      expected += 1
    }
    writer.join()
    #expect(wrong == 0)
  }
}
