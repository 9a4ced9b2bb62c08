import CDrivers
import CPacedCard
import Glibc
import Testing

@testable import AudioDrivers

extension ALSADriverTests {
  /// A card that is listened to, and the renderer's pulls in time.
  private final class Listening {
    let input: AudioInput
    var heard: (left: [Float], right: [Float]) = ([], [])
    private var due: Int64
    private var left = [Float](repeating: 0, count: 256)
    private var right = [Float](repeating: 0, count: 256)

    init() throws {
      input = try AudioInput(sampleRate: 48_000)
      try input.hear(card: "pcm:paced", sampleRate: 48_000, period: 256, priority: 1)
      due = Self.now()
    }

    deinit { input.hearNothing() }

    private static func now() -> Int64 {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Blocks of 256 frames, each when its time has come, for `seconds`.
    func listen(_ seconds: Double) {
      for _ in 0..<Int(seconds * 48_000 / 256) {
        due += 256 * 1_000_000_000 / 48_000
        while Self.now() < due { usleep(200) }
        _ = drv_input_pull(input.pointer, &left, &right, 256, due)
        heard.left += left
        heard.right += right
      }
    }
  }

  /// The most that a triangle of steps of 1/128 moves between two frames when nothing of it is missing.
  private func steepest(_ samples: ArraySlice<Float>) -> Float {
    zip(samples, samples.dropFirst()).map { abs($1 - $0) }.max() ?? 0
  }

  @Test(arguments: ["i", "3", "s", "f"]) func `What a card hears comes in, both sides, in every format`(
    format: String
  ) throws {
    let card = try PacedCard(formats: format, mapped: false)
    let listening = try Listening()
    listening.listen(1)
    let status = listening.input.status()
    #expect(status.source?.kind == "alsa" && status.source?.channels == 2)
    #expect(status.frames > 24_000 && status.problem == nil)
    #expect(card.heard >= Int(status.frames))
    // The triangle's height is 120 steps of 1/128.
    #expect(abs(Double(status.peak) - 120.0 / 128) < 0.02)
    let (left, right) = (listening.heard.left.suffix(12_000), listening.heard.right.suffix(12_000))
    #expect(left.contains { $0 > 0.9 } && left.contains { $0 < -0.9 })
    #expect(zip(left, right).allSatisfy { abs($0 + $1) < 0.001 })
  }

  @Test func `A card whose clock is faster is followed without a click`() throws {
    // A busy machine keeps the card's thread from its buffer; then there is a gap for a reason.
    for _ in 0..<2 {
      let card = try PacedCard(formats: "f", mapped: false)
      card.drift(400)
      let listening = try Listening()
      listening.listen(8)
      let before = listening.input.status()
      listening.listen(3)
      let after = listening.input.status()
      guard after.lostFrames == 0, after.resyncs == before.resyncs, after.missedFrames == before.missedFrames
      else { continue }
      #expect(steepest(listening.heard.left.suffix(3 * 48_000 - 1_000)) < 1.6 / 128)
      // On its way to 400 parts in a million.
      #expect(after.drift > 100e-6 && after.drift < 700e-6)
      return
    }
  }

  @Test func `A card that runs over is counted, one that is pulled out is told, and both go on`() throws {
    let card = try PacedCard(formats: "i", mapped: false)
    let listening = try Listening()
    listening.listen(0.5)
    let before = listening.input.status().frames
    card.underrun()
    listening.listen(0.5)
    #expect(listening.input.status().lostFrames >= 256)
    #expect(listening.input.status().frames > before)
    card.pull()
    #expect(eventually { listening.input.status().problem != nil })
    listening.listen(0.5)
    #expect(listening.heard.left.suffix(4_800).allSatisfy { $0 == 0 })
    card.putBack()
    let gone = listening.input.status().frames
    #expect(eventually { listening.input.status().problem == nil && listening.input.status().frames > gone })
    listening.listen(1)
    #expect(listening.heard.left.suffix(12_000).contains { $0 > 0.9 })
  }

  @Test func `A card that is not there, or hears nothing, is refused and leaves what was`() throws {
    let card = try PacedCard(formats: "i", mapped: false)
    let listening = try Listening()
    #expect(throws: DriverError.self) {
      try listening.input.hear(card: "pcm:nothing", sampleRate: 48_000, period: 256, priority: 1)
    }
    listening.listen(0.3)
    #expect(listening.input.status().source?.names == ["pcm:paced"])
    #expect(listening.input.status().frames > 0)
    listening.input.hearNothing()
    #expect(listening.input.status().source == nil)
    #expect(!card.isOpen)
  }
}
