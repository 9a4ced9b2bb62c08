import CSynthYardstick
import Glibc
import RealtimeBench
import RealtimeEngine

/// The renderer with 64 notes held against FluidSynth by itself, a tenth of a second of sound in turns:
/// thread CPU time, the median of the ratios.
struct RendererBench {
  private let hand: HandTurnedEngine
  private let stick: OpaquePointer
  private let outputs = UnsafeMutablePointer<UnsafeMutablePointer<Float>>.allocate(
    capacity: OutputChannel.count)
  private var block = 0
  private static let pairs = 101
  private static let blocksPerTurn = 75

  struct Failure: Error, CustomStringConvertible { let description: String }

  struct Times {
    let ratio: Double
    /// Of one core.
    let load: Double
  }

  init(synths: Int32) throws {
    hand = try HandTurnedEngine(Workload.song(), effects: false, limiter: true)
    guard let stick = yardstick_new(HandTurnedEngine.seedFont, Workload.rate, synths) else {
      throw Failure(description: "\(HandTurnedEngine.seedFont) could not be loaded")
    }
    self.stick = stick
    for channel in 0..<OutputChannel.count { (outputs + channel).initialize(to: .allocate(capacity: 64)) }
    for channel in 0..<8 { yardstick_program(stick, Int32(channel), Int32(Workload.programs[channel])) }
  }

  static func figures() throws -> [Figure] {
    var bank = try RendererBench(synths: Int32(EngineLimits.synthsPerBank))
    let same = try bank.measure()
    var stereo = try RendererBench(synths: 1)
    let plain = try stereo.measure()
    return [
      Figure(
        name: "renderer_64_voices", value: same.ratio, unit: "ratio",
        against: "a bare FluidSynth loop, same settings, same events", goal: 1.05),
      Figure(
        name: "renderer_64_voices_stereo", value: plain.ratio, unit: "ratio",
        against: "one bare FluidSynth in stereo, same events", goal: 1.1),
      Figure(
        name: "renderer_64_voices_load", value: 100 * same.load, unit: "%", against: "one core", goal: 10),
    ]
  }

  private mutating func measure() throws -> Times {
    hand.send(.play, tick: 0)
    // Two bars for both, unmeasured: then every note is held.
    turn(2 * Workload.blocksPerBar, ours: true)
    block = 0
    turn(2 * Workload.blocksPerBar, ours: false)
    var ratios: [Double] = []
    var ours: [Double] = []
    for pair in 0..<Self.pairs {
      let first = block
      var times = (ours: 0.0, bare: 0.0)
      for isOurs in [pair.isMultiple(of: 2), !pair.isMultiple(of: 2)] {
        block = first
        let start = Self.threadSeconds()
        turn(Self.blocksPerTurn, ours: isOurs)
        let time = Self.threadSeconds() - start
        if isOurs { times.ours = time } else { times.bare = time }
      }
      ratios.append(times.ours / times.bare)
      ours.append(times.ours)
    }
    let voices = (hand.report.voices, yardstick_voices(stick))
    guard voices.0 >= 64, abs(voices.0 - voices.1) <= 4 else {
      throw Failure(description: "the renderer plays \(voices.0) voices and FluidSynth \(voices.1)")
    }
    let seconds = Double(64 * Self.blocksPerTurn) / Workload.rate
    return Times(ratio: ratios.sorted()[Self.pairs / 2], load: ours.sorted()[Self.pairs / 2] / seconds)
  }

  private mutating func turn(_ blocks: Int, ours: Bool) {
    let entry = hand.engine.entry
    for _ in 0..<blocks {
      if ours {
        entry.render(entry.context, outputs, 64)
      } else {
        Workload.strike(block, on: stick)
        yardstick_render(stick)
      }
      block += 1
    }
  }

  static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
