import Testing

@testable import Media

@Suite struct DitherTests {
  @Test func aSoundBelowOneStepIsKeptAsTheMeanOfDitheredSteps() throws {
    let folder = try TestFolder()
    // A third of a 16 bit step: rounded it would be gone.
    let level: Float = 1.0 / 3 / 32_768
    func mean(_ name: String, dither: Bool) throws -> Double {
      let path = folder(name)
      var writer = try AudioFileWriter(
        path: path, sampleRate: 48_000, channels: 1, format: .pcm16, dither: dither)
      let samples = [Float](repeating: level, count: 48_000)
      try samples.withUnsafeBufferPointer { buffer in
        if let base = buffer.baseAddress { try writer.write(left: base, right: base, frames: 48_000) }
      }
      try writer.close()
      let buffer = try AudioFileReader.load(path: path, sampleRate: 48_000)
      return (0..<48_000).reduce(0) { $0 + Double(buffer.left[$1]) } / 48_000 * 32_768
    }
    #expect(try mean("plain.wav", dither: false) == 0)
    // The noise's own mean over 48,000 samples strays by less than 0.01 of a step.
    #expect(abs(try mean("dithered.wav", dither: true) - 1.0 / 3) < 0.01)
  }

  @Test func ditherStaysWithinOneStepAndIsTheSameEveryTime() {
    var (one, other) = (Dither(), Dither())
    var squares = 0.0
    for _ in 0..<100_000 {
      let value = one.next()
      #expect(abs(value) < 1)
      #expect(other.next() == value)
      squares += value * value
    }
    // The variance of a triangle from −1 to 1 is 1/6.
    #expect(abs(squares / 100_000 - 1.0 / 6) < 0.003)
  }
}
