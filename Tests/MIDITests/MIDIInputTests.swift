import MIDI
import Testing

/// What a port's bytes are, whatever comes.
struct MIDIInputTests {
  private func outputs(_ bytes: [UInt8]) -> [MIDIInputParser.Output] {
    var parser = MIDIInputParser()
    return bytes.compactMap { parser.take($0) }
  }

  private func short(_ status: UInt8, _ data1: UInt8 = 0, _ data2: UInt8 = 0) -> MIDIInputParser.Output {
    .short(MIDIShortMessage(status: status, data1: data1, data2: data2))
  }

  @Test func `A status runs on over messages, and a clock between their bytes leaves them whole`() {
    #expect(
      outputs([0x91, 60, 100, 0xF8, 60, 0xFA, 0, 0xC2, 5, 6]) == [
        short(0x91, 60, 100), short(0xF8), short(0xFA), short(0x91, 60, 0), short(0xC2, 5), short(0xC2, 6),
      ])
  }

  @Test func `System exclusive is counted whole, and one that is cut off is none`() {
    #expect(outputs([0xF0, 1, 2, 0xF8, 3, 0xF7]) == [short(0xF8), .long(count: 5)])
    #expect(outputs([0xF0, 1, 2, 0x90, 60, 1]) == [short(0x90, 60, 1)])
    #expect(outputs([0xF7, 0xF7, 1, 2]) == [])
    #expect(outputs([0x90, 60, 0xF0, 0xF7, 60, 1]) == [.long(count: 2)])
  }

  @Test func `A song position has two bytes of data and does not run on`() {
    #expect(
      outputs([0xF2, 1, 2, 3, 4, 0xF3, 7, 8, 0xF6, 0xF1, 9]) == [
        short(0xF2, 1, 2), short(0xF3, 7), short(0xF6), short(0xF1, 9),
      ])
  }

  @Test func `Only one whole message is one whole message`() {
    #expect(MIDIShortMessage(whole: [0x90, 60, 100])?.bytes == [0x90, 60, 100])
    #expect(MIDIShortMessage(whole: [0xF8])?.bytes == [0xF8])
    let none: [[UInt8]] = [
      [], [60], [0x90, 60], [0x90, 60, 100, 1], [0x90, 0x90, 1], [0xC0, 1, 2], [0xF0], [0xF9], [0xF4],
    ]
    for bytes in none {
      #expect(MIDIShortMessage(whole: bytes) == nil, "\(bytes)")
    }
  }
}
