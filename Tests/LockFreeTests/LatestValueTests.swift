import LockFree
import Synchronization
import Testing
import Threading

/// The cell of which readers see one whole value.
struct LatestValueTests {
  @Test func theInitialValueIsReadBeforeAnyOther() {
    let cell = LatestValue<(Int, Double)>((3, 0.5))
    defer { cell.deallocate() }
    #expect(cell.read() == (3, 0.5) && cell.read() == (3, 0.5))
  }

  @Test func onlyWhatIsPublishedIsRead() {
    let cell = LatestValue(1)
    defer { cell.deallocate() }
    cell.draft.pointee = 2
    #expect(cell.read() == 1)
    cell.publisher.publish()
    cell.draft.pointee = 3
    #expect(cell.read() == 2)
    cell.publisher.publish()
    #expect(cell.read() == 3)
  }

  /// Thirteen bytes: the last word is half empty.
  struct Odd: BitwiseCopyable, Equatable {
    var first: UInt32
    var second: UInt32
    var third: UInt32
    var fourth: UInt8

    init(_ number: Int) {
      (first, second, third) = (UInt32(number), ~UInt32(number), UInt32(number) &* 3)
      fourth = UInt8(truncatingIfNeeded: number)
    }
  }

  @Test func valuesThatFillNoWholeWordsAreWhole() {
    let cell = LatestValue(Odd(77))
    let byte = LatestValue(UInt8(200))
    defer {
      cell.deallocate()
      byte.deallocate()
    }
    #expect(cell.read() == Odd(77) && byte.read() == 200)
  }

  /// Twenty words that all follow from the first.
  struct Wide: BitwiseCopyable {
    var words: InlineArray<20, Int>

    init(_ number: Int) { words = InlineArray { number &* ($0 + 1) } }

    var isWhole: Bool {
      for index in 0..<20 where words[index] != words[0] &* (index + 1) { return false }
      return true
    }
  }

  @Test(arguments: [1, 2])
  func noReaderSeesHalfOfAValueOrAnOlderOneAfterANewer(readers: Int) throws {
    let cell = LatestValue(Wide(0))
    defer { cell.deallocate() }
    let (torn, backwards, seen) = (Counter(), Counter(), Counter())
    let count = 50_000
    let threads = try (0..<readers).map { _ in
      try OwnedThread(name: "reader") {
        var latest = 0
        while latest < count {
          let value = cell.read()
          if !value.isWhole { torn.increment() }
          if value.words[0] < latest { backwards.increment() }
          if value.words[0] > latest { seen.increment() }
          latest = max(latest, value.words[0])
        }
      }
    }
    for number in 1...count {
      cell.draft.pointee = Wide(number)
      cell.publisher.publish()
      if number % 64 == 0 { Processor.rest() }
    }
    for thread in threads { thread.join() }
    #expect(torn.value == 0 && backwards.value == 0)
    #expect(seen.value >= readers, "every reader saw the last value")
  }

  private final class Counter: Sendable {
    private let count = Atomic(0)
    func increment() { count.add(1, ordering: .relaxed) }
    var value: Int { count.load(ordering: .acquiring) }
  }
}
