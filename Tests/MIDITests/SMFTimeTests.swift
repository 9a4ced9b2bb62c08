import MIDI
import Testing

@Suite struct SMFTimeTests {
  /// A file whose one program change lies `raw` (below 2^28) of its own ticks after the start.
  private func program(at raw: Int, division: [UInt8]) -> [UInt8] {
    let delta = [21, 14, 7].map { UInt8(raw >> $0 & 0x7F | 0x80) } + [UInt8(raw & 0x7F)]
    return file(division: division, delta + [0xC0, 0x00] + end())
  }

  @Test(arguments: [(1, 137), (2, 274), (3, 411), (4, 549), (7, 960), (7_000_001, 960_000_137)])
  func aDivisionOf7IsRoundedToTheNearestTick(raw: Int, tick: Int64) throws {
    #expect(try SMFReader.read(program(at: raw, division: [0, 7])).events.map(\.tick) == [tick])
  }

  @Test func aDivisionOf1920RoundsHalvesUp() throws {
    #expect(try SMFReader.read(program(at: 1, division: [0x07, 0x80])).events[0].tick == 1)
    #expect(try SMFReader.read(program(at: 2, division: [0x07, 0x80])).events[0].tick == 1)
    #expect(try SMFReader.read(program(at: 3, division: [0x07, 0x80])).events[0].tick == 2)
  }

  /// At 120 BPM a second is 1,920 ticks. 24 × 100, 25 × 40 and 30 × 80 ticks make one second; 30,000 ticks at
  /// 29.97 × 100 make 10.01 seconds, which are 19,219.2 ticks.
  @Test(
    arguments: [
      ([0xE8, 100], 24, 2400, 1920), ([0xE7, 40], 25, 1000, 1920), ([0xE2, 80], 30, 2400, 1920),
      ([0xE3, 100], 29, 30_000, 19_219),
    ] as [([UInt8], Int, Int, Int64)])
  func absoluteTimeIsLaidOn120BPM(division: [UInt8], frames: Int, raw: Int, tick: Int64) throws {
    let sequence = try SMFReader.read(program(at: raw, division: division))
    #expect(sequence.events.map(\.tick) == [tick])
    #expect(sequence.tempos == [MIDITempo(tick: 0, microsecondsPerQuarter: 500_000)])
    #expect(sequence.division == .smpte(framesPerSecond: frames, ticksPerFrame: Int(division[1])))
    #expect(sequence.warnings == [MIDIWarning(kind: .absoluteTime, byteOffset: 12)])
  }

  @Test func temposMeanNothingInAbsoluteTime() throws {
    let sequence = try SMFReader.read(
      file(division: [0xE7, 40], [0x00, 0xFF, 0x51, 0x03, 0x03, 0xD0, 0x90] + end()))
    #expect(sequence.tempos.map(\.bpm) == [120])
  }

  @Test func temposAndSignaturesOfAllTracksAreOneMap() throws {
    let sequence = try SMFReader.read(
      file(
        format: 1,
        [0x00, 0xFF, 0x58, 0x04, 0x06, 0x03, 0x24, 0x08, 0x40, 0xFF, 0x51, 0x03, 0x06, 0x1A, 0x80] + end(),
        [0x00, 0xFF, 0x51, 0x03, 0x07, 0xA1, 0x20, 0x20, 0xFF, 0x58, 0x04, 0x03, 0x06, 0x18, 0x08] + end()))
    #expect(
      sequence.tempos == [
        MIDITempo(tick: 0, microsecondsPerQuarter: 500_000),
        MIDITempo(tick: 64, microsecondsPerQuarter: 400_000),
      ])
    #expect(sequence.tempos.map(\.bpm) == [120, 150])
    #expect(
      sequence.signatures == [
        MIDISignature(tick: 0, numerator: 6, denominator: 8),
        MIDISignature(tick: 32, numerator: 3, denominator: 64),
      ])
    #expect(sequence.lengthTicks == 64)
  }

  @Test func ofTwoTemposAtOneTickTheLastCounts() throws {
    let sequence = try SMFReader.read(
      file([0x08, 0xFF, 0x51, 0x03, 0x07, 0xA1, 0x20, 0x00, 0xFF, 0x51, 0x03, 0x06, 0x1A, 0x80] + end()))
    #expect(sequence.tempos == [MIDITempo(tick: 8, microsecondsPerQuarter: 400_000)])
  }

  @Test func aTempoOfZeroIsLeftOutWithAWarning() throws {
    let sequence = try SMFReader.read(file([0x08, 0xFF, 0x51, 0x03, 0x00, 0x00, 0x00] + end()))
    #expect(sequence.tempos.isEmpty)
    #expect(sequence.warnings == [MIDIWarning(kind: .tempoZero, track: 0, byteOffset: 22, tick: 8)])
  }

  @Test func aTempoThatCannotBePlayedIsKeptWithAWarning() throws {
    // 0x2DC6C0 = 3,000,000 µs is 20 BPM; 6,000,000 µs is 10 BPM; 50,000 µs is 1,200 BPM.
    let sequence = try SMFReader.read(
      file(
        [0x00, 0xFF, 0x51, 0x03, 0x2D, 0xC6, 0xC0, 0x01, 0xFF, 0x51, 0x03, 0x5B, 0x8D, 0x80]
          + [0x01, 0xFF, 0x51, 0x03, 0x00, 0xC3, 0x50] + end()))
    #expect(sequence.tempos.map(\.bpm) == [20, 10, 1200])
    #expect(
      sequence.warnings == [
        MIDIWarning(
          kind: .tempoOutOfRange(microsecondsPerQuarter: 6_000_000), track: 0, byteOffset: 29, tick: 1),
        MIDIWarning(
          kind: .tempoOutOfRange(microsecondsPerQuarter: 50_000), track: 0, byteOffset: 36, tick: 2),
      ])
  }

  @Test(arguments: [(0, 2), (4, 7), (4, 255)] as [(UInt8, UInt8)])
  func aSignatureThatCannotBeIsLeftOutWithAWarning(numerator: UInt8, power: UInt8) throws {
    let sequence = try SMFReader.read(file([0x08, 0xFF, 0x58, 0x04, numerator, power, 24, 8] + end()))
    #expect(sequence.signatures.isEmpty)
    let kind = MIDIWarning.Kind.badSignature(numerator: Int(numerator), denominatorPower: Int(power))
    #expect(sequence.warnings == [MIDIWarning(kind: kind, track: 0, byteOffset: 22, tick: 8)])
  }

  @Test func metaEventsOfTheWrongLengthAreLeftOutWithAWarning() throws {
    let sequence = try SMFReader.read(
      file([0x00, 0xFF, 0x51, 0x02, 0x07, 0xA1, 0x00, 0xFF, 0x58, 0x01, 0x04] + end()))
    #expect(sequence.tempos.isEmpty && sequence.signatures.isEmpty)
    #expect(
      sequence.warnings.map(\.kind) == [
        .badMetaLength(type: 0x51, length: 2), .badMetaLength(type: 0x58, length: 1),
      ])
  }

  @Test func everyDivisionKeepsOrderAndRoundsToTheNearestTick() throws {
    for division in stride(from: 1, through: 0x7FFF, by: 331) {
      let raws = [0, 1, 2, 3, division - 1, division, division + 1, 5 * division / 3, 12_345]
      for raw in raws {
        let bytes = program(at: raw, division: [UInt8(division >> 8), UInt8(division & 0xFF)])
        let expected = Int64((1920 * raw + division) / (2 * division))
        #expect(try SMFReader.read(bytes).events[0].tick == expected, "\(raw) of \(division)")
      }
    }
  }
}
