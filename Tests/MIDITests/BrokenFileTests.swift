import MIDI
import Testing

/// A note of 16 ticks in 8 bytes, so that what follows in the first track stands at byte 30.
private let note: [UInt8] = [0x00, 0x90, 0x3C, 0x40, 0x10, 0x80, 0x3C, 0x40]

@Suite struct BrokenTailTests {
  private func expectBreak(_ tail: [UInt8], _ cause: SMFBreak, at offset: Int) throws {
    let sequence = try SMFReader.read(file(note + tail))
    #expect(sequence.events == [on(0, 60, 64), off(16, 60)])
    #expect(sequence.lengthTicks == 16)
    #expect(
      sequence.warnings == [
        MIDIWarning(kind: .brokenTail(cause), track: 0, byteOffset: offset, tick: 16)
      ])
    #expect(sequence.warnings.map(\.isBreak) == [true])
  }

  @Test(
    arguments: [
      [0x05], [0x85], [0x05, 0x90], [0x05, 0x90, 0x3E], [0x05, 0xFF], [0x05, 0xFF, 0x51],
      [0x05, 0xFF, 0x51, 0x03, 0x07], [0x05, 0xF0, 0x7F, 0x01], [0x05, 0xFF, 0x01, 0xFF, 0xFF, 0xFF, 0x7F],
    ] as [[UInt8]])
  func anEndWithinAnEventPlaysUpToIt(tail: [UInt8]) throws {
    try expectBreak(tail, .endInsideEvent, at: 30)
  }

  @Test func aDeltaOfFiveBytesPlaysUpToIt() throws {
    try expectBreak([0x81, 0x80, 0x80, 0x80, 0x00, 0x90, 0x3E, 0x40], .badVariableLength, at: 30)
  }

  @Test func aMetaLengthOfFiveBytesPlaysUpToIt() throws {
    try expectBreak([0x00, 0xFF, 0x01, 0x81, 0x80, 0x80, 0x80, 0x00], .badVariableLength, at: 33)
  }

  @Test func aStatusByteAmongDataPlaysUpToIt() throws {
    try expectBreak([0x05, 0x90, 0x3E, 0x91, 0x00], .statusInsideEvent(found: 0x91), at: 33)
  }

  @Test(arguments: [0xF1, 0xF4, 0xF8, 0xFE] as [UInt8])
  func aStatusByteThatFilesDoNotHavePlaysUpToIt(status: UInt8) throws {
    try expectBreak([0x05, status, 0x00, 0x00], .unknownStatus(status), at: 31)
  }

  @Test func aDataByteWithoutRunningStatusPlaysUpToIt() throws {
    let sequence = try SMFReader.read(file(format: 1, note + end(), [0x05, 0xFF, 0x01, 0x00, 0x05, 0x3C]))
    #expect(sequence.events == [on(0, 60, 64), off(16, 60)])
    // The second track's events begin at 22 + 12 + 8; its data byte is the sixth.
    let cause = SMFBreak.noRunningStatus(found: 0x3C)
    #expect(
      sequence.warnings == [MIDIWarning(kind: .brokenTail(cause), track: 1, byteOffset: 47, tick: 5)])
  }

  @Test func aNoteCutOffByTheBreakEndsThere() throws {
    let sequence = try SMFReader.read(file([0x00, 0x90, 0x3C, 0x40, 0x30, 0xB0, 0x07, 0x64, 0x05, 0x90]))
    #expect(
      sequence.events == [
        on(0, 60, 64), off(48, 60), MIDIEvent(tick: 48, kind: .controller, channel: 0, data1: 7, data2: 100),
      ])
    #expect(sequence.lengthTicks == 48)
  }

  @Test func otherTracksPlayOnPastABreak() throws {
    let sequence = try SMFReader.read(
      file(format: 1, [0x00, 0x90, 0x3C, 0x40, 0x05, 0xF4], [0x20, 0x91, 0x30, 0x01] + end(0x20)))
    #expect(
      sequence.events == [
        on(0, 60, 64), on(32, 48, 1, channel: 1), off(64, 60), off(64, 48, channel: 1),
      ])
    #expect(sequence.warnings.map(\.isBreak) == [true])
  }
}

@Suite struct DamagedChunkTests {
  @Test func aTrackCutShortPlaysWhatIsThere() throws {
    let sequence = try SMFReader.read(file(declaredTracks: 1) + trackChunk(note, declared: 500))
    #expect(sequence.events == [on(0, 60, 64), off(16, 60)])
    #expect(
      sequence.warnings == [
        MIDIWarning(kind: .trackCut(declaredBytes: 500, presentBytes: 8), track: 0, byteOffset: 14)
      ])
  }

  @Test func aTrackThatClaimsTooMuchDoesNotSwallowTheNext() throws {
    let sequence = try SMFReader.read(
      file(format: 1, declaredTracks: 2) + trackChunk(note + end(), declared: 0xFFFF_FFFF)
        + trackChunk([0x00, 0xC1, 0x05] + end()))
    #expect(sequence.tracks.count == 2)
    #expect(sequence.events.first == MIDIEvent(tick: 0, kind: .program, channel: 1, data1: 5))
    #expect(
      sequence.warnings.map(\.kind) == [.trackCut(declaredBytes: 0xFFFF_FFFF, presentBytes: 12 + 15)])
  }

  @Test func aTrackWithoutEndPlaysWithAWarning() throws {
    let sequence = try SMFReader.read(file(note))
    #expect(sequence.lengthTicks == 16)
    #expect(
      sequence.warnings == [MIDIWarning(kind: .missingEndOfTrack, track: 0, byteOffset: 30, tick: 16)])
  }

  @Test func bytesAfterTheEndOfTrackAreIgnoredWithAWarning() throws {
    let sequence = try SMFReader.read(file(note + end() + [0x00, 0x90, 0x40, 0x40]))
    #expect(sequence.noteCount == 1)
    #expect(
      sequence.warnings == [MIDIWarning(kind: .bytesAfterEndOfTrack(4), track: 0, byteOffset: 34)])
  }

  @Test func garbageBetweenChunksIsSkippedWithAWarning() throws {
    let sequence = try SMFReader.read(
      file(declaredTracks: 1) + [0, 1, 2, 3, 4] + trackChunk(note + end()) + [9, 9])
    #expect(sequence.noteCount == 1)
    #expect(
      sequence.warnings == [
        MIDIWarning(kind: .garbageSkipped(5), byteOffset: 14),
        MIDIWarning(kind: .garbageSkipped(2), byteOffset: 14 + 5 + 20),
      ])
  }

  @Test(arguments: [0, 1, 3, 65_535])
  func aWrongNumberOfTracksIsAWarning(declared: Int) throws {
    let sequence = try SMFReader.read(file(format: 1, declaredTracks: declared, note + end(), end()))
    #expect(sequence.noteCount == 1)
    #expect(
      sequence.warnings == [
        MIDIWarning(kind: .trackCount(declared: declared, present: 2), byteOffset: 10)
      ])
  }

  @Test func severalTracksInFormat0PlayTogether() throws {
    let sequence = try SMFReader.read(file(format: 0, note + end(), [0x04, 0xC1, 0x05] + end()))
    #expect(sequence.events.map(\.tick) == [0, 4, 16])
    #expect(sequence.warnings == [MIDIWarning(kind: .tracksInFormatZero(2), byteOffset: 8)])
  }

  @Test func aRIFFWrappingCutShortIsReadAsFarAsItGoes() throws {
    let sequence = try SMFReader.read(riff(riffChunk("data", file(note + end()), declared: 5000)))
    #expect(sequence.noteCount == 1)
    #expect(
      sequence.warnings == [
        MIDIWarning(kind: .wrappingCut(declaredBytes: 5000, presentBytes: 34), byteOffset: 12)
      ])
  }

  @Test func warningsAreKeptUpToALimitAndCountedBeyond() throws {
    var body: [UInt8] = []
    for _ in 0..<130 { body += [0x01, 0xFF, 0x51, 0x03, 0, 0, 0] }
    let sequence = try SMFReader.read(file(body + end()))
    #expect(sequence.warnings.count == 100)
    #expect(sequence.omittedWarnings == 30)
  }
}
