import Testing

@testable import Tools

@Suite struct ValidationTests {
  private let add = Catalogue.tool(.regionAdd)
  private let set = Catalogue.tool(.regionSet)

  private func refusal(_ tool: Tool, _ values: [(String, ToolValue)]) -> ToolError? {
    do {
      _ = try tool.validate(values)
      return nil
    } catch {
      return error
    }
  }

  @Test func typedTextAndWireValuesGiveTheSameArguments() throws {
    let typed = try add.validate([
      ("file", .text("/a.mid")), ("gain", .text("-3dB")), ("channel", .text("2")), ("mute", .text("true")),
      ("at", .text("16")), ("offset", .text("2.5s")),
    ])
    let wire = try add.validate([
      ("file", .text("/a.mid")), ("gain", .integer(-3)), ("channel", .number(2)), ("mute", .bool(true)),
      ("at", .integer(16)), ("offset", .text("2.5s")),
    ])
    #expect(typed == wire)
    #expect(typed.number(.gain) == -3)
    #expect(typed.integer(.channel) == 2)
    #expect(typed.isSet(.mute))
    #expect(typed.text(.at) == "16")
    #expect(typed.span(.offset) == .seconds(2.5))
  }

  @Test(arguments: [
    ("decay", "1.5s", 1.5), ("predelay", "20ms", 20), ("speed", "0.6Hz", 0.6), ("speed", "0.6hz", 0.6),
  ])
  func aTypedNumberMayHaveItsUnitBehindIt(name: String, typed: String, number: Double) throws {
    let tool = Catalogue.tool(.busAdd)
    let withUnit = try tool.validate([("name", .text("hall")), (name, .text(typed))])
    #expect(withUnit == (try tool.validate([("name", .text("hall")), (name, .number(number))])))
    #expect(throws: ToolError.self) { try tool.validate([("name", .text("hall")), (name, .text("1min"))]) }
  }

  @Test func aPlainOffsetIsBeats() throws {
    let arguments = try add.validate([("file", .text("/a.mid")), ("offset", .number(4))])
    #expect(arguments.span(.offset) == .beats(4))
  }

  @Test func nullCountsAsNotGiven() throws {
    let arguments = try add.validate([("file", .text("/a.mid")), ("gain", .null)])
    #expect(!arguments.has(.gain))
    #expect(refusal(add, [("file", .null)])?.code == "missing_parameter")
  }

  @Test func aParameterNotGivenIsNil() throws {
    let arguments = try set.validate([("region", .text("bass"))])
    #expect(arguments.bool(.mute) == nil)
    #expect(arguments.number(.gain) == nil)
    #expect(arguments.texts(.region) == ["bass"])
  }

  @Test func aRepeatedParameterTakesOneValueOrAList() throws {
    let arguments = try set.validate([("region", .list([.text("bass"), .text("lead")]))])
    #expect(arguments.texts(.region) == ["bass", "lead"])
    #expect(refusal(set, [("region", .list([]))])?.code == "out_of_range")
    #expect(
      refusal(set, [("region", .list(Array(repeating: .text("a"), count: 1025)))])?.code == "out_of_range")
  }

  @Test func numbersOutOfRangeAreRefusedWithTheRange() {
    let error = refusal(add, [("file", .text("/a.mid")), ("fade_in", .number(90))])
    #expect(
      error?.lines == [
        "--fade-in: 90 is out of range", "Seen 90, allowed 0 to 60 seconds.", "garden help region add",
      ])
    #expect(error?.exit.rawValue == 64)
  }

  @Test(arguments: [ToolValue.number(.nan), .number(.infinity), .number(-.infinity), .number(1e300)])
  func whatIsNotAFiniteNumberIsRefused(value: ToolValue) {
    for name in ["gain", "for", "fade_in", "velocity", "channel", "at", "offset"] {
      #expect(refusal(add, [("file", .text("/a.mid")), (name, value)]) != nil, "\(name)")
    }
  }

  @Test(arguments: ["nan", "inf", "-inf", "0x10", "1e999", "", " 1", "1 ", "--3", "3dBdB", "1,5"])
  func whatIsNotADecimalNumberIsRefused(text: String) {
    #expect(refusal(add, [("file", .text("/a.mid")), ("gain", .text(text))]) != nil)
  }

  @Test func integersBeyondTheWordAreRefused() {
    for value in [
      ToolValue.integer(.max), .integer(.min), .number(1e19), .number(2.5), .text("99999999999999999999"),
    ] {
      #expect(refusal(add, [("file", .text("/a.mid")), ("channel", value)]) != nil)
    }
  }

  // Not as test arguments: the runner would print them as they are.
  @Test func controlCharactersInANameAreRefused() {
    for name in ["a\nb", "a\u{1B}[2J", "a\u{0}", "a\u{7F}", "a\u{85}", "a\u{2028}b"] {
      #expect(refusal(add, [("file", .text("/a.mid")), ("name", .text(name))])?.code == "control_character")
    }
  }

  @Test func aNameOf200CharactersFitsAndOneMoreDoesNot() throws {
    let name = String(repeating: "ä", count: 200)
    _ = try add.validate([("file", .text("/a.mid")), ("name", .text(name))])
    #expect(refusal(add, [("file", .text("/a.mid")), ("name", .text(name + "x"))])?.code == "too_long")
    #expect(refusal(add, [("file", .text("/a.mid")), ("name", .text(""))])?.code == "empty")
  }

  @Test func oneCharacterOfManyScalarsDoesNotPassTheLengthCheck() {
    let name = "a" + String(repeating: "\u{301}", count: 100_000)
    #expect(refusal(add, [("file", .text("/a.mid")), ("name", .text(name))])?.code == "too_long")
  }

  @Test func aRelativePathIsRefused() {
    #expect(refusal(add, [("file", .text("a.mid"))])?.code == "relative_path")
  }

  @Test func wrongTypesAreRefused() {
    for value in [ToolValue.bool(true), .integer(1), .list([.text("/a.mid")])] {
      #expect(refusal(add, [("file", value)])?.code == "wrong_type")
    }
    #expect(refusal(set, [("region", .text("a")), ("mute", .integer(1))])?.code == "wrong_type")
  }

  @Test func anUnknownParameterIsToldItsNearestName() {
    let error = refusal(add, [("file", .text("/a.mid")), ("gian", .integer(1))])
    #expect(error?.code == "unknown_parameter")
    #expect(error?.why == "Did you mean \"gain\"?")
  }

  @Test func anUnknownChoiceIsToldItsNearestWord() {
    let error = refusal(add, [("file", .text("/a.mid")), ("curve", .text("lineer"))])
    #expect(error?.lines[1] == "Did you mean \"linear\"?")
  }

  @Test func aParameterGivenTwiceIsRefused() {
    #expect(refusal(add, [("file", .text("/a.mid")), ("file", .text("/b.mid"))])?.code == "given_twice")
  }

  @Test func whatOnlyTheCommandLineAnswersIsUnknownOnTheWire() throws {
    #expect(refusal(Catalogue.tool(.status), [("watch", .bool(true))])?.code == "unknown_parameter")
    #expect(try Catalogue.tool(.status).usage.validate([("watch", .bool(true))], client: true).isSet(.watch))
  }

  @Test func aChoiceReadsAsAnEnum() throws {
    enum Mode: String { case keep, adopt }
    let arguments = try add.validate([("file", .text("/a.mid")), ("tempo", .text("adopt"))])
    #expect(arguments.choice(.tempo, as: Mode.self) == .adopt)
  }

  @Test func errorsShowHostileValuesOnOneLine() throws {
    let error = try #require(
      refusal(
        add,
        [("file", .text("/a.mid")), ("gain", .text("\u{1B}]0;x\n" + String(repeating: "y", count: 500)))]))
    for line in error.lines {
      #expect(!line.unicodeScalars.contains { $0.value < 0x20 })
      #expect(line.count < 200)
    }
  }
}
