import Testing

@testable import MusicalTime

/// Where a position is.
struct PositionResolveTests {
  /// 4/4 and 120 BPM up to bar 5, then 6/8 at 60; the playhead at beat 8, the end at beat 100.
  private let context: PositionContext

  init() throws {
    let map = try TempoMap(
      sampleRate: 48_000, changes: [TempoChange(tick: 0, bpm: 120), TempoChange(tick: 15_360, bpm: 60)],
      signatures: [SignatureChange(tick: 15_360, numerator: 6, denominator: 8)])
    context = PositionContext(
      map: map, playhead: 7_680, end: 96_000, markers: ["chorus": 1_234, "break": 9_600])
  }

  @Test(
    arguments: [
      ("16", 15_360), ("5:1", 15_360), ("1:1", 0), ("0", 0), ("5:6:479", 15_360 + 2_879),
      ("6:1", 15_360 + 2_880),
      ("2:3:480", 6_240), ("0s", 0), ("1s", 1_920), ("8s", 15_360), ("9s", 16_320), ("0:09s", 16_320),
      ("@chorus", 1_234),
      ("+4", 11_520), ("-2", 5_760), ("-8", 0), ("+0", 7_680), ("50%", 48_000), ("0%", 0), ("100%", 96_000),
      ("4.0005", 3_840), ("4.00053", 3_841),
    ] as [(String, Tick)])
  func everyFormHasItsTick(text: String, tick: Tick) throws {
    #expect(try Position.tick(text, in: context) == tick)
  }

  @Test(arguments: [
    ("0:1", "4/4"), ("1:0", "4/4"), ("4:5", "4/4"), ("1:1:960", "4/4"), ("5:7", "6/8"), ("5:1:480", "6/8"),
  ])
  func placesThatABarDoesNotHaveAreRefusedWithItsSignature(text: String, signature: String) {
    #expect(throws: PositionError.noSuchBeat(text, signature: signature)) {
      try Position.tick(text, in: context)
    }
  }

  @Test func whatLiesBeforeTheStartIsRefused() {
    #expect(throws: PositionError.beforeStart("-8.01")) { try Position.tick("-8.01", in: context) }
    #expect(throws: PositionError.beforeStart("-9999999999999")) {
      try Position.tick("-9999999999999", in: context)
    }
  }

  @Test(arguments: [
    "17895698", "999999999999999999999999", "+17895690", "9999999999:1", "17179869185s",
    "999999999999999999999999s",
    "99999999999%", "999999999999999999999999%", "9999999999:59:59s",
  ])
  func whatLiesBeyondTheLastTickIsRefused(text: String) {
    #expect(throws: PositionError.tooFar(text)) { try Position.tick(text, in: context) }
  }

  @Test func theLastTickIsAPlace() throws {
    // 2³⁴ ticks are 17895697 beats and 64 ticks.
    #expect(try Position.tick("17895697", in: context) == 17_895_697 * 960)
    #expect(Double(TimeLimits.maximumTick) / 960 == 17_895_697.066_666_666)
  }

  @Test func anUnknownMarkerIsRefusedWithThoseThereAre() {
    #expect(throws: PositionError.unknownMarker("Chorus", known: ["break", "chorus"])) {
      try Position.tick("@Chorus", in: context)
    }
  }

  @Test func refusalsCarryWhatWasWritten() {
    let error = #expect(throws: PositionError.self) { try Position.tick(" 5:9 ", in: context) }
    #expect(error?.lines[0] == "there is no place \" 5:9 \" on the timeline")
    #expect(error?.lines[1] == "bars and beats count from 1, and the signature there is 6/8")
  }
}
