import Media
import Testing

/// Files cut short play what they hold and say what they claimed.
struct TruncationTests {
  @Test func aWAVThatEndsEarlyPlaysWhatIsThere() throws {
    let folder = try TestFolder()
    let data = (0..<10).flatMap { Int16($0 * 1_000).little }
    let file = wavBytes(rate: 48_000, channels: 1, bits: 16, data: data, claimedDataBytes: 2_000)
    let path = try folder.write(file, to: "a.wav")
    let info = try AudioFileReader.info(path: path)
    #expect(info.frames == 10 && info.claimedFrames == 1_000 && info.truncated)
    let buffer = try AudioFileReader.load(path: path, sampleRate: 48_000)
    #expect(buffer.frames == 10 && buffer.left[9] == 9_000.0 / 32_768)
    #expect(buffer.sourceInfo == info)
    #expect(buffer.warnings == ["the file is cut short: it states 1000 frames and holds 10"])
    #expect(try AudioFileReader.load(path: path, sampleRate: 96_000).frames == 20)
  }

  @Test func aStreamedWAVMakesNoClaim() throws {
    let folder = try TestFolder()
    let file = wavBytes(rate: 48_000, channels: 1, bits: 16, data: [0, 64], claimedDataBytes: 0xFFFF_FFFF)
    let info = try AudioFileReader.info(path: try folder.write(file, to: "a.wav"))
    #expect(info.frames == 1 && !info.truncated)
  }

  @Test func aWAVCutInsideAFrameDropsTheFrame() throws {
    let folder = try TestFolder()
    let whole = floatWAV(rate: 48_000, channels: 2, [0.1, 0.2, 0.3, 0.4])
    let buffer = try AudioFileReader.load(
      path: try folder.write(Array(whole.dropLast(5)), to: "a.wav"), sampleRate: 48_000)
    #expect(buffer.frames == 1 && buffer.left[0] == 0.1 && buffer.right[0] == 0.2)
    #expect(buffer.sourceInfo.claimedFrames == 2)
  }

  @Test func anAIFFThatEndsEarlyPlaysWhatIsThere() throws {
    let folder = try TestFolder()
    let path = try folder.write(aiffBytes(claimedFrames: 500, samples: [8_192, 8_192, 8_192]), to: "a.aiff")
    let buffer = try AudioFileReader.load(path: path, sampleRate: 44_100)
    #expect(buffer.frames == 3 && buffer.sourceInfo.claimedFrames == 500)
  }

  @Test func halfAFLACPlaysItsFirstHalf() throws {
    let folder = try TestFolder()
    let sound = sine(440, rate: 48_000, frames: 96_000, amplitude: 0.5)
    var writer = try AudioFileWriter(path: folder("a.flac"), sampleRate: 48_000, channels: 1)
    try writer.write(sound)
    try writer.close()
    let file = try bytes(of: folder("a.flac"))
    let half = try folder.write(Array(file.prefix(file.count / 2)), to: "half.flac")
    let buffer = try AudioFileReader.load(path: half, sampleRate: 48_000)
    #expect(buffer.frames > 30_000 && buffer.frames < 60_000)
    #expect(buffer.sourceInfo.frames == buffer.frames && buffer.sourceInfo.claimedFrames == 96_000)
    let worst = zip(samples(buffer.left, buffer), sound).map { ($0 - $1).magnitude }.max()
    #expect(try #require(worst) <= 0x1p-24)
    let slower = try AudioFileReader.load(path: half, sampleRate: 24_000)
    #expect(slower.frames == (buffer.frames + 1) / 2)
  }

  @Test func anOpusFileWithoutItsEndSaysSo() throws {
    let folder = try TestFolder()
    let file = try bytes(of: try fixture("stereo.opus"))
    let cut = try folder.write(Array(file.dropLast(10)), to: "cut.opus")
    let buffer = try AudioFileReader.load(path: cut, sampleRate: 48_000)
    #expect(buffer.frames > 0 && buffer.frames < 24_000)
    #expect(buffer.sourceInfo.truncated && buffer.sourceInfo.claimedFrames == nil)
    #expect(buffer.warnings.count == 1)
  }

  @Test func anMP3CutInHalfSaysHowMuchIsMissing() throws {
    let folder = try TestFolder()
    let file = try bytes(of: try fixture("tagged.mp3"))
    let path = try folder.write(Array(file.prefix(file.count * 3 / 4)), to: "cut.mp3")
    let buffer = try AudioFileReader.load(path: path, sampleRate: 22_050)
    #expect(buffer.frames > 5_000 && buffer.frames < 44_100)
    #expect(buffer.sourceInfo.claimedFrames == 44_100)
  }

  @Test func aHeaderWithoutAnyOfItsSoundIsRefused() throws {
    let folder = try TestFolder()
    var writer = try AudioFileWriter(path: folder("a.flac"), sampleRate: 48_000, channels: 1)
    try writer.write(sine(440, rate: 48_000, frames: 9_600))
    try writer.close()
    let file = try bytes(of: folder("a.flac"))
    let path = try folder.write(Array(file.prefix(100)), to: "cut.flac")
    let error = try #require(loadRefusal(path))
    #expect([.truncated, .notAudio].contains(error.kind))
  }
}
