import Media
import Testing

/// Pictures of sound: the lowest and the highest sample of each stretch.
struct PeakColumnTests {
  @Test func eachColumnHasItsLowestAndHighestSample() throws {
    let folder = try TestFolder()
    let sound: [Float] = [0.25, -0.5, 0, 0.75, -1, 0.1, 0.1, 0.2]
    let path = try folder.write(floatWAV(rate: 48_000, channels: 1, sound), to: "a.wav")
    let buffer = try AudioFileReader.load(path: path, sampleRate: 48_000)
    // Two frames a column; what never falls below zero has its lowest there.
    #expect(PeakColumns(buffer, count: 4).hundredths == [-50, 25, 0, 75, -100, 10, 0, 20])
    // More columns than frames: a column a frame.
    #expect(PeakColumns(buffer, count: 100).count == 8)
    #expect(PeakColumns(buffer, count: 0).hundredths == [-100, 75])
  }

  @Test func bothSidesCountAndNothingIsBeyondFullScale() throws {
    let folder = try TestFolder()
    let path = try folder.write(floatWAV(rate: 48_000, channels: 2, [0.1, -3, 0.2, 5]), to: "a.wav")
    let buffer = try AudioFileReader.load(path: path, sampleRate: 48_000)
    #expect(PeakColumns(buffer, count: 2).hundredths == [-100, 10, 0, 100])
  }

  @Test func aFileThatStreamsIsDrawnAsIfItWereInMemory() throws {
    let folder = try TestFolder()
    let sound = sine(3, rate: 48_000, frames: 48_000).enumerated().map { $1 * Float($0) / 48_000 }
    let path = try folder.write(floatWAV(rate: 48_000, channels: 1, sound), to: "a.wav")
    let whole = PeakColumns(try AudioFileReader.load(path: path, sampleRate: 48_000), count: 70)
    let streamed = try StreamedAudio(path: path, sampleRate: 48_000)
    #expect(try PeakColumns(streamed, count: 70, limit: 48_000).hundredths == whole.hundredths)
    // Of 685 frames a column 10 are looked at: the picture is fainter, and there.
    let coarse = try PeakColumns(streamed, count: 70, limit: 700).hundredths
    #expect(coarse.count == 140 && coarse != whole.hundredths)
    #expect(zip(coarse, whole.hundredths).allSatisfy { abs($0) <= abs($1) })
  }

  @Test func theLongestFileHasColumnsWithoutOverflow() {
    let columns = PeakColumns(count: 2048, frames: .max)
    #expect(columns.start(of: 2048) == .max && columns.start(of: 0) == 0)
    #expect(columns.start(of: 1024) == .max / 2)
  }
}
