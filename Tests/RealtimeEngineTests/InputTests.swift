import LockFree
import RealtimeBench
import RealtimeEngine
import Testing

struct InputTests {
  /// Renders `frames` in blocks of `block`, with 1, 2, 3 … coming in from frame `first` on.
  private func run(_ hand: HandTurnedEngine, block: Int, frames: Int, from first: Int = 0) -> [Float] {
    var heard: [Float] = []
    var left = [Float](repeating: 0, count: block)
    var right = left
    for start in stride(from: first, to: first + frames, by: block) {
      let fed = (start..<start + block).map { Float($0 + 1) / 1_000_000 }
      hand.engine.takeInput(fed, fed.map { -$0 }, frames: block)
      hand.engine.render(&left, &right, frames: block)
      heard += left
    }
    return heard
  }

  @Test(arguments: [16, 64, 100, 256, 1000, 8192])
  func `What comes in is heard later by the frames that are told, whatever the device's block`(block: Int)
    throws
  {
    let hand = try HandTurnedEngine()
    hand.send(.monitor, value: 1)
    let heard = run(hand, block: block, frames: 60_000)
    let latency = Int(hand.report.inputFrames)
    // Less than a grid block, and nothing where the two fall together.
    #expect(latency < 64 && (block % 64 != 0 || latency == 0))
    let last = heard.count
    for frame in last - 20_000..<last {
      #expect(heard[frame] == Float(frame - latency + 1) / 1_000_000, "frame \(frame)")
      guard heard[frame] == Float(frame - latency + 1) / 1_000_000 else { return }
    }
  }

  @Test func `The monitor is silent until it is asked for, and comes and goes without a step`() throws {
    let hand = try HandTurnedEngine()
    func steady(_ value: Float, _ frames: Int) -> [Float] {
      let fed = [Float](repeating: value, count: frames)
      var left = fed
      var right = fed
      hand.engine.takeInput(fed, fed, frames: frames)
      hand.engine.render(&left, &right, frames: frames)
      return left
    }
    #expect(steady(0.5, 512).allSatisfy { $0 == 0 })
    hand.send(.monitor, value: 0.5)
    let up = steady(0.5, 512)
    // 240 frames from 0 to a quarter.
    #expect(zip(up, up.dropFirst()).allSatisfy { $1 - $0 < 0.0011 && $1 >= $0 })
    #expect(up.last == 0.25)
    hand.send(.monitor, value: 0)
    #expect(steady(0.5, 512).last == 0)
    hand.send(.monitor, value: .nan)
    #expect(steady(0.5, 512).allSatisfy { $0 == 0 })
  }

  @Test func `A sample that is no number is silence, and nothing that came is heard twice`() throws {
    let hand = try HandTurnedEngine()
    hand.send(.monitor, value: 1)
    let fed: [Float] = (0..<512).map { $0 % 3 == 0 ? .nan : $0 % 3 == 1 ? .infinity : 0.25 }
    var left = fed
    var right = fed
    for _ in 0..<4 {
      hand.engine.takeInput(fed, fed, frames: 512)
      hand.engine.render(&left, &right, frames: 512)
    }
    #expect(left.enumerated().allSatisfy { $1 == ($0 % 3 == 2 ? 0.25 : 0) })
    // Nothing comes any more.
    hand.engine.render(&left, &right, frames: 512)
    #expect(left.allSatisfy { $0 == 0 })
    hand.engine.render(&left, &right, frames: 512)
    #expect(left.allSatisfy { $0 == 0 } && !hand.report.inputIsFed)
  }

  @Test func `A tap puts down what comes in, frame by frame, until it is ended`() throws {
    let hand = try HandTurnedEngine()
    let history = FrameHistory(capacity: 16_384)
    defer { history.deallocate() }
    withUnsafePointer(to: history) { pointer in
      hand.send(.tap, track: EngineLimits.inputStrip, value: 3, address: UInt(bitPattern: pointer))
      _ = run(hand, block: 256, frames: 2048)
      hand.send(.tap, track: EngineLimits.inputStrip, value: 3)
      _ = run(hand, block: 256, frames: 2048, from: 2048)
      #expect(history.written == 2048)
      var words = [UInt64](repeating: 0, count: 2048)
      let range = words.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map { history.read(from: 0, count: 2048, into: $0) } ?? 0..<0
      }
      #expect(range == 0..<2048)
      let left = words.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
      #expect(left == (1...2048).map { Float($0) / 1_000_000 })
    }
  }
}
