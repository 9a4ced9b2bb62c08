import Testing

@testable import MusicalTime

/// The grammar of positions: what is read, and as what.
struct PositionTests {
  @Test(arguments: [
    ("16", Position.beats(16)), ("0", .beats(0)), ("4.5", .beats(4.5)), (".5", .beats(0.5)),
    ("5.", .beats(5)),
    ("007", .beats(7)), ("5:1", .bar(BarBeat(bar: 5, beat: 1))),
    ("5:1:480", .bar(BarBeat(bar: 5, beat: 1, tick: 480))),
    ("1:1:000", .bar(BarBeat(bar: 1, beat: 1))), ("0:1", .bar(BarBeat(bar: 0, beat: 1))),
    ("90s", .seconds(90)),
    ("0.25s", .seconds(0.25)), ("1:30.5s", .seconds(90.5)), ("1:02:03s", .seconds(3_723)),
    ("75:00s", .seconds(4_500)),
    ("1:59.999s", .seconds(119.999)), ("@chorus", .marker("chorus")), ("@my chorus", .marker("my chorus")),
    ("@5:1", .marker("5:1")), ("@@", .marker("@")), ("+4", .relativeBeats(4)), ("+0", .relativeBeats(0)),
    ("-2", .relativeBeats(-2)), ("-0.5", .relativeBeats(-0.5)), ("50%", .percent(50)),
    ("12.5%", .percent(12.5)),
    ("0%", .percent(0)), ("200%", .percent(200)),
  ])
  func everyFormIsRead(text: String, expected: Position) throws {
    #expect(try Position.parse(text) == expected)
  }

  @Test(arguments: ["16", "5:1", "90s", "@chorus", "+4", "-2", "50%"])
  func blanksAroundAPositionAreNoPartOfIt(text: String) throws {
    #expect(try Position.parse("  \(text)\t ") == Position.parse(text))
  }

  @Test(arguments: [
    "", " ", "\t", ":", "::", "1:", ":1", "1::1", "5:1:", "5:1:1:1", "5:1.5", "5.5:1", "-5:1", "5:-1", "+5:1",
    "nan",
    "inf", "-inf", "infinity", "1e5", "1E5", "0x10", "0b1", "٣", "５", "१", "@", "--2", "-+2", "+-2", "++2",
    "+", "-",
    "-0", "-0.0", "- 2", "+ 4", ".", "-.", "1.2.3", "1..2", "%", ".%", "%50", "50%%", "-50%", "+50%", "5:1%",
    "s", ".s",
    ":s", "1:s", ":30s", "1:75s", "1:60s", "1:60:00s", "1:2:3:4s", "1.5:30s", "-1s", "+1s", "90S", "90 s",
    "4 5",
    "1,5", "1_000", "5/1", "5:1s:", "16\n", "5:1\n", "1\u{0}6", "\u{2212}2", "16\u{A0}", "16️⃣", "5:1\u{301}",
    "four",
    "12345678901:1", "5:12345678901", "1234567890123456789012345",
  ])
  func whatIsNoPositionIsRefused(text: String) {
    #expect(throws: PositionError.unreadable(text)) { try Position.parse(text) }
  }

  @Test(arguments: [
    String(repeating: "1", count: 10_240), "@" + String(repeating: "x", count: 128),
    String(repeating: " ", count: 129),
    "1" + String(repeating: "\u{301}", count: 5_000),
  ])
  func aTextThatIsTooLongIsRefusedInShort(text: String) throws {
    let error = try #require(#expect(throws: PositionError.self) { try Position.parse(text) })
    #expect(error.lines.count == 3 && error.lines.allSatisfy { $0.utf8.count < 200 })
  }

  @Test func aLongMarkerNameWithinTheLimitIsRead() throws {
    let name = String(repeating: "x", count: TimeLimits.maximumPositionCharacters - 1)
    #expect(try Position.parse("@" + name) == .marker(name))
  }

  @Test(arguments: [
    PositionError.unreadable("5\n:1\u{1B}[2J"), .noSuchBeat("5\n:9", signature: "4/4"),
    .beforeStart("\u{7}-9"),
    .unknownMarker("a\nb", known: []), .unknownMarker("a\u{202E}b", known: ["x", "y"]), .tooFar("9\r"),
  ])
  func everyRefusalHasThreePlainLines(error: PositionError) {
    #expect(error.lines.count == 3)
    for line in error.lines {
      #expect(!line.isEmpty && line.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 0x202E })
    }
  }

  @Test func theNextCommandCanBeTyped() {
    #expect(
      PositionError.unknownMarker("it's me", known: []).lines[2] == "garden marker add 'it'\\''s me' --at 5:1"
    )
    #expect(PositionError.unknownMarker("chorus", known: []).lines[2] == "garden marker add chorus --at 5:1")
  }
}
