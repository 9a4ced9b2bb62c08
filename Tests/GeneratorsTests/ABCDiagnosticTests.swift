import Testing

@testable import Generators

@Suite struct ABCDiagnosticTests {
  @Test(arguments: [
    ("X:1\nK:C\nCD#EF", "3:3: warning: \"#\" means nothing here"),
    ("X:1\nK:C\nCD§EF", "3:3: error: \"§\" is no note, rest or bar line"),
    ("X:1\nT:ü%\nK:H\nC", "3:3: error: "),
    ("X:1\nK:Cfoo\nC", "2:4: error: \"foo\" is no mode"),
    ("X:1\nM:4/3\nK:C\nC", "2:3: error: M: wants 4/4, 6/8, (2+3)/8, C, C| or none, found \"4/3\""),
    ("X:1\nL:1/7\nK:C\nC", "2:3: error: L: wants a length such as 1/8, found \"1/7\""),
    ("X:1\nQ:fast\nK:C\nC", "2:3: error: Q: wants 1/4=120, found \"fast\""),
    ("X:1\nQ:1/4=9999\nK:C\nC", "2:3: error: Q: gives 9999 quarter notes a minute; 20 to 999 can be played"),
    ("X:1\nK:C\n[CEG", "3:1: error: a chord has no closing ]"),
    ("X:1\nK:C\n{ag C", "3:1: error: grace notes have no closing }"),
    ("X:1\nK:C\nC \"Am", "3:3: error: a quotation has no closing \"\"\""),
    ("X:1\nK:C\nC !trill D", "3:3: error: a decoration has no closing \"!\""),
    ("X:1\nK:C\n> C", "3:1: error: \">\" stands between two notes"),
    ("X:1\nK:C\nC9999", "3:2: error: the length \"9999\" is out of range: numbers of 1 to 1024"),
    ("X:1\nK:C\nC/0", "3:2: error: the length \"/0\" is out of range: numbers of 1 to 1024"),
    ("X:1\nK:C\n(99CDE", "3:1: error: a tuplet is (3 or (p:q:r of numbers up to 32, found \"(99\""),
    ("X:1\nK:C\nC,,,,,,", "3:1: error: \"C,,,,,,\" is MIDI key -12; 0 to 127 can be played"),
    ("X:1\nK:C\n[K:D C", "3:1: error: the field \"[K:D C\" has no closing ]"),
    ("X:1\nK:C\n^ C", "3:1: error: an accidental wants a note behind it"),
    ("X:1\nM:4/4\nL:1/4\nK:C\nCDEF|CDEFG|CD|CDEF|", "5:6: warning: the bar has 10 eighths, 4/4 has 8"),
    ("X:1\nM:4/4\nL:1/4\nK:C\nCDEF|CDE|CDEF|", "5:6: warning: the bar has 6 eighths, 4/4 has 8"),
  ]) func whatIsWrongIsSaidWhereItStands(text: String, expected: String) {
    let all = complaints(text)
    #expect(
      all.contains { $0.hasPrefix(expected.split(separator: "\"\"\"").first.map(String.init) ?? expected) },
      "\(all)")
  }

  @Test func aTextThatIsNoTuneSaysSo() {
    #expect(!ABCParser.parse("").isValid)
    #expect(!ABCParser.parse("hello world").isValid)
    #expect(!ABCParser.parse("X:1\nT:only a title\n").isValid)
    #expect(
      complaints("X:1\nT:t\nCDEF\n").first?.hasPrefix("3:1: error: \"CDEF\" stands before the K: field")
        == true)
  }

  @Test func upbeatsAndRepeatsMayBeShort() {
    #expect(complaints(tune("G | CDEF | CDE :: F | GABc | CDE |]")).isEmpty)
  }

  @Test func remarksDirectivesAndWordsAreNoMusic() throws {
    let text =
      "%abc-2.1\n\nX:1\n%%scale 0.7\nT:A % remark\nL:1/4\nK:C\n%%MIDI program 40\nC % D\nw: la la\n\"Am\"D \"^words\"E\n"
    let book = ABCParser.parse(text)
    #expect(book.diagnostics.isEmpty, "\(book.diagnostics)")
    #expect(book.tunes.first?.titles == ["A"])
    #expect(heard(try book.tunes[0].sequence()).map(\.key) == [60, 62, 64])
  }

  @Test func aBookHasSeveralTunesAndEndsThemAtEmptyLines() {
    let book = ABCParser.parse(
      "M:3/4\n\nX:1\nT:One\nK:C\nCDE|\n\nwords between\n\nX:7\nT:Two\nM:4/4\nK:G\nGABc|\r\n")
    #expect(book.tunes.map(\.number) == [1, 7])
    #expect(book.tunes.map(\.meter.text) == ["3/4", "4/4"])
    #expect(book.isValid)
  }

  @Test func hostileTextsAreBounded() {
    let many = ABCParser.parse("X:1\nK:C\n" + String(repeating: "§ ", count: 5000))
    #expect(many.diagnostics.count == GeneratorLimits.diagnostics)
    #expect(
      many.omittedDiagnostics == 5000 - 100 + many.diagnostics.filter { $0.severity == .warning }.count
        || many.omittedDiagnostics > 4000)
    #expect(!ABCParser.parse([UInt8](repeating: 65, count: GeneratorLimits.abcBytes + 1)).isValid)
    let repeats =
      "X:1\nK:C\n"
      + String(
        repeating: "|" + String(repeating: ":", count: 30) + String(repeating: "C", count: 3000)
          + String(repeating: ":", count: 30) + "|\n", count: 30)
    let book = ABCParser.parse(repeats)
    #expect(throws: GeneratorError.self) { try book.tunes[0].sequence() }
  }
}
