import Media
import Testing

/// The fold-down matrix, one channel at a time.
struct FoldTests {
  private static let c: Float = 0.707_106_77

  /// (left, right) per channel of the usual order.
  private static let tables: [[(Float, Float)]] = [
    [(1, 0), (0, 1), (c, c)],
    [(1, 0), (0, 1), (c, 0), (0, c)],
    [(1, 0), (0, 1), (c, c), (c, 0), (0, c)],
    [(1, 0), (0, 1), (c, c), (0, 0), (c, 0), (0, c)],
    [(1, 0), (0, 1), (c, c), (0, 0), (0.5, 0.5), (c, 0), (0, c)],
    [(1, 0), (0, 1), (c, c), (0, 0), (c, 0), (0, c), (c, 0), (0, c)],
  ]

  @Test(arguments: 3...8)
  func eachChannelGoesWhereTheTableSays(channels: Int) throws {
    let folder = try TestFolder()
    // Frame n has only channel n at full scale.
    let data = (0..<channels).flatMap { frame in (0..<channels).map { Float($0 == frame ? 1 : 0) } }
    let path = try folder.write(floatWAV(rate: 48_000, channels: channels, data), to: "a.wav")
    let buffer = try AudioFileReader.load(path: path, sampleRate: 48_000)
    let table = Self.tables[channels - 3]
    #expect(buffer.channels == 2 && buffer.sourceInfo.channels == channels)
    #expect(samples(buffer.left, buffer) == table.map(\.0))
    #expect(samples(buffer.right, buffer) == table.map(\.1))
  }

  @Test func channelsAreSummedWithoutNormalisation() throws {
    let folder = try TestFolder()
    let path = try folder.write(floatWAV(rate: 48_000, channels: 6, [1, 1, 1, 1, 1, 1]), to: "a.wav")
    let buffer = try AudioFileReader.load(path: path, sampleRate: 48_000)
    #expect(abs(buffer.left[0] - 2.414_213_5) < 1e-6 && buffer.left[0] == buffer.right[0])
  }

  @Test func theFilesOwnChannelMapWins() throws {
    let folder = try TestFolder()
    // Four channels, masked front left, front right, front centre, back centre (0x107): not the usual quad.
    var file = Array("RIFF".utf8) + UInt32(60 + 64).little + Array("WAVEfmt ".utf8) + UInt32(40).little
    file += UInt16(0xFFFE).little + UInt16(4).little + UInt32(48_000).little + UInt32(768_000).little
    file +=
      UInt16(16).little + UInt16(32).little + UInt16(22).little + UInt16(32).little + UInt32(0x107).little
    file += [3, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    let data: [Float] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    file += Array("data".utf8) + UInt32(64).little + data.flatMap { $0.bitPattern.little }
    let buffer = try AudioFileReader.load(path: try folder.write(file, to: "a.wav"), sampleRate: 48_000)
    #expect(samples(buffer.left, buffer) == [1, 0, Self.c, 0.5])
    #expect(samples(buffer.right, buffer) == [0, 1, Self.c, 0.5])
  }

  @Test func vorbisChannelsAreTakenInVorbisOrder() throws {
    let buffer = try AudioFileReader.load(path: try fixture("six.ogg"), sampleRate: 8_000)
    let left = samples(buffer.left, buffer)
    let right = samples(buffer.right, buffer)
    // The middle of each sixth: left, centre, right, left surround, right surround, low frequency.
    let expected: [(Float, Float)] = [(0.5, 0), (0.354, 0.354), (0, 0.5), (0.354, 0), (0, 0.354), (0, 0)]
    for (part, levels) in expected.enumerated() {
      let middle = (part * 2_000 + 600)..<(part * 2_000 + 1_400)
      #expect(abs(peak(left[middle]) - levels.0) < 0.08, "left, part \(part)")
      #expect(abs(peak(right[middle]) - levels.1) < 0.08, "right, part \(part)")
    }
  }
}
