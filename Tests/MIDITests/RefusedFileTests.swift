import MIDI
import Testing

@Suite struct RefusedFileTests {
  @Test func anEmptyFileIsRefused() {
    #expect(refusal([]) == SMFError(.empty, byteOffset: 0))
  }

  @Test(arguments: ["Hello, this is a text.", "M", "mthd", "RIF", "\n"])
  func aTextIsRefusedWithItsFirstBytes(text: String) {
    let begins = Array(text.utf8.prefix(4))
    #expect(refusal(Array(text.utf8)) == SMFError(.notMIDI(begins: begins), byteOffset: 0))
  }

  @Test func aHeaderCutShortIsRefused() {
    #expect(
      refusal(Array("MThd".utf8))
        == SMFError(.brokenHeader(declaredBytes: 0, presentBytes: 0), byteOffset: 0))
    #expect(
      refusal(Array(file(end())[..<13]))
        == SMFError(.brokenHeader(declaredBytes: 6, presentBytes: 5), byteOffset: 0))
  }

  @Test(arguments: [0, 5, 1000, 0xFFFF_FFFF])
  func aHeaderOfAWrongLengthIsRefused(length: Int) {
    let bytes = chunk("MThd", [0, 0, 0, 1, 3, 0xC0], declared: length)
    #expect(
      refusal(bytes) == SMFError(.brokenHeader(declaredBytes: length, presentBytes: 6), byteOffset: 0))
  }

  @Test(arguments: [3, 255] as [UInt8])
  func anUnknownFormatIsRefused(format: UInt8) {
    #expect(
      refusal(file(format: format, end())) == SMFError(.unknownFormat(Int(format)), byteOffset: 8))
  }

  @Test func aDivisionOfZeroIsRefused() {
    #expect(refusal(file(division: [0, 0], end())) == SMFError(.divisionZero, byteOffset: 12))
    #expect(
      refusal(riff(riffChunk("data", file(division: [0, 0], end()))))
        == SMFError(.divisionZero, byteOffset: 20 + 12))
  }

  @Test(arguments: [(0xE6, 40, 26), (0x80, 40, 128), (0xFF, 40, 1), (0xE7, 0, 25)] as [(UInt8, UInt8, Int)])
  func aFrameRateThatDoesNotExistIsRefused(rate: UInt8, ticks: UInt8, frames: Int) {
    let reason = SMFError.Reason.badFrameRate(framesPerSecond: frames, ticksPerFrame: Int(ticks))
    #expect(refusal(file(division: [rate, ticks], end())) == SMFError(reason, byteOffset: 12))
  }

  @Test func aHeaderAloneIsRefused() {
    #expect(refusal(file(declaredTracks: 1)) == SMFError(.noTrack, byteOffset: 14))
    #expect(refusal(file(declaredTracks: 1) + chunk("XFIH", [1])) == SMFError(.noTrack, byteOffset: 23))
  }

  @Test func aFileWithNoReadableEventIsRefusedWithTheCause() {
    #expect(refusal(file([])) == SMFError(.noReadableEvent(nil), byteOffset: 22))
    #expect(
      refusal(file([0x00, 0x3C, 0x40]))
        == SMFError(.noReadableEvent(.noRunningStatus(found: 0x3C)), byteOffset: 23))
  }

  @Test func aRIFFFileWithoutMIDIIsRefused() {
    let sound = riff(form: "WAVE", riffChunk("data", file(end())))
    #expect(refusal(sound) == SMFError(.riffWithoutMIDI, byteOffset: 8))
    #expect(refusal(riff(riffChunk("LIST", [1, 2]))) == SMFError(.riffWithoutMIDI, byteOffset: 8))
    #expect(refusal(riff(riffChunk("data", [1, 2, 3, 4]))) == SMFError(.riffWithoutMIDI, byteOffset: 20))
    #expect(refusal(Array("RIFF".utf8)) == SMFError(.riffWithoutMIDI, byteOffset: 8))
    #expect(
      refusal(riff(riffChunk("LIST", [1, 2], declared: 0xFFFF_FFFF)))
        == SMFError(.riffWithoutMIDI, byteOffset: 8))
  }

  @Test func timeBeyondTheLatestTickIsRefused() throws {
    // At one tick per beat 2^40 / 960 = 1,145,324,612.27 beats are allowed: four deltas of 2^28 - 1 (together
    // 1,073,741,820) and 71,582,792 = 0x444_4448 more.
    let far = [[UInt8]](repeating: [0xFF, 0xFF, 0xFF, 0x7F, 0xC0, 0x01], count: 4).flatMap { $0 }
    let allowed = file(division: [0, 1], far + [0xA2, 0x91, 0x88, 0x48, 0xC0, 0x01] + end())
    #expect(try SMFReader.read(allowed).lengthTicks == 1_145_324_612 * 960)
    let refused = file(division: [0, 1], far + [0xA2, 0x91, 0x88, 0x49, 0xC0, 0x01] + end())
    #expect(refusal(refused) == SMFError(.tickTooLarge, byteOffset: 46, track: 0))
  }

  @Test func patternsThatTogetherGoTooFarAreRefused() {
    let far: [UInt8] = [0xFF, 0xFF, 0xFF, 0x7F, 0xC0, 0x01] + end()
    #expect(
      refusal(file(format: 2, division: [0, 1], far, far, far, far, far))
        == SMFError(.tickTooLarge, byteOffset: 14 + 4 * 18 + 8, track: 4))
  }

  @Test func moreTracksThanAllowedAreRefused() throws {
    let tracks = [[UInt8]](repeating: trackChunk([]), count: 4097).flatMap { $0 }
    #expect(
      refusal(file(format: 1, declaredTracks: 4097) + tracks)
        == SMFError(.tooManyTracks, byteOffset: 14 + 4096 * 8))
  }

  @Test func aFileLargerThanAllowedIsRefused() {
    let bytes = [UInt8](repeating: 0x4D, count: MIDILimits.maximumFileBytes + 1)
    #expect(
      refusal(bytes)
        == SMFError(.fileTooLarge(bytes: 67_108_865), byteOffset: MIDILimits.maximumFileBytes))
  }

  @Test func moreMessagesThanAllowedAreRefused() {
    let many = [UInt8](unsafeUninitializedCapacity: 8_000_004) { buffer, count in
      buffer.initialize(repeating: 0)
      buffer[1] = 0xC0
      count = 8_000_004
    }
    // The first message takes three bytes, each further one (a delta and a program) two.
    #expect(
      refusal(file(many)) == SMFError(.tooManyEvents, byteOffset: 22 + 1 + 2 * 4_000_000, track: 0))
  }

  @Test func moreMarkersThanAllowedAreRefused() {
    let marker: [UInt8] = [0x00, 0xFF, 0x06, 0x00]
    let many = [[UInt8]](repeating: marker, count: 1_000_001).flatMap { $0 }
    #expect(
      refusal(file(many)) == SMFError(.tooManyMetaEvents, byteOffset: 22 + 4_000_000, track: 0))
  }

  @Test func aRefusalIsThreeLines() {
    #expect(
      refusal(Array("Hello".utf8))?.description == """
        cannot read this as a MIDI file (byte 0)
        it begins with "Hell"; a MIDI file begins with MThd
        next: if it is an audio file, `garden audio info FILE`; otherwise give a .mid file
        """)
    #expect(refusal([0, 0x0A, 0x1B, 0x4D])?.why.contains("0x00 0x0A 0x1B 0x4D") == true)
  }

  @Test(
    arguments: [
      .empty, .fileTooLarge(bytes: 1), .notMIDI(begins: []), .riffWithoutMIDI,
      .brokenHeader(declaredBytes: 1, presentBytes: 1), .unknownFormat(9), .divisionZero,
      .badFrameRate(framesPerSecond: 1, ticksPerFrame: 1), .noTrack, .noReadableEvent(nil),
      .noReadableEvent(.badVariableLength), .tooManyTracks, .tooManyEvents, .tooManyMetaEvents, .tickTooLarge,
    ] as [SMFError.Reason])
  func everyRefusalHasThreeLinesWithWords(reason: SMFError.Reason) {
    let lines = SMFError(reason, byteOffset: 1, track: 0).description.split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.count > 10 })
    #expect(lines[0].contains("track 1, byte 1"))
  }
}
