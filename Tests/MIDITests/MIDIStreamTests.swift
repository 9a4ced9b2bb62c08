import MIDI
import Testing

@Suite struct MIDIStreamTests {
  private func messages(_ bytes: [UInt8]) -> [MIDIMessage] {
    var parser = MIDIStreamParser()
    return bytes.compactMap { parser.take($0) }
  }

  private func message(_ status: UInt8, _ data1: UInt8, _ data2: UInt8 = 0) -> MIDIMessage {
    MIDIMessage(status: status, data1: data1, data2: data2)
  }

  @Test func runningStatusHoldsUntilAnotherStatus() {
    #expect(
      messages([0x90, 60, 100, 62, 101, 60, 0, 0xC3, 5, 6, 0xB0, 64, 127])
        == [
          message(0x90, 60, 100), message(0x90, 62, 101), message(0x90, 60, 0), message(0xC3, 5),
          message(0xC3, 6), message(0xB0, 64, 127),
        ])
  }

  @Test func aMessageThatCameWholeIsThatMessage() {
    #expect(MIDIMessage([0xB0, 64, 127]) == message(0xB0, 64, 127))
    #expect(MIDIMessage([0x90, 60, 0]) == message(0x90, 60, 0))
    #expect(MIDIMessage([0xC3, 5]) == message(0xC3, 5))
    #expect(MIDIMessage([0xC3, 5, 6]) == message(0xC3, 5))
    let others: [[UInt8]] = [[], [0xB0], [0xB0, 64], [64, 127], [0xFA], [0xF2, 1, 2], [0x90, 0xF7, 60]]
    for none in others {
      #expect(MIDIMessage(none) == nil, "\(none)")
    }
  }

  @Test func realtimeBytesMayStandInsideAMessage() {
    #expect(messages([0xB0, 0xF8, 64, 0xFE, 127, 0xFF]) == [message(0xB0, 64, 127)])
  }

  @Test func systemMessagesArePassedOverAndEndTheRunningStatus() {
    #expect(messages([0x90, 60, 100, 0xF0, 1, 2, 3, 0xF7, 62, 100, 0x80, 60, 0]).count == 2)
    #expect(messages([0x90, 60, 0xF2, 1, 2, 61, 62]).isEmpty)
  }

  @Test func anyBytesAreTakenAndEveryMessageIsAChannelMessage() {
    var state: UInt32 = 7
    var parser = MIDIStreamParser()
    var count = 0
    for _ in 0..<200_000 {
      state = state &* 1_664_525 &+ 1_013_904_223
      guard let message = parser.take(UInt8(state >> 24)) else { continue }
      count += 1
      #expect((0x80...0xEF).contains(message.status) && message.data1 < 128 && message.data2 < 128)
    }
    #expect(count > 10_000)
  }
}
