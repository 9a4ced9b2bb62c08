import Testing

@testable import Tools

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("", "", 0), ("gain", "gain", 0), ("gian", "gain", 1), ("regionn", "region", 1), ("abc", "", 3),
  ])
  func slipsAreCounted(a: String, b: String, slips: Int) {
    #expect(Suggestion.distance(Array(a), Array(b)) == slips)
    #expect(Suggestion.distance(Array(b), Array(a)) == slips)
  }

  @Test func theNearestWordIsOffered() {
    #expect(Suggestion.nearest(to: "paly", in: ["pause", "play", "panic"]) == "play")
    #expect(Suggestion.nearest(to: "PLAY", in: ["pause", "play"]) == "play")
    #expect(Suggestion.nearest(to: "interp", in: ["polyphony", "interpolation"]) == "interpolation")
  }

  @Test func nothingIsOfferedForAWordFarFromAll() {
    #expect(Suggestion.nearest(to: "xyzzy", in: ["pause", "play"]) == nil)
    #expect(Suggestion.nearest(to: "", in: ["pause"]) == nil)
    #expect(
      Suggestion.sentence(for: "xyzzy", in: ["pause", "play"], noun: "command")
        == "Known commands: pause, play.")
  }

  @Test func aHugeWordTakesNoTime() {
    #expect(Suggestion.nearest(to: String(repeating: "a", count: 1_000_000), in: ["play"]) == nil)
  }
}
