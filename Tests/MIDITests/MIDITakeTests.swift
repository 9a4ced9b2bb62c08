import MIDI
import Testing

struct MIDITakeTests {
  private func message(_ status: UInt8, _ data1: UInt8 = 0, _ data2: UInt8 = 0) -> MIDIShortMessage {
    MIDIShortMessage(status: status, data1: data1, data2: data2)
  }

  @Test func `What was played stands at the ticks it was heard at, from where recording began`() throws {
    var take = MIDITake()
    take.pass(1000)
    take.take(message(0x90, 60, 100), at: 1960)
    take.take(message(0xF8), at: 2000)
    take.take(message(0xB0, 64, 127), at: 2000)
    take.take(message(0x90, 60, 0), at: 2440)
    take.pass(4840)
    let finished = take.finish()
    let played = try #require(finished)
    #expect(take.start == 1000)
    #expect(
      played.events == [
        MIDIEvent(tick: 960, kind: .noteOn, channel: 0, data1: 60, data2: 100),
        MIDIEvent(tick: 1000, kind: .controller, channel: 0, data1: 64, data2: 127),
        MIDIEvent(tick: 1440, kind: .noteOff, channel: 0, data1: 60, data2: 64),
      ])
    #expect(played.lengthTicks == 3840)
  }

  @Test
  func `A note held around a loop ends at its end, one held to the last ends there, and each ends once`()
    throws
  {
    var take = MIDITake()
    take.take(message(0x90, 60, 100), at: 900)
    take.pass(950)
    take.pass(10)
    take.take(message(0x80, 60, 64), at: 20)
    take.take(message(0x93, 62, 100), at: 30)
    take.take(message(0x93, 62, 90), at: 40)
    take.take(message(0x94, 70, 90), at: 50)
    take.take(message(0x84, 70, 90), at: 50)
    take.pass(100)
    let finished = take.finish()
    let played = try #require(finished)
    let again = try SMFReader.read(SMFWriter.write(played))
    #expect(again.strayNoteOffs == 0 && again.hangingNotes == 0 && again.noteCount == 4)
    #expect(take.start == 10)
    let ends = played.events.filter { $0.kind == .noteOff }.map(\.tick)
    #expect(ends == [30, 41, 90, 940])
  }

  @Test func `Nothing played is no recording`() {
    var take = MIDITake()
    take.pass(0)
    take.pass(9000)
    let finished = take.finish()
    #expect(finished == nil)
  }
}
