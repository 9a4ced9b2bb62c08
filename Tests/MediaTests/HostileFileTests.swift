import Media
import Testing

/// Damaged files of every kind: each either plays within the limit or is refused.
struct HostileFileTests {
  private static let limitBytes = 4 << 20

  /// A fixed sequence (Numerical Recipes' constants), so that a failure can be repeated.
  private struct Dice {
    var state: UInt32
    mutating func roll(_ sides: Int) -> Int {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int(state >> 8) % sides
    }
  }

  private func sources(_ folder: TestFolder) throws -> [String: [UInt8]] {
    var writer = try AudioFileWriter(path: folder("s.flac"), sampleRate: 48_000, channels: 2)
    try writer.write(sine(440, rate: 48_000, frames: 3_000), sine(1_000, rate: 48_000, frames: 3_000))
    try writer.close()
    return [
      "wav": floatWAV(rate: 48_000, channels: 2, sine(440, rate: 48_000, frames: 200)),
      "aiff": aiffBytes(claimedFrames: 200, samples: (0..<200).map { Int16($0) }),
      "flac": try bytes(of: folder("s.flac")),
      "ogg": try bytes(of: try fixture("six.ogg")),
      "opus": try bytes(of: try fixture("stereo.opus")),
      "mp3": try bytes(of: try fixture("untagged.mp3")),
    ]
  }

  private func checkPlaysOrRefuses(_ path: String, _ note: String) {
    do throws(MediaError) {
      let buffer = try AudioFileReader.load(path: path, sampleRate: 48_000, limitBytes: Self.limitBytes)
      #expect(buffer.bytes <= Self.limitBytes && buffer.frames > 0, "\(note)")
      let allFinite = samples(buffer.left, buffer).allSatisfy { $0.isFinite }
      #expect(allFinite, "\(note)")
    } catch {
      #expect(error.lines.count == 3 && error.path == path, "\(note)")
    }
    _ = refusal { () throws(MediaError) in try AudioFileReader.info(path: path) }
  }

  @Test(arguments: ["wav", "aiff", "flac", "ogg", "opus", "mp3"])
  func aDamagedFilePlaysOrIsRefused(kind: String) throws {
    let folder = try TestFolder()
    let source = try #require(try sources(folder)[kind])
    var dice = Dice(state: 7)
    for round in 0..<60 {
      var file = source
      // Headers are where damage does most.
      let reach = round % 2 == 0 ? min(128, file.count) : file.count
      for _ in 0...dice.roll(6) {
        file[dice.roll(reach)] = [0, 0xFF, 0x7F, 0x80, UInt8(dice.roll(256))][dice.roll(5)]
      }
      checkPlaysOrRefuses(try folder.write(file, to: "d.\(kind)"), "\(kind), round \(round)")
    }
  }

  @Test(arguments: ["wav", "aiff", "flac", "ogg", "opus", "mp3"])
  func aFileCutAnywherePlaysOrIsRefused(kind: String) throws {
    let folder = try TestFolder()
    let source = try #require(try sources(folder)[kind])
    for cut in Array(1...64) + stride(from: 65, to: source.count, by: max(1, source.count / 40)) {
      checkPlaysOrRefuses(
        try folder.write(Array(source.prefix(cut)), to: "c.\(kind)"), "\(kind), cut at \(cut)")
    }
  }

  @Test func endlessChunksComeToAnEnd() throws {
    let folder = try TestFolder()
    var file = wavBytes(rate: 48_000, channels: 1, bits: 16, data: [1, 0])
    let empty = Array("junk".utf8) + UInt32(0).little
    file.insert(contentsOf: (0..<20_000).flatMap { _ in empty }, at: 12)
    checkPlaysOrRefuses(try folder.write(file, to: "a.wav"), "many chunks")
  }
}
