import Foundation
import Testing

@testable import MusicalTime

/// Ramps of tempo, linear with the beat.
struct TempoRampTests {
  /// 60 to 120 BPM over the four beats from 3840 on: 15 BPM a beat, so a beat `x` later is 4·ln(1 + x/4)
  /// seconds on.
  private let ramp = [TempoChange(tick: 0, bpm: 60), TempoChange(tick: 3_840, bpm: 120, rampTicks: 3_840)]

  @Test func aRampLastsAsLongAsItsIntegral() throws {
    let map = try TempoMap(sampleRate: 48_000, changes: ramp)
    #expect(map.frame(atTick: 3_840) == 192_000)
    // 4·ln 1.5 and 4·ln 2 seconds.
    #expect(abs(map.exactFrame(atTick: 5_760) - (192_000 + 77_849.300_756_767_56)) < 1e-6)
    #expect(abs(map.exactFrame(atTick: 7_680) - (192_000 + 133_084.258_667_509_47)) < 1e-6)
    // And 120 BPM after it.
    #expect(abs(map.exactFrame(atTick: 8_640) - (192_000 + 133_084.258_667_509_47 + 24_000)) < 1e-6)
  }

  @Test func theTempoInsideARampIsLinearWithTheBeat() throws {
    let map = try TempoMap(sampleRate: 48_000, changes: ramp)
    #expect(
      [3_840, 4_800, 5_760, 6_720, 7_680, 9_600].map { map.bpm(atTick: $0) } == [60, 75, 90, 105, 120, 120])
  }

  @Test func aFallingRampMirrorsARisingOne() throws {
    let falling = try TempoMap(
      sampleRate: 48_000,
      changes: [TempoChange(tick: 0, bpm: 120), TempoChange(tick: 0 + 960, bpm: 60, rampTicks: 3_840)])
    let length = falling.exactFrame(atTick: 4_800) - falling.exactFrame(atTick: 960)
    #expect(abs(length - 133_084.258_667_509_47) < 1e-6)
  }

  @Test func aRampCutShortEndsAtTheTempoItHasReached() throws {
    // Half way up, at 90, another ramp turns down to 60 over two beats: 15 BPM a beat.
    let map = try TempoMap(
      sampleRate: 48_000, changes: ramp + [TempoChange(tick: 5_760, bpm: 60, rampTicks: 1_920)])
    #expect([5_760, 6_720, 7_680, 7_681].map { map.bpm(atTick: $0) } == [90, 75, 60, 60])
    let step = try TempoMap(sampleRate: 48_000, changes: ramp + [TempoChange(tick: 5_760, bpm: 200)])
    #expect(abs(step.bpm(atTick: 5_759) - (90 - 15.0 / 960)) < 1e-9 && step.bpm(atTick: 5_760) == 200)
  }

  @Test func aRampToTheTempoThereIsOrWithNothingBeforeItIsNone() throws {
    let map = try TempoMap(
      sampleRate: 48_000,
      changes: [
        TempoChange(tick: 0, bpm: 90, rampTicks: 960), TempoChange(tick: 960, bpm: 90, rampTicks: 960),
      ])
    #expect(map.segments.allSatisfy { $0.slope == 0 && $0.bpm == 90 })
  }

  @Test func theSteepestRampsHaveAnInverse() throws {
    for (from, to) in [(20.0, 999.0), (999, 20), (120, 120.000_001)] {
      let map = try TempoMap(
        sampleRate: 48_000,
        changes: [TempoChange(tick: 0, bpm: from), TempoChange(tick: 960, bpm: to, rampTicks: 1_920)])
      for tick in stride(from: Tick(0), through: 4_800, by: 7) {
        #expect(abs(map.tick(atFrame: map.exactFrame(atTick: Double(tick))) - Double(tick)) < 1e-6)
      }
    }
  }

  @Test func aThousandRampsAgreeWithFineSteps() throws {
    let changes = randomRamps(1_000)
    let map = try TempoMap(sampleRate: 48_000, changes: changes)
    var oracle = RampOracle(bpm: changes[0].bpm)
    for (index, change) in changes.enumerated() {
      oracle.advance(to: change.tick)
      #expect(abs(oracle.bpm - map.bpm(atTick: Double(change.tick).nextDown)) < 1e-6)
      #expect(abs(oracle.seconds * 48_000 - map.exactFrame(atTick: Double(change.tick))) < 1e-3)
      #expect(
        abs(map.tick(atFrame: map.exactFrame(atTick: Double(change.tick))) - Double(change.tick)) < 1e-5)
      if index > 0 { oracle.begin(change) }
    }
  }

  @Test func timeNeverRunsBackwards() throws {
    let map = try TempoMap(sampleRate: 8_000, changes: randomRamps(200))
    let last = map.changes[map.changes.count - 1].tick
    let frames = stride(from: Tick(0), to: last, by: 13).map(map.frame)
    #expect(zip(frames, frames.dropFirst()).allSatisfy { $0 < $1 })
  }

  /// Ramps of one to eight beats to any tempo, two to eleven beats apart: some end before the next, some are
  /// cut short.
  private func randomRamps(_ count: Int) -> [TempoChange] {
    var random = Dice(seed: 7)
    var tick: Tick = 0
    return (0..<count).map { index in
      defer { tick += Tick(random.roll(2...11)) * 960 + Tick(random.roll(0...959)) }
      return TempoChange(
        tick: tick, bpm: Double(random.roll(20...999)),
        rampTicks: index == 0 ? 0 : Tick(random.roll(1...8)) * 960)
    }
  }
}

/// Adds up a ramp by Simpson's rule, in steps so fine that the rule's error cannot be seen.
private struct RampOracle {
  private(set) var bpm: Double
  private(set) var seconds = 0.0
  private var tick: Tick = 0
  private var target: Double
  private var rampTicks: Tick = 0

  init(bpm: Double) {
    self.bpm = bpm
    target = bpm
  }

  mutating func begin(_ change: TempoChange) {
    (target, rampTicks) = (change.bpm, change.rampTicks)
  }

  mutating func advance(to end: Tick) {
    let ramped = min(rampTicks, end - tick)
    if ramped > 0 {
      let reached = bpm + (target - bpm) * Double(ramped) / Double(rampTicks)
      seconds += Self.simpson(from: bpm, to: reached, beats: Double(ramped) / 960)
      bpm = ramped == rampTicks ? target : reached
      rampTicks -= ramped
    }
    seconds += Double(end - tick - ramped) / 960 * 60 / bpm
    tick = end
  }

  private static func simpson(from: Double, to: Double, beats: Double) -> Double {
    let panels = 2_048
    var sum = 60 / from + 60 / to
    for index in 1..<panels {
      let tempo = from + (to - from) * Double(index) / Double(panels)
      sum += (index % 2 == 1 ? 4 : 2) * 60 / tempo
    }
    return sum * beats / Double(panels) / 3
  }
}
