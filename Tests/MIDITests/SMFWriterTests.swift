import MIDI
import Testing

@Suite struct SMFWriterTests {
  private let piece = MIDISequence(
    events: [
      MIDIEvent(tick: 0, kind: .program, channel: 0, data1: 5),
      MIDIEvent(tick: 0, kind: .program, channel: 9, data1: 0), on(0, 60, 100), on(0, 36, 127, channel: 9),
      off(240, 36, 64, channel: 9), off(960, 60, 12), MIDIEvent(tick: 960, channel: 0, bend: -1234),
      MIDIEvent(tick: 960, kind: .channelPressure, channel: 0, data1: 9),
      MIDIEvent(tick: 960, kind: .polyPressure, channel: 0, data1: 64, data2: 7), on(960, 64, 1),
      off(1919, 64, 0),
    ],
    lengthTicks: 3840,
    tempos: [
      MIDITempo(tick: 0, microsecondsPerQuarter: 500_000),
      MIDITempo(tick: 960, microsecondsPerQuarter: 333_333),
    ],
    signatures: [MIDISignature(tick: 0, numerator: 7, denominator: 8)],
    markers: [MIDIMarker(tick: 0, name: "intro"), MIDIMarker(tick: 1920, name: "Ende ü")],
    tracks: [
      MIDITrackInfo(name: "Lead", channels: [0], noteCount: 2, programs: [5]),
      MIDITrackInfo(name: "Drums", channels: [9], noteCount: 1, programs: [0]),
    ])

  @Test func aFileIsWrittenByteForByte() {
    let sequence = MIDISequence(
      events: [on(0, 60, 100, channel: 2), off(480, 60, 1, channel: 2)], lengthTicks: 960,
      tempos: [MIDITempo(tick: 0, microsecondsPerQuarter: 500_000)],
      tracks: [MIDITrackInfo(name: "A", channels: [2])])
    let tempo: [UInt8] = [0x00, 0xFF, 0x51, 0x03, 0x07, 0xA1, 0x20]
    let name: [UInt8] = [0x00, 0xFF, 0x03, 0x01, 0x41]
    let notes: [UInt8] = [0x00, 0x92, 0x3C, 0x64, 0x83, 0x60, 0x82, 0x3C, 0x01]
    let end: [UInt8] = [0x83, 0x60, 0xFF, 0x2F, 0x00]
    #expect(SMFWriter.write(sequence, format: 0) == file(format: 0, name + tempo + notes + end))
    #expect(
      SMFWriter.write(sequence, format: 1, division: 960)
        == file(format: 1, tempo + [0x87, 0x40, 0xFF, 0x2F, 0x00], name + notes + end))
  }

  @Test func format0ReadsBackAsWritten() throws {
    let back = try SMFReader.read(SMFWriter.write(piece, format: 0, division: 960))
    #expect(back.events == piece.events)
    #expect(back.tempos == piece.tempos)
    #expect(back.signatures == piece.signatures)
    #expect(back.markers == piece.markers)
    #expect(back.lengthTicks == 3840)
    #expect(back.warnings.isEmpty)
    #expect(back.tracks == [MIDITrackInfo(name: "Lead", channels: [0, 9], noteCount: 3, programs: [5, 0])])
  }

  @Test func format1ReadsBackWithATrackPerChannel() throws {
    let back = try SMFReader.read(SMFWriter.write(piece, format: 1))
    for channel: UInt8 in [0, 9] {
      #expect(
        back.events.filter { $0.channel == channel } == piece.events.filter { $0.channel == channel })
    }
    #expect(back.events.count == piece.events.count)
    #expect(back.tempos == piece.tempos)
    #expect(back.signatures == piece.signatures)
    #expect(back.markers == piece.markers)
    #expect(back.lengthTicks == 3840)
    #expect(back.warnings.isEmpty)
    #expect(back.tracks == [MIDITrackInfo()] + piece.tracks)
  }

  @Test(arguments: [1920, 9600, 28_800])
  func aFinerDivisionLosesNothing(division: Int) throws {
    let back = try SMFReader.read(SMFWriter.write(piece, format: 0, division: division))
    #expect(back.events == piece.events)
    #expect(back.division == .ticksPerQuarter(division))
  }

  @Test func aCoarserDivisionRoundsAndKeepsEveryNote() throws {
    // At 2 ticks per beat a tick is 480: 240 lies halfway and rounds up, 1919 rounds to 1920.
    let back = try SMFReader.read(SMFWriter.write(piece, format: 0, division: 2))
    #expect(back.noteCount == 3)
    #expect(back.events.filter { $0.kind == .noteOff }.map(\.tick) == [480, 960, 1920])
  }

  @Test func whatAFileCannotHoldIsBroughtToTheNearest() throws {
    let wild = MIDISequence(
      events: [
        MIDIEvent(tick: -5, kind: .noteOn, channel: 200, data1: 200, data2: 255),
        MIDIEvent(tick: .max, kind: .noteOff, channel: 200, data1: 200, data2: 0),
      ],
      tempos: [
        MIDITempo(tick: 0, microsecondsPerQuarter: -1), MIDITempo(tick: 1, microsecondsPerQuarter: .max),
      ],
      signatures: [MIDISignature(tick: 0, numerator: .max, denominator: .min)],
      markers: [MIDIMarker(tick: 0, name: String(repeating: "ü", count: 300))])
    let back = try SMFReader.read(SMFWriter.write(wild, format: 0, division: .max))
    #expect(back.division == .ticksPerQuarter(0x7FFF))
    #expect(back.events == [on(0, 72, 127, channel: 8), off(1 << 40, 72, 0, channel: 8)])
    #expect(back.tempos.map(\.microsecondsPerQuarter) == [1, 0xFF_FFFF])
    #expect(back.signatures == [MIDISignature(tick: 0, numerator: 255, denominator: 1)])
    #expect(back.markers == [MIDIMarker(tick: 0, name: String(repeating: "ü", count: 128))])
  }

  @Test func aSequenceWithNothingInItReadsBack() throws {
    for format in [0, 1] {
      let back = try SMFReader.read(SMFWriter.write(MIDISequence(events: []), format: format))
      #expect(back.events.isEmpty && back.warnings.isEmpty && back.lengthTicks == 0)
    }
  }

  @Test func aSequencePutsItsEventsInOrder() {
    let sequence = MIDISequence(
      events: [
        on(10, 60, 1), off(10, 62), on(0, 62, 1), MIDIEvent(tick: 10, channel: 0, bend: 0), off(20, 60),
      ],
      lengthTicks: 5,
      tempos: [
        MIDITempo(tick: 9, microsecondsPerQuarter: 1), MIDITempo(tick: 0, microsecondsPerQuarter: 2),
        MIDITempo(tick: 9, microsecondsPerQuarter: 3),
      ])
    #expect(sequence.events.map(\.kind) == [.noteOn, .noteOff, .pitchBend, .noteOn, .noteOff])
    #expect(sequence.lengthTicks == 20)
    #expect(sequence.noteCount == 2)
    #expect(sequence.tempos.map(\.microsecondsPerQuarter) == [2, 3])
  }
}
