import Testing

@testable import MusicalTime

/// Steps of tempo: what is where, against values computed by hand.
struct TempoMapTests {
  private func map(_ changes: [TempoChange], rate: Double = 48_000) throws -> TempoMap {
    try TempoMap(sampleRate: rate, changes: changes)
  }

  @Test func aMapWithoutChangesIs120BPMInFourFour() throws {
    let map = try map([])
    #expect(map.changes == [TempoChange(tick: 0, bpm: 120)])
    #expect(map.signatures == [SignatureChange(tick: 0, numerator: 4, denominator: 4)])
    #expect(map.frame(atTick: 960) == 24_000 && map.frame(atTick: 0) == 0 && map.frame(atTick: 1) == 25)
    #expect(map.seconds(atTick: 1_920) == 1 && map.tick(atSeconds: 1) == 1_920)
  }

  @Test func stepsAddUp() throws {
    // 4 beats at 120 are 2 s, 3 beats at 90 are 2 s, then 60.
    let map = try map([
      TempoChange(tick: 0, bpm: 120), TempoChange(tick: 3_840, bpm: 90), TempoChange(tick: 6_720, bpm: 60),
    ])
    #expect([0, 3_840, 6_720, 7_680].map(map.frame) == [0, 96_000, 192_000, 240_000])
    #expect(
      [0, 3_839, 3_840, 6_719, 6_720, 99_999].map { map.bpm(atTick: $0) } == [120, 120, 90, 90, 60, 60])
    #expect(map.tick(atFrame: 144_000) == 5_280)
  }

  @Test func framesAreTheNearestOnes() throws {
    // At 44.1 kHz and 100 BPM a tick is 27.5625 frames.
    let map = try map([TempoChange(tick: 0, bpm: 100)], rate: 44_100)
    #expect([1, 2, 3, 8, 16].map(map.frame) == [28, 55, 83, 221, 441])
    #expect(map.exactFrame(atTick: 2) == 55.125)
  }

  @Test func whatLiesBeforeTheStartFollowsTheFirstTempo() throws {
    let map = try map([TempoChange(tick: 0, bpm: 60), TempoChange(tick: 960, bpm: 120)])
    #expect(map.frame(atTick: -960) == -48_000 && map.tick(atFrame: -24_000) == -480)
    #expect(map.bpm(atTick: -1) == 60)
  }

  @Test func changesMayComeInAnyOrderAndTheLaterInTheListHolds() throws {
    let map = try map([
      TempoChange(tick: 960, bpm: 60), TempoChange(tick: 0, bpm: 90), TempoChange(tick: 960, bpm: 180),
    ])
    #expect(map.changes == [TempoChange(tick: 0, bpm: 90), TempoChange(tick: 960, bpm: 180)])
  }

  @Test func aMapThatStartsLateBeginsAt120() throws {
    let map = try map([TempoChange(tick: 960, bpm: 60)])
    #expect(map.changes.first == TempoChange(tick: 0, bpm: 120))
    #expect(map.frame(atTick: 1_920) == 72_000)
  }

  @Test func anotherSampleRateKeepsTheMusic() throws {
    let map = try map([TempoChange(tick: 0, bpm: 100), TempoChange(tick: 480, bpm: 200, rampTicks: 960)])
    let other = try map.resampled(to: 96_000)
    #expect(other.changes == map.changes && other.signatures == map.signatures)
    #expect(abs(other.exactFrame(atTick: 5_000) - 2 * map.exactFrame(atTick: 5_000)) < 1e-6)
  }

  @Test func theSlowestAndTheFastestTempoAreHeld() throws {
    let map = try map([TempoChange(tick: 0, bpm: 20), TempoChange(tick: 960, bpm: 999)])
    #expect(map.frame(atTick: 960) == 144_000)
    // 999 beats last a minute.
    #expect(map.frame(atTick: 960 + 999 * 960) == 144_000 + 2_880_000)
  }

  @Test func theLastTickHasAFrameAtTheSlowestTempoAndTheHighestRate() throws {
    let map = try map([TempoChange(tick: 0, bpm: 20)], rate: 384_000)
    // 1200 frames a tick.
    #expect(map.frame(atTick: TimeLimits.maximumTick) == TimeLimits.maximumTick * 1_200)
    #expect(map.tick(atFrame: Double(TimeLimits.maximumTick) * 1_200) == Double(TimeLimits.maximumTick))
  }

  @Test(arguments: [19.999, 999.001, 0, -120, .infinity, -.infinity, .nan, .leastNonzeroMagnitude])
  func temposOutOfRangeAreRefused(bpm: Double) throws {
    let error = #expect(throws: TempoMapError.self) { try map([TempoChange(tick: 0, bpm: bpm)]) }
    guard case .tempoOutOfRange(let found)? = error else {
      Issue.record("refused for another reason")
      return
    }
    #expect(found == bpm || (found.isNaN && bpm.isNaN))
    #expect(error?.lines.count == 2)
  }

  @Test(arguments: [7_999, 384_001, 0, -48_000, .infinity, .nan])
  func ratesOutOfRangeAreRefused(rate: Double) throws {
    let error = #expect(throws: TempoMapError.self) { try map([], rate: rate) }
    guard case .sampleRateOutOfRange? = error else {
      Issue.record("refused for another reason")
      return
    }
    #expect(throws: TempoMapError.self) { try map([]).resampled(to: rate) }
  }

  @Test(arguments: [-1, TimeLimits.maximumTick + 1, .min, .max])
  func ticksOutOfRangeAreRefused(tick: Tick) throws {
    #expect(throws: TempoMapError.tickOutOfRange(tick)) { try map([TempoChange(tick: tick, bpm: 120)]) }
    #expect(throws: TempoMapError.tickOutOfRange(tick)) {
      try map([TempoChange(tick: 0, bpm: 120, rampTicks: tick)])
    }
    #expect(throws: TempoMapError.tickOutOfRange(tick)) {
      try TempoMap(
        sampleRate: 48_000, signatures: [SignatureChange(tick: tick, numerator: 4, denominator: 4)])
    }
  }

  @Test func moreChangesThanAMapHoldsAreRefused() throws {
    let most = TimeLimits.maximumTempoChanges
    let changes = (0...most).map { TempoChange(tick: Tick($0) * 10, bpm: $0 % 2 == 0 ? 100 : 200) }
    #expect(throws: TempoMapError.tooManyChanges(most + 1)) { try map(changes) }
    let full = try map(Array(changes.dropLast()))
    // Pairs of 10 ticks at 100 and at 200 BPM: 300 and 150 frames.
    #expect(full.frame(atTick: Tick(most) * 10) == Frame(most / 2) * 450)
  }
}
