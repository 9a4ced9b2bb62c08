import LockFree
import Testing
import Threading

struct FrameHistoryTests {
  private func read(_ history: FrameHistory, from first: Int, count: Int) -> (Range<Int>, [UInt64]) {
    var words = [UInt64](repeating: 0, count: count)
    let range = words.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { history.read(from: first, count: count, into: $0) } ?? 0..<0
    }
    return (range, Array(words.prefix(range.count)))
  }

  private func word(_ left: Float, _ right: Float) -> UInt64 {
    UInt64(left.bitPattern) | UInt64(right.bitPattern) << 32
  }

  @Test func `Every reader gets every frame, and takes none away`() {
    let history = FrameHistory(capacity: 256)
    defer { history.deallocate() }
    history.begin(at: 1000)
    history.write([1, 2, 3], [-1, -2, -3], frames: 3)
    for _ in 0..<2 {
      let (range, words) = read(history, from: 0, count: 10)
      #expect(range == 0..<3)
      #expect(words == [word(1, -1), word(2, -2), word(3, -3)])
    }
    #expect(history.origin == 1000)
    #expect(read(history, from: 3, count: 10).0 == 3..<3)
    #expect(read(history, from: 1, count: 1).0 == 1..<2)
  }

  @Test func `A reader that is too slow is told where what is left begins`() {
    let history = FrameHistory(capacity: 64)
    defer { history.deallocate() }
    for start in stride(from: 0, to: 192, by: 32) {
      let samples = (start..<start + 32).map { Float($0) }
      history.write(samples, samples, frames: 32)
    }
    let (range, words) = read(history, from: 0, count: 192)
    #expect(range == 128..<192)
    #expect(words.first == word(128, 128))
    // All that was asked for is gone.
    #expect(read(history, from: 0, count: 16).0 == 16..<16)
  }

  @Test func `Readers beside a writer see whole frames in order`() throws {
    let history = FrameHistory(capacity: 1024)
    let faults = Locked(0)
    let seen = Locked(0)
    let readers = try (0..<2).map { _ in
      try OwnedThread(name: "reader") {
        var next = 0
        var words = [UInt64](repeating: 0, count: 512)
        while next < 400_000 {
          let range = words.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { history.read(from: next, count: 512, into: $0) } ?? 0..<0
          }
          for (index, frame) in range.enumerated() {
            let expected = UInt64(frame) | UInt64(frame) << 32
            if words[index] != expected { faults.withLock { $0 += 1 } }
          }
          seen.withLock { $0 += range.count }
          next = range.upperBound
        }
      }
    }
    // Each frame's bits are its number, on both sides.
    for start in stride(from: 0, to: 400_000, by: 64) {
      let samples = (start..<start + 64).map { Float(bitPattern: UInt32($0)) }
      history.write(samples, samples, frames: 64)
    }
    for reader in readers { reader.join() }
    #expect(faults.withLock { $0 } == 0)
    #expect(seen.withLock { $0 } > 0)
    history.deallocate()
  }
}
