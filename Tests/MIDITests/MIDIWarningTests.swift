import MIDI
import Testing

@Suite struct MIDIWarningTests {
  @Test func aBreakSaysWhereItIsAndHowFarTheTrackPlays() {
    let warning = MIDIWarning(
      kind: .brokenTail(.statusInsideEvent(found: 0x9A)), track: 2, byteOffset: 77, tick: 960 * 3 + 480)
    #expect(
      warning.description
        == "track 3, byte 77: an event has the status byte 0x9A among its data; "
        + "the track plays up to beat 4 + 480 ticks")
  }

  @Test(arguments: [(50_000, "1200.00"), (3_000_001, "19.99"), (16_777_215, "3.57"), (1, "60000000.00")])
  func aTempoIsToldInBPM(microseconds: Int, bpm: String) {
    let warning = MIDIWarning(
      kind: .tempoOutOfRange(microsecondsPerQuarter: microseconds), byteOffset: 0, tick: 0)
    #expect(warning.description.contains("a tempo of \(bpm) BPM at beat 1 "))
  }

  @Test func aWarningOfTheWholeFileNamesNoTrack() {
    let warning = MIDIWarning(kind: .trackCount(declared: 3, present: 2), byteOffset: 10)
    #expect(
      warning.description
        == "byte 10: the header announces 3 tracks, the file has 2; those are played")
  }

  @Test(
    arguments: [
      .brokenTail(.endInsideEvent), .brokenTail(.badVariableLength), .brokenTail(.unknownStatus(0xF4)),
      .brokenTail(.noRunningStatus(found: 7)), .trackCut(declaredBytes: 2, presentBytes: 1),
      .wrappingCut(declaredBytes: 2, presentBytes: 1), .missingEndOfTrack, .bytesAfterEndOfTrack(3),
      .trackCount(declared: 1, present: 2), .tracksInFormatZero(2), .patternsInSequence(2),
      .garbageSkipped(1),
      .absoluteTime, .tempoZero, .tempoOutOfRange(microsecondsPerQuarter: 0),
      .badSignature(numerator: 0, denominatorPower: 9),
      .badMetaLength(type: 0x51, length: 2), .runningStatusTakenUp,
    ] as [MIDIWarning.Kind])
  func everyWarningIsOneLineWithWords(kind: MIDIWarning.Kind) {
    let text = MIDIWarning(kind: kind, byteOffset: 5, tick: 0).description
    #expect(text.hasPrefix("byte 5: "))
    #expect(text.count > 30)
    #expect(!text.contains("\n"))
  }
}
