import MIDI
import Testing

@testable import Generators

@Suite struct ABCTransposeTests {
  @Test func aTuneMovesWithItsKey() throws {
    let up = try ABCTransposer.transpose(tune("\"Am7/C\"C ^F {g}[EG] | c'"), by: 2)
    #expect(up.text == tune("\"Bm7/D\"D ^G {a}[FA] | d'", head: "M:4/4\nL:1/4\nK:D"))
    #expect(up.originalKey == "C" && up.newKey == "D" && up.semitones == 2)
    let down = try ABCTransposer.transpose("X:1\nK:Am\nABc=B_e^g\n", by: -3)
    #expect(down.text == "X:1\nK:F#m\nFGA^G=c^e\n")
  }

  @Test func aTargetKeyIsReachedTheNearerWay() throws {
    let result = try ABCTransposer.transpose("X:1\nK:G\nG\n", toKey: "F")
    #expect(result.semitones == -2)
    #expect(result.text == "X:1\nK:F\nF\n")
    #expect(throws: GeneratorError.self) { try ABCTransposer.transpose("X:1\nK:G\nG\n", toKey: "H") }
  }

  @Test func whatCannotBeReadIsNotTransposed() {
    #expect(throws: GeneratorError.self) { try ABCTransposer.transpose("X:1\nK:C\n§\n", by: 1) }
    #expect(throws: GeneratorError.self) { try ABCTransposer.transpose("X:1\nK:C\nC\n", by: 49) }
    #expect(throws: GeneratorError.self) { try ABCTransposer.transpose("X:1\nK:C\nc''''\n", by: 40) }
  }

  @Test func wordsAreNotTakenForChords() throws {
    let text = tune("\"Da Capo\"C \"Fine\"D \"^Bb up\"E \"Bb\"F")
    #expect(
      try ABCTransposer.transpose(text, by: 12).text.contains("\"Da Capo\"c \"Fine\"d \"^Bb up\"e \"Bb\"f"))
    #expect(try ABCTransposer.transpose(text, by: 2).text.contains("\"^Bb up\"F \"C\"G"))
  }

  static let tunes = [
    tune("CDEF | ^F =F _B c' | C,, [CE^G] {/a}b2 |]"),
    "X:1\r\nT:windows\r\nL:1/8\r\nK:C#\r\nCDE=F ^^G|\r\n",
    "X:3\nK:none\nCDE ^F _B|\n", "X:3\nK:HP\nABc|\n", "X:1\nK:\nC^C|\n", "X:1\nK:Cb\nC=CB,|[K:F#m]^A ^^g|\n",
    "X:1\nV:1\nV:2 clef=bass\nK:Ab dorian\n[V:1] \"Gbm7\"G^Ac- | c2 :|\n[V:2] [K:D exp _b ^f] B,F, [K:D Phr =e]e |\n",
    "X:1\nK:Ab % remark\nC' c, _d,, =B'' |: A>B (3cde :|\n", "X:9\nK:D#m\nDEF ^^F^^C __B |\n",
  ]

  @Test(arguments: tunes)
  func `[D13] A transposition up and down again is the same text`(text: String) throws {
    for semitones in -24...24 {
      let there = try ABCTransposer.transpose(text, by: semitones)
      #expect(ABCParser.parse(there.text).isValid, "\(semitones): \(there.text)")
      #expect(
        try ABCTransposer.transpose(there.text, by: -semitones).text == text, "\(semitones): \(there.text)")
    }
  }

  @Test(arguments: tunes) func everyNoteSoundsAsFarAwayAsAsked(text: String) throws {
    let before = try ABCParser.parse(text).tunes.flatMap { try heard($0.sequence()) }
    for semitones in -24...24 {
      let book = ABCParser.parse(try ABCTransposer.transpose(text, by: semitones).text)
      let after = try book.tunes.flatMap { try heard($0.sequence()) }
      #expect(after == before.map { HeardNote($0.start, $0.length, $0.key + semitones) }, "\(semitones)")
    }
  }

  @Test func randomTunesComeBackToo() throws {
    var random = SeededRandom(seed: 13)
    let tonics = ["C", "G", "D", "A", "E", "B", "F#", "C#", "F", "Bb", "Eb", "Ab", "Db", "Gb", "Cb"]
    for _ in 0..<200 {
      var music = ""
      for _ in 0..<24 {
        music +=
          ["", "", "", "^", "_", "="][random.below(6)]
          + ["C", "D", "E", "F", "G", "A", "B", "c", "e", "g", "b"][random.below(11)]
        music += ["", "'", ",", "2", "/"][random.below(5)]
        music += ["", "", " ", "|", "-"][random.below(5)]
      }
      let text = "X:1\nK:\(tonics[random.below(15)])\n\(music)\n"
      let semitones = random.below(49) - 24
      guard ABCParser.parse(text).isValid else { continue }
      let there = try ABCTransposer.transpose(text, by: semitones)
      let before = heard(try ABCParser.parse(text).tunes[0].sequence())
      let after = heard(try ABCParser.parse(there.text).tunes[0].sequence())
      #expect(after.map(\.key) == before.map { $0.key + semitones }, "\(text) by \(semitones): \(there.text)")
      #expect(
        try ABCTransposer.transpose(there.text, by: -semitones).text == text, "\(semitones): \(there.text)")
    }
  }
}
