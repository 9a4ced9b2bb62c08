import Glibc
import Media
import Testing

struct AudioBufferTests {
  @Test(arguments: [48_000.0, 44_100])
  func everyPageIsPresentAfterLoading(rate: Double) throws {
    let folder = try TestFolder()
    // Silence, which memory from the system would hold without being touched.
    let silence = [Float](repeating: 0, count: 200_000)
    let path = try folder.write(floatWAV(rate: 48_000, channels: 2, silence), to: "a.wav")
    let buffer = try AudioFileReader.load(path: path, sampleRate: rate)
    for start in [buffer.left, buffer.right] {
      let page = sysconf(Int32(_SC_PAGESIZE))
      let count = (Int(buffer.frames) * 4 + page - 1) / page
      var present = [UInt8](repeating: 0, count: count)
      #expect(mincore(UnsafeMutableRawPointer(mutating: start), Int(buffer.frames) * 4, &present) == 0)
      #expect(present.allSatisfy { $0 & 1 == 1 })
    }
  }

  @Test func samplesThatAreNoNumbersBecomeSilenceAndAreCounted() throws {
    let folder = try TestFolder()
    let values: [Float] = [0.5, .nan, .infinity, -.infinity, 1e30, -1e6, 0.25, .signalingNaN]
    let path = try folder.write(floatWAV(rate: 48_000, channels: 2, values), to: "a.wav")
    let buffer = try AudioFileReader.load(path: path, sampleRate: 48_000)
    #expect(samples(buffer.left, buffer) == [0.5, 0, 0, 0.25])
    #expect(samples(buffer.right, buffer) == [0, 0, -1e6, 0])
    #expect(buffer.replacedSamples == 5)
    #expect(buffer.warnings == ["5 samples were no numbers or beyond all range: they play as silence"])
    let other = try AudioFileReader.load(path: path, sampleRate: 96_000)
    #expect(samples(other.left, other).allSatisfy { $0.isFinite })
  }

  @Test func aFileOfManyBlocksIsWhole() throws {
    let folder = try TestFolder()
    // Counts up through three blocks and a part, exactly representable.
    let count = 3 * MediaLimits.blockFrames + 17
    let values = (0..<count).map { Float($0) / 65_536 }
    let path = try folder.write(floatWAV(rate: 48_000, channels: 1, values), to: "a.wav")
    let buffer = try AudioFileReader.load(path: path, sampleRate: 48_000)
    #expect(samples(buffer.left, buffer) == values)
  }
}
