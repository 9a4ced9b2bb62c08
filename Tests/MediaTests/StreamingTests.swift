import Foundation
import Media
import Testing

/// What streams is what would have been loaded, bit for bit, wherever the reading begins.
struct StreamingTests {
  private static func noise(_ count: Int) -> [Float] {
    var state: UInt32 = 7
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / 8_388_608 - 1
    }
  }

  /// Compares `count` frames from each place with the file loaded whole.
  private func compare(_ path: String, rate: Double, places: [Int64], count: Int = 5_000) throws {
    let whole = try AudioFileReader.load(path: path, sampleRate: rate)
    let streamed = try StreamedAudio(path: path, sampleRate: rate)
    try #require(streamed.frames == whole.frames)
    try #require(streamed.channels == whole.channels)
    let source = try StreamSource(streamed)
    var left = [Float](repeating: .nan, count: count)
    var right = left
    for place in places where place < whole.frames {
      let expected = Int(min(Int64(count), whole.frames - place))
      let got = try source.read(at: place, count: count, left: &left, right: &right)
      #expect(got == expected, "at \(place)")
      let bytes = min(got, expected) * MemoryLayout<Float>.stride
      let isEqual =
        memcmp(left, whole.left + Int(place), bytes) == 0
        && (whole.channels == 1 || memcmp(right, whole.right + Int(place), bytes) == 0)
      #expect(isEqual, "\(path) at \(place)")
    }
  }

  private static let places: [Int64] = [
    0, 4_999, 150_000, 149_000, 1, 16_384, 16_383, 65_536, 65_535, 131_071, 71_000, 199_999, 199_000, 5_000,
    10_000,
  ]

  @Test(arguments: [48_000.0, 44_100, 96_000, 22_050, 48_001])
  func aWAVStreamsAsItWasLoadedAtAnyRate(rate: Double) throws {
    let folder = try TestFolder()
    let path = try folder.write(floatWAV(rate: 48_000, channels: 2, Self.noise(400_000)), to: "a.wav")
    try compare(path, rate: rate, places: Self.places)
  }

  @Test(arguments: ["flac", "wav"], [48_000.0, 44_100])
  func everyFormatStreamsAsItWasLoaded(format: String, rate: Double) throws {
    let folder = try TestFolder()
    let path = folder("a." + format)
    var writer = try AudioFileWriter(path: path, sampleRate: 48_000, channels: 1)
    try writer.write(Self.noise(200_000))
    try writer.close()
    try compare(path, rate: rate, places: Self.places)
  }

  @Test(arguments: ["tagged.mp3", "untagged.mp3", "stereo.opus", "six.ogg"])
  func aCodingWithAMemoryIsDecodedFromItsStart(name: String) throws {
    let path = try fixture(name)
    #expect(try StreamedAudio(path: path, sampleRate: 48_000).seeksExactly == false)
    try compare(path, rate: 48_000, places: [0, 9_000, 3_000, 20_000, 100, 0])
    try compare(path, rate: 44_100, places: [9_000, 3_000, 20_000, 100, 0])
  }

  @Test func aDeletedFilePlaysOnAndAChangedOneIsSeen() throws {
    let folder = try TestFolder()
    let samples = Self.noise(100_000)
    let path = try folder.write(floatWAV(rate: 48_000, channels: 1, samples), to: "a.wav")
    let streamed = try StreamedAudio(path: path, sampleRate: 48_000)
    #expect(!streamed.isChanged)
    try FileManager.default.moveItem(atPath: path, toPath: folder("b.wav"))
    let source = try StreamSource(streamed)
    var left = [Float](repeating: 0, count: 1_000)
    var right = left
    #expect(try source.read(at: 50_000, count: 1_000, left: &left, right: &right) == 1_000)
    #expect(left == Array(samples[50_000..<51_000]))
    truncate(folder("b.wav"), 44 + 4 * 50_500)
    #expect(streamed.isChanged)
    let other = try StreamSource(streamed)
    #expect(try other.read(at: 50_000, count: 1_000, left: &left, right: &right) == 500)
    #expect(try other.read(at: 60_000, count: 1_000, left: &left, right: &right) == 0)
  }

  @Test(arguments: [48_000.0, 44_100])
  func whatIsMissingAtTheEndIsToldAndNothingIsMadeUp(rate: Double) throws {
    let folder = try TestFolder()
    let path = try folder.write(floatWAV(rate: 48_000, channels: 1, Self.noise(200_000)), to: "a.wav")
    let streamed = try StreamedAudio(path: path, sampleRate: rate)
    let source = try StreamSource(streamed)
    truncate(path, 44 + 4 * 100_000)
    var left = [Float](repeating: 0, count: 300_000)
    var right = left
    let got = try source.read(at: 0, count: 300_000, left: &left, right: &right)
    #expect(got == Int((100_000 * rate / 48_000).rounded()))
  }

  @Test func shortFilesAreLoadedAndLongOnesStream() throws {
    let folder = try TestFolder()
    let path = try folder.write(floatWAV(rate: 48_000, channels: 1, Self.noise(100_000)), to: "a.wav")
    func isStreamed(residentBytes: Int, limitBytes: Int, path: String) throws -> Bool {
      let material = try AudioMaterial.open(
        path: path, sampleRate: 48_000, residentBytes: residentBytes, limitBytes: limitBytes)
      return if case .streamed = material { true } else { false }
    }
    #expect(try !isStreamed(residentBytes: 400_000, limitBytes: 1 << 30, path: path))
    #expect(try isStreamed(residentBytes: 399_999, limitBytes: 1 << 30, path: path))
    #expect(try isStreamed(residentBytes: 1 << 30, limitBytes: 399_999, path: path))
    // MP3 cannot be entered midway: it is loaded as long as it may be.
    let mp3 = try fixture("tagged.mp3")
    #expect(try !isStreamed(residentBytes: 0, limitBytes: 1 << 30, path: mp3))
    #expect(try isStreamed(residentBytes: 0, limitBytes: 1_000, path: mp3))
  }

  /// A WAV of a gigabyte, nearly all of it a hole in the disk.
  @Test func aGigabyteIsOpenedByItsHeader() throws {
    let folder = try TestFolder()
    let bytes = 1 << 30
    let head = wavBytes(
      rate: 48_000, channels: 2, bits: 16, data: [], claimedDataBytes: bytes)
    let path = try folder.write(head, to: "a.wav")
    truncate(path, head.count + bytes)
    let material = try AudioMaterial.open(
      path: path, sampleRate: 48_000, residentBytes: 32 << 20, limitBytes: 1 << 30)
    guard case .streamed(let streamed) = material else {
      Issue.record("it was loaded")
      return
    }
    #expect(streamed.frames == Int64(bytes / 4))
    var left = [Float](repeating: 1, count: 1_000)
    var right = left
    let source = try StreamSource(streamed)
    #expect(try source.read(at: streamed.frames - 500, count: 1_000, left: &left, right: &right) == 500)
    #expect(left[0..<500].allSatisfy { $0 == 0 })
  }
}
