import MIDI
import Testing

@testable import Generators

/// Expectations by hand: 960 ticks a quarter note, middle C is C and MIDI key 60.
@Suite struct ABCMusicTests {
  @Test func lettersAndOctaveMarksAreMIDIKeys() throws {
    #expect(try keys("C,, C, C c c' B b") == [36, 48, 60, 72, 84, 71, 83])
  }

  @Test func aKeyGivesItsSharpsAndFlats() throws {
    #expect(try keys("CDEFGAB", head: "L:1/4\nK:D") == [61, 62, 64, 66, 67, 69, 71])
    #expect(try keys("CDEFGAB", head: "L:1/4\nK:Eb") == [60, 62, 63, 65, 67, 68, 70])
    #expect(try keys("CDEFGAB", head: "L:1/4\nK:Ador") == [60, 62, 64, 66, 67, 69, 71])
    #expect(try keys("CDEFGAB", head: "L:1/4\nK:F# minor") == [61, 62, 64, 66, 68, 69, 71])
    #expect(try keys("CDEFGAB", head: "L:1/4\nK:Bmix") == [61, 63, 64, 66, 68, 69, 71])
    #expect(try keys("CDEFGAB", head: "L:1/4\nK:D exp _b ^g") == [60, 62, 64, 65, 68, 69, 70])
    #expect(try keys("CDEFGAB", head: "L:1/4\nK:none") == [60, 62, 64, 65, 67, 69, 71])
    #expect(try keys("CF", head: "L:1/4\nK:HP") == [61, 66])
  }

  @Test func anAccidentalHoldsToTheEndOfItsBar() throws {
    #expect(try keys("^F F f | F") == [66, 66, 78, 65])
    #expect(try keys("^F =F F | _B _B,", head: "L:1/4\nK:G") == [66, 65, 65, 70, 58])
    #expect(try keys("^F f F", head: "L:1/4\nI:propagate-accidentals octave\nK:C") == [66, 77, 66])
    #expect(try keys("^F F", head: "L:1/4\nI:propagate-accidentals not\nK:C") == [66, 65])
    #expect(try keys("^^F __B") == [67, 69])
  }

  @Test func lengthsAreMultiplesOfTheUnit() throws {
    let notes = try played("C C2 C/ C// C3/2 z C", head: "M:none\nL:1/8\nK:C")
    #expect(notes.map(\.length) == [480, 960, 240, 120, 720, 480])
    #expect(notes.map(\.start) == [0, 480, 1440, 1680, 1800, 3000])
    #expect(try played("C", head: "M:2/4\nK:C").map(\.length) == [240], "sixteenths below 3/4")
    #expect(try played("C", head: "M:3/4\nK:C").map(\.length) == [480], "eighths from 3/4 on")
  }

  @Test func brokenRhythmLengthensOneAndShortensTheOther() throws {
    #expect(try played("A>B c<d", head: "M:none\nL:1/8\nK:C").map(\.length) == [720, 240, 240, 720])
    #expect(try played("A>>B A>>>B", head: "M:none\nL:1/8\nK:C").map(\.length) == [840, 120, 900, 60])
  }

  @Test func tupletsPutNotesInTheTimeOfOthers() throws {
    #expect(try played("(3ABC (2AB", head: "M:4/4\nL:1/8\nK:C").map(\.length) == [320, 320, 320, 720, 720])
    #expect(try played("(5ABCDE", head: "M:6/8\nL:1/8\nK:C").map(\.length) == [288, 288, 288, 288, 288])
    #expect(try played("(5ABCDE", head: "M:4/4\nL:1/8\nK:C").map(\.length) == [192, 192, 192, 192, 192])
    #expect(try played("(3:2:2 A2 B C", head: "M:4/4\nL:1/8\nK:C").map(\.length) == [640, 320, 480])
    let seven = try played("(7CDEFGAB c", head: "M:none\nL:1/8\nK:C")
    #expect(seven.last == HeardNote(960, 480, 72), "seven in the time of two end where two would")
  }

  @Test func aTieMakesOneNote() throws {
    #expect(try played("C-C2 | D") == [HeardNote(0, 2880, 60), HeardNote(2880, 960, 62)])
    #expect(
      try played("^F4-|F4 F4").map(\.key) == [66, 65],
      "the accidental goes along with the tie, and no further")
    #expect(
      try played("[CE]-[CG]") == [HeardNote(0, 1920, 60), HeardNote(0, 960, 64), HeardNote(960, 960, 67)])
    #expect(try played("C- z C").count == 2)
  }

  @Test func chordsSoundTogetherForTheFirstNotesLength() throws {
    #expect(
      try played("[CEG]2 c") == [
        HeardNote(0, 1920, 60), HeardNote(0, 1920, 64), HeardNote(0, 1920, 67), HeardNote(1920, 960, 72),
      ])
    #expect(try played("[C2E]/ D", head: "M:none\nL:1/4\nK:C").map(\.start) == [0, 0, 960])
  }

  @Test func restsTakeTime() throws {
    #expect(try played("z C x D").map(\.start) == [960, 2880])
    #expect(try played("Z2 | C", head: "M:3/4\nL:1/4\nK:C").map(\.start) == [5760])
  }

  @Test func graceNotesTakeTheirTimeFromTheNote() throws {
    #expect(
      try played("{ga}c2") == [HeardNote(0, 120, 79), HeardNote(120, 120, 81), HeardNote(240, 1680, 72)])
    #expect(
      try played("{/g}c/4 d") == [HeardNote(0, 120, 79), HeardNote(120, 120, 72), HeardNote(240, 960, 74)])
  }

  @Test func repeatsArePlayedOut() throws {
    #expect(try keys("C D :| E") == [60, 62, 60, 62, 64])
    #expect(try keys("C |: D E :| F") == [60, 62, 64, 62, 64, 65])
    #expect(try keys("|: C :: D :|") == [60, 60, 62, 62])
    #expect(try keys("|:: C ::| D") == [60, 60, 60, 62], "two colons: three times")
    #expect(try keys("C || D :|") == [60, 62, 62], "from the last double bar")
    #expect(try keys("|: C || D :| E") == [60, 62, 60, 62, 64], "but from its own sign where it has one")
  }

  @Test func endingsBelongToTheirPasses() throws {
    #expect(try keys("|: C |1 D :|2 E |] F") == [60, 62, 60, 64, 65])
    #expect(try keys("|: C [1 D :| [2 E || F") == [60, 62, 60, 64, 65])
    #expect(try keys("|: C |1,3 D :|2 E :|4 F |]") == [60, 62, 60, 64, 60, 62, 60, 65])
    #expect(try keys("|: C |1-2 D :|3 E |]") == [60, 62, 60, 62, 60, 64])
    #expect(try keys("C |1 D :|2 E |: F :|") == [60, 62, 60, 64, 65, 65])
  }

  @Test func fieldsInTheMusicHoldFromThere() throws {
    #expect(try keys("F [K:D] F | F") == [65, 66, 66])
    #expect(try played("C [L:1/8] C").map(\.length) == [960, 480])
    let book = ABCParser.parse(tune("C4 | [M:3/4] [Q:1/4=60] C3 |", head: "M:4/4\nL:1/4\nQ:1/4=90\nK:C"))
    let sequence = try #require(try book.tunes.first?.sequence())
    #expect(sequence.tempos.map(\.tick) == [0, 3840])
    #expect(sequence.tempos.map(\.microsecondsPerQuarter) == [666_667, 1_000_000])
    #expect(
      sequence.signatures == [
        MIDISignature(tick: 0, numerator: 4, denominator: 4),
        MIDISignature(tick: 3840, numerator: 3, denominator: 4),
      ])
  }

  @Test(arguments: [
    ("1/4=120", 120.0), ("3/8=40", 60), ("1/2=60", 120), ("\"Allegro\" 1/4=132", 132),
    ("1/4=90 \"slow\"", 90),
    ("240", 120), ("1/8 1/8=100", 100), ("C=200", 100), ("C2=100", 100), ("1/4=90.5", 90.5),
  ]) func aTempoIsQuarterNotesAMinute(text: String, bpm: Double) throws {
    let book = ABCParser.parse(tune("C", head: "L:1/8\nQ:\(text)\nK:C"))
    #expect(book.isValid)
    #expect(book.tunes.first?.tempo?.bpm == bpm)
  }

  @Test func voicesHaveAChannelEach() throws {
    let text = tune(
      "V:1\nC D\nV:2\nE, F,\nV:1\nE\nV:3\nC",
      head: "L:1/4\nV:1 name=\"Lead\"\nV:2 clef=bass-8\nV:3 clef=perc\nK:C")
    let sequence = try #require(try ABCParser.parse(text).tunes.first?.sequence())
    #expect(heard(sequence, channel: 0).map(\.key) == [60, 62, 64])
    #expect(heard(sequence, channel: 1).map(\.key) == [40, 41])
    #expect(heard(sequence, channel: 9).map(\.key) == [60])
    #expect(sequence.tracks.first?.name == "Lead")
    #expect(try keys("[V:a] C [V:b] E [V:a] D") == [60, 64, 62])
  }

  @Test func anOverlaySoundsFromTheStartOfTheBar() throws {
    #expect(
      try played("C4 & E2 G2 | c4") == [
        HeardNote(0, 3840, 60), HeardNote(0, 1920, 64), HeardNote(1920, 1920, 67), HeardNote(3840, 3840, 72),
      ])
  }

  @Test func dynamicsAndAccentsAreVelocities() throws {
    let sequence = try #require(try ABCParser.parse(tune("C !f! D LE !p!F")).tunes.first?.sequence())
    #expect(sequence.events.filter { $0.kind == .noteOn }.map(\.data2) == [80, 105, 120, 60])
  }

  @Test func aTuneIsPlayedAsItIsAsked() throws {
    let first = try #require(ABCParser.parse(tune("C [Q:1/4=60] D")).tunes.first)
    var playing = ABCPlaying()
    playing.tempo = 100
    playing.transpose = -12
    playing.velocity = 33
    playing.channel = 5
    playing.program = 40
    let sequence = try first.sequence(playing)
    #expect(heard(sequence, channel: 5).map(\.key) == [48, 50])
    #expect(sequence.tempos.map(\.microsecondsPerQuarter) == [600_000])
    #expect(sequence.events.filter { $0.kind == .noteOn }.allSatisfy { $0.data2 == 33 })
    #expect(sequence.events.first { $0.kind == .program }?.data1 == 40)
    playing.transpose = 48
    #expect(throws: GeneratorError.self) { try ABCParser.parse(tune("c'''")).tunes[0].sequence(playing) }
  }

  @Test func theFileReadsAsItWasWritten() throws {
    let sequence = try #require(try ABCParser.parse(tune("|: CDEF | G2 {a}G2 :|")).tunes.first?.sequence())
    let again = try SMFReader.read(SMFWriter.write(sequence))
    #expect(heard(again) == heard(sequence))
    #expect(again.lengthTicks == 4 * 3840)
    #expect(again.warnings.isEmpty)
  }
}
