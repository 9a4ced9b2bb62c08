import Foundation
import Media
import Testing

/// Files written byte by byte, and what their samples are by the definition of the format.
struct FormatTests {
  @Test func sixteenBitSamplesAreThirtyTwoThousandthsOfFullScale() throws {
    let folder = try TestFolder()
    let data = [0, 16_384, -32_768, 32_767].flatMap { Int16($0).little }
    let path = try folder.write(wavBytes(rate: 44_100, channels: 2, bits: 16, data: data), to: "a.wav")
    let info = try AudioFileReader.info(path: path)
    #expect(info.format == "WAV, 16 bit PCM")
    #expect(info.sampleRate == 44_100 && info.channels == 2 && info.frames == 2)
    #expect(info.seconds == 2.0 / 44_100 && !info.truncated && info.warnings.isEmpty)
    let buffer = try AudioFileReader.load(path: path, sampleRate: 44_100)
    #expect(samples(buffer.left, buffer) == [0, -1])
    #expect(samples(buffer.right, buffer) == [0.5, 32_767.0 / 32_768])
    #expect(buffer.bytes == 16 && buffer.channels == 2 && buffer.sourceInfo == info)
  }

  @Test func twentyFourBitSamplesAreExact() throws {
    let folder = try TestFolder()
    // 1, -1 and half of full scale in units of 2^-23.
    let data: [UInt8] = [1, 0, 0, 0xFF, 0xFF, 0xFF, 0, 0, 0x40]
    let path = try folder.write(wavBytes(rate: 48_000, channels: 1, bits: 24, data: data), to: "a.wav")
    let buffer = try AudioFileReader.load(path: path, sampleRate: 48_000)
    #expect(samples(buffer.left, buffer) == [0x1p-23, -0x1p-23, 0.5])
    #expect(buffer.sourceInfo.format == "WAV, 24 bit PCM")
    #expect(buffer.channels == 1 && buffer.left == buffer.right && buffer.bytes == 12)
  }

  @Test func eightAndThirtyTwoBitAndDoubleSamplesAreRead() throws {
    let folder = try TestFolder()
    let eight = try folder.write(
      wavBytes(rate: 8_000, channels: 1, bits: 8, data: [128, 192, 0]), to: "8.wav")
    let first = try AudioFileReader.load(path: eight, sampleRate: 8_000)
    #expect(samples(first.left, first) == [0, 0.5, -1])

    let wide = [Int32(0), 1 << 30, .min].flatMap { $0.little }
    let thirtyTwo = try folder.write(wavBytes(rate: 8_000, channels: 1, bits: 32, data: wide), to: "32.wav")
    let second = try AudioFileReader.load(path: thirtyTwo, sampleRate: 8_000)
    #expect(samples(second.left, second) == [0, 0.5, -1])

    let doubles = [0.25, -2.5].flatMap { $0.bitPattern.little }
    let double = try folder.write(
      wavBytes(rate: 8_000, channels: 1, bits: 64, tag: 3, data: doubles), to: "d.wav")
    let third = try AudioFileReader.load(path: double, sampleRate: 8_000)
    #expect(samples(third.left, third) == [0.25, -2.5])
    #expect(third.sourceInfo.format == "WAV, 64 bit float")
  }

  @Test func atEqualRateFloatSamplesAreUntouchedBitForBit() throws {
    let folder = try TestFolder()
    let values: [Float] = [-0.0, .leastNonzeroMagnitude, 1.5, -123.25, 0.1, Float(1).nextDown]
    let path = try folder.write(floatWAV(rate: 96_000, channels: 1, values), to: "a.wav")
    let buffer = try AudioFileReader.load(path: path, sampleRate: 96_000)
    #expect(samples(buffer.left, buffer).map(\.bitPattern) == values.map(\.bitPattern))
    #expect(buffer.replacedSamples == 0)
  }

  @Test func anRF64FileIsReadByItsLongSizes() throws {
    let folder = try TestFolder()
    var file = Array("RF64".utf8) + UInt32.max.little + Array("WAVEds64".utf8) + UInt32(28).little
    file += UInt64(80).little + UInt64(4).little + UInt64(2).little + UInt32(0).little
    file +=
      Array("fmt ".utf8) + UInt32(16).little + UInt16(1).little + UInt16(1).little + UInt32(48_000).little
    file += UInt32(96_000).little + UInt16(2).little + UInt16(16).little
    file += Array("data".utf8) + UInt32.max.little + Int16(16_384).little + Int16(-16_384).little
    let buffer = try AudioFileReader.load(path: try folder.write(file, to: "a.wav"), sampleRate: 48_000)
    #expect(samples(buffer.left, buffer) == [0.5, -0.5])
    #expect(!buffer.sourceInfo.truncated)
  }

  @Test func anAIFFFileIsRead() throws {
    let folder = try TestFolder()
    let path = try folder.write(aiffBytes(claimedFrames: 2, samples: [8_192, -16_384]), to: "a.aiff")
    let buffer = try AudioFileReader.load(path: path, sampleRate: 44_100)
    #expect(samples(buffer.left, buffer) == [0.25, -0.5])
    #expect(buffer.sourceInfo.format == "AIFF, 16 bit PCM" && buffer.sourceInfo.sampleRate == 44_100)
  }

  @Test func oggOpusAndMP3KeepTheirLengthAndSound() throws {
    let opus = try AudioFileReader.load(path: try fixture("stereo.opus"), sampleRate: 48_000)
    #expect(opus.frames == 24_000 && opus.channels == 2 && opus.sourceInfo.format == "Ogg, Opus")
    #expect(peak(samples(opus.left, opus)[4_000..<20_000]) > 0.4)
    #expect(peak(samples(opus.right, opus)[4_000..<20_000]) < 0.05)

    let vorbis = try AudioFileReader.load(path: try fixture("six.ogg"), sampleRate: 8_000)
    #expect(vorbis.frames == 12_000 && vorbis.channels == 2 && vorbis.sourceInfo.channels == 6)
    #expect(vorbis.sourceInfo.format == "Ogg, Vorbis")

    let mp3 = try AudioFileReader.load(path: try fixture("tagged.mp3"), sampleRate: 22_050)
    #expect(mp3.frames == 44_100 && mp3.channels == 1 && mp3.sourceInfo.format == "MPEG, Layer III (MP3)")
    #expect(peak(samples(mp3.left, mp3)[42_000..<44_000]) > 0.4)
  }

  @Test func anMP3WithoutALengthTagKeepsItsEnd() throws {
    let path = try fixture("untagged.mp3")
    let buffer = try AudioFileReader.load(path: path, sampleRate: 22_050)
    // Whole MPEG frames of 576, the encoder's own delay included.
    #expect(buffer.frames > 44_100 && buffer.frames < 44_100 + 4 * 576)
    #expect(buffer.frames % 576 == 0)
    #expect(peak(samples(buffer.left, buffer)[42_000..<44_000]) > 0.4)
    #expect(try AudioFileReader.info(path: path).frames == buffer.frames)
    #expect(!buffer.sourceInfo.truncated)
  }

  @Test func aFLACFileWithoutALengthIsCounted() throws {
    let folder = try TestFolder()
    var writer = try AudioFileWriter(path: folder("a.flac"), sampleRate: 48_000, channels: 1)
    try writer.write(sine(440, rate: 48_000, frames: 50_000, amplitude: 0.5))
    try writer.close()
    var file = try bytes(of: folder("a.flac"))
    // The 36 bits of STREAMINFO's total samples; 0 means unknown.
    file[21] &= 0xF0
    file.replaceSubrange(22..<26, with: [0, 0, 0, 0])
    let unknown = try folder.write(file, to: "unknown.flac")
    #expect(try AudioFileReader.info(path: unknown).frames == 50_000)
    #expect(try AudioFileReader.load(path: unknown, sampleRate: 48_000).frames == 50_000)
    #expect(try AudioFileReader.load(path: unknown, sampleRate: 24_000).frames == 25_000)

    file[21] |= 0x0F
    file.replaceSubrange(22..<26, with: [255, 255, 255, 255])
    let lying = try folder.write(file, to: "lying.flac")
    #expect(try AudioFileReader.load(path: lying, sampleRate: 48_000).frames == 50_000)
  }

  @Test(arguments: ["ünï 音 🎵.wav", "with\nnewline.wav", "-o.wav", "'quoted' \"name\".wav"])
  func anyNameWorks(name: String) throws {
    let folder = try TestFolder()
    var writer = try AudioFileWriter(path: folder(name), sampleRate: 48_000, channels: 1)
    try writer.write([0.5, -0.5])
    try writer.close()
    #expect(try AudioFileReader.load(path: folder(name), sampleRate: 48_000).frames == 2)
    #expect(try folder.names == [name])
  }
}

/// A mono 16 bit AIFF file at 44.1 kHz.
func aiffBytes(claimedFrames: Int, samples: [Int16]) -> [UInt8] {
  var common = Int16(1).big + UInt32(claimedFrames).big + Int16(16).big
  common += [0x40, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0]  // 44100 as an 80 bit float.
  let sound = UInt32(0).big + UInt32(0).big + samples.flatMap { $0.big }
  var file = Array("FORM".utf8) + UInt32(4 + 8 + 18 + 16 + 2 * claimedFrames).big + Array("AIFF".utf8)
  file += Array("COMM".utf8) + UInt32(18).big + common
  file += Array("SSND".utf8) + UInt32(8 + 2 * claimedFrames).big + sound
  return file
}

func peak(_ values: some Sequence<Float>) -> Float { values.reduce(0) { max($0, $1.magnitude) } }
