import MIDI
import Testing

@Suite struct NotePairingTests {
  @Test func theFirstNoteBegunIsTheFirstEnded() throws {
    let sequence = try SMFReader.read(
      file(
        [0x00, 0x90, 0x3C, 0x0A, 0x05, 0x3C, 0x14, 0x05, 0x80, 0x3C, 0x01, 0x05, 0x3C, 0x02] + end()))
    #expect(sequence.events == [on(0, 60, 10), on(5, 60, 20), off(10, 60, 1), off(15, 60, 2)])
    #expect(sequence.noteCount == 2)
    #expect(sequence.hangingNotes == 0 && sequence.strayNoteOffs == 0)
  }

  @Test func aNoteOnOfVelocity0EndsANote() throws {
    let sequence = try SMFReader.read(file([0x00, 0x95, 0x3C, 0x0A, 0x05, 0x95, 0x3C, 0x00] + end()))
    #expect(sequence.events == [on(0, 60, 10, channel: 5), off(5, 60, 64, channel: 5)])
    #expect(sequence.noteCount == 1)
  }

  @Test func aNoteOfNoLengthGetsOneTick() throws {
    let sequence = try SMFReader.read(file([0x07, 0x90, 0x3C, 0x0A, 0x00, 0x80, 0x3C, 0x01] + end()))
    #expect(sequence.events == [on(7, 60, 10), off(8, 60, 1)])
    #expect(sequence.lengthTicks == 8)
  }

  @Test func aNoteThatRoundsToNoLengthGetsOneTick() throws {
    // 32,767 to the beat: 10 and 11 both lie nearest to tick 0.
    let sequence = try SMFReader.read(
      file(division: [0x7F, 0xFF], [0x0A, 0x90, 0x3C, 0x0A, 0x01, 0x80, 0x3C, 0x01] + end()))
    #expect(sequence.events == [on(0, 60, 10), off(1, 60, 1)])
  }

  @Test func roundingNeverLetsAnEndedNoteEndTheNextOne() throws {
    // All three of on, off, on lie nearest to tick 0; 32,767 more make a beat.
    let sequence = try SMFReader.read(
      file(
        division: [0x7F, 0xFF],
        [0x00, 0x90, 0x3C, 0x0A, 0x01, 0x80, 0x3C, 0x01, 0x01, 0x90, 0x3C, 0x0B]
          + [0x81, 0xFF, 0x7D, 0x80, 0x3C, 0x02] + end()))
    #expect(sequence.events == [on(0, 60, 10), off(1, 60, 1), on(1, 60, 11), off(960, 60, 2)])
  }

  @Test func offThenOnOfOneTickKeepsThatOrder() throws {
    let sequence = try SMFReader.read(
      file(
        [0x00, 0x90, 0x3C, 0x0A, 0x0A, 0x80, 0x3C, 0x01, 0x00, 0x90, 0x3C, 0x0B, 0x0A, 0x80, 0x3C, 0x02]
          + end()))
    #expect(sequence.events == [on(0, 60, 10), off(10, 60, 1), on(10, 60, 11), off(20, 60, 2)])
  }

  @Test func onThenOffOfOneTickEndsTheOlderNote() throws {
    let sequence = try SMFReader.read(
      file(
        [0x00, 0x90, 0x3C, 0x0A, 0x0A, 0x90, 0x3C, 0x0B, 0x00, 0x80, 0x3C, 0x01, 0x0A, 0x80, 0x3C, 0x02]
          + end()))
    #expect(sequence.events == [on(0, 60, 10), off(10, 60, 1), on(10, 60, 11), off(20, 60, 2)])
  }

  @Test func aHangingNoteEndsWithTheSequence() throws {
    let sequence = try SMFReader.read(
      file([0x00, 0x90, 0x3C, 0x0A, 0x05, 0x90, 0x40, 0x0B, 0x05, 0x80, 0x40, 0x01] + end(90)))
    #expect(sequence.events == [on(0, 60, 10), on(5, 64, 11), off(10, 64, 1), off(100, 60)])
    #expect(sequence.lengthTicks == 100)
    #expect(sequence.hangingNotes == 1)
  }

  @Test func aNoteThatBeginsAtTheVeryEndIsHeardAndEnds() throws {
    let sequence = try SMFReader.read(file([0x00, 0xC0, 0x01, 0x64, 0x90, 0x3C, 0x0A] + end()))
    #expect(sequence.events.suffix(2) == [on(100, 60, 10), off(101, 60)])
    #expect(sequence.lengthTicks == 101)
  }

  @Test func aNoteThatEndsAtTheLastTickEnds() throws {
    let sequence = try SMFReader.read(file([0x00, 0x90, 0x3C, 0x0A, 0x64, 0x80, 0x3C, 0x07] + end()))
    #expect(sequence.events.last == off(100, 60, 7))
    #expect(sequence.lengthTicks == 100)
  }

  @Test func aStrayNoteOffIsLeftOutAndCounted() throws {
    let sequence = try SMFReader.read(
      file(
        [0x00, 0x80, 0x3C, 0x40, 0x01, 0x90, 0x3C, 0x0A, 0x01, 0x81, 0x3C, 0x40, 0x01, 0x80, 0x3C, 0x05]
          + [0x01, 0x3C, 0x05] + end()))
    #expect(sequence.events == [on(1, 60, 10), off(3, 60, 5)])
    #expect(sequence.strayNoteOffs == 3)
  }

  @Test func aNoteBegunInOneTrackMayEndInAnother() throws {
    let sequence = try SMFReader.read(
      file(format: 1, [0x00, 0x90, 0x3C, 0x0A] + end(20), [0x0A, 0x80, 0x3C, 0x05] + end()))
    #expect(sequence.events == [on(0, 60, 10), off(10, 60, 5)])
  }

  @Test func manyNotesOnOneKeyAreOneNotePerPair() throws {
    var body: [UInt8] = [0x00, 0x90, 0x3C, 0x01]
    for _ in 1..<100_000 { body += [0x00, 0x3C, 0x01] }
    for _ in 0..<100_000 { body += [0x01, 0x3C, 0x00] }
    let sequence = try SMFReader.read(file(body + end()))
    #expect(sequence.noteCount == 100_000)
    #expect(sequence.lengthTicks == 100_000)
    #expect(brokenPromise(sequence) == nil)
  }
}
