import Testing

@testable import MusicalTime

/// Bars and beats, both ways.
struct SignatureTests {
  private func map(_ changes: [SignatureChange]) throws -> TempoMap {
    try TempoMap(sampleRate: 48_000, signatures: changes)
  }

  @Test func fourFourCountsQuarters() throws {
    let map = try map([])
    #expect(map.barBeat(atTick: 0) == BarBeat(bar: 1, beat: 1))
    #expect(map.barBeat(atTick: 15_360) == BarBeat(bar: 5, beat: 1))
    #expect(map.barBeat(atTick: 15_360 + 2 * 960 + 480) == BarBeat(bar: 5, beat: 3, tick: 480))
    #expect(map.tick(of: BarBeat(bar: 5, beat: 3, tick: 480)) == 17_760)
  }

  @Test func sixEightCountsEighths() throws {
    let map = try map([SignatureChange(tick: 0, numerator: 6, denominator: 8)])
    #expect(map.barBeat(atTick: 2_879) == BarBeat(bar: 1, beat: 6, tick: 479))
    #expect(map.barBeat(atTick: 2_880) == BarBeat(bar: 2, beat: 1))
    #expect(map.tick(of: BarBeat(bar: 2, beat: 6)) == 5_280)
    #expect(
      map.tick(of: BarBeat(bar: 2, beat: 7)) == nil
        && map.tick(of: BarBeat(bar: 1, beat: 1, tick: 480)) == nil)
  }

  @Test func aChangeInsideABarStartsANewOne() throws {
    let map = try map([
      SignatureChange(tick: 0, numerator: 4, denominator: 4),
      SignatureChange(tick: 5_000, numerator: 3, denominator: 4),
    ])
    #expect(map.barBeat(atTick: 4_999) == BarBeat(bar: 2, beat: 2, tick: 199))
    #expect(map.barBeat(atTick: 5_000) == BarBeat(bar: 3, beat: 1))
    #expect(map.barBeat(atTick: 5_000 + 2_880) == BarBeat(bar: 4, beat: 1))
    #expect(map.tick(of: BarBeat(bar: 2, beat: 2, tick: 199)) == 4_999)
    #expect(
      map.tick(of: BarBeat(bar: 2, beat: 2, tick: 200)) == nil
        && map.tick(of: BarBeat(bar: 2, beat: 3)) == nil)
    #expect(map.tick(of: BarBeat(bar: 3, beat: 4)) == nil && map.tick(of: BarBeat(bar: 3, beat: 1)) == 5_000)
  }

  @Test func theSignatureUnderATickIsTheLastBeforeIt() throws {
    let map = try map([SignatureChange(tick: 3_840, numerator: 7, denominator: 8)])
    #expect(map.signature(atTick: 3_839) == SignatureChange(tick: 0, numerator: 4, denominator: 4))
    #expect(map.signature(atTick: 3_840).numerator == 7 && map.signature(atTick: -5).numerator == 4)
  }

  @Test func whatLiesBeforeTheStartCountsAsTheStart() throws {
    #expect(try map([]).barBeat(atTick: -1) == BarBeat(bar: 1, beat: 1))
  }

  @Test(arguments: [
    [], [(0, 6, 8)], [(0, 3, 4), (2_880, 4, 4)], [(0, 4, 4), (5_000, 7, 8), (5_001, 1, 1), (9_999, 5, 16)],
    [(0, 64, 64), (960, 1, 64), (1_000, 2, 2)],
  ])
  func everyTickHasOnePlaceAndEveryPlaceOneTick(signatures: [(Tick, Int, Int)]) throws {
    let map = try map(signatures.map { SignatureChange(tick: $0.0, numerator: $0.1, denominator: $0.2) })
    var previous = BarBeat(bar: 1, beat: 1, tick: -1)
    var wrong: [Tick] = []
    for tick in Tick(0)...20_000 {
      let place = map.barBeat(atTick: tick)
      let follows =
        place == BarBeat(bar: previous.bar, beat: previous.beat, tick: previous.tick + 1)
        || place == BarBeat(bar: previous.bar, beat: previous.beat + 1)
        || place == BarBeat(bar: previous.bar + 1, beat: 1)
      if !follows || map.tick(of: place) != tick { wrong.append(tick) }
      previous = place
    }
    #expect(wrong.isEmpty)
  }

  @Test func placesThatAreNotThereHaveNoTick() throws {
    let map = try map([SignatureChange(tick: 0, numerator: 3, denominator: 4)])
    for bar in -2...4 {
      for beat in -2...6 {
        for tick in [-1, 0, 959, 960, 1_920] {
          let isThere = bar >= 1 && (1...3).contains(beat) && (0..<960).contains(tick)
          let expected = isThere ? Tick((bar - 1) * 2_880 + (beat - 1) * 960 + tick) : nil
          #expect(map.tick(of: BarBeat(bar: bar, beat: beat, tick: tick)) == expected)
        }
      }
    }
  }

  @Test(arguments: [Int.max, Int.max - 1, .min, 1 << 40])
  func endlessNumbersHaveNoTick(number: Int) throws {
    let map = try map([SignatureChange(tick: 10_000, numerator: 5, denominator: 8)])
    #expect(map.tick(of: BarBeat(bar: number, beat: 1)) == nil)
    #expect(map.tick(of: BarBeat(bar: 1, beat: number)) == nil)
    #expect(map.tick(of: BarBeat(bar: 1, beat: 1, tick: number)) == nil)
    #expect(map.tick(of: BarBeat(bar: 100, beat: 1, tick: number)) == nil)
  }

  @Test func aPlaceIsWrittenAsItIsRead() throws {
    #expect(BarBeat(bar: 5, beat: 1).description == "5:1:000")
    #expect(BarBeat(bar: 12, beat: 3, tick: 48).description == "12:3:048")
    #expect(BarBeat(bar: 1, beat: 1, tick: 3_839).description == "1:1:3839")
    let map = try map([SignatureChange(tick: 0, numerator: 2, denominator: 1)])
    for tick in stride(from: Tick(0), to: 40_000, by: 97) {
      let context = PositionContext(map: map, playhead: 0, end: 0, markers: [:])
      #expect(try Position.tick(map.barBeat(atTick: tick).description, in: context) == tick)
    }
  }

  @Test(arguments: [(0, 4), (65, 4), (-1, 4), (4, 0), (4, 3), (4, 128), (4, -4), (.max, 4), (4, .min)])
  func signaturesThatAreNoneAreRefused(numerator: Int, denominator: Int) throws {
    #expect(throws: TempoMapError.badSignature(numerator, denominator)) {
      try map([SignatureChange(tick: 0, numerator: numerator, denominator: denominator)])
    }
  }

  @Test func moreSignaturesThanAMapHoldsAreRefused() throws {
    let most = TimeLimits.maximumSignatureChanges
    let changes = (0...most).map { SignatureChange(tick: Tick($0) * 1_000, numerator: 1, denominator: 4) }
    #expect(throws: TempoMapError.tooManyChanges(most + 1)) { try map(changes) }
    // Each thousand ticks has a bar of 960 and one of 40.
    let full = try map(Array(changes.dropLast()))
    #expect(full.barBeat(atTick: Tick(most - 1) * 1_000).bar == 2 * most - 1)
  }
}
