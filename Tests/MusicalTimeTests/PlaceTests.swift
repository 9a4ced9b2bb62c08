import Testing

@testable import MusicalTime

/// Places that have a name of their own.
struct PlaceTests {
  /// 4/4 up to bar 3 (tick 7680), 7/8 (3360 a bar) up to tick 14_400, 5/4 (4800 a bar) from there.
  private let map: TempoMap

  init() throws {
    map = try TempoMap(
      sampleRate: 48_000,
      signatures: [
        SignatureChange(tick: 7_680, numerator: 7, denominator: 8),
        SignatureChange(tick: 14_400, numerator: 5, denominator: 4),
      ])
  }

  private func context(
    at playhead: Double, rolling: Bool = false, loop: Range<Tick>? = nil, markers: [String: Tick] = [:]
  ) -> PositionContext {
    var context = PositionContext(
      map: map, playhead: Tick(playhead.rounded()), end: 50_000, markers: markers, loop: loop)
    context.exactPlayhead = playhead
    context.isRolling = rolling
    return context
  }

  // Bars begin at 0, 3840, 7680, 11040, 14400, 19200, 24000, 28800, 33600 (bar 9), …
  @Test(
    arguments: [
      ("@next-bar", 0, 3_840), ("@next-bar", 3_839.9, 3_840), ("@next-bar", 3_840, 7_680),
      ("@next-bar", 7_680, 11_040), ("@next-bar", 13_000, 14_400), ("@next-bar", 14_400, 19_200),
      ("@next-1-bars", 0, 3_840), ("@next-4-bars", 0, 14_400), ("@next-4-bars", 14_399, 14_400),
      ("@next-4-bars", 14_400, 33_600), ("@next-2-bars", 1, 7_680), ("@next-3-bars", 1, 11_040),
      ("@next-beat", 0, 960), ("@next-beat", 7_680, 8_160), ("@next-beat", 14_399.5, 14_400),
      ("@next-beat", 14_400, 15_360),
    ] as [(String, Double, Tick)])
  func theNextLineIsTheFirstAfterThePlayhead(text: String, playhead: Double, tick: Tick) throws {
    #expect(try Position.tick(text, in: context(at: playhead)) == tick)
  }

  @Test func aPlayheadThatIsOnALineButForRoundingIsOnIt() throws {
    #expect(try Position.tick("@next-bar", in: context(at: 3_840 - 1e-9)) == 7_680)
  }

  @Test func aBarThatAnotherSignatureCutsShortEndsThere() throws {
    let cut = try TempoMap(
      sampleRate: 48_000, signatures: [SignatureChange(tick: 1_500, numerator: 3, denominator: 4)])
    #expect(cut.line(.bar(every: 1), atOrAfter: 1) == 1_500)
    #expect(cut.line(.beat, atOrAfter: 961) == 1_500)
    #expect(cut.line(.bar(every: 1), atOrAfter: 1_501) == 1_500 + 2_880)
  }

  @Test func everyLineOfARasterIsFoundFromEveryTickBeforeIt() {
    // Bar starts found one by one equal those of the bar numbers.
    var place = 0.0
    for bar in 2...40 {
      let line = map.line(.bar(every: 1), atOrAfter: place + 1)
      #expect(line == map.tick(of: BarBeat(bar: bar, beat: 1)))
      place = Double(line)
    }
  }

  @Test func markersOnEitherSideAreFound() throws {
    let markers: [String: Tick] = ["a": 960, "b": 4_000, "c": 9_000]
    let standing = context(at: 4_000, markers: markers)
    #expect(try Position.tick("@next-marker", in: standing) == 9_000)
    #expect(try Position.tick("@previous-marker", in: standing) == 960)
  }

  @Test func aMarkerJustPassedIsNotThePreviousOneWhileItRolls() throws {
    let markers: [String: Tick] = ["a": 960, "b": 4_000]
    #expect(
      try Position.tick("@previous-marker", in: context(at: 4_500, rolling: true, markers: markers)) == 960)
    #expect(
      try Position.tick("@previous-marker", in: context(at: 4_961, rolling: true, markers: markers)) == 4_000)
    #expect(try Position.tick("@previous-marker", in: context(at: 4_500, markers: markers)) == 4_000)
  }

  @Test(arguments: ["@next-marker", "@previous-marker", "@loop-start", "@loop-end"])
  func aPlaceThatIsNowhereIsRefusedInThreeLines(text: String) throws {
    let error = try #require(
      #expect(throws: PositionError.self) {
        try Position.tick(text, in: context(at: 4_000, markers: ["here": 4_000]))
      })
    #expect(error.lines.count == 3 && error.lines[0] == "there is no \(text)")
  }

  @Test func theLoopAndTheEndsHaveNames() throws {
    let context = context(at: 0, loop: 960..<1_920, markers: ["start": 480])
    #expect(try Position.tick("@loop-start", in: context) == 960)
    #expect(try Position.tick("@loop-end", in: context) == 1_920)
    #expect(try Position.tick("@start", in: context) == 480)
    #expect(try Position.tick("@start", in: self.context(at: 7)) == 0)
    #expect(try Position.tick("@end", in: context) == 50_000)
  }

  @Test(arguments: [
    "next-0-bars", "next-1025-bars", "next--bars", "next-4-bar", "next-x-bars", "next-٤-bars", "Next-bar",
  ])
  func whatIsAlmostSuchANameIsAMarkers(name: String) throws {
    #expect(try Position.parse("@" + name) == .marker(name))
  }

  @Test func everyNameIsReadAndWrittenAlike() {
    for name in Place.names { #expect(Place(name)?.description == name) }
    #expect(Place.names.filter(Place.isReserved) == Place.names.filter { $0 != "start" })
    #expect(Place.isReserved("next-64-bars"))
  }
}
