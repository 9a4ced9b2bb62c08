import CDrivers
import Foundation
import Testing

@testable import AudioDrivers

struct InputDriftTests {
  /// What two clocks make of one tone, turned by hand: the source's ticks at `rate` (its own idea of it) times 1 + `drift`,
  /// the renderer's at 48,000.
  private struct Clocks {
    let input: OpaquePointer
    let rate: Double
    let drift: Double
    let hertz: Double
    var sourceFrames = 0
    var rendered = 0
    var seed: UInt32 = 7

    /// Blocks of both sides in the order of their times, up to `seconds`; what the renderer was given.
    mutating func run(until seconds: Double, jitter: Double) -> [Float] {
      var heard: [Float] = []
      var left = [Float](repeating: 0, count: 512)
      var right = left
      while Double(rendered) / 48_000 < seconds {
        // A block of the source is there when its last frame is; the thread that brings it is a little late.
        let ready = Double(sourceFrames + 256) / (rate * (1 + drift))
        let due = Double(rendered) / 48_000
        if ready <= due {
          let fed = (sourceFrames..<sourceFrames + 256).map { frame in
            Float(sin(2 * .pi * hertz * Double(frame) / (rate * (1 + drift)))) * 0.5
          }
          seed = seed &* 1_664_525 &+ 1_013_904_223
          let late = Double(seed >> 8) / Double(1 << 24) * jitter
          drv_input_push(input, DRV_INPUT_CARD, fed, nil, 256, Int64((ready + late) * 1e9))
          sourceFrames += 256
        } else {
          _ = drv_input_pull(input, &left, &right, 512, Int64(due * 1e9))
          heard += left
          rendered += 512
        }
      }
      return heard
    }
  }

  /// How much a tone is not one: what is left of each sample when the two before it have told what it should be.
  private func roughness(_ samples: ArraySlice<Float>, hertz: Double) -> Double {
    let factor = 2 * cos(2 * .pi * hertz / 48_000)
    var worst = 0.0
    for index in samples.indices.dropFirst(2) {
      let expected = factor * Double(samples[index - 1]) - Double(samples[index - 2])
      worst = max(worst, abs(Double(samples[index]) - expected))
    }
    return worst
  }

  @Test(arguments: [(48_000, 0.0003), (48_000, -0.0005), (44_100, 0.0001), (96_000, 0)])
  func `Two clocks that drift apart are heard as one, without a gap`(rate: Double, drift: Double) throws {
    let input = try #require(drv_input_create(48_000))
    defer { drv_input_destroy(input) }
    drv_input_use(input, DRV_INPUT_CARD)
    drv_input_set_clock(input, rate, false)
    var clocks = Clocks(input: input, rate: rate, drift: drift, hertz: 1000)
    _ = clocks.run(until: 40, jitter: 0.0005)
    var before = drv_input_figures()
    drv_input_figures_of(input, &before)
    let heard = clocks.run(until: 60, jitter: 0.0005)
    var after = drv_input_figures()
    drv_input_figures_of(input, &after)
    #expect(after.underruns == before.underruns && after.resyncs == before.resyncs)
    #expect(after.overruns == 0)
    // 960,000 frames of sound, and none of them a click: a frame left out would leave 0.06 here.
    #expect(heard.count == 960_512 || heard.count == 960_000)
    #expect(roughness(heard[...], hertz: 1000) < 0.002)
    #expect(heard.max().map { abs($0 - 0.5) < 0.005 } == true)
    // The delay is where it was, and the pace is known.
    #expect(abs(after.latency - before.latency) < 48)
    #expect(abs(after.drift - drift) < 0.00005)
  }

  @Test func `The renderer's own clock adds nothing, and what comes late is not made up`() throws {
    let input = try #require(drv_input_create(48_000))
    defer { drv_input_destroy(input) }
    var left = [Float](repeating: 9, count: 256)
    var right = left
    let fed = (0..<256).map { Float($0 + 1) }
    #expect(!drv_input_pull(input, &left, &right, 256, 0))
    drv_input_use(input, DRV_INPUT_DEVICE)
    drv_input_set_clock(input, 48_000, true)
    for _ in 0..<3 {
      drv_input_push(input, DRV_INPUT_DEVICE, fed, fed.map { -$0 }, 256, 0)
      // A card that is not attached is not heard.
      drv_input_push(input, DRV_INPUT_CARD, fed, nil, 256, 0)
      #expect(drv_input_pull(input, &left, &right, 256, 0))
      #expect(left == fed && right == fed.map { -$0 })
    }
    // Somebody else renders meanwhile.
    _ = drv_input_pull(input, &left, &right, 256, 0)
    #expect(left.allSatisfy { $0 == 0 })
    // Half of a block was taken: the next block is heard from its own first frame on.
    drv_input_push(input, DRV_INPUT_DEVICE, fed, fed, 256, 0)
    _ = drv_input_pull(input, &left, &right, 100, 0)
    drv_input_push(input, DRV_INPUT_DEVICE, fed, fed, 256, 0)
    _ = drv_input_pull(input, &left, &right, 256, 0)
    #expect(left == fed)
  }

  @Test func `A pattern finds a port and its neighbour of the same client`() {
    let ports = ["system:capture_1", "system:capture_2", "synth:out", "mixer:l", "mixer:r"]
    func pair(_ pattern: String) -> [String] {
      ClockKeeper.pair(in: ports, matching: pattern).map { [$0.left, $0.right] } ?? []
    }
    #expect(pair("") == ["system:capture_1", "system:capture_2"])
    #expect(pair("capture_2") == ["system:capture_2", "system:capture_2"])
    #expect(pair("out") == ["synth:out", "synth:out"])
    #expect(pair("mixer") == ["mixer:l", "mixer:r"])
    #expect(pair("Mixer").isEmpty)
  }
}
