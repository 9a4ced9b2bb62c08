import Testing

@testable import MusicalTime

/// What taps come to.
struct TapTempoTests {
  private func tapped(_ times: [Double]) -> TapTempo {
    var tempo = TapTempo()
    for time in times { tempo.tap(at: time) }
    return tempo
  }

  @Test func fourTapsHalfASecondApartAre120() {
    #expect(tapped([10, 10.5, 11]).bpm == nil)
    #expect(tapped([10, 10.5, 11, 11.5]).bpm == 120)
  }

  @Test func oneTapThatSlipsDoesNotMoveTheTempo() {
    #expect(tapped([0, 0.5, 1, 1.3, 2, 2.5, 3]).bpm == 120)
  }

  @Test func aPauseOfMoreThanTwoSecondsBeginsAnew() {
    let kept = tapped([0, 0.5, 1, 1.5, 3.5])
    #expect(kept.taps == 5)
    let anew = tapped([0, 0.5, 1, 1.5, 3.501])
    #expect(anew.taps == 1 && anew.bpm == nil)
  }

  @Test func aBounceIsNoTap() {
    // 60/999 s is 60.06 ms.
    #expect(tapped([0, 0.06, 0.5, 0.56, 1, 1.05, 1.5]).bpm == 120)
    #expect(tapped([0, 0.0601, 0.1202, 0.1803]).bpm.map { $0 > 998 && $0 <= 999 } == true)
  }

  @Test func aNewTempoIsReachedWithinTheIntervalsThatCount() {
    let old = (0..<20).map { Double($0) * 0.5 }
    let new = (1...5).map { 9.5 + Double($0) * 0.4 }
    #expect(tapped(old + new).bpm == 150)
  }

  @Test func aClockThatGoesBackBeginsAnew() {
    #expect(tapped([5, 5.5, 6, 6.5, 1]).taps == 1)
  }

  @Test func intervalsMeasuredElsewhereGiveTheirMedian() {
    #expect(TapTempo.bpm(of: [0.5, 0.4, 0.5]) == 120)
    #expect(TapTempo.bpm(of: [0.4, 0.6]) == 120)
    #expect(TapTempo.bpm(of: [3]) == 20)
    #expect(TapTempo.bpm(of: [3.01]) == nil && TapTempo.bpm(of: [0.06]) == nil)
    #expect(TapTempo.bpm(of: []) == nil && TapTempo.bpm(of: [0, 0, 0]) == nil)
  }
}
