import Foundation
import Glibc
import Media
import Testing

struct AudioFileWriterTests {
  private static let values: [Float] = [0, 0.5, -0.5, 1, -1, 0.1, 2, -2, .nan, .infinity]

  private func written(_ name: String, _ format: AudioFileWriter.Format?, in folder: TestFolder) throws
    -> [Float]
  {
    var writer = try AudioFileWriter(path: folder(name), sampleRate: 48_000, channels: 1, format: format)
    try writer.write(Self.values)
    #expect(writer.framesWritten == 10 && writer.replacedSamples == 2)
    #expect(writer.clippedSamples == (writer.format == .float32 ? 0 : 2))
    try writer.close()
    let buffer = try AudioFileReader.load(path: folder(name), sampleRate: 48_000)
    return samples(buffer.left, buffer)
  }

  @Test func floatFilesKeepEverySampleThatIsANumber() throws {
    let folder = try TestFolder()
    #expect(try written("a.wav", nil, in: folder) == [0, 0.5, -0.5, 1, -1, 0.1, 2, -2, 0, 0])
    #expect(try AudioFileReader.info(path: folder("a.wav")).format == "WAV, 32 bit float")
  }

  @Test(arguments: [("a.wav", AudioFileWriter.Format.pcm24), ("a.flac", .flac24), ("a.wav", .pcm16)])
  func integerFilesHoldTheNearestStepAndCutAtFullScale(name: String, format: AudioFileWriter.Format) throws {
    let folder = try TestFolder()
    let scale: Float = format == .pcm16 ? 32_768 : 8_388_608
    let top = (scale - 1) / scale
    // 0.1 is 3276.8 or 838860.8 steps.
    let tenth: Float = format == .pcm16 ? 3_277 / scale : 838_861 / scale
    #expect(try written(name, format, in: folder) == [0, 0.5, -0.5, top, -1, tenth, top, -1, 0, 0])
  }

  @Test func stereoKeepsItsSides() throws {
    let folder = try TestFolder()
    for name in ["a.wav", "a.flac"] {
      var writer = try AudioFileWriter(path: folder(name), sampleRate: 44_100, channels: 2)
      try writer.write([0.25, 0.5], [-0.25, -0.5])
      try writer.write([0.75], [-0.75])
      try writer.close()
      let buffer = try AudioFileReader.load(path: folder(name), sampleRate: 44_100)
      #expect(samples(buffer.left, buffer) == [0.25, 0.5, 0.75])
      #expect(samples(buffer.right, buffer) == [-0.25, -0.5, -0.75])
    }
    #expect(try AudioFileReader.info(path: folder("a.flac")).format == "FLAC, 24 bit PCM")
  }

  @Test func theSameSamplesGiveTheSameBytesInAnotherSecond() throws {
    let folder = try TestFolder()
    for name in ["a.wav", "b.wav"] {
      var writer = try AudioFileWriter(path: folder(name), sampleRate: 48_000, channels: 1)
      try writer.write(sine(440, rate: 48_000, frames: 1_000))
      try writer.close()
    }
    let file = try bytes(of: folder("a.wav"))
    #expect(try bytes(of: folder("b.wav")) == file)
    // The chunk that would hold the time of day.
    #expect(!String(decoding: file, as: UTF8.self).contains("PEAK"))
  }

  @Test func nothingStandsUnderTheNameUntilCloseAndNothingBesideItAfter() throws {
    let folder = try TestFolder()
    var writer = try AudioFileWriter(path: folder("a.wav"), sampleRate: 48_000, channels: 1)
    try writer.write([0.5])
    #expect(access(folder("a.wav"), F_OK) != 0)
    try writer.close()
    #expect(try folder.names == ["a.wav"])
  }

  @Test func aDroppedWriterLeavesWhatStoodThere() throws {
    let folder = try TestFolder()
    _ = try folder.write([1, 2, 3], to: "a.wav")
    func drop() throws {
      var writer = try AudioFileWriter(path: folder("a.wav"), sampleRate: 48_000, channels: 1)
      try writer.write([0.5])
    }
    try drop()
    #expect(try bytes(of: folder("a.wav")) == [1, 2, 3])
    #expect(try folder.names == ["a.wav"])
  }

  @Test func anExistingFileIsReplacedAndKeepsItsPermissionsAndLinks() throws {
    let folder = try TestFolder()
    _ = try folder.write([1, 2, 3], to: "a.wav")
    #expect(chmod(folder("a.wav"), 0o640) == 0 && symlink("a.wav", folder("link.wav")) == 0)
    var writer = try AudioFileWriter(path: folder("link.wav"), sampleRate: 48_000, channels: 1)
    try writer.write([0.5])
    try writer.close()
    var status = stat()
    #expect(lstat(folder("link.wav"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(folder("a.wav"), &status) == 0 && status.st_mode & 0o777 == 0o640)
    #expect(try AudioFileReader.info(path: folder("a.wav")).frames == 1)
  }

  @Test(arguments: AudioFileWriter.Format.allCases)
  func aFullDiskIsNamedAndTheDeviceStays(format: AudioFileWriter.Format) {
    let error = refusal { () throws(MediaError) in
      var writer = try AudioFileWriter(path: "/dev/full", sampleRate: 48_000, channels: 2, format: format)
      try writer.write([Float](repeating: 0.5, count: 100_000))
      try writer.close()
    }
    #expect(error?.kind == .diskFull && error?.path == "/dev/full")
    #expect(error?.found.contains("No space left on device") == true)
    #expect(access("/dev/full", F_OK) == 0)
  }

  @Test func afterAFullDiskTheWriterStaysFailed() throws {
    var writer = try AudioFileWriter(path: "/dev/full", sampleRate: 48_000, channels: 2, format: .flac24)
    let noise = sine(997, rate: 48_000, frames: 100_000)
    var kinds: [MediaError.Kind] = []
    for _ in 0..<2 {
      do throws(MediaError) { try writer.write(noise) } catch { kinds.append(error.kind) }
    }
    do throws(MediaError) { try writer.close() } catch { kinds.append(error.kind) }
    #expect(kinds == [.diskFull, .diskFull, .diskFull])
  }

  @Test func placesThatCannotHoldTheFileAreRefused() throws {
    let folder = try TestFolder()
    func kind(_ path: String, rate: Int = 48_000, channels: Int = 1, _ format: AudioFileWriter.Format? = nil)
      -> MediaError.Kind?
    {
      refusal { () throws(MediaError) in
        let writer = try AudioFileWriter(path: path, sampleRate: rate, channels: channels, format: format)
        try writer.close()
      }?.kind
    }
    #expect(kind(folder.path, .float32) == .isDirectory)
    #expect(kind(folder("none/a.wav")) == .cannotWrite)
    #expect(kind("", .float32) == .cannotWrite)
    #expect(kind(folder("a.wav\0"), .float32) == .cannotWrite)
    #expect(mkfifo(folder("pipe.wav"), 0o600) == 0)
    #expect(kind(folder("pipe.wav")) == .notAFile)
    #expect(kind(folder("a.mp3")) == .badFormat)
    #expect(kind(folder("a")) == .badFormat)
    #expect(kind(folder("a.flac"), .pcm16) == .badFormat)
    #expect(kind(folder("a.WAV"), .flac24) == .badFormat)
    #expect(kind(folder("a.wav"), rate: 999) == .badRate)
    #expect(kind(folder("a.flac"), rate: 655_351) == .badRate)
    #expect(kind(folder("a.wav"), channels: 0) == .tooManyChannels)
    #expect(kind(folder("a.wav"), channels: 3) == .tooManyChannels)
    #expect(try folder.names == ["pipe.wav"])
    #expect(kind(folder("a.WAV")) == nil)
  }

  @Test func aWAVFileStopsAtItsLimitAndWhatItHoldsCanBeKept() throws {
    let folder = try TestFolder()
    var writer = try AudioFileWriter(path: folder("a.wav"), sampleRate: 48_000, channels: 2, limitBytes: 80)
    try writer.write([Float](repeating: 0.5, count: 10))
    var kind: MediaError.Kind?
    do throws(MediaError) { try writer.write([0.5]) } catch { kind = error.kind }
    #expect(kind == .formatFull)
    try writer.close()
    #expect(try AudioFileReader.info(path: folder("a.wav")).frames == 10)
  }

  @Test(arguments: ["a.wav", "a.flac"])
  func aFileWithoutFramesIsWrittenAndRefusedOnReading(name: String) throws {
    let folder = try TestFolder()
    let writer = try AudioFileWriter(path: folder(name), sampleRate: 48_000, channels: 1)
    try writer.close()
    #expect(try folder.names == [name])
    #expect(loadRefusal(folder(name)) != nil)
  }
}
