import MIDI
import Testing

@Suite struct SMFNameTests {
  private func named(_ bytes: [UInt8]) throws -> String? {
    precondition(bytes.count < 16384)
    let length = [UInt8(bytes.count >> 7 | 0x80), UInt8(bytes.count & 0x7F)]
    return try SMFReader.read(file([0x00, 0xFF, 0x03] + length + bytes + end())).tracks[0].name
  }

  @Test func aTrackHasTheFirstNameItGives() throws {
    let sequence = try SMFReader.read(
      file(
        format: 1, [0x00, 0xFF, 0x03, 0x02, 0x41, 0x62, 0x00, 0xFF, 0x03, 0x01, 0x43] + end(),
        [0x00, 0xFF, 0x03, 0x00] + end()))
    #expect(sequence.tracks.map(\.name) == ["Ab", nil])
  }

  @Test func aNameIsUTF8OrElseLatin1() throws {
    #expect(try named(Array("Flöte 笛".utf8)) == "Flöte 笛")
    #expect(try named([0x46, 0x6C, 0xF6, 0x74, 0x65]) == "Flöte")
  }

  @Test func aNameHasNoControlCharacters() throws {
    #expect(try named(Array(" a\nb\u{1B}[2Jc\u{7F}d\u{85}e\u{2028}f\0".utf8)) == "a b [2Jc d e f")
    #expect(try named([0x0A, 0x0D, 0x20]) == nil)
  }

  @Test func aLongNameIsCutBetweenCharacters() throws {
    #expect(try named([UInt8](repeating: 0x61, count: 256)) == String(repeating: "a", count: 256))
    #expect(try named([UInt8](repeating: 0x61, count: 300)) == String(repeating: "a", count: 256))
    // A 255-byte name and a two-byte character: the character does not fit.
    #expect(
      try named([UInt8](repeating: 0x61, count: 255) + Array("é".utf8)) == String(repeating: "a", count: 255))
  }

  @Test func markersAreNamedPlacesInOrder() throws {
    let sequence = try SMFReader.read(
      file(
        format: 1, [0x20, 0xFF, 0x06, 0x01, 0x42] + end(), [0x10, 0xFF, 0x06, 0x02, 0x41, 0x0A] + end()))
    #expect(sequence.markers == [MIDIMarker(tick: 16, name: "A"), MIDIMarker(tick: 32, name: "B")])
  }

  @Test func aTrackListsItsChannelsAndProgramsOnce() throws {
    let sequence = try SMFReader.read(
      file([0x00, 0xC9, 0x10, 0x00, 0xC2, 0x05, 0x00, 0xC9, 0x10, 0x00, 0x92, 0x3C, 0x01] + end(5)))
    #expect(sequence.tracks == [MIDITrackInfo(channels: [2, 9], noteCount: 1, programs: [16, 5])])
  }
}
