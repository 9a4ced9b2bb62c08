import MIDI
import Testing

@Suite struct SMFReadingTests {
  @Test func everyChannelMessageIsReadAtItsTick() throws {
    let sequence = try SMFReader.read(
      file(
        division: [0, 96],
        [0x00, 0xC0, 0x05, 0x00, 0xB1, 0x07, 0x64, 0x60, 0x90, 0x3C, 0x40, 0x30, 0xE0, 0x00, 0x60]
          + [0x00, 0xD0, 0x33, 0x00, 0xA0, 0x3C, 0x22, 0x30, 0x80, 0x3C, 0x10] + end()))
    #expect(
      sequence.events == [
        MIDIEvent(tick: 0, kind: .program, channel: 0, data1: 5),
        MIDIEvent(tick: 0, kind: .controller, channel: 1, data1: 7, data2: 100),
        on(960, 60, 64),
        MIDIEvent(tick: 1440, channel: 0, bend: 4096),
        MIDIEvent(tick: 1440, kind: .channelPressure, channel: 0, data1: 0x33),
        MIDIEvent(tick: 1440, kind: .polyPressure, channel: 0, data1: 60, data2: 0x22),
        off(1920, 60, 16),
      ])
    #expect(sequence.lengthTicks == 1920)
    #expect(sequence.noteCount == 1)
    #expect(sequence.format == 0)
    #expect(sequence.division == .ticksPerQuarter(96))
    #expect(sequence.tracks == [MIDITrackInfo(channels: [0, 1], noteCount: 1, programs: [5])])
    #expect(sequence.warnings.isEmpty)
    #expect(sequence.tempos.isEmpty)
  }

  @Test func runningStatusRepeatsTheStatusByte() throws {
    let sequence = try SMFReader.read(
      file([0x00, 0x90, 0x3C, 0x40, 0x10, 0x3E, 0x41, 0x10, 0x3C, 0x00, 0x10, 0x3E, 0x00] + end()))
    #expect(sequence.events == [on(0, 60, 64), on(16, 62, 65), off(32, 60), off(48, 62)])
    #expect(sequence.warnings.isEmpty)
  }

  @Test(arguments: [[0xFF, 0x01, 0x01, 0x41], [0xF0, 0x02, 0x01, 0xF7]] as [[UInt8]])
  func runningStatusEndedByMetaOrSysExIsTakenUpWithOneWarning(between: [UInt8]) throws {
    let sequence = try SMFReader.read(
      file([0x00, 0x90, 0x3C, 0x40, 0x08] + between + [0x08, 0x3C, 0x00, 0x00, 0x3E, 0x01] + end(9)))
    #expect(sequence.events == [on(0, 60, 64), off(16, 60), on(16, 62, 1), off(25, 62)])
    #expect(
      sequence.warnings == [MIDIWarning(kind: .runningStatusTakenUp, track: 0, byteOffset: 32, tick: 8)])
  }

  @Test func aStatusByteAfterMetaNeedsNoWarning() throws {
    let sequence = try SMFReader.read(
      file([0x00, 0x90, 0x3C, 0x40, 0x08, 0xFF, 0x01, 0x00, 0x08, 0x90, 0x3C, 0x00] + end()))
    #expect(sequence.events == [on(0, 60, 64), off(16, 60)])
    #expect(sequence.warnings.isEmpty)
  }

  @Test func sysExIsSkippedAndASplitOneCountsOnce() throws {
    let whole: [UInt8] = [0x05, 0xF0, 0x03, 0x43, 0x12, 0xF7]
    let split: [UInt8] = [0x05, 0xF0, 0x02, 0x43, 0x12, 0x05, 0xF7, 0x01, 0x13, 0x05, 0xF7, 0x02, 0x14, 0xF7]
    let escape: [UInt8] = [0x05, 0xF7, 0x02, 0xF3, 0x01]
    let sequence = try SMFReader.read(
      file([0x00, 0x90, 0x3C, 0x40] + whole + split + escape + [0x05, 0x80, 0x3C, 0x40] + end()))
    #expect(sequence.events == [on(0, 60, 64), off(30, 60)])
    #expect(sequence.skippedSysEx == 3)
    #expect(sequence.warnings.isEmpty)
  }

  @Test func tracksOfFormat1MergeByTickThenKindThenTrack() throws {
    let sequence = try SMFReader.read(
      file(
        format: 1,
        [0x00, 0x90, 0x3C, 0x01, 0x0A, 0x90, 0x3E, 0x02, 0x00, 0x80, 0x3C, 0x00] + [0x0A, 0x80, 0x3E, 0x00]
          + end(),
        [0x0A, 0x91, 0x40, 0x03, 0x00, 0xC1, 0x07, 0x00, 0xB1, 0x00, 0x01, 0x0A, 0x81, 0x40, 0x00] + end()))
    #expect(
      sequence.events == [
        on(0, 60, 1),
        off(10, 60, 0),
        MIDIEvent(tick: 10, kind: .program, channel: 1, data1: 7),
        MIDIEvent(tick: 10, kind: .controller, channel: 1, data1: 0, data2: 1),
        on(10, 62, 2), on(10, 64, 3, channel: 1),
        off(20, 62, 0), off(20, 64, 0, channel: 1),
      ])
    #expect(sequence.tracks.map(\.channels) == [[0], [1]])
    #expect(sequence.tracks.map(\.noteCount) == [2, 1])
  }

  @Test func patternsOfFormat2PlayOneAfterAnother() throws {
    let sequence = try SMFReader.read(
      file(
        format: 2,
        [0x00, 0xFF, 0x51, 0x03, 0x07, 0xA1, 0x20, 0x00, 0x90, 0x3C, 0x01] + end(100),
        [0x00, 0xFF, 0x51, 0x03, 0x06, 0x1A, 0x80, 0x05, 0x90, 0x3C, 0x02, 0x05, 0x80, 0x3C, 0x40]
          + end(10)))
    #expect(sequence.events == [on(0, 60, 1), off(100, 60), on(105, 60, 2), off(110, 60)])
    #expect(sequence.lengthTicks == 120)
    #expect(
      sequence.tempos == [
        MIDITempo(tick: 0, microsecondsPerQuarter: 500_000),
        MIDITempo(tick: 100, microsecondsPerQuarter: 400_000),
      ])
    #expect(sequence.hangingNotes == 1)
    #expect(sequence.warnings == [MIDIWarning(kind: .patternsInSequence(2), byteOffset: 8)])
  }

  @Test func theEndOfTrackEventGivesTheLength() throws {
    let sequence = try SMFReader.read(file([0x00, 0x90, 0x3C, 0x40, 0x10, 0x80, 0x3C, 0x40] + end(0x70)))
    #expect(sequence.lengthTicks == 128)
  }

  @Test func aFileWithoutNotesIsAnEmptySequence() throws {
    let sequence = try SMFReader.read(file(end(0x40)))
    #expect(sequence.events.isEmpty)
    #expect(sequence.lengthTicks == 64)
    #expect(sequence.warnings.isEmpty)
  }

  @Test func unknownChunksAreSkipped() throws {
    let notes: [UInt8] = [0x00, 0x90, 0x3C, 0x40, 0x10, 0x80, 0x3C, 0x40] + end()
    let header = file(format: 1, declaredTracks: 2)
    let sequence = try SMFReader.read(
      header + chunk("XFIH", [1, 2, 3]) + trackChunk(notes) + chunk("abcd", []) + trackChunk(end()))
    #expect(sequence.events == [on(0, 60, 64), off(16, 60)])
    #expect(sequence.tracks.count == 2)
    #expect(sequence.warnings.isEmpty)
  }

  @Test func aLongerHeaderIsRead() throws {
    let bytes =
      Array("MThd".utf8) + [0, 0, 0, 8, 0, 0, 0, 1, 0x03, 0xC0, 0xAA, 0xBB]
      + trackChunk([0x10, 0xC3, 0x01] + end())
    let sequence = try SMFReader.read(bytes)
    #expect(sequence.events == [MIDIEvent(tick: 16, kind: .program, channel: 3, data1: 1)])
  }

  @Test func aFileWrappedInRIFFIsReadWithOffsetsOfTheWholeFile() throws {
    let inner = file([0x00, 0x90, 0x3C, 0x40, 0x10, 0x3C, 0x00, 0x00, 0x99])
    let wrapped = riff(riffChunk("DISP", [1, 2, 3]), riffChunk("data", inner))
    // 12 bytes of RIFF and form, 12 of DISP with its padding, 8 of the data chunk's head: the file at 32.
    let sequence = try SMFReader.read(wrapped)
    #expect(sequence.events == [on(0, 60, 64), off(16, 60)])
    #expect(
      sequence.warnings == [
        MIDIWarning(kind: .brokenTail(.endInsideEvent), track: 0, byteOffset: 32 + 22 + 7, tick: 16)
      ])
  }

  @Test func anEventIsSmallAndTheBendHasItsWholeRange() {
    #expect(MemoryLayout<MIDIEvent>.stride == 16)
    #expect(MIDIEvent(tick: 0, kind: .pitchBend, channel: 0, data1: 0, data2: 0).bend == -8192)
    #expect(MIDIEvent(tick: 0, kind: .pitchBend, channel: 0, data1: 0, data2: 64).bend == 0)
    #expect(MIDIEvent(tick: 0, kind: .pitchBend, channel: 0, data1: 127, data2: 127).bend == 8191)
    #expect(MIDIEvent(tick: 0, channel: 0, bend: 99_999).bend == 8191)
    #expect(MIDIEvent(tick: 0, channel: 0, bend: -1).data1 == 127)
    #expect(MIDIEvent(tick: 0, channel: 0, bend: -1).data2 == 63)
  }
}
