import Generators
import HootWire
import Inspection
import Testing
import Tools

@Suite struct ReportTests {
  private static let text = "X:7\nT:Two\nM:4/4\nL:1/4\nQ:1/4=90\nK:Em\n|:E>G [EB]2 |1 z4:|2 ^c4|]\n"

  private func source(_ text: String) throws -> ABCSource {
    try ABCSource(name: "abc", bytes: Array(text.utf8))
  }

  @Test func `[D11] A tune is told at once, element for element`() throws {
    let reply = ABCReport.parse(try source(Self.text))
    #expect(
      reply["valid"] == true && reply["title"] == "Two" && reply["key"] == "Em" && reply["meter"] == "4/4")
    #expect(reply["tempo"]?.double == 90 && reply["notes_count"] == 5)
    let elements = reply["tunes"]?.array?.first?["voices"]?.array?.first?["elements"]?.array ?? []
    #expect(
      elements.map { $0["type"]?.string } == [
        "bar", "note", "note", "chord", "bar", "rest", "bar", "note", "bar",
      ])
    #expect(elements.map { $0["beats"]?.double } == [nil, 1.5, 0.5, 2, nil, 4, nil, 4, nil])
    #expect(elements[3]["notes"]?.array?.map { $0["pitch"]?.string } == ["E4", "B4"])
    #expect(elements[7]["notes"]?.array?.first?["key"] == 73)
    #expect(elements[6]["repeats"] == 1 && elements[6]["endings"] == [2])
  }

  @Test func `[D12] What is wrong is told at once, with its place`() throws {
    let good = ABCReport.validate(try source(Self.text))
    #expect(good["valid"] == true && good["errors"] == [] && good["warnings"] == [] && good["tunes"] == 1)
    let bad = ABCReport.validate(try source("X:1\nK:C\nCD§E\n[CE\n"))
    #expect(bad["valid"] == false)
    #expect(
      bad["errors"] == [
        ["line": 3, "column": 3, "message": "\"§\" is no note, rest or bar line"],
        ["line": 4, "column": 1, "message": "a chord has no closing ]"],
      ])
    #expect(throws: ToolError.self) { try ABCSource(name: "abc", bytes: [0x58, 0xFF, 0xFE]) }
  }

  @Test func aReplyIsBoundedAndSaysWhatItLeavesOut() throws {
    let long = "X:1\nK:C\n" + String(repeating: "CDEF GABc|\n", count: 1000)
    let reply = ABCReport.parse(try source(long))
    #expect(reply["elements_omitted"] == .integer(9000 - Int64(ABCReport.elements)))
  }

  @Test func aTuneIsTakenByItsNumber() throws {
    let two = try source("X:1\nK:C\nC\n\nX:5\nK:C\nCD\n")
    let tool = Catalogue.tool(.abcToMIDI)
    let asked = try tool.validate([("abc", .text("x")), ("tune", .integer(5))])
    #expect(try ABCReport.midi(two, asked).result["notes_count"] == 2)
    let missing = try tool.validate([("abc", .text("x")), ("tune", .integer(2))])
    #expect(throws: ToolError.self) { try ABCReport.midi(two, missing) }
    #expect(throws: ToolError.self) { try ABCReport.midi(try source("X:1\nK:C\n§\n"), asked) }
  }

  @Test func aTranspositionWantsANumberOrAKey() throws {
    let tool = Catalogue.tool(.abcTranspose)
    let source = try source("X:1\nK:C\nC\n")
    #expect(throws: ToolError.self) { try ABCReport.transpose(source, try tool.validate([])) }
    #expect(throws: ToolError.self) {
      try ABCReport.transpose(
        source, try tool.validate([("semitones", .integer(1)), ("target_key", .text("D"))]))
    }
    #expect(
      try ABCReport.transpose(source, try tool.validate([("target_key", .text("D"))]))["abc"]
        == "X:1\nK:D\nD\n")
  }
}
